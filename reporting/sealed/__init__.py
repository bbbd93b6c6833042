"""Verifies published editions: what drew them, whether they are unchanged, and which edition a file belongs to."""
