"""Facts to JSON and back, and the checksum of what an edition says."""

import json
from dataclasses import MISSING, fields, is_dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from hashlib import sha256
from types import UnionType
from typing import Any, Final, get_args, get_origin, get_type_hints

from commitments.rules.story_consent import WITHHELD
from reporting.facts.evidence import STORY_TAKEN_BACK, EvidenceFacts
from reporting.facts.report import Report

SCHEMA: Final = 5
"""The version of the facts' shape, so that an old edition's facts are never read as new ones."""
READABLE: Final = (1, 2, 3, 4, 5)
"""What was added since an old shape has a default that says nothing, so that editions of that shape can still be drawn."""


def to_json(value: Any) -> Any:
    """Return ``value`` as lists, dictionaries and plain values that JSON can hold."""
    if is_dataclass(value) and not isinstance(value, type):
        return {name: to_json(getattr(value, name)) for name in _names(type(value))}
    if isinstance(value, tuple):
        return [to_json(part) for part in value]
    if isinstance(value, Decimal):
        return format(value, "f")
    return value.isoformat() if isinstance(value, date | datetime) else value


def from_json(data: Any) -> Report:
    """Return the report that :func:`to_json` wrote, now or in an older shape. Raise ``ValueError`` for any other."""
    if not isinstance(data, dict) or data.get("schema") not in READABLE:
        raise ValueError("These facts were kept by another version of the portal.")
    try:
        report: Report = _read(Report, data)
    except (KeyError, TypeError, ArithmeticError) as error:
        raise ValueError(f"These facts are not whole: {error!r}.") from error
    return replace(report, read_checksum=checksum(data), evidence=tuple(map(_with_state, report.evidence)))


def _with_state(item: EvidenceFacts) -> EvidenceFacts:
    """Return an item of an older shape, which held a sentence in place of a story, with a state instead."""
    return replace(item, story="", story_state=WITHHELD) if item.story == STORY_TAKEN_BACK else item


def checksum(data: Any) -> str:
    """Return the SHA-256 of facts as JSON: keys in order, no spaces, UTF-8. It is printed on a report's last page."""
    canonical = json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return sha256(canonical.encode(errors="surrogatepass")).hexdigest()  # halves of pairs are no reason to fail


def checksum_of(report: Report) -> str:
    """Return the SHA-256 of the stored JSON, in the shape in which the facts were sealed, or of these facts if they were assembled here."""
    return report.read_checksum or checksum(to_json(report))


@cache
def _names(kind: type) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind) if field.metadata.get("is_fact", True))


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


def _read(kind: Any, data: Any) -> Any:
    if get_origin(kind) is tuple:
        return tuple(_read(get_args(kind)[0], part) for part in data)
    if isinstance(kind, UnionType):
        return None if data is None else _read(next(k for k in get_args(kind) if k is not type(None)), data)
    if is_dataclass(kind):
        hints = _hints(kind)  # type: ignore[arg-type]  # is_dataclass lets instances pass too
        added = {field.name for field in fields(kind) if field.default is not MISSING}
        known = {name: hint for name, hint in hints.items() if name in data or name not in added}
        return kind(**{name: _read(hint, data[name]) for name, hint in known.items()})  # type: ignore[operator]  # is_dataclass lets instances pass too
    if kind is Decimal:
        return Decimal(data)
    if kind in (date, datetime):
        return kind.fromisoformat(data)
    return data
