"""The paper's tables: the year in counts, the actions, the organisations, the evidence by note number."""

from collections.abc import Callable, Iterator
from typing import Any, Final

from reporting import story
from reporting.exports.rows import word
from reporting.facts import ActionFacts, Report
from reporting.paper.writing import Writing
from vcsportal.common.dates import in_words


def counts(writing: Writing, report: Report) -> None:
    """Write how many commitments of each priority stand at each status."""
    told: dict[str, Any] = story.counts_table(report)
    if not told["rows"]:
        return
    labels = [status.label for status in told["columns"]]
    silent = ["No update was received"] if told["silent"] else []
    rows = [[row["title"], *row["counts"], *([row["silent"]] if silent else []), row["total"]] for row in told["rows"]]
    rows.append(["All priorities", *told["totals"], *([told["silent"]] if silent else []), told["total"]])
    writing.table(
        f"Commitments of each priority by how they stood after {report.round.slug}",
        ["Priority", *labels, *silent, "Commitments"],
        [[str(cell) for cell in row] for row in rows],
        [30, *[11] * len(labels), *[12] * len(silent), 15],
    )


def changes(writing: Writing, report: Report) -> None:
    """Write which commitments stand differently from the round before."""
    if moved := story.changes(report):
        writing.table(
            f"Commitments that stand differently from {report.rounds[-2]}",
            ["Commitment", "What it is", f"In {report.rounds[-2]}", f"In {report.round.slug}", "Why"],
            [
                [one.commitment.reference, one.commitment.short_title, one.was.label, one.now.label, one.commitment.reason]
                for one in moved
            ],
            [14, 26, 13, 13, 34],
        )  # fmt: skip


def _actions(writing: Writing, report: Report, caption: str) -> None:
    """Write every commitment with its actions; one without any says so."""
    if not report.commitments():
        writing.unnumbered("The strategy holds no commitments.")
        return
    writing.unnumbered(f"The table says how actions stood on {in_words(report.round.observes_to)}.")
    writing.table(
        caption, ["Commitment", "What it is", "Status", "Action", "Due", "How it stands"], _action_rows(report),
        [14, 22, 13, 25, 12, 14],
    )  # fmt: skip


def _action_rows(report: Report) -> Iterator[list[str]]:
    for commitment in report.commitments():
        begin = [commitment.reference, commitment.short_title, word(commitment.status)]
        for action in commitment.actions:
            yield [*begin, action.title, in_words(action.due_on), _stands(action)]
        if not commitment.actions:
            yield [*begin, "No action was set", "–", "–"]


def _stands(action: ActionFacts) -> str:
    if action.done_on is None:
        return "Not done by its day" if action.slipped else "Not due yet"
    return f"Done on {in_words(action.done_on)}{', after its day' if action.slipped else ''}"


def _organisations(writing: Writing, report: Report, caption: str) -> None:
    """Write who took part."""
    if not report.organisations:
        writing.unnumbered("No organisation’s evidence is in the report.")
        return
    writing.table(
        caption, ["Organisation", "What kind it is", "Where it works", "Pieces of evidence"],
        [[one.name, one.kind, story.listed(one.districts) or "–", f"{one.pieces:,}"] for one in report.organisations],
        [32, 22, 32, 14],
    )  # fmt: skip


def _evidence(writing: Writing, report: Report, caption: str) -> None:
    """Write every piece by the number of its note."""
    if not report.evidence:
        writing.unnumbered("No evidence that may be published was accepted for the year.")
        return
    writing.table(
        caption, ["Note", "Organisation", "What was done", "When", "Commitments"],
        [
            [str(piece.number), piece.organisation, piece.title, story.span(piece.happened_from, piece.happened_to),
             story.listed(piece.references)]
            for piece in report.evidence
        ],
        [8, 25, 34, 18, 15],
    )  # fmt: skip


KINDS: Final[dict[str, Callable[[Writing, Report, str], None]]] = {
    "actions": _actions, "organisations": _organisations, "evidence": _evidence,
}  # fmt: skip
