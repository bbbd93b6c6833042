"""What pages read from this floor."""
