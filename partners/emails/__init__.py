"""Emails: their templates, the outbox in which they wait, and how they are sent."""
