"""A small subset of Markdown for what people write, cleaned so that it can't run scripts, load anything or change the
style."""

import re
from typing import Final

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.token import Token

from vcsportal.common.languages import direction_of
from vcsportal.common.plain_texts import tidy_line_ends
from vcsportal.common.words import Invalid

TAGS: Final = {"p", "br", "strong", "em", "ul", "ol", "li", "a", "h3", "h4", "blockquote"}
DIRECTED: Final = ("p", "h3", "h4", "li", "ul", "ol")
"""The elements that say their direction where their words run from right to left."""
OPENINGS: Final = frozenset(
    {"paragraph_open", "heading_open", "list_item_open", "bullet_list_open", "ordered_list_open"}
)
MAX_CHARACTERS: Final = 20_000
MAX_LEVELS: Final = 8
UNTYPABLE: Final = re.compile("[\x00\ud800-\udfff]")
"""Characters that no keyboard gives and that the database does not take."""

_parser = MarkdownIt("commonmark", {"html": False, "linkify": False, "maxNesting": MAX_LEVELS * 2}).disable(
    ["image", "code", "fence", "html_block", "html_inline", "hr"]
)


def check_text(text: str, *, field: str = "text") -> str:
    """Return ``text`` with tidy line ends. Raise :class:`Invalid` if it is too long or holds what no one can type."""
    tidy = tidy_line_ends(text).strip()
    if UNTYPABLE.search(tidy):
        raise Invalid(
            "The text contains a character that can't be saved. Copy it again without formatting.", field=field
        )
    if len(tidy) > MAX_CHARACTERS:
        raise Invalid(f"The text has {len(tidy):,} characters. The limit is {MAX_CHARACTERS:,}.", field=field)
    return tidy


def to_html(text: str) -> SafeString:
    """Return clean HTML of a text in Markdown. Headings begin at level 3, as pages own levels 1 and 2."""
    tokens = _parser.parse(text)
    for place, token in enumerate(tokens):
        if token.type in {"heading_open", "heading_close"}:
            token.tag = "h3" if token.tag in {"h1", "h2", "h3"} else "h4"
        if token.type in OPENINGS:
            following = (tokens[at] for at in range(place, len(tokens)))  # a slice would copy the rest for each opening
            inside = next(inner for inner in following if inner.type == "inline" or inner.nesting < 0)
            if direction_of(inside.content) == "rtl":
                token.attrSet("dir", "rtl")
    html = _parser.renderer.render(tokens, _parser.options, {})
    clean = nh3.clean(
        html,
        tags=TAGS,
        attributes={"a": {"href"}, **{tag: {"dir"} for tag in DIRECTED}},
        url_schemes={"http", "https", "mailto"},
        link_rel="nofollow noopener",
    )
    return mark_safe(clean)  # noqa: S308 - nh3 has just cleaned it


def parse(text: str) -> list[Token]:
    """Return the text's parts as the parser sees them, for writers of other formats than HTML."""
    return _parser.parse(text)


def to_text(text: str) -> str:
    """Return the words alone, for places that show no markup."""
    return (
        nh3.clean(str(to_html(text)), tags=set())
        .replace("&amp;", "&")
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .strip()
    )
