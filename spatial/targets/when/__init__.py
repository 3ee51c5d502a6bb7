"""When a place is at its worst, by hour, day and shift, and what else its records show."""
