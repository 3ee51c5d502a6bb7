"""Timing: the hours of the week, the windows to patrol in, and repeats that follow soon after."""
