"""What people see and carry away: map layers, palette, legend, wording and files."""
