"""What is measured, and against which peer. Reported, never asserted by a test."""
