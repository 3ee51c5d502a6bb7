"""What was decided about doubtful points."""
