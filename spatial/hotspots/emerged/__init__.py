"""How hot spots come and go, and what they share with disorder."""
