"""Every write about people and organisations, each with its history, in one transaction."""
