"""The paper's tables: the year in counts, the actions, the organisations, the evidence by note number."""

from collections.abc import Callable, Sequence
from typing import Any, Final

from reporting.exports.rows import word
from reporting.facts import ActionFacts, PartFacts, Report
from reporting.narrative import case_studies, county_figures, dates, decisions, engagement, groups, responses, sentences
from reporting.narrative.actions import moved, outcome, title
from reporting.narrative.engagement import AnsweredPoint
from reporting.paper.blocks import TextRun, run
from reporting.paper.skeleton import BODIES, CASE_STUDIES, COUNTY_FIGURES, DECISIONS, MONEY, POINTS, RESPONSES, SEATS
from reporting.paper.writing import PaperWriter
from vcsportal.common.dates import in_words
from vcsportal.common.markdown import to_text
from vcsportal.common.plurals import capital

MAX_COLUMNS: Final = 8
"""More priorities than this do not fit side by side."""
MAX_WORD_CHARACTERS: Final = 10
"""A longer word in the head of one of their columns would be broken, so numbers stand there."""
NO_UPDATE_TEXT: Final = "No update was received"
NO_ACTION_TEXT: Final = "No action was set."


def counts(writing: PaperWriter, report: Report) -> None:
    """Write the table of commitments by status and priority, with a column for each priority if they fit."""
    told: dict[str, Any] = sentences.counts_table(report)
    if not told["total"]:
        return
    nouns = report.strategy.nouns
    names = [
        *(status.label for status in told["columns"]),
        *([NO_UPDATE_TEXT] if told["silent"] else []),
        f"All {nouns.commitments}",
    ]
    rows = [[*row["counts"], *([row["silent"]] if told["silent"] else []), row["total"]] for row in told["rows"]]
    every = [*told["totals"], *([told["silent"]] if told["silent"] else []), told["total"]]
    caption = f"{capital(nouns.commitments)} of each {nouns.priority} by status after {report.round.label}"
    headings = [priority.heading(nouns) for priority in report.priorities]
    if max((len(word) for heading in headings for word in heading.split()), default=0) > MAX_WORD_CHARACTERS:
        headings = [str(priority.number) for priority in report.priorities]
        caption = f"{capital(nouns.commitments)} of each {nouns.priority}, by its number, and by status after {report.round.label}"
    if len(rows) <= MAX_COLUMNS:
        writing.table(
            caption,
            ["Status", *headings, "All"],
            [[name, *map(str, cells)] for name, *cells in zip(names, *rows, every, strict=True)],
            [24, *[12] * len(rows), 8],
        )
    else:
        titles = [row["title"] for row in told["rows"]]
        found = [[title, *map(str, cells)] for title, cells in zip(titles, rows, strict=True)]
        writing.table(
            caption,
            [capital(nouns.priority), *names],
            [*found, [f"All {nouns.priorities}", *map(str, every)]],
            [24, *[12] * len(names)],
        )


def _actions(writing: PaperWriter, report: Report) -> None:
    """Write every commitment with its actions below it; one without any says so."""
    nouns, language = report.strategy.nouns, report.strategy.language
    if not report.commitments():
        writing.unnumbered(sentences.nothing_yet(nouns))
        return
    writing.unnumbered(f"The status of each {nouns.commitment} and its actions. {dates.named(report)}")
    for priority in report.priorities:
        heading = f"{priority.heading(nouns)}: {priority.title}"
        writing.heading(2, heading, foreign=priority.title, language=language)
        for commitment in priority.commitments:
            status = nouns.reworded(word(commitment.standing, was_there=commitment.was_there))
            heading = f"{commitment.reference} {commitment.short_title}: {status}"
            writing.heading(3, heading, foreign=commitment.short_title, language=language)
            for action in commitment.actions:
                writing.item(*_action(report, action))
            if not commitment.actions:
                writing.unnumbered(NO_ACTION_TEXT)


def _action(report: Report, action: ActionFacts) -> list[TextRun]:
    owner = f" ({action.owner})" if action.owner else ""
    due = f"Due {in_words(action.due_on)}" if action.due_on else "No due date"
    return [run(f"{title(action)}{owner}. ", bold=True), run(f"{due}. {_stands(report, action).rstrip('.')}.")]


def _stands(report: Report, action: ActionFacts) -> str:
    words = outcome(action, ended=dates.ended_on(report), as_at=dates.actions_on(report))
    why = [f"Dropped because: {action.dropped_why}"] if action.dropped_why else []
    return ". ".join([words[0].upper() + words[1:], *why, *(moved(move).rstrip(".") for move in action.moved)])


def _organisations(writing: PaperWriter, report: Report) -> None:
    """Write who took part."""
    if not report.organisations:
        writing.unnumbered("No organisation’s evidence is in the report.")
        return
    writing.table(
        "Organisations whose evidence is in the report", ["Organisation", "Kind", "Where it works", "Items of evidence"],
        [[organisation.name, organisation.kind, sentences.listed(organisation.districts) or "Not stated", f"{organisation.pieces:,}"] for organisation in report.organisations],
        [32, 22, 32, 14],
    )  # fmt: skip


def _evidence(writing: PaperWriter, report: Report) -> None:
    """Write every item by the number of its note."""
    if report.evidence:
        _of_year(writing, report)
    else:
        writing.unnumbered(f"No evidence that may be published was accepted for the {report.period.noun}.")
    _late(writing, report)


def _of_year(writing: PaperWriter, report: Report) -> None:
    writing.table(
        f"Evidence by note number in the {report.period.report}", ["Note", "Organisation", "Evidence", "When", capital(report.strategy.nouns.commitments)],
        [
            [str(piece.number), piece.organisation, piece.title, sentences.span(piece.happened_from, piece.happened_to),
             sentences.listed(piece.references)]
            for piece in report.evidence
        ],
        [8, 24, 33, 17, 18],
        [["", "", piece.language, "", ""] for piece in report.evidence],
    )  # fmt: skip


def _late(writing: PaperWriter, report: Report) -> None:
    """Write the items of earlier years that came in late, apart from the year's."""
    if report.late:
        writing.table(
            f"Late evidence: about earlier {report.period.many}, not counted in this paper", ["Note", "Organisation", "Evidence", "When", capital(report.strategy.nouns.commitments)],
            [
                [str(item.number), item.organisation, item.title, f"{sentences.span(item.happened_from, item.happened_to)} ({report.label_of(item.late_for)})",
                 sentences.listed(item.references)]
                for item in report.late
            ],
            [8, 24, 33, 17, 18],
            [["", "", item.language, "", ""] for item in report.late],
        )  # fmt: skip


def _responses(writing: PaperWriter, report: Report) -> None:
    """Write every response, by the number of its row in the report."""
    nouns = report.strategy.nouns
    writing.table(
        f"Responses to the {nouns.commitments}, as published by {in_words(dates.statuses_on(report))}",
        ["Row", capital(nouns.commitment), "Addressed to", "Response", "Reason", "Decided"],
        [
            [str(row.facts.number), row.commitment.reference, row.facts.addressee, row.stance.label,
             " ".join(filter(None, [row.facts.words, row.since])) or "None published", row.decided or "Not stated"]
            for row in responses.rows(report)
        ],
        [8, 12, 19, 14, 31, 16],
    )  # fmt: skip


def _decisions(writing: PaperWriter, report: Report) -> None:
    """Write what the steering group decided, who does it, and what became of it."""
    writing.unnumbered(decisions.summary(report))
    writing.table(
        f"What was decided at meetings in the {report.period.noun}",
        ["Row", "Decision", "Meeting", "Who", "What became of it"],
        [
            [str(row.number), f"{row.reference}: {row.words}" if row.reference else row.words,
             f"{row.meeting}, {in_words(row.decided_on)}", row.who, became]
            for row, became in decisions.rows(report)
        ],
        [8, 32, 22, 18, 20],
    )  # fmt: skip


def _county_figures(writing: PaperWriter, report: Report) -> None:
    """Write the figures about the county, each with its source."""
    writing.unnumbered(county_figures.SAYS)
    for section in county_figures.sections(report):
        _figure_table(writing, section)


def _money(writing: PaperWriter, report: Report) -> None:
    """Write the figures about money, each with its source, and what the awards under them come to."""
    writing.unnumbered(county_figures.SAYS)
    for section in county_figures.money(report):
        _figure_table(writing, section)
    for sentence in county_figures.award_sentences(report):
        writing.unnumbered(sentence)


def _figure_table(writing: PaperWriter, section: county_figures.CountyFigureSection) -> None:
    writing.table(
        section.title,
        ["Row", "What is counted", "Figure", "Day or period", "Source"],
        [
            [str(row.number), row.title, row.said, row.when, "\n".join([row.source, *row.notes])]
            for row in section.rows
        ],
        [8, 26, 20, 14, 32],
    )  # fmt: skip


def _case_studies(writing: PaperWriter, report: Report) -> None:
    """Write the chosen case studies: each headline, then its parts."""
    for row in case_studies.rows(report):
        language = row.facts.language
        writing.heading(2, row.facts.headline, foreign=row.facts.headline, language=language)
        writing.unnumbered(f"{row.about}.")
        if row.withheld:
            writing.unnumbered(row.withheld)
        for heading, text in row.parts:
            writing.heading(3, heading)
            words = to_text(text)
            writing.unnumbered(words, foreign=words, language=language)
        if quotation := row.facts.quotation:
            writing.unnumbered(f"“{quotation}” ({row.facts.said_by})", foreign=quotation, language=language)


def _points(writing: PaperWriter, report: Report) -> None:
    """Write what people asked for, what they were answered, and what was done, by the number of the row in the report."""
    writing.unnumbered(f"{engagement.points_in_words(report.points)} {engagement.answered_as_at(report)}")
    writing.table(
        f"What people asked for or decided in {report.round.label}, in the order in which it was raised",
        ["Row", "You said", "Our answer", "We did"],
        [
            [str(row.number), f"{row.facts.words}\n({row.facts.kind_label}: {row.who})",
             _answer(row),
             "\n".join(row.done)]
            for row in engagement.rows(report)
        ],
        [8, 34, 34, 24],
        prose=True,
    )  # fmt: skip


def _answer(row: AnsweredPoint) -> str:
    """Return what was answered, why and when, a line each."""
    label = f"{row.answer.label}." if row.answer else ""
    day = f"Answered on {row.answered}." if row.answered else ""
    return "\n".join(filter(None, [label, row.reason, day]))


KINDS: Final[dict[str, Callable[[PaperWriter, Report], None]]] = {
    "actions": _actions, "organisations": _organisations, "evidence": _evidence, RESPONSES: _responses, DECISIONS: _decisions,
    CASE_STUDIES: _case_studies,
    POINTS: _points, COUNTY_FIGURES: _county_figures, MONEY: _money,
}  # fmt: skip


def of(report: Report, named: Sequence[PartFacts]) -> tuple[PartFacts, ...]:
    """Return the appendices of a paper: those of its layout, with responses, decisions and points only where there are any, last
    if it names none, and lists of members only where somebody is to be listed.

    :param named: the appendices that the layout names.
    """
    found = tuple(part for part in named if _has_members(report, part))
    for kind, heading, is_there in (
        (RESPONSES, responses.TITLE, bool(report.responses())),
        (DECISIONS, decisions.TITLE, bool(report.decisions)),
        (CASE_STUDIES, case_studies.TITLE, bool(report.case_studies)),
        (POINTS, engagement.TITLE, bool(report.points)),
        (COUNTY_FIGURES, county_figures.TITLE, bool(county_figures.sections(report))),
        (MONEY, county_figures.MONEY_TITLE, bool(county_figures.money(report))),
    ):
        if not is_there:
            found = tuple(part for part in found if part.kind != kind)
        elif not any(part.kind == kind for part in found):
            found = (*found, PartFacts(heading, kind))
    return found


def _has_members(report: Report, part: PartFacts) -> bool:
    """Whether there is anybody to list; true for every appendix that lists no members."""
    if part.kind == SEATS:
        return report.own_group is not None and bool(report.own_group.seats)
    return part.kind != BODIES or bool(groups.represented_groups(report, part.group))
