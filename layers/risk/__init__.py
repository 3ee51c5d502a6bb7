"""A risk terrain as people see it: words, map, places, what would change, files."""
