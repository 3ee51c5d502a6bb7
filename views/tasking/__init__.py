"""The Tasking page: the map and the list on one screen."""
