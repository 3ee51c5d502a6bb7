"""What changed since the last comparable window."""
