"""The report of an analysis: its words, tables, page and files."""
