"""Sessions: kept encrypted, limited in time, and ended."""
