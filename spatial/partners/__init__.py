"""Partner sources: what ambulance, hospital and registers saw, each a layer of its own."""
