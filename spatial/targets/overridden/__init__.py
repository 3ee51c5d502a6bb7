"""What people change in a list, with what it gives up; what is proposed for removal."""
