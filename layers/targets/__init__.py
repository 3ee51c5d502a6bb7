"""A list of targets as people see it and carry it away."""
