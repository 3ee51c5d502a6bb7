"""The shell's door: one command per task, thin over the same functions the browser calls."""

import os

# before numpy is loaded: threads of linear algebra cost more than they save on tables this small,
# and split sums in a way that hangs on the machine
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
