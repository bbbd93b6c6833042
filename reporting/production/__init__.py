"""Makes an edition: claim, assemble, freeze, draw, write, ready. The row is the truth; whoever holds its token writes it."""

from reporting.production.producer import produce

__all__ = ["produce"]
