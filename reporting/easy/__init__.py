"""The easy summary: two pages in plain English, from the same facts."""

from reporting.easy.drawing import to_pdf

__all__ = ["to_pdf"]
