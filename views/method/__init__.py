"""The page Method and limits."""
