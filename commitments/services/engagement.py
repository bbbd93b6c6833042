"""Plans engagement, says that it was held, and calls it off. Writing it up is in ``engagement_account``."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final

from django.db import transaction
from django.utils import timezone

from commitments.content.engagement import EngagementOwner, EngagementPlan
from commitments.models import Engagement, HistoryEntry, Strategy
from commitments.permissions.engagement import check_can_keep_engagement
from commitments.rules import workflow
from commitments.rules.engagement_dates import whole_month
from commitments.rules.engagement_kinds import ENGAGEMENT_KIND
from commitments.services.engagement_owner import change_owner, check_engagement_owner
from partners.models import PartnershipGroup, User
from vcsportal.common.dates import in_words
from vcsportal.common.markdown import check_text
from vcsportal.common.words import Conflict, Invalid, NotNow

MAX_TITLE_CHARACTERS: Final = 200
MAX_PLACE_CHARACTERS: Final = 200
MAX_QUESTION_CHARACTERS: Final = 2_000
MAX_METHOD_CHARACTERS: Final = 2_000
MAX_REASON_CHARACTERS: Final = 1_000
FIRST_YEAR, LAST_YEAR = 1990, 2100


@transaction.atomic
def plan_engagement(
    *, by: User, at: datetime, group: PartnershipGroup | None, strategy: Strategy | None, plan: EngagementPlan
) -> Engagement:
    """Plan something, or record what took place already, for a group, a strategy or both; the group then steers the strategy.

    Raise :class:`Refused` without the right, or for what is missing, too long or not in order.
    """
    check_engagement_owner(by, EngagementOwner(group, strategy), timezone.localdate(at))
    plan = checked_plan(plan, group, strategy)
    engagement = Engagement(group=group, strategy=strategy)
    _put(engagement, plan)
    engagement.save()
    _link(engagement, plan)
    record(by=by, at=at, engagement=engagement, act="engagement_plan", was="", said=said_of(plan))
    return engagement


@transaction.atomic
def edit_engagement(
    *, by: User, at: datetime, engagement: Engagement, plan: EngagementPlan, owner: EngagementOwner | None = None,
    version: int | None = None,
) -> Engagement:  # fmt: skip
    """Change what everyone can read of it from the start, and whose it is. What is written up has to be reopened first.

    Whoever keeps it as it is and would keep it as it becomes may make it another group's or strategy's.

    :param owner: whose it becomes; None leaves that as it is.

    :param version: the version that the person saw; None skips the comparison.
    Raise :class:`Refused` as :func:`plan_engagement` does, and for another owner as
    :func:`commitments.services.engagement_owner.change_owner`; :class:`Conflict` if somebody has saved it since.
    """
    engagement = held_row(engagement)
    check_open(by, at, engagement, version)
    moved = change_owner(by, at, engagement, owner) if owner is not None else {}
    plan = checked_plan(plan, engagement.group, engagement.strategy)
    today = timezone.localdate(at)
    if engagement.state == "held" and plan.starts_on > today:
        raise Invalid("This has been held, so it can’t begin in the future.", field="starts_on")
    _put(engagement, plan)
    engagement.version += 1
    engagement.save()
    _link(engagement, plan)
    record(
        by=by,
        at=at,
        engagement=engagement,
        act="engagement_edit",
        was=engagement.state,
        said={**said_of(plan), **moved},
    )
    return engagement


@transaction.atomic
def hold_engagement(*, by: User, at: datetime, engagement: Engagement, version: int | None = None) -> Engagement:
    """Say that it took place. Raise :class:`Refused` before its first day; :class:`Conflict` as :func:`edit_engagement` does."""
    engagement = held_row(engagement)
    check_can_keep_engagement(by, engagement, timezone.localdate(at))
    compare(engagement, version)
    workflow.check_act(
        workflow.ENGAGEMENT_ACT["engagement_hold"], engagement.state, what="engagement", thing=engagement
    )
    check_has_begun(engagement, timezone.localdate(at))
    move(by=by, at=at, engagement=engagement, act="engagement_hold")
    return engagement


@transaction.atomic
def call_off_engagement(
    *, by: User, at: datetime, engagement: Engagement, reason: str, version: int | None = None
) -> Engagement:
    """Call off what is planned, with a reason that everyone can read. Errors as in :func:`edit_engagement`."""
    engagement = held_row(engagement)
    check_can_keep_engagement(by, engagement, timezone.localdate(at))
    compare(engagement, version)
    workflow.check_act(
        workflow.ENGAGEMENT_ACT["engagement_call_off"], engagement.state, what="engagement", thing=engagement
    )
    reason = checked_text(reason, field="reason", limit=MAX_REASON_CHARACTERS)
    if not reason:
        raise Invalid("Say why it is being called off. Everyone can read the reason.", field="reason")
    engagement.state_reason = reason
    move(by=by, at=at, engagement=engagement, act="engagement_call_off", reason=reason)
    return engagement


def held_row(engagement: Engagement) -> Engagement:
    """Return it as it is now, held until the transaction ends."""
    rows = Engagement.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("group__organisation", "strategy__owner").get(pk=engagement.pk)


def check_open(by: User, at: datetime, engagement: Engagement, version: int | None) -> None:
    """Raise :class:`Refused` unless the person keeps it and it is neither written up nor called off."""
    check_can_keep_engagement(by, engagement, timezone.localdate(at))
    compare(engagement, version)
    if engagement.state == "written_up":
        raise NotNow("This is written up, so it can’t be changed. Reopen it first with “Edit the summary”.")
    if engagement.state == "called_off":
        raise NotNow("This was called off, so it can’t be changed.")


def check_has_begun(engagement: Engagement, today: date) -> None:
    """Raise :class:`NotNow` before its first day."""
    if not engagement.has_begun(today):
        first = engagement.when if engagement.month_only else in_words(engagement.starts_on)
        raise NotNow(f"This does not begin until {first}. Come back once it has taken place, or change its dates.")


def compare(engagement: Engagement, version: int | None) -> None:
    """Raise :class:`Conflict` if it has been saved since ``version`` was read."""
    if version is not None and version != engagement.version:
        last = engagement.history.select_related("by").newest_first().first()
        who = last.by.name if last and last.by else "Somebody"
        raise Conflict(
            f"{who} has changed this since you opened it. Open it in another tab to see what changed, then save yours."
        )


def checked_text(text: str, *, field: str, limit: int) -> str:
    """Return a tidied text; raise :class:`Invalid` if it is longer than ``limit`` characters."""
    tidy = check_text(text, field=field)
    if len(tidy) > limit:
        raise Invalid(f"This has {len(tidy):,} characters. {limit:,} is the limit.", field=field)
    return tidy


def checked_plan(plan: EngagementPlan, group: PartnershipGroup | None, strategy: Strategy | None) -> EngagementPlan:
    """Return a plan with tidied texts and, where only the month is known, the days of that month.

    Raise :class:`Invalid` for what is missing, too long or not in order.
    """
    if plan.kind not in ENGAGEMENT_KIND:
        raise Invalid("Choose what kind of engagement it is.", field="kind")
    texts = {
        name: checked_text(getattr(plan, name), field=name, limit=limit)
        for name, limit in (
            ("title", MAX_TITLE_CHARACTERS), ("place", MAX_PLACE_CHARACTERS),
            ("question", MAX_QUESTION_CHARACTERS), ("method", MAX_METHOD_CHARACTERS),
        )
    }  # fmt: skip
    if not texts["title"]:
        raise Invalid("Give it a title.", field="title")
    starts_on, ends_on, starts_at = plan.starts_on, plan.ends_on, plan.starts_at
    if plan.month_only:
        starts_on, ends_on = whole_month(starts_on)
        starts_at = None
    for field, day in (("starts_on", starts_on), ("ends_on", ends_on)):
        if day is not None and not FIRST_YEAR <= day.year <= LAST_YEAR:
            raise Invalid(f"Check the year: {day.year} can’t be right.", field=field)
    if ends_on is not None and ends_on < starts_on:
        raise Invalid("The last day comes before the first.", field="ends_on")
    ends_on = None if ends_on == starts_on else ends_on
    for commitment in plan.commitments:
        if not _belongs(commitment.strategy, group, strategy):
            raise Invalid(
                f"{commitment.reference} belongs to another strategy. Leave it out, or keep the strategy.",
                field="commitments",
            )
    return EngagementPlan(
        plan.kind, texts["title"], starts_on, ends_on, plan.month_only, starts_at, texts["place"],
        plan.districts, texts["question"], texts["method"], plan.commitments,
    )  # fmt: skip


def _belongs(of_commitment: Strategy, group: PartnershipGroup | None, strategy: Strategy | None) -> bool:
    if strategy is not None:
        return of_commitment.pk == strategy.pk
    return group is not None and of_commitment.steered_by_id == group.organisation_id


def said_of(plan: EngagementPlan) -> dict[str, Any]:
    """Return what the history keeps of a plan."""
    return {
        "kind": plan.kind, "title": plan.title, "starts_on": plan.starts_on.isoformat(),
        "ends_on": plan.ends_on.isoformat() if plan.ends_on else "", "month_only": plan.month_only,
        "starts_at": plan.starts_at.isoformat("minutes") if plan.starts_at else "", "place": plan.place,
        "districts": [area.gss_code for area in plan.districts], "question": plan.question, "method": plan.method,
        "commitments": [commitment.key for commitment in plan.commitments],
    }  # fmt: skip


def _put(engagement: Engagement, plan: EngagementPlan) -> None:
    for name in ("kind", "title", "starts_on", "ends_on", "month_only", "starts_at", "place", "question", "method"):
        setattr(engagement, name, getattr(plan, name))


def _link(engagement: Engagement, plan: EngagementPlan) -> None:
    engagement.districts.set(plan.districts)
    engagement.commitments.set(plan.commitments)


def move(
    *,
    by: User | None,
    at: datetime,
    engagement: Engagement,
    act: str,
    reason: str = "",
    said: Mapping[str, Any] | None = None,
) -> None:
    """Lead it to the state of an act that may be done now, with its history."""
    step, was = workflow.ENGAGEMENT_ACT[act], engagement.state
    workflow.check_act(step, was, what="engagement", thing=engagement)
    engagement.state = step.to
    engagement.version += 1
    engagement.save()
    record(by=by, at=at, engagement=engagement, act=act, was=was, reason=reason, said=said)


def record(
    *, by: User | None, at: datetime, engagement: Engagement, act: str, was: str, reason: str = "",
    said: Mapping[str, Any] | None = None,
) -> None:  # fmt: skip
    """Write the history of an act."""
    HistoryEntry.objects.create(
        at=at, by=by, act=act, engagement=engagement, from_state=was, to_state=engagement.state, reason=reason,
        said=dict(said or {}),
    )  # fmt: skip
