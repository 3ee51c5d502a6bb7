"""The Evaluation page: an operation registered, counted and judged."""
