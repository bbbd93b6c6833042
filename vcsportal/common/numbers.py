"""Limits of whole numbers."""

from typing import Final

LARGEST_INTEGER: Final = 2**31 - 1
"""The largest number that PostgreSQL's type ``integer`` holds, and so the largest version or count that is stored."""
