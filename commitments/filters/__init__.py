"""Filters for lists, shared by pages and the API."""
