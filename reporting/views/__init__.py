"""Pages of the report: asking and reading, writing and commenting, publishing and verifying."""
