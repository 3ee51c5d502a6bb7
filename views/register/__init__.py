"""The Register page: what people recorded, in whose name."""
