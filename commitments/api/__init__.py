"""Commitments, evidence and rounds through the API, by the pages' own rules and services."""
