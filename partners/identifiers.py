"""Identifiers of organisations: a scheme and a value, tidied to one form and checked.

Schemes are the register codes of org-id.guide. An unregistered group needs none and is never refused.
"""

import re
from dataclasses import dataclass
from typing import Final

from vcsportal.common.words import Invalid


@dataclass(frozen=True, slots=True)
class Scheme:
    """A register of organisations: its code, its name, the shape of a value and an example for the hint."""

    code: str
    label: str
    pattern: re.Pattern[str]
    example: str
    pad: int = 0


SCHEMES: Final = (
    Scheme("GB-CHC", "Charity number (England and Wales)", re.compile(r"\d{6,7}(-\d{1,3})?"), "1234567"),
    Scheme("GB-COH", "Company or CIC number", re.compile(r"(\d{8}|[A-Z]{2}\d{6}|[A-Z]{2}\d{5}R)"), "01234567", pad=8),
    Scheme("GB-SC", "Charity number (Scotland)", re.compile(r"SC\d{6}"), "SC123456"),
    Scheme("GB-NIC", "Charity number (Northern Ireland)", re.compile(r"\d{6}"), "123456"),
    Scheme("GB-MPR", "Mutuals register number", re.compile(r"\d{4,6}R?|[A-Z]{2}\d{4,6}[A-Z]?"), "1234R"),
    Scheme("GB-REV", "HM Revenue and Customs charity reference", re.compile(r"[A-Z]{1,2}\d{4,5}"), "XT12345"),
    Scheme("GB-COE", "Church of England parish number", re.compile(r"\d{6}"), "270123"),
    Scheme("GB-LAE", "Local authority (England)", re.compile(r"[A-Z]{3}"), "OXF"),
)
BY_CODE: Final = {scheme.code: scheme for scheme in SCHEMES}


def normalise(scheme: str, value: str) -> str:
    """Return ``value`` in its register's one written form.

    Spaces and the register's own prefix go, letters become capitals, and a company number gets its leading
    zeros back (people and spreadsheets drop them). Raise :class:`Refused` if the scheme is unknown or the value
    can't belong to it.
    """
    if scheme not in BY_CODE:
        raise Invalid("Choose the register that the number comes from.", field="identifiers")
    rule = BY_CODE[scheme]
    tidy = re.sub(r"[\s.]", "", value).upper()
    tidy = tidy.removeprefix(f"{scheme}-")
    if rule.pad and tidy.isdigit():
        tidy = tidy.zfill(rule.pad)
    if not rule.pattern.fullmatch(tidy):
        label = _within_a_sentence(rule.label)
        raise Invalid(
            f"“{value.strip()}” does not look like {label}. One looks like {rule.example}.", field="identifiers"
        )
    return tidy


def _within_a_sentence(label: str) -> str:
    """Return the label with its article; names keep their capitals."""
    return f"an {label}" if label.startswith("HM ") else f"a {label[0].lower()}{label[1:]}"
