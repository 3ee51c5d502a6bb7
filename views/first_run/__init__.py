"""The first run: a guided start, and what an empty page says."""
