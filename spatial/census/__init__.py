"""Census: who lives where, for the fairness page alone; nothing of it enters a ranking."""
