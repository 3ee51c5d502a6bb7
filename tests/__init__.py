"""Tests, in the rooms of what they test."""

import os

# as the shell's door has it, and before numpy is loaded
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
