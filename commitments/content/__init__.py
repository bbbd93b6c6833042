"""Plain values that views, the API and the file pass to services."""
