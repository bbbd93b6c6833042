"""Priorities and commitments with everything the report says about them, ready for the templates."""

from collections.abc import Container, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.utils.safestring import SafeString

from commitments.rules import story_consent
from commitments.rules.evidence_figures import FIGURES
from commitments.rules.status import NO_UPDATE, STATUSES, Status
from reporting.facts import ActionFacts, CommitmentFacts, EvidenceFacts, IndicatorFacts, PriorityFacts, Report
from reporting.narrative import (
    charts,
    dates,
    indicator_lines,
    indicator_words,
    measures,
    responses,
    sentences,
    standings,
)
from reporting.narrative.actions import details, outcome, title
from reporting.narrative.sections import narrative_key
from reporting.rendering import screen_pictures
from reporting.rendering.links import ReportLinks, printed
from reporting.rendering.pictures import img, prose
from vcsportal.common import plurals
from vcsportal.common.dates import in_words

MAX_SIDE_BY_SIDE_CHARACTERS: Final = 1500
"""The most characters that stand side by side: more would not fit on one page, and go below one another."""
NO_BREAK: Final = "\N{NO-BREAK SPACE}"
STATUS_BY_CODE: Final = {status.code: status for status in (*STATUSES, NO_UPDATE)}


@dataclass(frozen=True, slots=True)
class CommitmentInReport:
    """A commitment with its evidence: the items described here in full, and those described under another commitment.

    ``voices`` are the sector's, each with its status; ``beside`` whether they are short enough to stand beside the council's.
    """

    facts: CommitmentFacts
    status: Status
    voices: list[dict[str, Any]]
    beside: bool
    findings: list[str]
    figures: list[dict[str, Any]]
    years: SafeString
    confirms: str
    """What people call the round whose words are confirmed; "" for none."""
    narrative: SafeString
    next_steps: SafeString
    here: list[dict[str, Any]]
    elsewhere: list[EvidenceFacts]
    also: list[tuple[int, str]]
    """The notes of those listed elsewhere: where each run begins, and what it is called."""
    update: str
    """The address of the update that says all this."""
    source: str
    """What it is called where it stands as a source; its date keeps together."""
    notes: list[tuple[int, str]]
    """Where its notes begin, and what they are called: ``3`` or ``5 to 8``."""
    steps: list[dict[str, Any]]
    closed: str
    """Since when it is closed and what it was merged into, in words."""
    recorded: str
    """Which status is on record of one that had no update, and since when; "" for none."""
    joined: str
    """On which day it was added to the strategy, and which number it had before, in words."""
    earlier: str
    """How many actions were done in earlier years, in words."""
    responses: list[responses.ResponseRow]
    measured: str
    """Who agreed its success measure and when, in words; "" where it has none."""
    plan: str
    """Its team, its dates, what it replaces and its related commitments, in words."""


def chapters(report: Report, photographs: Container[str], links: ReportLinks) -> list[dict[str, Any]]:
    """Return each priority with its commitments, in the strategy's own order."""
    pieces = {piece.number: piece for piece in report.evidence}
    found, nouns = [], report.strategy.nouns
    columns = min(charts.MAX_TILES_PER_ROW, max((len(p.commitments) for p in report.priorities), default=1))
    for priority in report.priorities:
        numbers = sorted({number for commitment in priority.commitments for number in commitment.evidence})
        its = [pieces[number] for number in numbers]
        found.append(
            {
                "priority": priority,
                "heading": priority.heading(nouns),
                "introduction": priority.introduction.split("\n\n") if priority.introduction else [],
                "methods": priority.methods.split("\n\n") if priority.methods else [],
                "row": img(charts.board([priority], columns=columns, nouns=nouns), "row"),
                "tiles": charts.has_tiles(priority),
                "boards": img(charts.boards(report, priority), "boards") if len(report.rounds) > 1 else "",
                "earlier": _earlier_of(report, priority),
                "narrative": prose(report.text(narrative_key(priority)), 3),
                "narrative_language": report.language_of(narrative_key(priority)),
                "about": sentences.about(priority, its, report.owner_taking_part(), nouns),
                "figures": sentences.figures(its),
                "counted": _counted(report, priority.indicators),
                "commitments": [
                    _told(report, commitment, pieces, photographs, links) for commitment in priority.commitments
                ],
            }
        )
    return found


def _told(
    report: Report,
    commitment: CommitmentFacts,
    pieces: dict[int, EvidenceFacts],
    photographs: Container[str],
    links: ReportLinks,
) -> CommitmentInReport:
    its = [pieces[number] for number in commitment.evidence]
    return CommitmentInReport(
        facts=commitment,
        status=STATUS_BY_CODE[commitment.status],
        voices=[{"facts": view, "status": STATUS_BY_CODE[view.status]} for view in commitment.views],
        beside=len(commitment.views) <= 2 and sum(map(len, _voiced(commitment))) <= MAX_SIDE_BY_SIDE_CHARACTERS,
        findings=sentences.findings(commitment, report.strategy.answering),
        figures=_counted(report, commitment.indicators),
        years=_years(report, commitment),
        confirms=report.label_of(commitment.confirms),
        narrative=prose(commitment.narrative),
        next_steps=prose(commitment.next_steps),
        here=[piece_values(piece, photographs, links) for piece in its if piece.references[0] == commitment.reference],
        elsewhere=[piece for piece in its if piece.references[0] != commitment.reference],
        also=runs([piece.number for piece in its if piece.references[0] != commitment.reference]),
        update=links.update(commitment),
        source=_source(commitment),
        notes=runs(commitment.evidence),
        steps=[_step(report, action) for action in _recent(report, commitment)],
        closed=sentences.closed_since(commitment),
        recorded=standings.on_record(commitment.recorded),
        joined=" ".join(filter(None, [sentences.joined(commitment, report.strategy.nouns), _was(report, commitment)])),
        earlier=_earlier(report, len(commitment.actions) - len(_recent(report, commitment))),
        responses=[responses.row(commitment, response) for response in commitment.responses],
        measured=measures.agreement(commitment),
        plan=measures.plan(commitment),
    )


def _was(report: Report, commitment: CommitmentFacts) -> str:
    former = sentences.former_number(report, commitment.reference)
    return f"Its number was {former} in the report for {report.label_of(report.rounds[-2])}." if former else ""


def _years(report: Report, commitment: CommitmentFacts) -> SafeString:
    """Return the row of its years; nothing in the first, of which the status itself has told."""
    pairs = [(year.round, year.standing, year.was_there) for year in commitment.years]
    return img(charts.years(report, pairs), "years") if len(pairs) > 1 else SafeString("")


def _source(commitment: CommitmentFacts) -> str:
    if commitment.updated_on is None:
        return ""
    return f"Update of {in_words(commitment.updated_on).replace(' ', NO_BREAK)}"


def runs(numbers: Sequence[int]) -> list[tuple[int, str]]:
    """Return notes that follow one another together: where each run begins, and what it is called."""
    found: list[list[int]] = []
    for number in sorted(numbers):
        if found and number == found[-1][-1] + 1:
            found[-1].append(number)
        else:
            found.append([number])
    joint = [part for run in found for part in ([run] if len(run) > 2 else [[number] for number in run])]
    return [(run[0], f"{run[0]}{f' to {run[-1]}' if len(run) > 1 else ''}") for run in joint]


def _recent(report: Report, commitment: CommitmentFacts) -> list[ActionFacts]:
    """Return the actions of this year and of those to come; what was done before is only counted."""
    return [a for a in commitment.actions if a.done_on is None or a.done_on >= report.round.observes_from]


def _earlier_of(report: Report, priority: PriorityFacts) -> str:
    """Return the same of a whole priority, for print: one sentence instead of one for each commitment."""
    counts = [(each.reference, len(each.actions) - len(_recent(report, each))) for each in priority.commitments]
    named = [f"{count} under {reference}" for reference, count in counts if count]
    said = _earlier(report, sum(count for _, count in counts))
    return f"{said.removesuffix('.')}: {plurals.join_with_and(named)}." if said else ""


def _earlier(report: Report, count: int) -> str:
    return (
        f"{plurals.counted(count, 'action')} {plurals.was(count)} done in earlier {report.period.many}."
        if count
        else ""
    )


def _step(report: Report, action: ActionFacts) -> dict[str, Any]:
    return {
        "facts": action,
        "title": title(action),
        "details": details(action),
        "late": action.slipped and action.dropped_on is None,
        "outcome": outcome(action, ended=dates.ended_on(report), as_at=dates.actions_on(report)),
    }


def _voiced(commitment: CommitmentFacts) -> list[str]:
    return [commitment.reason, commitment.remedy, *(f"{view.reason}{view.reply}" for view in commitment.views)]


def _counted(report: Report, indicators: Sequence[IndicatorFacts]) -> list[dict[str, Any]]:
    """Return each indicator that is printed, with its rounds, its line and what is to be read beside it."""
    found = []
    for indicator, figure in indicator_words.in_round(report, indicators):
        rounds = indicator_lines.rounds(report, indicator)
        line = indicator_lines.line(indicator, rounds)
        found.append(
            {
                "facts": indicator,
                "rounds": rounds,
                "line": img(line, "counted__line") if line else "",
                "line_on_screen": screen_pictures.indicator_line(indicator, rounds),
                "beside": indicator_words.beside(report, indicator),
                "by_strand": indicator_words.by_strand(figure),
            }
        )
    return found


def came_in_late(report: Report, photographs: Container[str], links: ReportLinks) -> list[dict[str, Any]]:
    """Return the late evidence by year, each item with its commitments."""
    return [
        {
            "round": report.label_of(round_),
            "pieces": [
                piece_values(item, photographs, links) | {"also": "", "serves": sentences.listed(item.references)}
                for item in report.late
                if item.late_for == round_
            ],
        }
        for round_ in sorted({item.late_for for item in report.late})
    ]


def piece_values(piece: EvidenceFacts, photographs: Container[str], links: ReportLinks) -> dict[str, Any]:
    """Return an item of evidence as its template takes it."""
    return {
        "facts": piece,
        "when": sentences.span(piece.happened_from, piece.happened_to),
        "where": sentences.listed(piece.districts),
        "figures": [figure.counted(value) for figure in FIGURES if (value := getattr(piece, figure.code)) is not None],
        "also": sentences.listed(piece.references[1:]),
        "story": prose(piece.story, 6),
        "story_note": story_consent.SENTENCES.get(piece.story_state, ""),
        "address": links.evidence(piece),
        "printed": printed(links.evidence(piece)),
        "links": [{"facts": link, "printed": printed(link.url)} for link in piece.links],
        "photographs": [
            {
                "caption": photograph.caption,
                "description": photograph.description,
                "address": links.photograph(piece, place),
                "size": links.size(piece, place),
            }
            for place, photograph in enumerate(piece.photographs, 1)
            if photograph.file in photographs
        ],
    }
