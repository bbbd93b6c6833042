"""Removes what may not be shown from items of evidence: for new editions, and for the pages of sealed ones."""

from collections.abc import Container, Mapping
from dataclasses import replace
from typing import Final

from commitments.rules import story_consent
from reporting.facts import CaseStudyFacts, EvidenceFacts, Report

NO_HEADLINE: Final = "A case study that is no longer shown"
TAKEN_DOWN: Final = "These words are no longer published."


def withhold(item: EvidenceFacts, state: str) -> EvidenceFacts:
    """Return an item with its story left out, and its title, links and photographs too where nobody agrees to the story.

    :param state: a state of :mod:`commitments.rules.story_consent`; "" leaves the item as it is.
    """
    if state in story_consent.DETAILS_WITHHELD:
        return replace(
            item, title=story_consent.NO_TITLE, story="", language="", links=(), photographs=(), lost=0, story_state=state
        )  # fmt: skip
    return replace(item, story="", story_state=state) if state and item.story else item


def withhold_case_study(told: CaseStudyFacts, state: str, *, may_quote: bool = True) -> CaseStudyFacts:
    """Return a case study without its words where its story may not be told, and without its quotation unless it may be quoted."""
    if state:
        return CaseStudyFacts(
            told.number, told.id, NO_HEADLINE, told.organisation, "", "", told.districts, told.happened_from, told.happened_to,
            told.references, note=told.note, story_state=state,
        )  # fmt: skip
    return told if may_quote else replace(told, quotation="", said_by="", quotation_id=0)


def withhold_since(
    report: Report, states: Mapping[int, str], points: Container[int] = (), quotations: Container[int] = ()
) -> Report:
    """Return the facts as pages may show them now, without what is no longer consented to. Stored facts and checksum do not change.

    :param states: the state of each story that may not be told in a report today, by its item's key.
    :param points: the keys of points whose words were taken down.
    :param quotations: the keys of quotations that may not be shown in a report today.
    """
    evidence, late = (
        tuple(withhold(item, states.get(item.id, "")) for item in items) for items in (report.evidence, report.late)
    )
    asked = tuple(
        replace(point, words=TAKEN_DOWN, raised_by="") if point.id in points else point for point in report.points
    )
    decided = tuple(
        replace(decision, words=TAKEN_DOWN) if decision.id in points else decision for decision in report.decisions
    )
    told = tuple(
        withhold_case_study(each, states.get(each.id, ""), may_quote=each.quotation_id not in quotations)
        for each in report.case_studies
    )
    return replace(report, case_studies=told, evidence=evidence, late=late, points=asked, decisions=decided)
