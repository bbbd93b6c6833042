"""Makes an edition: claim, assemble, freeze, draw, write, ready. Only the worker with the row's current token may write
it."""

from reporting.production.producer import produce

__all__ = ["produce"]
