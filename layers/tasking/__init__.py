"""The Tasking page: the hours chosen, one place in full, the list beside the last one."""
