"""The Data and quality page: what the store holds, and what was decided about it."""
