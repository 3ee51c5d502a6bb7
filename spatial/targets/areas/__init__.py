"""Patrol areas: grown between barriers, kept apart, or drawn by hand."""
