"""Who a list falls on, and the impact forms filled from a run."""
