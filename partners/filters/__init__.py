"""Narrowing down the lists of this floor."""
