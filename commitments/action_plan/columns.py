"""What a column of an action plan can be, and a first guess at each from its heading and its cells.

To add a meaning, add a row to ``MEANINGS`` and its use in :mod:`commitments.action_plan.rows`.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from commitments.action_plan.due_dates import read_due
from commitments.action_plan.figures import read_figure
from commitments.action_plan.grid import PlanCell
from commitments.action_plan.periods import without_period
from commitments.action_plan.status_words import is_status_word
from commitments.rules.references import is_reference

LOOKED_AT: Final = 40
"""Cells of a column that are enough to tell its shape."""


@dataclass(frozen=True, slots=True)
class ColumnMeaning:
    """One thing that a column can be. ``headings`` is a regular expression for what it is usually headed, without years.

    ``several`` says that a plan may have more than one such column, as for targets of several years.
    """

    code: str
    label: str
    headings: str
    several: bool = False


REFERENCE: Final = ColumnMeaning(
    "reference", "Reference", r"(?:action |item |commitment )?(?:ref(?:erence)?|no|nr|number|id|code)(?: no| number)?|#"
)
PRIORITY: Final = ColumnMeaning(
    "priority",
    "Theme",
    r"(?:strategic |key |our )?(?:themes?|priorit(?:y|ies)|pillar|objective|outcome|aim|goal|strand|area|workstream|work ?stream)"
    r"(?: area| theme| title| name)?",
)
WORDING: Final = ColumnMeaning(
    "wording",
    "What will be done, in the plan’s words",
    r"(?:key |our |what )?(?:actions?|commitments?|activit(?:y|ies)|tasks?|deliverables?|description|what(?: we will do| will we do)?|"
    r"we will|initiative|project|milestones?)(?: description| title| required| points?)?",
)
LEAD: Final = ColumnMeaning(
    "lead",
    "Lead",
    r"(?:action |council |occ )?(?:leads?|lead officers?|owners?|responsible(?: officers?| person| lead)?|who|officers?|"
    r"accountable(?: officers?)?|lead (?:person|name)|responsibility|assigned to)",
    several=True,
)
PARTNER: Final = ColumnMeaning(
    "partner",
    "Partners",
    r"(?:delivery |key |lead |supporting |vcs |vcse |other |external )?(?:partners?|organisations?|stakeholders?|with (?:who)m?|"
    r"charity|supported by|delivered by)(?: organisations?| involved)?",
    several=True,
)
DUE: Final = ColumnMeaning(
    "due",
    "Due date",
    r"(?:target |due |end |completion |delivery |completed |review )?(?:due|by when|when|dates?|deadlines?|timescales?|timeframes?|"
    r"timelines?|end date|complete by|by|finish)(?: date| for completion)?",
)
START: Final = ColumnMeaning("start", "First day", r"(?:start|begin|from|commences?)(?: date| on)?")
STATUS: Final = ColumnMeaning(
    "status",
    "Status or RAG",
    r"(?:current |overall )?(?:b?rag(?:b)?|status|progress status|traffic light|state|rating)(?: status| rating)?",
    several=True,
)
UPDATE: Final = ColumnMeaning(
    "update",
    "What has happened",
    r"(?:latest |last |progress |status |current )?(?:updates?|progress|comments?|commentary|narrative|position|achievements?)"
    r"(?: update| to date| so far| notes?)?",
    several=True,
)
REMEDY: Final = ColumnMeaning(
    "remedy",
    "What will be done about a risk or a delay",
    r"(?:mitigations?|remed(?:y|ial)|recovery|corrective)(?: actions?| plan)?",
)
BASELINE: Final = ColumnMeaning(
    "baseline", "Baseline", r"(?:baselines?|starting point|where we are now)(?: figure| position)?"
)
TARGET: Final = ColumnMeaning("target", "Target", r"(?:annual |year )?targets?(?: figure| value| for)?", several=True)
MEASURE: Final = ColumnMeaning(
    "measure",
    "How success will be known",
    r"(?:success |key |performance )?(?:measures?|kpis?|indicators?|success criteria|metrics?|evidence of success|how will we know.*)"
    r"(?: of success| of progress)?",
)
NOTE: Final = ColumnMeaning(
    "note", "A note of the plan’s own", r"(?:notes?|remarks?|further information|detail)", several=True
)
UNUSED: Final = ColumnMeaning("unused", "Do not use this column", r"", several=True)

MEANINGS: Final = (
    REFERENCE, PRIORITY, WORDING, LEAD, PARTNER, DUE, START, STATUS, UPDATE, REMEDY, BASELINE, TARGET, MEASURE, NOTE, UNUSED,
)  # fmt: skip
BY_CODE: Final = {meaning.code: meaning for meaning in MEANINGS}
_PATTERNS: Final = tuple((meaning, re.compile(meaning.headings)) for meaning in MEANINGS if meaning.headings)


@dataclass(frozen=True, slots=True)
class PlanColumn:
    """A column: its number from 1, its heading, and the code of its meaning."""

    column: int
    heading: str
    meaning: str


def folded_heading(heading: str) -> str:
    """Return what a heading shares with that of another year’s plan: no years, quarters, capitals or punctuation."""
    plain = re.sub(r"[^\w#]+", " ", without_period(heading).casefold())
    return " ".join(plain.replace("_", " ").split())


def meaning_of_heading(heading: str) -> str:
    """Return the code of what a heading usually means; "" where it is not known."""
    plain = folded_heading(heading)
    if not plain:
        return ""
    return next((meaning.code for meaning, pattern in _PATTERNS if pattern.fullmatch(plain)), "")


def guess_columns(
    headings: Mapping[int, str], cells: Mapping[int, Sequence[PlanCell]], remembered: Mapping[str, str]
) -> list[PlanColumn]:
    """Return the columns with a first guess at each, in their order.

    :param headings: by the column's number.
    :param cells: what stands below each heading.
    :param remembered: what this council chose before, by the folded heading.
    """
    found: dict[int, str] = {}
    for column, heading in headings.items():
        kept = remembered.get(folded_heading(heading), "")
        found[column] = kept if kept in BY_CODE else meaning_of_heading(heading)
    for column in headings:
        if not found[column]:
            found[column] = _by_shape(cells.get(column, ()), set(found.values()))
    _once(found)
    if WORDING.code not in found.values():
        _longest_is_wording(found, cells)
    return [PlanColumn(column, headings[column], found[column]) for column in sorted(headings)]


def _is_day(cell: PlanCell) -> bool:
    due = read_due(cell)
    return read_figure(cell) is None and (due.day is not None or due.ongoing)


def _is_short_reference(cell: PlanCell) -> bool:
    return is_reference(cell.text) and any(map(str.isdigit, cell.text)) and len(cell.text) < 9


_SHAPES: Final[tuple[tuple[str, Callable[[PlanCell], bool]], ...]] = (
    (STATUS.code, lambda cell: is_status_word(cell.text)),
    (DUE.code, _is_day),
    (REFERENCE.code, _is_short_reference),
)


def _by_shape(cells: Sequence[PlanCell], taken: set[str]) -> str:
    """Return the meaning that most cells have the shape of; "unused" where they have none in particular."""
    some = list(cells)[:LOOKED_AT]
    if not some:
        return UNUSED.code
    for code, has_shape in _SHAPES:
        if code not in taken and sum(has_shape(cell) for cell in some) * 3 >= len(some) * 2:
            return code
    return UNUSED.code


def _once(found: dict[int, str]) -> None:
    """Leave the first of two columns that only one can be."""
    seen: set[str] = set()
    for column in sorted(found):
        code = found[column]
        if code in seen and not BY_CODE[code].several:
            found[column] = UNUSED.code
        seen.add(code)


def _longest_is_wording(found: dict[int, str], cells: Mapping[int, Sequence[PlanCell]]) -> None:
    """Take the column with the longest texts for the wording where no heading says which it is."""
    free = [column for column, code in found.items() if code in {UNUSED.code, PRIORITY.code, NOTE.code}]
    lengths = {column: _mean_length(cells.get(column, ())) for column in free}
    if lengths and max(lengths.values()) > 0:
        found[max(free, key=lambda column: lengths[column])] = WORDING.code


def _mean_length(cells: Sequence[PlanCell]) -> float:
    some = list(cells)[:LOOKED_AT]
    return sum(len(cell.text) for cell in some) / len(some) if some else 0.0


def faults_of(columns: Sequence[PlanColumn]) -> list[str]:
    """Return what is wrong with a choice of columns, as sentences."""
    sentences = []
    chosen = [column.meaning for column in columns]
    if WORDING.code not in chosen:
        sentences.append("Choose the column that says what will be done, in the plan’s own words.")
    for meaning in MEANINGS:
        if not meaning.several and chosen.count(meaning.code) > 1:
            names = " and ".join(f"“{column.heading}”" for column in columns if column.meaning == meaning.code)
            sentences.append(f"{names} can’t both be “{meaning.label}”. Choose one of them.")
    return sentences
