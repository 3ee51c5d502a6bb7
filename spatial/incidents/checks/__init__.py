"""How far the data in a store can be trusted."""
