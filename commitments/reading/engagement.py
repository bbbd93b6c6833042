"""What pages show of engagement: its cards in a list, one in full, and a person's tasks."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Any, Final

from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse

from commitments.models import Attendance, Commitment, Engagement, Evidence
from commitments.models.engagement import EngagementQuerySet
from commitments.rules import workflow
from commitments.rules.engagement_kinds import MEETING
from partners import roles
from partners.group_permissions import keeps_every_group, secretaries
from partners.models import Organisation, User
from partners.permissions import has_permission_anywhere, strategies_where
from vcsportal.common.json_columns import list_column
from vcsportal.common.states import State

MAX_SHOWN: Final = 100
MAX_OF_GROUP: Final = 4
"""Cards on a group's own page."""
SOON: Final = timedelta(days=14)
"""How far ahead a person's tasks look."""


@dataclass(frozen=True, slots=True)
class EngagementCard:
    """One engagement in a list. ``owner`` names its group, or else its strategy; ``state`` is None once it is written up.

    ``meeting_url`` is where those who keep a meeting open it, ``minutes_url`` where everyone reads its minutes; "" if nowhere.
    """

    url: str
    title: str
    kind: str
    when: str
    place: str
    owner: str
    state: State | None
    is_planned: bool
    text: str = ""
    meeting_url: str = ""
    minutes_url: str = ""


def card(engagement: Engagement) -> EngagementCard:
    """Return its card; its group's organisation and its strategy have to be read with it."""
    owner = engagement.group.organisation.name if engagement.group else ""
    if not owner and engagement.strategy:
        owner = engagement.strategy.title
    return EngagementCard(
        engagement.get_absolute_url(),
        engagement.title,
        engagement.kind_of.label,
        engagement.when,
        engagement.place,
        owner,
        None if engagement.is_written_up else workflow.ENGAGEMENT_STATE[engagement.state],
        engagement.is_planned,
        numbers_in_words(engagement) if engagement.is_written_up else "",
        meeting_url(engagement),
        minutes_url(engagement) if engagement.is_written_up else "",
    )


def meeting_url(engagement: Engagement) -> str:
    """Return where a meeting that is planned or was held is opened; "" for others."""
    is_open = engagement.kind == MEETING and engagement.is_open
    return reverse("meetings:meeting", args=[engagement.pk]) if is_open else ""


def minutes_url(engagement: Engagement) -> str:
    """Return where the minutes of a meeting are; "" for what is no meeting, or was called off."""
    has_minutes = engagement.kind == MEETING and engagement.state != "called_off"
    return reverse("meetings:minutes", args=[engagement.pk]) if has_minutes else ""


def numbers_in_words(engagement: Engagement) -> str:
    """Return ``25 attended. Asked 2,000, answered 380 (19%).``, or as much of it as was counted; "" for nothing."""
    attended = f"{engagement.people_attended:,} attended" if engagement.people_attended is not None else ""
    return "".join(f"{part}. " for part in (attended, asked_in_words(engagement)) if part).strip()


def asked_in_words(engagement: Engagement) -> str:
    """Return ``Asked 2,000, answered 380 (19%)``, or the one of the two that was counted; "" for neither."""
    asked, answered = engagement.people_asked, engagement.people_answered
    if asked is None:
        return f"{answered:,} answered" if answered is not None else ""
    if answered is None:
        return f"Asked {asked:,}"
    share = f" ({share_in_words(answered, asked)})" if asked else ""
    return f"Asked {asked:,}, answered {answered:,}{share}"


def share_in_words(part: int, whole: int) -> str:
    """Return ``19%``; ``less than 1%`` and ``more than 99%`` where rounding would say none or all. ``whole`` is not 0."""
    percent = (200 * part + whole) // (2 * whole)
    if part and not percent:
        return "less than 1%"
    return "more than 99%" if percent == 100 and part < whole else f"{percent}%"


@dataclass(frozen=True, slots=True)
class AttendanceLine:
    """Somebody who came or sent apologies: the organisation, or else post or seat, and what else is known. Never a name."""

    title: str
    url: str
    detail: str


def attendance_of(engagement: Engagement) -> tuple[list[AttendanceLine], list[AttendanceLine]]:
    """Return who came and who sent apologies: seats in their order, then the others by name. One query."""
    rows = list(engagement.attendance.select_related("organisation", "seat"))
    rows.sort(key=_place)
    return [_line(row) for row in rows if not row.sent_apologies], [_line(row) for row in rows if row.sent_apologies]


def _place(row: Attendance) -> tuple[bool, int, str, int]:
    name = row.organisation.sort_name if row.organisation else row.post
    return row.seat is None, row.seat.number if row.seat else 0, name.casefold(), row.pk


def _line(row: Attendance) -> AttendanceLine:
    parts = [row.post, row.seat.title if row.seat else ""]
    if row.organisation is None:
        title, *rest = [part for part in parts if part]
        return AttendanceLine(title, "", ", ".join(dict.fromkeys(rest)))
    detail = ", ".join(dict.fromkeys(part for part in parts if part))
    return AttendanceLine(row.organisation.name, row.organisation.get_absolute_url(), detail)


def commitments_of(engagement: Engagement) -> list[Commitment]:
    """Return the commitments that it is about, in their strategy's order. One query."""
    return list(engagement.commitments.select_related("strategy", "priority").in_order())


def evidence_of(engagement: Engagement, person: Any) -> list[int]:
    """Return the keys of the evidence from it that the person may see, newest first. One query."""
    linked = engagement.evidence.values("pk")
    return list(Evidence.objects.visible_to(person).filter(pk__in=linked).newest_first().values_list("pk", flat=True))


CARD_FIELDS: Final = (
    "pk", "kind", "title", "state", "starts_on", "ends_on", "starts_at", "month_only", "place", "people_attended",
    "people_asked", "people_answered",
)  # fmt: skip


def column() -> Any:
    """Return the column of what was about a commitment, for :func:`about_commitment`; no query of its own."""
    found = Engagement.objects.filter(commitments=OuterRef("pk")).exclude(state="called_off").upcoming_then_held()
    return list_column(found[:MAX_SHOWN], **{name: name for name in CARD_FIELDS})


def about_commitment(commitment: Any) -> list[EngagementCard]:
    """Return what is or was about a commitment out of :data:`commitments.reading.pages.WHOLE`, and was not called off."""
    return [card(_read(row)) for row in commitment.meetings]


def _read(row: dict[str, Any]) -> Engagement:
    days: dict[str, Any] = {
        "starts_on": date.fromisoformat(row["starts_on"]),
        "ends_on": date.fromisoformat(row["ends_on"]) if row["ends_on"] else None,
        "starts_at": time.fromisoformat(row["starts_at"]) if row["starts_at"] else None,
    }
    return Engagement(**{**row, **days})


def kept_keys(person: Any, today: date) -> set[int]:
    """Return the keys of what is not written up and this person keeps, whose drafts they may read. One query, none for strangers."""
    if not isinstance(person, User):
        return set()
    found = Q(group__in=secretaries(today).filter(person=person).values("seat__group"))
    if has_permission_anywhere(person, roles.MANAGE_COMMITMENTS):
        found |= Q(strategy__isnull=False) & strategies_where(person, roles.MANAGE_COMMITMENTS, "strategy")
    if keeps_every_group(person):
        found |= Q(group__isnull=False)
    return set(Engagement.objects.exclude(state="written_up").filter(found).values_list("pk", flat=True))


def awaited_from(person: User, today: date) -> EngagementQuerySet:
    """Return the engagement that is this person's to see to: of strategies that they answer for, of groups that they are
    secretary of today, and, for administrators, of groups that have no secretary. One query when read.
    """
    held = secretaries(today)
    found = Q(group__in=held.filter(person=person).values("seat__group"))
    if keeps_every_group(person):
        found |= Q(strategy__isnull=True) & ~Q(group__in=held.values("seat__group"))
    elif has_permission_anywhere(person, roles.MANAGE_COMMITMENTS):
        found |= Q(strategy__isnull=False) & strategies_where(person, roles.MANAGE_COMMITMENTS, "strategy")
    return Engagement.objects.filter(found)


def tasks_column(person: User, today: date) -> Any:
    """Return the column of a person's engagement to see to, for :func:`tasks`; no query of its own."""
    wanted = Q(state="held") | Q(state="planned", starts_on__lte=today + SOON)
    found = awaited_from(person, today).filter(wanted).soonest_first()
    return list_column(found[: 2 * MAX_SHOWN], **{name: name for name in CARD_FIELDS})


def tasks(rows: Iterable[dict[str, Any]], today: date) -> tuple[list[Engagement], list[Engagement]]:
    """Return what a person has to write up, the longest ago first, and what is planned for the next 14 days.

    What was planned and is over has to be written up too, whether somebody said that it was held or not.

    :param rows: what :func:`tasks_column` read.
    """
    found = [_read(row) for row in rows]
    to_write_up = [row for row in found if row.state == "held" or row.last_day < today]
    return to_write_up, [row for row in found if row.state == "planned" and row.last_day >= today]


@dataclass(frozen=True, slots=True)
class OwnEngagement:
    """What the page of a group shows: a few cards, how many there are, the address of all, and where one is planned."""

    cards: list[EngagementCard]
    count: int
    url: str
    new_url: str


def of_group(organisation: Organisation) -> OwnEngagement:
    """Return the engagement of the group that an organisation is. Two queries."""
    found = Engagement.objects.filter(group__organisation=organisation.pk)
    count = found.count()
    cards = [card(row) for row in found.with_owner().upcoming_then_held()[:MAX_OF_GROUP]] if count else []
    chosen = f"?group={organisation.slug}"
    return OwnEngagement(
        cards, count, reverse("commitments:engagement-list") + chosen, reverse("commitments:engagement-new") + chosen
    )


def count_column() -> Coalesce:
    """Return how much engagement there is for a strategy, as a part of a query about strategies."""
    here = Engagement.objects.filter(strategy=OuterRef("pk")).order_by().values("strategy")
    return Coalesce(Subquery(here.annotate(count=Count("pk")).values("count")), 0)


def headings(cards: Iterable[EngagementCard]) -> list[tuple[str, list[EngagementCard]]]:
    """Return the cards of a page under “Planned” and “Held”, each heading only where there is something."""
    rows = list(cards)
    parts = (
        ("Planned", [row for row in rows if row.is_planned]),
        ("Held", [row for row in rows if not row.is_planned]),
    )
    return [(title, part) for title, part in parts if part]
