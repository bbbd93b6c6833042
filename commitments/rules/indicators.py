"""The rules for indicators: reading and writing numbers, shares, running totals, and whether a target was met.

A share keeps both its parts, and its percentage is worked out from them. A percentage is a figure that somebody published
without its base: it is printed with "base not published", and is never summed or averaged. Both are printed with one
decimal, and judged as printed: what prints equal to its target has met it. Numbers are printed in full, so they are judged
in full. Under "adds up" each round's number is what was added in that round, and it is judged by the running total of the
rounds that have both.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final

from vcsportal.common import plurals
from vcsportal.common.words import Invalid

INDICATOR_CODE: Final = re.compile(r"[A-Za-z0-9]+(?:[.-][A-Za-z0-9]+)*")
MAX_NUMBER: Final = Decimal(10) ** 11
PLACES: Final = Decimal("0.0001")
PERCENT_STEP: Final = Decimal("0.1")
INDICATOR_KINDS: Final = (
    ("number", "A number"),
    ("ratio", "A share: a part of a whole"),
    ("percentage", "A percentage whose base was not published"),
    ("scale", "A step of a stated scale"),
)
COUNTING_METHODS: Final = (
    ("per_round", "Counted afresh each round"),
    ("cumulative", "Adds up over the rounds"),
)
DIRECTIONS: Final = (("up", "More is better"), ("down", "Less is better"), ("steady", "Staying the same is good"))
PERCENTAGES: Final = ("ratio", "percentage")
"""The kinds of indicator whose figures are percentages."""
NO_BASE: Final = "base not published"
STEADY_WITHIN: Final = Decimal("0.05")
"""Where staying the same is good: how far from the target a number may lie, as a part of the target."""

DIRECTION_WORDS: Final = {
    "up": "More is better.",
    "down": "Less is better: the target is a ceiling.",
    "steady": "Staying the same is good: within 5% of the target counts as met.",
}
MET, MISSED, OPEN = "met", "missed", ""
VERDICTS: Final = {MET: "Target met", MISSED: "Target missed", OPEN: ""}

_MONEY = re.compile(r"([£€$])\s*(.*)")
_GROUPED = re.compile(r"-?\d{1,3}(?:[, ]\d{3})+(?:\.\d+)?")
_GROUPED_BY_DOTS = re.compile(r"-?\d{1,3}(?:\.\d{3})+,\d+")
_COMMA = re.compile(r"-?\d+,\d+")
_PLAIN = re.compile(r"-?(?:\d+(?:\.\d+)?|\.\d+)")


def read_number(text: str) -> Decimal:
    """Return the number that people mean by ``1,200``, ``1 200``, ``12,5``, ``25%``, ``£40`` or ``-£5``. Refuse
    anything else.
    """
    words = " ".join(text.replace("\u00a0", " ").replace("\u2212", "-").split())
    bare = re.sub(r"^(-?)£ ?", r"\1", words).removesuffix("%").strip()
    if _GROUPED.fullmatch(bare):
        digits = bare.replace(",", "").replace(" ", "")
    elif _GROUPED_BY_DOTS.fullmatch(bare):
        digits = bare.replace(".", "").replace(",", ".")
    elif _COMMA.fullmatch(bare):
        digits = bare.replace(",", ".")
    elif _PLAIN.fullmatch(bare) and bare.isascii():
        digits = bare
    else:
        raise Invalid(f"“{words[:40]}” is not a number. Write one, such as 24 or 1,200.", field="value")
    return check_number(Decimal(digits), words)


def check_number(number: Decimal, words: str = "") -> Decimal:
    """Return a number as it is kept. Refuse one that is too large or too fine."""
    said = (words or format(number, "f"))[:40]
    if abs(number) >= MAX_NUMBER:
        raise Invalid(f"{said} looks too large. Check the number.", field="value")
    if number != number.quantize(PLACES):
        raise Invalid(f"{said} has more than four decimal places. Round it.", field="value")
    return number.quantize(PLACES)


def say_number(number: Decimal | None) -> str:
    """Return ``1,200`` or ``12.5``; nothing for nothing."""
    if number is None:
        return ""
    said = f"{number:,f}"
    said = said.rstrip("0").rstrip(".") if "." in said else said
    return "0" if said == "-0" else said.replace("-", "\u2212")


def say_percent(number: Decimal) -> str:
    """Return ``25%``, with one decimal where it is needed, a half rounded up."""
    return f"{say_number(number.quantize(PERCENT_STEP, ROUND_HALF_UP))}%"


def say_amount(number: Decimal, unit: str) -> str:
    """Return a number with its unit: ``1,200 people``, ``1 group``, ``13%``, ``£1,234,567.50``, ``−£5``, ``£2.5 million``.

    A unit that begins with a currency sign is split: the sign goes before the number, the rest after.
    """
    said = say_number(number)
    if unit == "%":
        return f"{said}%"
    if money := _MONEY.fullmatch(unit):
        sign, rest = money.groups()
        minus, size = ("\u2212", said[1:]) if said.startswith("\u2212") else ("", said)
        if not rest and re.fullmatch(r"[\d,]+\.\d", size):
            size += "0"
        tight = "" if re.fullmatch(r"k|m|bn", rest) else " "
        return f"{minus}{sign}{size}{tight}{rest}".strip()
    noun = plurals.singular(unit) if abs(number) == 1 else unit
    return f"{said} {noun}".strip()


def as_printed(number: Decimal, kind: str) -> Decimal:
    """Return a number at the precision at which it is printed: percentages have one decimal, all others what they have."""
    return number.quantize(PERCENT_STEP, ROUND_HALF_UP) if kind in PERCENTAGES else number


def share(numerator: Decimal, denominator: Decimal) -> Decimal:
    """Return a part of a whole in per cent. Refuse a whole of nothing, and a part that is more than its whole."""
    if denominator <= 0:
        raise Invalid(
            "The whole has to be more than 0. If nothing was counted, say so in the box below.", field="value"
        )
    if numerator < 0 or numerator > denominator:
        raise Invalid(
            f"The part ({say_number(numerator)}) has to be between 0 and the whole ({say_number(denominator)}).",
            field="value",
        )
    return (numerator / denominator * 100).quantize(PLACES)


def step_label(scale: Sequence[Mapping[str, Any]], number: Decimal | None) -> str:
    """Return the word of a scale's step."""
    return next((str(step["label"]) for step in scale if Decimal(str(step["step"])) == number), say_number(number))


@dataclass(frozen=True, slots=True)
class IndicatorFigure:
    """A value as entered: a number, the two parts of a share, a step, or the reason why there is none."""

    value: Decimal | None = None
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    absent_reason: str = ""


def checked(figure: IndicatorFigure, *, kind: str, scale: Sequence[Mapping[str, Any]] = ()) -> IndicatorFigure:
    """Return the figure as it is kept, with a share worked out. Refuse text for a number, both or neither."""
    reason = " ".join(figure.absent_reason.split())
    given = (
        figure.numerator is not None or figure.denominator is not None if kind == "ratio" else figure.value is not None
    )
    if reason and given:
        raise Invalid("Give either the number or the reason why there is none, not both.", field="value")
    if reason:
        if len(reason) > 300:
            raise Invalid(f"The reason has {len(reason)} characters. The limit is 300.", field="absent_reason")
        return IndicatorFigure(absent_reason=reason)
    if not given:
        raise Invalid("Give a number, or say why there is none.", field="value")
    if kind == "ratio":
        if figure.numerator is None or figure.denominator is None:
            raise Invalid("A share needs both of its numbers: the part and the whole.", field="value")
        parts = check_number(figure.numerator), check_number(figure.denominator)
        return IndicatorFigure(share(*parts), *parts)
    if figure.numerator is not None or figure.denominator is not None or figure.value is None:
        raise Invalid("Give one number here; it is not a share.", field="value")
    if kind == "scale" and not any(Decimal(str(step["step"])) == figure.value for step in scale):
        raise Invalid("Choose one of the steps of its scale.", field="value")
    return IndicatorFigure(check_number(figure.value))


def say_figure(figure: Any, *, kind: str, unit: str = "", scale: Sequence[Mapping[str, Any]] = ()) -> str:
    """Return a value in words: ``1,200 people``, ``12 of 48 (25%)``, ``13% (base not published)``, a step's word, or why
    there is none.

    :param figure: anything with the four fields of a :class:`IndicatorFigure`.
    """
    if figure.value is None:
        return f"No figure: {figure.absent_reason}"
    if kind == "ratio" and figure.numerator is not None:
        base = f"{say_number(figure.numerator)} of {say_number(figure.denominator)}"
        return f"{base} ({say_percent(figure.value)})"
    if kind == "percentage":
        return f"{say_aim(figure.value, kind=kind, unit=unit)} ({NO_BASE})"
    return say_aim(figure.value, kind=kind, unit=unit, scale=scale)


def say_aim(value: Decimal, *, kind: str, unit: str = "", scale: Sequence[Mapping[str, Any]] = ()) -> str:
    """Return a target in words. A share says of what: ``60% of rooms``."""
    if kind in PERCENTAGES:
        of = unit.removeprefix("%").strip() or ("the whole" if kind == "ratio" else "")
        return f"{say_percent(value)} of {of}" if of else say_percent(value)
    if kind == "scale":
        return step_label(scale, value)
    return say_amount(value, unit)


def in_sentence(said: str, kind: str) -> str:
    """Return the words of a value as they stand in a sentence: a step of a scale has words of its own, so it is quoted."""
    return f"“{said}”" if kind == "scale" else said


def say_short(value: Decimal, *, kind: str, unit: str = "", scale: Sequence[Mapping[str, Any]] = ()) -> str:
    """Return a value without the noun of its unit, for places that show the noun already: ``12``, ``13%``, ``£5``."""
    if kind in PERCENTAGES:
        return say_percent(value)
    if kind == "scale" or unit == "%" or _MONEY.fullmatch(unit):
        return say_aim(value, kind=kind, unit=unit, scale=scale)
    return say_number(value)


def verdict(actual: Decimal | None, target: Decimal | None, direction: str, kind: str = "number") -> str:
    """Return whether a target was met, both numbers as they are printed; nothing where either of the two is absent.

    ``steady`` allows 5% of the target more or less, the border included.
    """
    if actual is None or target is None:
        return OPEN
    actual, target = as_printed(actual, kind), as_printed(target, kind)
    if direction == "steady":
        return MET if abs(actual - target) <= abs(target) * STEADY_WITHIN else MISSED
    return MET if (actual <= target if direction == "down" else actual >= target) else MISSED


@dataclass(frozen=True, slots=True)
class Sum:
    """A round's number as it stands in the picture and is judged: of itself, or with those of the rounds before.

    ``like`` is set where some round was left out of the judgement: the two totals that were compared instead.
    """

    actual: Decimal | None
    target: Decimal | None
    verdict: str
    like: tuple[Decimal, Decimal] | None = None


def sums(
    pairs: Iterable[tuple[Decimal | None, Decimal | None]], *, counting: str, direction: str, kind: str = "number"
) -> list[Sum]:
    """Return each round's actual and target, given in order as pairs, as they are shown and judged.

    Where numbers add up, a round is judged by the totals of the rounds that have both numbers: a round that was not
    counted is left out on both sides, and so is never taken for nothing.
    """
    found: list[Sum] = []
    total = aim = like = wanted = Decimal(0)
    for actual, target in pairs:
        if counting != "cumulative":
            found.append(Sum(actual, target, verdict(actual, target, direction, kind)))
            continue
        total, aim = total + (actual or 0), aim + (target or 0)
        if actual is not None and target is not None:
            like, wanted = like + actual, wanted + target
        both = actual is not None and target is not None
        judged = verdict(like, wanted, direction) if both else OPEN
        apart = (like, wanted) if both and (like, wanted) != (total, aim) else None
        found.append(Sum(None if actual is None else total, None if target is None else aim, judged, apart))
    return found


def check_counting(counting: str, kind: str, unit: str) -> None:
    """Refuse to add up over the rounds what is no plain number: shares, percentages and steps are counted afresh."""
    if counting == "cumulative" and (kind != "number" or unit.strip() == "%"):
        raise Invalid(
            "Only numbers can add up from round to round. A share, a percentage or a step is counted separately each round.",
            field="counting",
        )


def check_scale(steps: Sequence[Mapping[str, Any]]) -> None:
    """Refuse a scale that is none: fewer than two steps, a step without a word, the same word twice."""
    labels = [str(step.get("label", "")).strip() for step in steps]
    if len(labels) < 2:
        raise Invalid("A scale needs two steps or more, the lowest first.", field="steps")
    if not all(labels):
        raise Invalid("Every step of a scale needs a word.", field="steps")
    if len(set(labels)) < len(labels):
        raise Invalid("Two steps of the scale have the same word.", field="steps")
