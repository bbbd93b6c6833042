"""Numbers in running text, in words or in figures: "two", "one hundred and twelve", "1,204", "none"."""

import re
from dataclasses import dataclass
from typing import Final

UNITS: Final = {
    "zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16,
    "seventeen": 17, "eighteen": 18, "nineteen": 19,
}  # fmt: skip
TENS: Final = {
    "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90,
}  # fmt: skip
SCALES: Final = {"hundred": 100, "thousand": 1_000}
MONTHS: Final = (
    "January|February|March|April|May|June|July|August|September|October|November|December|"
    "Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec"
)

_SMALL = "|".join([*UNITS, *TENS])
_WORD = rf"(?:{_SMALL}|{'|'.join(SCALES)})"
_WORDS = rf"\b(?:a (?:hundred|thousand|dozen)|{_SMALL})\b(?:(?:[ -]|,? and ){_WORD}\b)*"
_FIGURES = r"(?<![\w£$€.,:/–-])(?:\d{1,3}(?:,\d{3})+|\d+)(?![\w%:/–-]|[.,]\d| ?%| per cent)"
_NUMBER = re.compile(f"(?P<figures>{_FIGURES})|(?P<words>{_WORDS})", re.IGNORECASE)
_DAY_AFTER = re.compile(rf"(?:st|nd|rd|th)? (?:{MONTHS})\b")
_NAMED_BEFORE = re.compile(
    r"\b(?:action|aim|commitment|note|page|paragraph|principle|priority|project|recommendation|sub-group|theme) $",
    re.IGNORECASE,
)
_DAY_BEFORE = re.compile(rf"\b(?:{MONTHS}) $")


@dataclass(frozen=True, slots=True)
class NumberFound:
    """A whole number in a text: where it begins and ends, what it is, and how it was written."""

    start: int
    end: int
    value: int
    words: str


def numbers_in(text: str) -> list[NumberFound]:
    """Return the whole numbers of a text in their order.

    Days of a date, years, money, percentages, references such as 2.5 or "commitment 4" and spans such as 2024-25 are not
    counts of anything, and are left out.
    """
    numbers: list[NumberFound] = []
    for match in _NUMBER.finditer(text):
        if match["figures"]:
            digits = match["figures"]
            year = len(digits) == 4 and 1900 <= int(digits) <= 2100
            dated = _DAY_AFTER.match(text, match.end()) or _DAY_BEFORE.search(text[: match.start()])
            named = _NAMED_BEFORE.search(text[: match.start()])
            if not year and not dated and not named:
                numbers.append(NumberFound(*match.span(), int(digits.replace(",", "")), digits))
        else:
            numbers += _spelt(match.start(), match["words"])
    return numbers


def _spelt(start: int, words: str) -> list[NumberFound]:
    """Return what a run of number words means; two numbers where "and" joins two: "three and four"."""
    numbers: list[NumberFound] = []
    tokens = list(re.finditer(r"[a-z]+", words, re.IGNORECASE))
    begin, end, total, part, room = 0, 0, 0, 0, 0
    joined = False

    def close() -> None:
        if end:
            numbers.append(NumberFound(start + begin, start + end, total + part, words[begin:end]))

    for token in tokens:
        word = token[0].lower()
        if word == "and":
            joined = True
            continue
        if word in SCALES or word == "dozen":
            scale = SCALES.get(word, 12)
            part = max(part, 1) * scale
            if scale == 1_000:
                total, part = total + part, 0
            room = scale
        elif word == "a":
            begin, end, total, part, room, joined = token.start(), token.end(), 0, 0, 0, False
            continue
        else:
            value = UNITS.get(word, TENS.get(word, 0))
            fits = 0 < value < room and (not joined or room >= 100)
            if end and not fits:
                close()
                begin, total, part = token.start(), 0, 0
            elif not end:
                begin = token.start()
            part += value
            room = 10 if word in TENS else 1
        end, joined = token.end(), False
    close()
    return numbers
