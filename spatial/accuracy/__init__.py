"""Accuracy: what a ranking chosen on the past held of what came next, against simpler rankings."""
