"""The Load data page: files in, looked at, mapped and kept."""
