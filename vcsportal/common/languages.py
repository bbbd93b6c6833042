"""Languages that text may be written in: their tags (BCP 47, RFC 5646), names and direction."""

import re
import unicodedata
from typing import Final

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from vcsportal.common.words import Invalid

PORTAL: Final = "en-GB"
"""The language of the portal's own words."""
MAX_TAG_CHARACTERS: Final = 35
"""Characters of a tag, as RFC 5646 counts them for the longest that is in use."""
LANGUAGES: Final = (
    ("sq", "Albanian"), ("am", "Amharic"), ("ar", "Arabic"), ("bn", "Bengali"), ("bg", "Bulgarian"), ("yue-Hant", "Chinese (Cantonese)"),
    ("zh-Hans", "Chinese (simplified)"), ("zh-Hant", "Chinese (traditional)"), ("kw", "Cornish"), ("cs", "Czech"), ("nl", "Dutch"),
    ("en-GB", "English"), ("fr", "French"), ("gd", "Gaelic (Scottish)"), ("de", "German"), ("el", "Greek"), ("gu", "Gujarati"), ("he", "Hebrew"),
    ("hi", "Hindi"), ("hu", "Hungarian"), ("ga", "Irish"), ("it", "Italian"), ("ko", "Korean"), ("ckb", "Kurdish (Sorani)"),
    ("lv", "Latvian"), ("lt", "Lithuanian"), ("ml", "Malayalam"), ("ne", "Nepali"), ("ps", "Pashto"), ("fa", "Persian (Farsi)"), ("pl", "Polish"),
    ("pt", "Portuguese"), ("pa", "Punjabi"), ("ro", "Romanian"), ("ru", "Russian"), ("sk", "Slovak"), ("so", "Somali"), ("es", "Spanish"),
    ("sw", "Swahili"), ("ta", "Tamil"), ("te", "Telugu"), ("tet", "Tetum"), ("th", "Thai"), ("ti", "Tigrinya"), ("tr", "Turkish"), ("uk", "Ukrainian"),
    ("ur", "Urdu"), ("vi", "Vietnamese"), ("cy", "Welsh"), ("yo", "Yoruba"),
)  # fmt: skip
"""The languages of the country and those most spoken in it (Census 2021, main language), and of Oxfordshire's communities."""
LANGUAGE_CHOICES: Final = (
    ("", "English, or more than one language"),
    *((tag, name) for tag, name in LANGUAGES if tag != PORTAL),
)
"""What a form offers; the first is the portal's own."""
_NAMES: Final = dict(LANGUAGES)
_TAG: Final = re.compile(
    r"[A-Za-z]{2,3}(?:-[A-Za-z]{3}){0,3}(?:-[A-Za-z]{4})?(?:-(?:[A-Za-z]{2}|\d{3}))?(?:-(?:[A-Za-z0-9]{5,8}|\d[A-Za-z0-9]{3}))*"
)
_LEFTWARD: Final = frozenset({"ar", "arc", "ckb", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"})
_LEFTWARD_SCRIPTS: Final = frozenset({"arab", "hebr", "thaa", "syrc", "nkoo"})


def check_language(tag: str) -> str:
    """Return a language's tag as it is written; raise :class:`Refused` for what is no tag. Blank stays blank."""
    tag = tag.strip()
    if not tag:
        return ""
    if len(tag) > MAX_TAG_CHARACTERS or not _TAG.fullmatch(tag):
        raise Invalid(
            f"“{tag[:40]}” is not a language code. Use one such as cy for Welsh or pl for Polish.", field="language"
        )
    first, *others = tag.split("-")
    return "-".join([first.lower(), *(_cased(part) for part in others)])


def _cased(part: str) -> str:
    if len(part) == 4 and part.isalpha():
        return part.title()
    return part.upper() if len(part) == 2 else part.lower()


def name_of(tag: str) -> str:
    """Return a language's English name; its tag where the portal has none; "" for the portal's own."""
    return _NAMES.get(tag, tag) if tag else ""


def with_own(tag: str) -> list[tuple[str, str]]:
    """Return what a form offers, with a tag that was chosen elsewhere and is not in the list."""
    offered = list(LANGUAGE_CHOICES)
    return offered if tag in dict(offered) else [*offered, (tag, name_of(tag))]


def direction(tag: str) -> str:
    """Return ``rtl`` for a language that is written from right to left, else ``ltr``."""
    first, *others = tag.lower().split("-")
    script = next((part for part in others if len(part) == 4), "")
    return "rtl" if script in _LEFTWARD_SCRIPTS or (first in _LEFTWARD and not script) else "ltr"


def direction_of(text: str) -> str:
    """Return the direction of a paragraph by its first letter that has one (Unicode Bidirectional Algorithm, rules P2 and P3); ``ltr``
    where no letter has."""
    for character in text:
        kind = unicodedata.bidirectional(character)
        if kind in {"R", "AL"}:
            return "rtl"
        if kind == "L":
            return "ltr"
    return "ltr"


def attributes(tag: str) -> SafeString:
    """Return the attributes of an element whose words are in a language, with a space before; "" for the portal's own."""
    if not tag or tag == PORTAL:
        return mark_safe("")
    if direction(tag) == "rtl":
        return format_html(' lang="{}" dir="rtl"', tag)
    return format_html(' lang="{}"', tag)


def marked(words: object, tag: str) -> SafeString | str:
    """Return words as HTML that says their language; as they are where it is the portal's own."""
    said = attributes(tag)
    return format_html("<span{}>{}</span>", said, words) if said else str(words)
