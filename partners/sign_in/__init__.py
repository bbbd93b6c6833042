"""Signing in: passwords, emailed codes, the second step and the identity provider."""
