"""Facts to the body of a page: the report's own body, with tiles that lead on and links within the portal. No query."""

from collections.abc import Callable, Container
from dataclasses import dataclass, replace
from typing import Any

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString

from commitments.rules.kinds import Nouns
from commitments.rules.references import anchor
from reporting.facts import CommitmentFacts, EvidenceFacts, PriorityFacts, Report
from reporting.narrative import charts, standings
from reporting.rendering import screen_pictures
from reporting.rendering.body import BARS_ALT_TEXT, values
from reporting.rendering.links import ReportLinks

Size = tuple[int, int] | None


@dataclass(frozen=True, slots=True)
class ScreenLinks:
    """Addresses within the portal, for the page of an edition or, without one, of facts as they are now.

    ``cite`` is the address at which this very edition stays. ``sizes`` says how large a photograph is, by its file.
    """

    report: Report
    edition: int | None = None
    cite: str = ""
    sizes: Callable[[str], Size] = lambda name: None
    screen: bool = True

    def update(self, commitment: CommitmentFacts) -> str:
        if commitment.update is None:
            return ""
        address = reverse(
            "commitments:commitment", args=[self.report.strategy.slug, commitment.key or commitment.reference]
        )
        return f"{address}#update-{commitment.update}"

    def evidence(self, piece: EvidenceFacts) -> str:
        return reverse("commitments:evidence", args=[piece.id])

    def photograph(self, piece: EvidenceFacts, place: int) -> str:
        return reverse("reporting:edition-photograph", args=[self.edition, piece.number, place])

    def size(self, piece: EvidenceFacts, place: int) -> Size:
        return self.sizes(piece.photographs[place - 1].file)


@dataclass(frozen=True, slots=True)
class ScreenReport:
    """The report as two parts of a page: its body, and its table of contents."""

    body: SafeString
    contents: SafeString


def page(
    report: Report,
    *,
    links: ReportLinks,
    photographs: Container[str] = frozenset(),
) -> ScreenReport:
    """Return the body for a screen. It says what the report in print says, in the same order and under the same anchors.

    :param photographs: the files, by their names in the facts, that may be shown.
    """
    shown = values(report, photographs=photographs, links=links)
    shown["board"] = tiles(report.priorities, report.strategy.nouns)
    shown["boards"] = screen_pictures.half_boards(shown["report"])
    shown["bars"] = screen_pictures.bars(shown["report"], shown["nouns"].reworded(BARS_ALT_TEXT))
    shown["chapters"] = [
        chapter
        | {
            "row": tiles([chapter["priority"]], report.strategy.nouns, bare=True),
            "boards": chapter["boards"] and screen_pictures.boards(shown["report"], chapter["priority"]),
            "commitments": [replace(told, years=_years(report, told.facts)) for told in chapter["commitments"]],
        }
        for chapter in shown["chapters"]
    ]
    return ScreenReport(render_to_string("report/body.html", shown), render_to_string("report/_contents.html", shown))


def tiles(priorities: Any, nouns: Nouns, *, bare: bool = False, links: bool = True) -> SafeString:
    """Return the board as tiles, each a link to its commitment further down on the page; without ``links`` to nothing."""
    rows = [
        {
            "label": priority.label,
            "title": priority.title,
            "url": f"#priority-{priority.number}" if links else "",
            "tiles": [_tile(commitment, nouns, links) for commitment in priority.commitments],
        }
        for priority in priorities
        if isinstance(priority, PriorityFacts)
    ]
    return render_to_string("components/_board.html", {"rows": rows, "bare": bare, "level": "3"})


def _tile(commitment: CommitmentFacts, nouns: Nouns, links: bool) -> dict[str, Any]:
    return {
        "reference": commitment.reference,
        "status": standings.of(commitment.standing),
        "url": f"#commitment-{anchor(commitment.reference)}" if links else "",
        "label": f"{commitment.reference} {commitment.short_title}, {charts.label(commitment.standing, was_there=commitment.was_there, nouns=nouns)}",
    }


def _years(report: Report, commitment: CommitmentFacts) -> SafeString:
    """Return a commitment's years as tiles with words."""
    years = [
        {
            "round": report.label_of(year.round),
            "status": standings.of(year.standing),
            "url": "",
            "current": year.round == report.round.slug,
        }
        for year in commitment.years
    ]
    return render_to_string("components/_years.html", {"years": years})
