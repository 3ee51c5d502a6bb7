"""One list of patrol areas, from what is asked of it to the table that people read."""
