"""Formats: one table in each form that other systems import, the same bytes for the same table."""
