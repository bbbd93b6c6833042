"""The shapes drawn next to a status or a response, for the tiles on pages and the report's pictures."""

from typing import Final

from django.utils.safestring import SafeString, mark_safe

SHAPES: Final[dict[str, tuple[tuple[str, str], ...]]] = {
    "circle-open": (("line", '<circle cx="12" cy="12" r="9"'),),
    "circle": (("body", '<circle cx="12" cy="12" r="10.25"'),),
    "triangle": (("body", '<path d="M12 1.8L23 21.8H1z"'),),
    "diamond": (("body", '<path d="M12 .8L23.2 12 12 23.2.8 12z"'),),
    "tick": (
        ("body", '<rect x="2" y="2" width="20" height="20" rx="2"'),
        ("mark", '<path d="M6.5 12.3l4 4.2 7-8.5"'),
    ),
    "double-ring": (("line", '<circle cx="12" cy="12" r="9.6"'), ("line", '<circle cx="12" cy="12" r="4.4"')),
    "bar": (("body", '<rect x="1.5" y="8.5" width="21" height="7" rx="1"'),),
    "check": (("line", '<path d="M3.5 13l5.5 6L20.5 5"'),),
    "half": (("line", '<circle cx="12" cy="12" r="9.6"'), ("body", '<path d="M12 2.4a9.6 9.6 0 0 1 0 19.2z"')),
    "cross": (("line", '<path d="M4.5 4.5l15 15"'), ("line", '<path d="M19.5 4.5l-15 15"')),
    "lines": (("line", '<path d="M3 5.5h18"'), ("line", '<path d="M3 12h18"'), ("line", '<path d="M3 18.500h11"')),
    "ellipsis": (
        ("body", '<circle cx="3.500" cy="12" r="3"'),
        ("body", '<circle cx="12" cy="12" r="3"'),
        ("body", '<circle cx="20.500" cy="12" r="3"'),
    ),
    "none": (),
}
"""The parts of each shape in a square of 24: a line, a filled body, or a mark upon a body; each an SVG element without its end."""

IN_PAGES: Final[dict[str, SafeString]] = {
    name: mark_safe("".join(f'{part} class="app-shape__{kind}"/>' for kind, part in parts))  # noqa: S308 - our own
    for name, parts in SHAPES.items()
}
"""The same as pages draw it, coloured by their style sheet."""
