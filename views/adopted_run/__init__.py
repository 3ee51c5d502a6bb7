"""The page of an adopted run: what a meeting decided on, opened from its archive."""
