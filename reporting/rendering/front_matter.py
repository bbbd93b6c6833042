"""What comes before and after the priorities: the texts, the changes, the counts; and the last page, with the
checksum."""

from dataclasses import dataclass, replace
from typing import Any, Final

import segno
from django.utils.safestring import SafeString

from commitments.rules import status as words
from commitments.rules.status import Status
from reporting.facts import ChangesFacts, MovedFacts, Report, checksum_of
from reporting.narrative import (
    change_sentences,
    county_figures,
    decisions,
    definitions,
    late_actions,
    responses,
    risks,
    sentences,
)
from reporting.narrative.change_lines import ChangeGroup, ChangeLine
from reporting.narrative.charts import Chart
from reporting.rendering.pictures import img, prose

CHECKSUM_GROUP_CHARACTERS: Final = 8
"""Characters of the checksum that are printed together."""
MAX_PLANNED: Final = 60
"""The most actions in the forward plan; each stands under its commitment, too."""
TOLD_ELSEWHERE: Final = ("moved", "first")
"""Kinds of change that the table of statuses tells."""


@dataclass(frozen=True, slots=True)
class StatusMove:
    """A line of the table of statuses that moved."""

    facts: MovedFacts
    was: Status
    now: Status
    formerly: str
    """The number that it had before, where it has another now."""


@dataclass(frozen=True, slots=True)
class ChangesPage:
    """What changed since the year before: the whole in a sentence, the statuses, and the rest kind by kind."""

    against: str
    sentence: str
    moved: list[StatusMove]
    groups: list[ChangeGroup]


@dataclass(frozen=True, slots=True)
class ChecksumPage:
    """What the last page prints: the checksum in groups, and where it can be looked up."""

    groups: list[str]
    address: str
    desk: str
    code: SafeString


def leading(report: Report) -> dict[str, Any]:
    """Return it, by the names that the templates use."""
    return {
        "draft": report.making.edition is None,
        "foreword": prose(report.text("foreword"), 3),
        "plan": prose(report.text("forward-plan"), 3),
        "foreword_language": report.language_of("foreword"),
        "foreword_by": report.text("foreword-by").strip(),
        "foreword_by_language": report.language_of("foreword-by"),
        "planned_actions": late_actions.coming(report)[:MAX_PLANNED],
        "planned_more": max(0, len(late_actions.coming(report)) - MAX_PLANNED),
        "plan_language": report.language_of("forward-plan"),
        "changed": _changed(report),
        "definitions": definitions.printed(report),
        "answered": responses.summary(report),
        "answers": responses.rows(report),
        "county_sections": county_figures.sections(report),
        "money_sections": county_figures.money(report),
        "award_sentences": county_figures.award_sentences(report),
        "decided": decisions.summary(report),
        "decisions": decisions.rows(report),
        "risked": risks.summary(report),
        "risks": risks.rows(report),
    }


def _changed(report: Report) -> ChangesPage | None:
    """Return what changed; None where there is no year before."""
    if (facts := report.named_changes() or _from_years(report)) is None:
        return None
    nouns = report.strategy.nouns
    return ChangesPage(
        facts.against,
        change_sentences.headline(facts, nouns, report.period),
        [
            StatusMove(move, words.of(move.was), words.of(move.now), sentences.former_number(report, move.reference))
            for move in facts.moved
        ],
        [
            _group(group, report)
            for group in change_sentences.groups(facts, nouns, report.period)
            if group.code not in TOLD_ELSEWHERE
        ],
    )


def _group(group: ChangeGroup, report: Report) -> ChangeGroup:
    """Return a group of changes as it is printed here, with commitments without an update by name."""
    if group.code == "silent":
        quiet = [ChangeLine(c.reference, c.short_title, ".") for c in report.commitments() if c.is_silent]
        return replace(group, title="Without an update", says="", lines=tuple(quiet))
    if group.code in {"slipped", "overdue"}:
        return _with_whose(group, report)
    if group.code == "added":
        held = {commitment.reference for commitment in report.commitments()}
        return replace(group, lines=tuple(line if line.reference in held else _unlinked(line) for line in group.lines))
    return group


def _with_whose(group: ChangeGroup, report: Report) -> ChangeGroup:
    """Return a group of late actions with whose each is; where nobody is named, a sentence says who answers for all of those."""
    whose = {
        (commitment.reference, action.title): action.owner or commitment.team
        for commitment in report.commitments()
        for action in commitment.actions
    }
    lines = []
    for line in group.lines:
        name = whose.get((line.reference, line.title), "")
        lines.append(replace(line, goes_on=f"{line.goes_on.removesuffix('.')} ({name}).") if name else line)
    unnamed = [line for line in lines if line in group.lines]
    rest = "These are" if len(unnamed) == len(lines) else "Those without a name are"
    said = f" {rest} the responsibility of {report.strategy.owner}." if unnamed else ""
    return replace(group, says=f"{group.says}{said}", lines=tuple(lines))


def _unlinked(line: ChangeLine) -> ChangeLine:
    """Return a line about a commitment that has no place in this report, as it joined after the period."""
    return replace(line, reference="", title=line.sentence, goes_on="")


def _from_years(report: Report) -> ChangesFacts | None:
    """Return what an edition that was made before changes were kept knows of them: the statuses of two rounds."""
    if not (found := sentences.changes(report)):
        return None
    moved = [
        MovedFacts(c.reference, c.short_title, change.was.code, change.now.code, c.reason, c.updated_on)
        for change in found
        for c in [change.commitment]
    ]
    days = report.round.observes_from, report.round.observes_to
    return ChangesFacts(*days, moved=tuple(moved), against=report.label_of(report.rounds[-2]))


def proof(report: Report) -> ChecksumPage | None:
    """Return the proof; None for what is no edition."""
    if report.making.edition is None:
        return None
    total = checksum_of(report)
    desk = f"{report.identity.url.rstrip('/')}/reports/verify/"
    address = f"{desk}{total}/"
    code = segno.make_qr(address, error="m").svg_data_uri(border=4, dark="#000", light="#fff", scale=4)
    picture = (
        f'<img class="proof__code" src="{code}" alt="QR code: it opens the page that says which edition this is.">'
    )
    return ChecksumPage(
        [total[start : start + CHECKSUM_GROUP_CHARACTERS] for start in range(0, len(total), CHECKSUM_GROUP_CHARACTERS)],
        address,
        desk,
        SafeString(picture),
    )


def described(picture: Chart, css: str, sentence: str) -> SafeString:
    """Return a picture that is described in full elsewhere, with a sentence that says where."""
    return img(Chart(picture.svg, sentence), css)
