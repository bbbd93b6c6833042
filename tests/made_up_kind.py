"""A kind of strategy with unmistakable nouns, and the search for the general ones where they have no place."""

import re

import pytest

from commitments.rules import kinds
from commitments.rules.kinds import Nouns, StrategyKind

MADE_UP = StrategyKind(
    "plan",
    "Scheme",
    Nouns("scheme", "a scheme", "orchard", "orchards", "an orchard", "apple", "apples", "an apple"),
)
GENERAL_WORD = re.compile(r"\b(?:commitments?|priorit(?:y|ies))\b", re.IGNORECASE)
WRONG_ARTICLE = re.compile(r"\ba (?:orchard|apple)\b|\ban (?:scheme|commitment|priority)\b", re.IGNORECASE)
WRONG_COUNT = re.compile(r"(?<![.\d])1 (?:orchards|apples)\b|\b(?:[02-9]|\d\d+) (?:orchard|apple)\b", re.IGNORECASE)


@pytest.fixture
def made_up_kind(monkeypatch):
    """Plans have orchards and apples instead of projects and aims."""
    monkeypatch.setitem(kinds.KIND_BY_CODE, "plan", MADE_UP)
    return MADE_UP


def words_of(html: str) -> str:
    """Return what people read or hear of a page: its text, and the attributes that hold words."""
    html = re.sub(r"<(style|script|svg)\b.*?</\1>", " ", html, flags=re.S) + " ".join(
        re.findall(r"<title>[^<]*</title>", html)
    )
    heard = re.findall(r'\b(?:aria-label|alt|title|content|placeholder|data-[a-z-]*message)="([^"]*)"', html)
    return " ¦ ".join([re.sub(r"<[^>]*>", " ¦ ", html), *heard])


def general_words(text: str, *, allowed: tuple[str, ...] = ()) -> list[str]:
    """Return the general words, wrong articles and wrong counts in a text, each with what stands around it."""
    text = " ".join(text.split())
    for phrase in allowed:
        text = text.replace(phrase, "…")
    return [
        text[max(0, found.start() - 50) : found.end() + 30]
        for pattern in (GENERAL_WORD, WRONG_ARTICLE, WRONG_COUNT)
        for found in pattern.finditer(text)
    ]
