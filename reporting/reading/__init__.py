"""What pages read from the report's tables, in few queries."""
