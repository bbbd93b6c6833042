"""The report on one page, for somebody with five minutes: its sentences, figures and lists, from the facts alone.

Every list is cut to what one page holds; what was left out is counted, and stands in full further on.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from textwrap import shorten
from typing import Any, Final

from commitments.rules.evidence_figures import FIGURE_BY_CODE, SUMMED_FIGURES
from reporting.facts import ChangesFacts, EarlierRoundFacts, EvidenceSumFacts, MovedFacts, Report
from reporting.narrative import change_sentences, late_actions, sentences, standings
from reporting.narrative.sentences import PartnerDisagreement, listed, number
from vcsportal.common import plurals

MAX_CHANGES: Final = 5
MAX_LISTED: Final = 4
"""The most lines of a list where there is room for them."""
MAX_ASKED: Final = 8
MAX_LINE_CHARACTERS: Final = 150
NOT_COUNTED: Final = "not counted"


@dataclass(frozen=True, slots=True)
class ComparedFigure:
    """A sum of this round beside the one before. ``before`` and ``base_before`` are "" where there was no round before."""

    label: str
    now: str
    base: str
    before: str = ""
    base_before: str = ""


@dataclass(frozen=True, slots=True)
class CutList:
    """The first of a list, and in words how many more there are; "" for none."""

    lines: tuple[Any, ...]
    more: str = ""


def promised(report: Report) -> str:
    """Return what the strategy promised, in a sentence of counts: "The council promised 32 commitments in five priorities …"."""
    nouns, strategy = report.strategy.nouns, report.strategy
    count = len(report.commitments())
    if not count:
        return sentences.nothing_yet(nouns)
    under = f" under {plurals.spelt(len(report.priorities), nouns.priority)}" if len(report.priorities) > 1 else ""
    weight = f" Each {nouns.commitment} weighs the same." if count > 1 else ""
    runs = sentences.span(strategy.starts_on, strategy.ends_on)
    return f"The {nouns.strategy} runs from {runs}. It has {number(count, nouns.commitment)}{under}.{weight}"


def changed(report: Report) -> list[str]:
    """Return what changed since the round before in at most five sentences; none in the first round."""
    changes = report.named_changes()
    if changes is None:
        return []
    found = [*_moves(report, changes)]
    by_code = {
        group.code: group.says for group in change_sentences.groups(changes, report.strategy.nouns, report.period)
    }
    for code in ("responded", "added", "slipped", "overdue", "done", "measured", "partners", "amended", "renumbered"):
        if says := by_code.get(code):
            found.append(shorten(says, 260, placeholder=" …"))
    return found[:MAX_CHANGES] or [change_sentences.NOTHING]


def _moves(report: Report, changes: ChangesFacts) -> Iterable[str]:
    """Yield a sentence on the statuses that became others: which commitments have which status now."""
    if not changes.moved:
        return
    nouns = report.strategy.nouns
    parts = []
    for standing in standings.ALL:
        moved = [move.reference for move in changes.moved if move.now == standing.code]
        if moved:
            parts.append(f"{_which(moved)} {plurals.be(len(moved))} now {standing.label.lower()}")
    since = f" since {changes.against}" if changes.against else ""
    yield f"{plurals.capital(_moved(changes.moved, nouns.commitment))}{since}: {'; '.join(parts)}."


def _moved(moves: Sequence[MovedFacts], noun: str) -> str:
    return f"{plurals.spelt(len(moves), noun)} changed status"


def _which(references: Sequence[str]) -> str:
    return listed(references) if len(references) <= sentences.MAX_LISTED else f"{len(references)} of them"


def figures(report: Report) -> list[ComparedFigure]:
    """Return the sums of the round's evidence beside those of the round before, each with how many items gave a number."""
    before = report.earlier[-1] if report.earlier else None
    now = {found.code: found for found in sentences.figures(report.evidence)}
    found = []
    for figure in SUMMED_FIGURES:
        this = now.get(figure.code)
        that = _sum_of(before, figure.code)
        if this is None and that is None:
            continue
        found.append(
            ComparedFigure(
                FIGURE_BY_CODE[figure.code].label,
                f"{this.total:,}" if this else NOT_COUNTED,
                _base(this.given if this else 0, len(report.evidence)),
                (f"{that.total:,}" if that else NOT_COUNTED) if before else "",
                _base(that.given if that else 0, before.items) if before else "",
            )
        )
    return found


def _sum_of(earlier: EarlierRoundFacts | None, code: str) -> EvidenceSumFacts | None:
    return next((found for found in earlier.sums if found.code == code), None) if earlier else None


def _base(given: int, items: int) -> str:
    return f"from {given:,} of {number(items, 'item')}" if given else ""


def late(report: Report, most: int = MAX_LISTED) -> CutList:
    """Return the actions that are late, each with since when and whose."""
    return _cut(late_actions.late(report), most, "more late")


def coming(report: Report, most: int = MAX_LISTED) -> CutList:
    """Return what will be done next, each with its day and whose it is."""
    return _cut(late_actions.coming(report), most, "more to come")


def disagreements(report: Report, most: int = MAX_LISTED) -> CutList:
    """Return where the sector sees a commitment differently from whoever answers for the strategy."""
    found: list[PartnerDisagreement] = sentences.disagreements(report)
    return _cut(found, most, "more")


def asked(report: Report) -> list[str]:
    """Return what members are asked to do: the recommendations of the committee paper, each cut where it is long."""
    lines = [line.strip() for line in report.text("paper-recommendations").splitlines() if line.strip()]
    return [shorten(line, MAX_LINE_CHARACTERS, placeholder=" …") for line in lines[:MAX_ASKED]]


def _cut(found: Sequence[Any], most: int, more: str) -> CutList:
    left = len(found) - most
    return CutList(tuple(found[:most]), f"{left} {more}" if left > 0 else "")


def values(report: Report, most: int = MAX_LISTED) -> dict[str, Any]:
    """Return what the page shows, by the names that its template uses.

    :param most: the most lines of a list.
    """
    return {
        "promised": promised(report),
        "summary": sentences.summary(report, compared=False),
        "changed": changed(report)[: most + 1],
        "figures": figures(report),
        "late": late(report, most),
        "coming": coming(report, most),
        "disagreements": disagreements(report, most),
        "asked": asked(report),
        "before": report.label_of(report.earlier[-1].round) if report.earlier else "",
    }
