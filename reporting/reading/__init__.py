"""What pages ask of the report's own tables, in few queries."""
