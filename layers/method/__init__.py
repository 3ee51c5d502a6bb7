"""Method and limits in plain words, its numbers taken from what is in force."""
