"""Markdown of long texts."""

from typing import Any

from vcsportal.common import markdown


class Tokens(list[Any]):
    """Counts how many tokens are looked at."""

    looks = 0

    def __getitem__(self, place):
        found = super().__getitem__(place)
        Tokens.looks += len(found) if isinstance(place, slice) else 1
        return found


def test_a_long_list_is_looked_through_once(monkeypatch):
    parse = markdown._parser.parse
    monkeypatch.setattr(markdown._parser, "parse", lambda text: Tokens(parse(text)))
    Tokens.looks = 0
    html = markdown.to_html("* قاعة\n" * 500)
    assert html.count('<li dir="rtl">') == 500
    assert Tokens.looks < 20 * 500 * 5, "the search for an item’s words does not copy the rest of the text"
