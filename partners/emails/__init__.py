"""Emails: their templates, the outbox where they wait, and how they are sent."""
