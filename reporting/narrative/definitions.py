"""The definition of every figure that a report, a page or a data file gives, in one registry.

The report's appendix prints it, the dictionary of the data takes its words from it, and a test looks for figures that
have no definition. For each figure it says what is counted or summed, and by which rule.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from commitments.rules.evidence_figures import SUMMED_FIGURES, EvidenceFigure
from commitments.rules.status import STATUSES
from reporting.facts import Report, StrategyFacts
from vcsportal.common.plurals import capital


@dataclass(frozen=True, slots=True)
class FigureDefinition:
    """The definition of one figure. ``base`` says what it counts, sums or is a share of; ``source`` is the rule for finding it.

    ``told`` are words by which the figure is known where it stands: each is a regular expression for what follows or heads it.
    """

    key: str
    label: str
    meaning: str
    base: str
    source: str
    told: tuple[str, ...]
    when: Callable[[Report], bool] = lambda report: True


def _has_indicators(report: Report) -> bool:
    return any(p.indicators or any(c.indicators for c in p.commitments) for p in report.priorities)


def _has_kind(kind: str) -> Callable[[Report], bool]:
    return lambda report: any(
        indicator.kind == kind
        for priority in report.priorities
        for indicator in (*priority.indicators, *(i for c in priority.commitments for i in c.indicators))
    )


def _adds_up(report: Report) -> bool:
    return any(
        indicator.cumulative
        for priority in report.priorities
        for indicator in (*priority.indicators, *(i for c in priority.commitments for i in c.indicators))
    )


def _has_evidence(report: Report) -> bool:
    return bool(report.evidence)


def _has_views(report: Report) -> bool:
    return any(commitment.views for commitment in report.commitments())


def _compares(report: Report) -> bool:
    return report.changes is not None


def _has_actions(report: Report) -> bool:
    return any(commitment.actions for commitment in report.commitments())


_PIECES: Final = (
    "The items of evidence that gave this number, out of all those of the year; both are printed next to the sum."
)
_GIVEN: Final = "What the organisation wrote when it sent the item. It is used as given."


def _sum_of(figure: EvidenceFigure) -> FigureDefinition:
    return FigureDefinition(
        figure.code, figure.label,
        " ".join(filter(None, (f"The sum of the {figure.many}, as given in items of evidence.", figure.sum_meaning))),
        _PIECES, _GIVEN,
        (rf"(?i:{re.escape(figure.many)})\b", rf"{re.escape(figure.singular)}\b", r"from [\d,]+ of [\d,]+ items?\b"), _has_evidence,
    )  # fmt: skip


DEFINITIONS: Final = (
    FigureDefinition(
        "commitments", "Commitments", "Commitments in the strategy.",
        "All commitments of the strategy; under a priority, those of the priority.", "The strategy as it is in the portal.",
        (r"commitments?\b", r"of them\b", r"All\b", r"one of the\b"),
    ),
    FigureDefinition(
        "at_status", "Commitments at a status", "Commitments with this status after the year.",
        "All commitments; those without an update are counted separately.",
        "The update that was published for the year, or what was frozen when its round was closed.",
        (
            rf"(?i:{'|'.join(re.escape(status.label) for status in STATUSES)})\b",
            r"(?:is|are|stands?|stood)\b", r"with an update\b",
        ),
    ),
    FigureDefinition(
        "with_status", "Commitments with a status", "Commitments that had a status for a year.",
        "The commitments in this report that belonged to the strategy by then.", "The statuses of each year, as recorded in this report.",
        (r"Commitments with a status\b",), lambda report: len(report.rounds) > 1,
    ),
    FigureDefinition(
        "commitments_with_update", "Commitments with an update", "Commitments for which an update was published.",
        "All commitments.", "An update counts once a second person at the council has approved it.",
        (r"updates?\b", r"of the\b"),
    ),
    FigureDefinition(
        "commitments_without_update", "No update was received",
        "Commitments for which no update was received. This is not a status.", "All commitments.",
        "Those without a published update for the year, whatever was said in other years.", (r"(?i:no update)",),
    ),
    FigureDefinition(
        "commitments_without_success_measure", "No success measure yet",
        "Commitments that have no success measure yet, agreed or proposed.",
        "The commitments that are not closed and that do not await a response.",
        "The success measures as they were on the day the report was made.", (r"of [\d,]+ commitments? (?:has|have) no success",),
        lambda report: any(commitment.success_measure is not None for commitment in report.commitments()),
    ),
    FigureDefinition(
        "confirmed", "Confirmed unchanged", "Commitments whose earlier words the council confirmed as still true.",
        "The commitments with an update.", "The update names the year whose words it confirms.", (r"commitments?\b",),
        lambda report: any(commitment.confirms for commitment in report.commitments()),
    ),
    FigureDefinition(
        "pieces_of_evidence", "Items of evidence", "Accepted items that may be published.",
        "All items that happened, or began, in the year.",
        "A council officer has accepted the item, and its organisation has agreed to its publication. An item for several "
        "commitments is counted once; under each of them it is counted there.",
        (r"(?:accepted )?(?:pieces?|items?)\b", r"(?:Pieces|Items)\b"), _has_evidence,
    ),
    FigureDefinition(
        "accepted_not_published", "Accepted, not published", "Accepted items of evidence that may not be published.",
        "All accepted items that happened, or began, in the year.",
        "A council officer has accepted the item, and its organisation has not agreed to its publication. It is not in any other count.",
        (r"more items?\b",), lambda report: bool(report.unpublished),
    ),
    FigureDefinition(
        "came_in_late", "Late evidence", "Items of evidence about earlier years. They are not in any other count of this year.",
        "All items that happened, or began, in an earlier year of the strategy that has a published report.",
        "Accepted after that report was made, and in no published report of another year.",
        (r"items? of evidence about\b",), lambda report: bool(report.late),
    ),
    FigureDefinition(
        "organisations", "Organisations that took part", "Organisations that sent these items.",
        "The items of evidence of the year.",
        "Each organisation is counted once, however many items it sent. The council is counted too where it sent items.",
        (r"(?i:organisations?)\b",), _has_evidence,
    ),
    *map(_sum_of, SUMMED_FIGURES),
    FigureDefinition(
        "given_by", "How many items gave a number", "How many items gave a number: the base of the sum.",
        "The items of evidence of the year, or of the commitment or priority.", "Items where the number was filled in. A blank is not counted as 0.",
        (r"(?:pieces?|items?)\b", r"of \d"), _has_evidence,
    ),
    FigureDefinition(
        "worked_on", "Commitments worked on", "Commitments that the items of evidence of a district are for.",
        "The items of evidence of the year that name the district; one that names several counts in each.",
        "The districts that the organisation named.", (r"Commitments worked on\b",), lambda report: bool(report.districts),
    ),
    FigureDefinition(
        "sector_views", "Views of the sector", "Organisations that gave their own view of a commitment.",
        "The organisations that help to deliver a commitment.", "Views that were given for the year and not withdrawn.",
        (r"organisations?\b", r"commitments?\b"), _has_views,
    ),
    FigureDefinition(
        "seen_differently_by", "Seen differently", "How many of these see it differently from the council.",
        "The organisations that gave a view.", "The organisation says so itself, next to its own status.",
        (r"of them\b", r"organisations?\b"), _has_views,
    ),
    FigureDefinition(
        "figure", "Figure of an indicator", "The year's own figure.",
        "What the indicator counts, in its own unit.", "Entered or approved by a council officer; a missing figure has its reason.",
        (r"Counted\b",), _has_indicators,
    ),
    FigureDefinition(
        "share", "Share", "A part of a whole, with both numbers next to the percentage.",
        "The whole is given with the part: 12 of 48. A target names what it is a share of.",
        "The part divided by the whole, both given for the year.", (r"of \d", r"Counted\b", r"Target\b"), _has_kind("ratio"),
    ),
    FigureDefinition(
        "percentage", "Percentage whose base was not published", "A percentage as it was published, without the numbers behind it.",
        "Not published, so the percentage is not added up or averaged over years, districts or priorities.",
        "Entered or approved by a council officer, as it was published.", (r"Counted\b", r"Target\b"), _has_kind("percentage"),
    ),
    FigureDefinition(
        "total", "In all", "Where figures add up: the figures up to this year.",
        "The years of the strategy up to this one that have a figure.", "The sum of the years' own figures.",
        (r".{0,40}in all\b",), _adds_up,
    ),
    FigureDefinition(
        "target", "Target", "The figure aimed for in the year.",
        "What the indicator counts, in its own unit.", "Set by the council; those of a closed round stay as they are.",
        (r"Target\b",), _has_indicators,
    ),
    FigureDefinition(
        "target_met", "Target met or missed", "Whether the year's figure reached its target.",
        "The figure and the target of the year; where figures add up, the totals of the years that have both.",
        "Both are compared as they are printed: a percentage with one decimal, any other number in full. What prints equal to "
        "its target has met it. Where less is better, the target is a ceiling; where staying the same is good, a twentieth of "
        "the target more or less is allowed.",
        (r"Target (?:met|missed)\b",), _has_indicators,
    ),
    FigureDefinition(
        "baseline", "Baseline", "The figure before the first year.", "What the indicator counts, in its own unit.",
        "Entered by the council, with the day or the source it is from.", (r"Baseline\b",), _has_indicators,
    ),
    FigureDefinition(
        "moved", "Status changed", "Commitments whose status differs from the year before.",
        "The commitments with an update in both years.", "The two years' statuses, as recorded in this report.",
        (r"commitments?\b",), _compares,
    ),
    FigureDefinition(
        "slipped", "Actions that were late",
        "Actions that were due in the year and not done by their due date.",
        "All actions that were due in the year. An action is not late on its due date itself.",
        "The date it was due and the date it was done, as known on the day the report was made.",
        (
            r"actions?\b", r"of (?:them|these)\b", r"earlier steps?\b", r"steps?\b", r"(?:was|were|is|are)\b",
            r"(?:has|have) been\b",
        ), _has_actions,
    ),
    FigureDefinition(
        "overdue", "Overdue from earlier years",
        "Actions that were due before the year and not done by its end.", "All actions of the strategy.",
        "The date it was due. It is counted every year until it is done or dropped.",
        (r"actions?\b",), lambda report: report.changes is not None and bool(report.changes.overdue),
    ),
    FigureDefinition(
        "done", "Actions that were done", "Actions that were done in the year.", "All actions of the strategy.",
        "The day on which it was done.", (r"actions?\b", r"earlier steps?\b", r"steps?\b"), _has_actions,
    ),
    FigureDefinition(
        "new_partners", "New partners", "Organisations that take part for the first time.",
        "The organisations that take part, without the council.",
        "An organisation joins on the day it first helped to deliver a commitment, or on the day its first published "
        "item of evidence was accepted, if that was earlier. Each is counted in one year only: from the day on which the round for the year before was first closed to the day on which this year's was. A partner that changes its name is not counted again.",
        (r"(?:new partners?|organisations?)\b",), _compares,
    ),
    FigureDefinition(
        "added", "Added", "Commitments that were added to the strategy since the year before.", "All commitments.",
        "The strategy's own history: each addition is reported in one year only.", (r"(?:commitments?)\b",), _compares,
    ),
    FigureDefinition(
        "renumbered", "Renumbered", "Commitments whose number has changed since the year before.", "All commitments.",
        "The strategy's own history of its numbers.", (r"(?:commitments?)\b",), _compares,
    ),
    FigureDefinition(
        "amended", "Wording amended", "Commitments whose wording was amended since the year before.", "All commitments.",
        "The strategy's own history of its wording.", (r"(?:wordings?|commitments?)\b",), _compares,
    ),
)  # fmt: skip
BY_KEY: Final = {definition.key: definition for definition in DEFINITIONS}


def meaning(key: str) -> str:
    """Return what a figure means, for a data file's dictionary."""
    return BY_KEY[key].meaning


def _answered_for(text: str, strategy: StrategyFacts) -> str:
    """Return a definition with who answers for the strategy in place of the council, where that is somebody else."""
    if strategy.is_councils:
        return text
    own = {
        "a second person at the council": strategy.second_person,
        "a council officer": strategy.reviewer,
        "the council": strategy.owner,
    }
    own |= {capital(words): capital(said) for words, said in own.items()}
    return re.sub("|".join(own), lambda found: own[found[0]], text)


def printed(report: Report) -> list[FigureDefinition]:
    """Return the definitions of the figures that a report gives, for its appendix, in the nouns of its strategy and of its period."""

    def worded(text: str) -> str:
        own = _answered_for(text, report.strategy)
        return report.period.reworded(report.strategy.nouns.reworded(own))

    return [
        replace(
            definition,
            label=worded(definition.label),
            meaning=worded(definition.meaning),
            base=worded(definition.base),
            source=worded(definition.source),
        )
        for definition in DEFINITIONS
        if definition.when(report)
    ]
