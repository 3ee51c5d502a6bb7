"""The Overlays page: what is due, and how it is entered."""
