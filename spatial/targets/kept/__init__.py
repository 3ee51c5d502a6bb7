"""From list to list: which place is which, what is new, kept, moved and dropped, what changed."""
