"""What pages read of this floor."""
