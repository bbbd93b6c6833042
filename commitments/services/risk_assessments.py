"""Assesses risks, and says in a round that a risk is still as it was assessed. What was assessed before is never changed."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from commitments.content.risks import AssessmentContent
from commitments.models import Risk, RiskAssessment, RiskReview, Round
from commitments.permissions.risks import check_can_keep_risks, check_can_review_risk
from commitments.rules.plan_limits import EARLIEST_DAY
from commitments.rules.risk_limits import (
    MAX_CONDITION_CHARACTERS,
    MAX_PERIOD_CHARACTERS,
    MAX_REASON_CHARACTERS,
    MAX_SCOPE_CHARACTERS,
)
from commitments.services.locks import lock_round_by_id
from commitments.services.risks import check_open_risk, checked_text, held_risk, in_force_key, note
from partners.models import User
from vcsportal.common.dates import in_words
from vcsportal.common.saving_together import held_once, hold_known
from vcsportal.common.words import AlreadyDone, Conflict, Invalid, NotNow


@transaction.atomic
def assess_risk(
    *,
    by: User,
    at: datetime,
    risk: Risk,
    content: AssessmentContent,
    replaces: RiskAssessment | None = None,
    file: str = "",
) -> RiskAssessment:
    """Add an assessment of a risk. In an open round of its strategy the risk counts as reviewed.

    :param replaces: the assessment that this one replaces. Without it, that is the one in force with the same scope,
        period and condition, if there is one; where there is, it can't replace another.
    :param file: the name of the file that it comes from, for the history.
    Raise :class:`Refused` without the right, for a risk that has ended, for long texts, a day to come or before that of the
    assessment that it replaces, or a priority of another strategy; :class:`Conflict` where someone has replaced the same assessment since.
    """
    round_ = open_round(risk)
    risk = held_risk(risk)
    check_can_keep_risks(by, risk.strategy)
    check_open_risk(risk)
    content = checked_assessment(content, risk, timezone.localdate(at))
    in_force = _in_force(risk)
    if replaces is not None and replaces.pk not in {assessment.pk for assessment in in_force}:
        raise Conflict("Someone has reassessed this since you opened it. Read the newer assessment first.")
    replaces = _replaced(in_force, content, replaces)
    made = add_assessment(by=by, at=at, risk=risk, content=content, replaces=replaces, round_=round_, file=file)
    hold_known({in_force_key(risk.pk): [*(each for each in in_force if each != replaces), made]})
    if round_ is not None:
        RiskReview.objects.get_or_create(risk=risk, round=round_, defaults={"reviewed_at": at, "reviewed_by": by})
    return made


@transaction.atomic
def confirm_risk(*, by: User, at: datetime, risk: Risk) -> RiskReview:
    """Say in the open round that a risk is still as it was assessed.

    Raise :class:`Refused` without the right, for a risk that has ended, without an open round, and
    :class:`AlreadyDone` where it has been read in this round.
    """
    round_ = open_round(risk)
    risk = held_risk(risk)
    check_can_review_risk(by, risk)
    check_open_risk(risk)
    if round_ is None:
        raise NotNow("Risks are confirmed while a round is open, and none is open now.")
    if done := RiskReview.objects.filter(risk=risk, round=round_).select_related("reviewed_by").first():
        raise AlreadyDone(
            f"This risk has already been reviewed for {round_.label}.", thing=risk, what="risk", past="confirmed",
            at=done.reviewed_at, by=done.reviewed_by,
        )  # fmt: skip
    review = RiskReview.objects.create(risk=risk, round=round_, reviewed_at=at, reviewed_by=by)
    note(by=by, at=at, risk=risk, act="risk_confirm", said={"round": round_.slug})
    return review


def _replaced(
    in_force: Iterable[RiskAssessment], content: AssessmentContent, replaces: RiskAssessment | None
) -> RiskAssessment | None:
    """Return the assessment that a new one replaces. Raise :class:`Invalid` if two would be in force, or an older one replace it."""
    same = _same_in_force(in_force, content)
    if replaces is not None and same is not None and same.pk != replaces.pk:
        raise Invalid("Another assessment is in force for this already. Reassess that one instead.", field="scope")
    replaced = replaces or same
    day, before = content.assessed_on, replaced.assessed_on if replaced else None
    if day is not None and before is not None and day < before:
        raise Invalid(
            f"The assessment in force is from {in_words(before)}. Enter that day or a later one.", field="assessed_on"
        )
    return replaced


def open_round(risk: Risk) -> Round | None:
    """Return the round of the risk's strategy that is open, held so until the transaction ends, or None."""
    found = held_once(
        ("open round", risk.strategy_id),
        lambda: Round.objects.filter(strategy=risk.strategy_id, state="open").order_by("observes_from", "id").first(),
    )
    return held if found and (held := lock_round_by_id(found.pk)).state == "open" else None


def _in_force(risk: Risk) -> list[RiskAssessment]:
    """Return the assessments of a risk that nothing has replaced, as they were added. The risk is held by the caller."""
    return held_once(in_force_key(risk.pk), lambda: list(risk.assessments.current().order_by("id")))


def _same_in_force(in_force: Iterable[RiskAssessment], content: AssessmentContent) -> RiskAssessment | None:
    """Return the newest assessment with the same scope, period and condition, or None."""
    about = (content.priority.pk if content.priority else None, content.scope, content.period, content.condition)
    same = [each for each in in_force if (each.priority_id, each.scope, each.period, each.condition) == about]
    return same[-1] if same else None


def checked_assessment(content: AssessmentContent, risk: Risk, today: date) -> AssessmentContent:
    """Return it with tidied texts and its day. Raise :class:`Invalid` for what is too long or can't be."""
    texts: dict[str, Any] = {
        name: checked_text(getattr(content, name), field=name, limit=limit)
        for name, limit in (
            ("impact_reason", MAX_REASON_CHARACTERS), ("likelihood_reason", MAX_REASON_CHARACTERS),
            ("condition", MAX_CONDITION_CHARACTERS), ("scope", MAX_SCOPE_CHARACTERS), ("period", MAX_PERIOD_CHARACTERS),
        )
    }  # fmt: skip
    for name in ("scope", "period"):
        texts[name] = " ".join(texts[name].split())
    if content.priority is not None and texts["scope"]:
        raise Invalid(f"Choose {risk.strategy.nouns.a_priority} or write what it is about, not both.", field="scope")
    if content.priority is not None and content.priority.strategy_id != risk.strategy_id:
        raise Invalid("Choose one from this strategy.", field="priority")
    day = content.assessed_on or today
    if day > today:
        raise Invalid("The date of the assessment can’t be in the future.", field="assessed_on")
    if day < EARLIEST_DAY:
        raise Invalid("Check the year.", field="assessed_on")
    return replace(content, assessed_on=day, **texts)


def add_assessment(
    *,
    by: User | None,
    at: datetime,
    risk: Risk,
    content: AssessmentContent,
    replaces: RiskAssessment | None,
    round_: Round | None = None,
    file: str = "",
) -> RiskAssessment:
    """Write an assessment that has been checked, with its history. Part of other services' transactions.

    Raise :class:`Conflict` where another has replaced the same one at this moment.
    """
    try:
        with transaction.atomic():
            made = RiskAssessment.objects.create(
                risk=risk, round=round_, assessed_on=content.assessed_on, priority=content.priority, scope=content.scope,
                period=content.period, impact_from=content.impact.lowest, impact_to=content.impact.highest,
                impact_reason=content.impact_reason, likelihood_from=content.likelihood.lowest,
                likelihood_to=content.likelihood.highest, likelihood_reason=content.likelihood_reason,
                condition=content.condition, replaces=replaces, assessed_at=at, assessed_by=by,
            )  # fmt: skip
    except IntegrityError as error:
        raise Conflict("Someone has reassessed this since you opened it. Read it first.") from error
    said = {
        "impact": str(content.impact), "likelihood": str(content.likelihood), "scope": content.scope,
        "priority": content.priority.number if content.priority else None, "period": content.period,
        "on": in_words(content.assessed_on) if content.assessed_on else "", **({"file": file} if file else {}),
    }  # fmt: skip
    note(by=by, at=at, risk=risk, act="risk_assess", said=said)
    return made
