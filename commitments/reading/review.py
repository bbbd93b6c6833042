"""What reviewers read: the queues with their counts, the full history of an item, and what changed since last round."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from difflib import SequenceMatcher
from typing import Any, Final

from django.urls import reverse

from commitments.models import (
    CaseStudy,
    Engagement,
    Evidence,
    HistoryEntry,
    Indicator,
    IndicatorTarget,
    IndicatorValue,
    ProgressUpdate,
    Response,
)
from commitments.reading.my_work import waiting_for
from commitments.rules import status as words
from commitments.rules import workflow
from commitments.rules.indicators import say_aim, say_figure
from commitments.rules.kinds import GENERAL, Nouns
from partners import roles
from partners.models import User
from partners.permissions import has_permission_anywhere
from vcsportal.common.markdown import to_text
from vcsportal.common.states import Act, State

MAX_COMPARED_WORDS: Final = 2_000
"""A text longer than this is shown next to the other one without marks: comparing it would take too long."""
MIN_LIKENESS: Final = 0.35
"""Texts that have less than this in common were written afresh; marks would only be in the way."""
COMPARED_FIELDS: Final = (
    ("reason", "Why"),
    ("remedy", "What will be done about it"),
    ("narrative", "What has happened"),
    ("next_steps", "What comes next"),
)
PLAIN_VERBS: Final = {
    "case_choose": "chosen for the report",
    "case_leave_out": "left out of the report",
    "log": "started",
    "edit": "changed",
    "status": "status changed",
    "use_again": "used again",
    "consent": "consent recorded",
    "consent_withdrawn": "consent withdrawn",
    "people": "checked for people",
    "assign": "given to someone else",
    "hand_over": "handed over",
    "engagement_plan": "added",
    "engagement_edit": "changed",
    "engagement_save": "draft saved",
    "attendance": "attendance recorded",
    "amend": "amended from the strategy’s file",
}
WITH_TEXTS: Final = frozenset({"save", "submit", "take_back", "approve"})
"""Acts on an update whose entry keeps the update's own reason, which is no reason for the act."""


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One line of a thing's history: who did what, when, from which state to which, and why. ``times`` counts repeats."""

    at: datetime
    by: str
    text: str
    before: str = ""
    after: str = ""
    why: str = ""
    times: int = 1


@dataclass(frozen=True, slots=True)
class TextPart:
    """Some words of a text, and whether the other text lacks them."""

    text: str
    changed: bool


@dataclass(frozen=True, slots=True)
class ComparedText:
    """One text of an update beside the same of the round before."""

    label: str
    before: tuple[TextPart, ...]
    now: tuple[TextPart, ...]

    @property
    def same(self) -> bool:
        """Whether nothing changed."""
        return not any(part.changed for part in (*self.before, *self.now))

    @property
    def anew(self) -> bool:
        """Whether nothing was kept, so that marks would only be in the way."""
        return bool(self.before and self.now) and all(part.changed for part in (*self.before, *self.now))


def queues(person: User, here: str) -> list[dict[str, Any]]:
    """Return the queues that a person works through, as the links above the lists.

    Each has the number of things that the person may decide, the same as on *My tasks*; their own, which somebody else
    decides, are listed but not counted.

    :param here: ``evidence``, ``figures`` or ``updates``, the list that is shown.
    """
    found, waiting = [], waiting_for(person)
    if has_permission_anywhere(person, roles.REVIEW_EVIDENCE):
        count = waiting["evidence"]
        found.append({"code": "evidence", "label": "Evidence", "url": reverse("commitments:review"), "count": count})
        count = waiting["figures"]
        found.append(
            {"code": "figures", "label": "Figures", "url": reverse("commitments:values-waiting"), "count": count}
        )
    if has_permission_anywhere(person, roles.APPROVE_UPDATES):
        count = waiting["updates"]
        found.append({"code": "updates", "label": "Updates", "url": reverse("commitments:approvals"), "count": count})
    if has_permission_anywhere(person, roles.REVIEW_EVIDENCE) and (count := waiting["case_studies"]):
        url = reverse("commitments:case-studies") + "?show=review"
        found.append({"code": "case_studies", "label": "Case studies", "url": url, "count": count})
    return [{**tab, "here": tab["code"] == here} for tab in found]


_TABLES: Final[dict[type, tuple[dict[str, Act], dict[str, State]]]] = {
    Evidence: (workflow.EVIDENCE_ACT, workflow.EVIDENCE_STATE),
    CaseStudy: (workflow.CASE_STUDY_ACT, workflow.CASE_STUDY_STATE),
    ProgressUpdate: (workflow.UPDATE_ACT, workflow.UPDATE_STATE),
    Response: (workflow.RESPONSE_ACT, workflow.RESPONSE_STATE),
    Engagement: (workflow.ENGAGEMENT_ACT, workflow.ENGAGEMENT_STATE),
}
"""The acts and states of what has a history of its own."""


def history_of(thing: Evidence | CaseStudy | ProgressUpdate | Response | Engagement) -> list[HistoryLine]:
    """Return everything that happened to an item of evidence, an update, a response or engagement, latest first, in one query.

    Saves by the same person with nothing between them read as one line.
    """
    steps: list[HistoryLine] = []
    acts, states = _TABLES[type(thing)]
    about_update = isinstance(thing, ProgressUpdate)
    nouns = thing.commitment.strategy.nouns if isinstance(thing, ProgressUpdate) else GENERAL
    entries: Iterable[HistoryEntry] = thing.history.select_related("by").newest_first()
    for entry in entries:
        step = _step(entry, acts, states, about_update=about_update, nouns=nouns)
        last = steps[-1] if steps else None
        if (
            entry.act in {"save", "edit", "response_save", "engagement_save", "case_save"}
            and last
            and (last.text, last.by, last.why) == (step.text, step.by, step.why)
        ):
            steps[-1] = replace(last, times=last.times + 1, before=step.before)
        else:
            steps.append(step)
    return [replace(step, before="", after="") if step.before == step.after else step for step in steps]


def _step(
    entry: HistoryEntry, acts: Mapping[str, Act], states: Mapping[str, State], *, about_update: bool, nouns: Nouns
) -> HistoryLine:
    label = (PLAIN_VERBS.get(entry.act) or (acts[entry.act].past if entry.act in acts else entry.act)).replace("_", " ")
    if entry.act == "status":
        before, after = words.of(entry.from_state).label, words.of(entry.to_state).label
    else:
        before, after = (states[code].label if code in states else "" for code in (entry.from_state, entry.to_state))
    why = "" if about_update and entry.act in WITH_TEXTS else to_text(entry.reason)
    if kept := entry.said.get("status_kept"):
        why = f"The {nouns.commitment}’s newer status, {words.of(kept).label}, was kept"
    text = label.capitalize() + (f", from the file “{entry.said['file']}”" if entry.said.get("file") else "")
    return HistoryLine(entry.at, entry.by.name if entry.by else "", text, before, after, why)


def last_round(update: ProgressUpdate) -> ProgressUpdate | None:
    """Return what was approved for the same commitment in the round before, in one query."""
    return (
        ProgressUpdate.objects.published()
        .filter(commitment=update.commitment_id, round__observes_from__lt=update.round.observes_from)
        .select_related("round")
        .order_by("-round__observes_from", "-id")
        .first()
    )


def compared(before: ProgressUpdate, now: ProgressUpdate) -> list[ComparedText]:
    """Return the texts of two updates side by side, with what changed marked; texts that both lack are left out."""
    rows = []
    for field, label in COMPARED_FIELDS:
        old, new = getattr(before, field), getattr(now, field)
        if old or new:
            rows.append(ComparedText(label, *marked(old, new)))
    return rows


def marked(old: str, new: str) -> tuple[tuple[TextPart, ...], tuple[TextPart, ...]]:
    """Return both texts in parts, those marked that the other one lacks."""
    first, second = (re.findall(r"\s*\S+", text) for text in (old, new))
    whole = (TextPart(old, True),) if first else (), (TextPart(new, True),) if second else ()
    if not first or not second or max(len(first), len(second)) > MAX_COMPARED_WORDS:
        same = [word.strip() for word in first] == [word.strip() for word in second]
        return ((TextPart(old, False),), (TextPart(new, False),)) if same else whole
    matcher = SequenceMatcher(None, [word.strip() for word in first], [word.strip() for word in second], autojunk=False)
    if matcher.ratio() < MIN_LIKENESS:
        return whole
    left, right = [], []
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        if i2 > i1:
            left.append(TextPart("".join(first[i1:i2]), tag != "equal"))
        if j2 > j1:
            right.append(TextPart("".join(second[j1:j2]), tag != "equal"))
    return tuple(left), tuple(right)


def figures(update: ProgressUpdate) -> list[dict[str, Any]]:
    """Return the figures of the round, each with its target, to be shown next to the update. Two queries."""
    values = (
        IndicatorValue.objects.filter(indicator__commitment=update.commitment_id, round=update.round_id)
        .select_related("indicator", "area")
        .order_by("indicator__code", "area__name", "id")
    )
    aims: dict[tuple[int, int | None], Any] = {
        (indicator, area): target
        for indicator, area, target in IndicatorTarget.objects.filter(
            indicator__commitment=update.commitment_id, round=update.round_id
        ).values_list("indicator", "area", "value")
    }
    return [
        {
            "title": f"{value.indicator.title}, {value.area.name}" if value.area else value.indicator.title,
            "said": say_figure(value, **_kind(value.indicator)),
            "target": say_aim(aim, **_kind(value.indicator)) if aim is not None else "",
            "state": workflow.VALUE_STATE[value.state],
            "counts": value.state == "approved",
        }
        for value in values
        for aim in [aims.get((value.indicator_id, value.area_id))]
    ]


def _kind(indicator: Indicator) -> dict[str, Any]:
    return {"kind": indicator.kind, "unit": indicator.unit, "scale": indicator.scale}
