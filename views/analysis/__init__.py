"""The Analysis page: one question at a time."""
