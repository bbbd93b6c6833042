"""Every write of the ground floor, each with its history, in one transaction."""
