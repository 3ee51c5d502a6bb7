"""The Targets page: a list built, changed, scheduled, adopted and handed out."""
