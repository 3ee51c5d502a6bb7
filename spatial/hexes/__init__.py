"""Hexes: the study area, its H3 cells, who adjoins whom, and what is counted into them."""
