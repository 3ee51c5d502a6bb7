"""How the columns of a source are read: chosen, proposed, previewed, kept."""
