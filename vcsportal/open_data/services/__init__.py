"""Writes of the open data: the daily snapshots."""
