"""Incidents: schema, readers, row checks, classification, harm, and the store that keeps them."""
