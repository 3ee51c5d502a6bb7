"""One file per page a person opens: widgets only, no analysis."""
