"""The shell's door: one command per task, thin over the same functions the browser calls."""
