"""Filters for the lists of this floor."""
