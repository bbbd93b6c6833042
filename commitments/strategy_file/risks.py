"""Reads the risks of a strategy's file and their assessments, and reports what is wrong with them. No database."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from commitments.rules.commitment_keys import MAX_KEY_CHARACTERS, is_key
from commitments.rules.risk_levels import EXPECTED, LevelRange, read_range
from commitments.rules.risk_limits import (
    MAX_CONDITION_CHARACTERS,
    MAX_CONTROLS_CHARACTERS,
    MAX_LEAD_CHARACTERS,
    MAX_LEADS,
    MAX_NOTE_CHARACTERS,
    MAX_PERIOD_CHARACTERS,
    MAX_REASON_CHARACTERS,
    MAX_SCOPE_CHARACTERS,
    MAX_WORDS_CHARACTERS,
)
from vcsportal.common.data_file import Fault, FileTable


@dataclass(frozen=True, slots=True)
class AssessmentEntry:
    """One assessment as the file has it. ``priority`` is the number of one, None where the scope is words or the whole risk.

    ``round`` is the slug of one; ``assessed_on`` is None where the file gives no day.
    """

    impact: LevelRange
    impact_reason: str
    likelihood: LevelRange
    likelihood_reason: str
    priority: int | None
    scope: str
    period: str
    condition: str
    round: str
    assessed_on: date | None
    line: int

    def fault(self, name: str, sentence: str) -> Fault:
        """Return what is wrong with a field of it."""
        return Fault(self.line, "assessment", name, sentence)


@dataclass(frozen=True, slots=True)
class RiskEntry:
    """One risk as the file has it. ``leads`` are slugs of organisations, or words; ``commitment`` is a reference or a key."""

    key: str
    words: str
    controls: str
    leads: tuple[str, ...]
    priority: int | None
    commitment: str
    note: str
    source: str
    assessments: tuple[AssessmentEntry, ...]
    line: int
    lines: Mapping[str, int] = field(default_factory=dict)

    def fault(self, name: str, sentence: str) -> Fault:
        """Return what is wrong with a field of it."""
        return Fault(self.lines.get(name, self.line), f"risk {self.key or self.words[:40]}", name, sentence)


def read_risks(tables: list[FileTable]) -> tuple[RiskEntry, ...]:
    """Return the risks of a file. What is wrong is noted at the tables."""
    found: list[RiskEntry] = []
    for table in tables:
        key = table.text("key", required=False, longest=MAX_KEY_CHARACTERS)
        words = table.text("words", longest=MAX_WORDS_CHARACTERS)
        table.place = f"risk {key or words[:40]}" if key or words else table.place
        if key and not is_key(key):
            table.fault(
                "key", f"“{key}” should be lowercase letters, digits and single hyphens, with at least one letter."
            )
        if any((key and key == same.key) or (words and words == same.words) for same in found):
            table.fault("key" if key else "words", "is used twice. Each risk needs its own key and wording.")
        priority = _whole(table, "priority")
        commitment = table.text("commitment", required=False, longest=MAX_KEY_CHARACTERS)
        if priority is not None and commitment:
            table.fault("commitment", "is given as well as a priority. Give only one of them.")
        entry = RiskEntry(
            key=key,
            words=words,
            controls=table.text("controls", required=False, longest=MAX_CONTROLS_CHARACTERS),
            leads=_leads(table),
            priority=priority,
            commitment=commitment,
            note=table.text("note", required=False, longest=MAX_NOTE_CHARACTERS),
            source=table.text("source", required=False, longest=MAX_NOTE_CHARACTERS),
            assessments=_assessments(table),
            line=table.line,
            lines={name: table.sheet.line((*table.path, name)) for name in table.values},
        )
        table.finish()
        found.append(entry)
    return tuple(found)


def _leads(table: FileTable) -> tuple[str, ...]:
    leads = tuple(" ".join(lead.split()) for lead in table.texts("leads"))
    if len(leads) > MAX_LEADS:
        table.fault("leads", f"has {len(leads)} leads. The limit is {MAX_LEADS}.")
    for place, lead in enumerate(leads):
        if not lead:
            table.fault("leads", "contains an empty text.")
        elif lead in leads[:place]:
            table.fault("leads", f"names “{lead[:60]}” twice.")
        elif len(lead) > MAX_LEAD_CHARACTERS:
            table.fault("leads", f"“{lead[:40]}…” has more than {MAX_LEAD_CHARACTERS} characters.")
    return leads


def _assessments(risk: FileTable) -> tuple[AssessmentEntry, ...]:
    """Return the assessments of a risk. What a risk says of its impact counts for each that says nothing of its own."""
    impact = _levels(risk, "impact", required=False)
    reason = risk.text("impact_reason", required=False, longest=MAX_REASON_CHARACTERS)
    found: list[AssessmentEntry] = []
    for table in risk.tables("assessment", place="assessment", required=False):
        own_impact = _levels(table, "impact", required=False)
        own_reason = table.text("impact_reason", required=False, longest=MAX_REASON_CHARACTERS)
        likelihood = _levels(table, "likelihood", required=True)
        priority = _whole(table, "priority")
        scope = table.text("scope", required=False, longest=MAX_SCOPE_CHARACTERS)
        if priority is not None and scope:
            table.fault("scope", "is given as well as a priority. Give only one of them.")
        texts = {
            "likelihood_reason": table.text("likelihood_reason", required=False, longest=MAX_REASON_CHARACTERS),
            "period": table.text("period", required=False, longest=MAX_PERIOD_CHARACTERS),
            "condition": table.text("condition", required=False, longest=MAX_CONDITION_CHARACTERS),
            "round": table.text("round", required=False, longest=20),
        }
        assessed_on = table.day("assessed_on", required=False)
        table.finish()
        levels = own_impact or impact
        if levels is None and "impact" not in table.values:
            table.fault("impact", "is missing. Give it here, or with the risk for all its assessments.")
        if levels is None or likelihood is None:
            continue
        entry = AssessmentEntry(
            impact=levels, impact_reason=own_reason or ("" if own_impact else reason), likelihood=likelihood,
            priority=priority, scope=scope, assessed_on=assessed_on, line=table.line, **texts,
        )  # fmt: skip
        same = (entry.priority, entry.scope, entry.period, entry.condition)
        if any(same == (other.priority, other.scope, other.period, other.condition) for other in found):
            table.fault(
                "", "has the same scope, period and condition as another assessment of this risk. Keep the newest one."
            )
        found.append(entry)
    if impact is not None and not found:
        risk.fault("impact", "is given without an assessment. Add a [[risk.assessment]] with the likelihood.")
    return tuple(found)


def _levels(table: FileTable, name: str, *, required: bool) -> LevelRange | None:
    text = table.text(name, required=required)
    if not text:
        return None
    found = read_range(text)
    if found is None:
        table.fault(name, f"“{text[:40]}” is not a level. {EXPECTED}")
    return found


def _whole(table: FileTable, name: str) -> int | None:
    number = table.number(name)
    if number is None:
        return None
    if number != int(number) or number < 1:
        table.fault(name, "should be the number of a priority, such as 3.")
        return None
    return int(number)
