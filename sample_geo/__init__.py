"""Saltmere, a fictional seaside town, and the generator that draws it."""
