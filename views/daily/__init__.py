"""The Daily page."""
