"""What can be set: TOML and CSV with the source of every number, and the typed models of them."""
