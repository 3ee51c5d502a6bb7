"""How much lies in how little, and how much of what comes next."""
