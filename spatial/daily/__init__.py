"""The last 24 hours and 7 days beside the same period before, for the daily meeting."""
