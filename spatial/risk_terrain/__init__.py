"""Risk terrain: which kinds of places raise the risk near them, and how far they reach."""
