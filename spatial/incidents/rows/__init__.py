"""What one row says, checked and made into an incident."""
