"""Narrowing lists down: one set of filters for page and API."""
