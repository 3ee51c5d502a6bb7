"""Charts of the Analysis page, each beside its table."""
