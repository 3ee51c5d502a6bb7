"""Schedules: which places on which days, at what times, in what order, and what that takes."""
