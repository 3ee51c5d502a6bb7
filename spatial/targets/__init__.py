"""Targets: the places to patrol, how they are drawn, ranked, named and explained."""
