"""What a group has to talk about when it meets: the exceptions, one a screen, and those only.

A commitment is one screen, whatever the number of its troubles, so that it is talked about once. What is read here is
public, apart from points that the reader may answer; the words of a point are shown only once they are published.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from textwrap import shorten
from typing import Any, Final, cast

from django.db.models import Exists, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils import timezone

from commitments.models import Action, Commitment, Engagement, Point, Risk, RiskAssessment, SectorView, Strategy
from commitments.reading.partner_views import PartnerView, findings
from commitments.reading.points import LATE_DAYS, public_points
from commitments.reading.risk_rises import RiskRise, risk_rises
from commitments.reading.risks import rise_words
from commitments.reading.staleness import is_stale
from commitments.rules import stances
from commitments.rules import status as words
from commitments.rules.status import Status
from partners.models import Appointment, Seat, User
from reporting.reading.meeting_opening import meetings_before
from vcsportal.common.dates import in_words
from vcsportal.common.json_columns import list_column
from vcsportal.common.plurals import capital, counted

MAX_LISTED: Final = 20
"""Late actions and views that are read of one commitment."""
MAX_TITLE_CHARACTERS: Final = 120
"""Of a risk, as a heading that is read from the back of a room; its own page has the rest."""
KINDS: Final = {
    "worry": "At risk and delayed",
    "silent": "No recent update",
    "views": "Different views",
    "late": "Late actions",
    "risks": "Risks that rose",
    "points": "Points without an answer",
    "seats": "Vacant seats",
}
"""The kinds of exception in the order in which a meeting takes them."""
OTHER: Final = "other"
"""The key of the screen for what was decided about nothing in particular."""


@dataclass(frozen=True, slots=True)
class MeetingItem:
    """One exception. ``key`` names it in addresses; ``kinds`` are codes of :data:`KINDS`, the one that it is listed under first.

    ``lines`` say what is the matter, a sentence each; ``about_words`` and ``url`` are recorded with a decision where there is
    no commitment. ``public_url`` is where everyone reads about it, for a reader who may not open ``url``.
    """

    key: str
    kinds: tuple[str, ...]
    title: str
    url: str
    lines: tuple[str, ...] = ()
    commitment: Commitment | None = None
    status: Status | None = None
    about_words: str = ""
    public_url: str = ""

    @property
    def kind(self) -> str:
        """The heading of the exceptions among which it is listed."""
        return KINDS.get(self.kinds[0], "") if self.kinds else ""

    def is_about(self, point: Point) -> bool:
        """Whether a decision is about it."""
        if self.commitment is not None:
            return point.commitment_id == self.commitment.pk
        if self.key == OTHER:
            return point.commitment_id is None and not point.about_page
        return point.commitment_id is None and point.about_page == self.url


@dataclass(frozen=True, slots=True)
class Meeting:
    """The exceptions of a meeting in their order; ``strategies`` are those that they are about."""

    engagement: Engagement
    strategies: tuple[Strategy, ...]
    items: tuple[MeetingItem, ...] = field(default=())

    def find(self, key: str) -> MeetingItem | None:
        """Return the exception of this key, or None."""
        return next((item for item in self.items if item.key == key), None)

    def parts(self) -> list[tuple[str, list[MeetingItem]]]:
        """Return the exceptions under the heading of each kind that there is."""
        found: dict[str, list[MeetingItem]] = {}
        for item in self.items:
            found.setdefault(item.kind, []).append(item)
        return list(found.items())


def strategies_of(engagement: Engagement, today: date) -> tuple[Strategy, ...]:
    """Return the strategies that a meeting is about: its own, else those in term that its group steers or owns. One query at most."""
    if engagement.strategy is not None:
        return (engagement.strategy,)
    if engagement.group is None:
        return ()
    group = engagement.group.organisation_id
    found = Strategy.objects.filter(Q(steered_by=group) | Q(owner=group), starts_on__lte=today, ends_on__gte=today)
    return tuple(found.select_related("owner").newest_first())


def meeting(engagement: Engagement, person: User, today: date, *, also: str = "") -> Meeting:
    """Return what a meeting has to talk about. Five queries at most, whatever the numbers.

    :param also: the key of an item that is there even if nothing is the matter with it any more, so that what somebody is
        writing about it has its place.
    """
    strategies = strategies_of(engagement, today)
    items = [
        *_commitments(strategies, today, also),
        *_risks(engagement, strategies, also),
        *_points(engagement, strategies, person, today, also),
        *_seats(engagement, today, also),
    ]
    return Meeting(engagement, strategies, tuple(items))


def other_item(engagement: Engagement) -> MeetingItem:
    """Return the screen for a decision about nothing in particular."""
    return MeetingItem(OTHER, (), "Any other decision", engagement.get_absolute_url())


def _commitments(strategies: Sequence[Strategy], today: date, also: str) -> list[MeetingItem]:
    late = Action.objects.late(today).filter(commitment=OuterRef("pk")).in_order()[:MAX_LISTED]
    views = SectorView.objects.filter(commitment=OuterRef("pk"), withdrawn_at__isnull=True).order_by(
        "-round__observes_from", "organisation__sort_name", "id"
    )
    rows: Iterable[Any] = (
        Commitment.objects.filter(strategy__in=strategies)
        .exclude(added_on__gt=today)
        .select_related("strategy__owner", "priority")
        .annotate(
            late=list_column(
                late, title="title", due_on="due_on", team="owner_team", organisation="owner_organisation__name"
            ),
            views=list_column(
                views[:MAX_LISTED], who="organisation__name", status="status", reason="reason", differs="differs", round="round_id"
            ),
        )
        .in_order()
    )  # fmt: skip
    found = [item for row in rows if (item := _commitment(row, today)).kinds or item.key == also]
    places = list(KINDS)
    return sorted(found, key=lambda item: places.index(item.kinds[0]) if item.kinds else len(places))


def _commitment(row: Any, today: date) -> MeetingItem:
    told: list[tuple[str, list[str]]] = [
        ("worry", _worry(row)),
        ("silent", _silence(row, today)),
        ("views", _views(row)),
        ("late", [_late(action) for action in row.late]),
    ]
    kinds = tuple(kind for kind, lines in told if lines)
    return MeetingItem(
        f"commitment-{row.pk}",
        kinds,
        str(row),
        row.get_absolute_url(),
        tuple(line for _kind, lines in told for line in lines if line),
        row,
        words.of(row.status),
    )


def _worry(row: Any) -> list[str]:
    if not words.of(row.status).is_worry:
        return []
    return [row.status_reason, f"What will be done about it: {row.status_remedy}" if row.status_remedy else ""]


def _silence(row: Any, today: date) -> list[str]:
    if stances.holds_back(row.owner_response):
        return []
    if not row.status:
        return ["There is no update yet."]
    reported_on = timezone.localdate(row.status_at)
    if is_stale(reported_on, row.status, today):
        return [f"Its last update is from {in_words(reported_on)}."]
    return []


def _views(row: Any) -> list[str]:
    newest = [view for view in row.views if view["round"] == row.views[0]["round"] and view["differs"]]
    told = [PartnerView(view["who"], view["status"], view["reason"], view["differs"]) for view in newest]
    reasons = [f"{view.organisation}: “{view.reason}”" for view in told if view.reason]
    return [*findings(told, row.status), *reasons]


def _late(action: dict[str, Any]) -> str:
    due = in_words(date.fromisoformat(action["due_on"]))
    who = ", ".join(filter(None, [action["team"], action["organisation"]]))
    return f"Late action: {action['title']}. It was due on {due}{f' ({who})' if who else ''}."


def _risks(engagement: Engagement, strategies: Sequence[Strategy], also: str) -> list[MeetingItem]:
    """Return the open risks that rose since the group last met, or since they were first assessed where it has not met before."""
    last = Engagement.objects.filter(meetings_before(engagement)).newest_first().values("starts_on")[:1]
    rows = (
        RiskAssessment.objects.filter(risk__strategy__in=strategies)
        .annotate(last_met=Subquery(last))
        .select_related("risk__strategy", "priority", "replaces")
        .in_order()
    )
    by_risk: dict[int, list[Any]] = {}
    for row in rows:
        by_risk.setdefault(row.risk_id, []).append(row)
    found = []
    for assessments in by_risk.values():
        risk, last_met = assessments[0].risk, assessments[0].last_met
        rises = risk_rises(assessments, since=last_met - timedelta(days=1) if last_met else None)
        asked = also == f"risk-{risk.pk}" and any(row.rose for row in assessments)
        if asked or (rises and risk.ended_on is None):
            found.append(_risk(risk, rises))
    return found


def _risk(risk: Risk, rises: Sequence[RiskRise]) -> MeetingItem:
    title = f"{risk}: {shorten(risk.words, MAX_TITLE_CHARACTERS, placeholder=' …')}"
    lines = [] if title.endswith(risk.words) else [risk.words]
    for rise in rises:
        about = rise.now.priority.title if rise.now.priority else rise.now.scope
        said = rise_words([bound for bound, _day in rise.bounds], rise.before, rise.now)
        lines.append(f"{capital(about)}: {said}" if about else said)
        lines += [rise.now.likelihood_reason] if rise.now.likelihood_reason else []
    if risk.controls:
        lines.append(f"Controls, and action required: {risk.controls}")
    return MeetingItem(
        f"risk-{risk.pk}", ("risks",), title, risk.get_absolute_url(), tuple(lines), about_words=f"{risk}: {risk.words}"[:200]
    )  # fmt: skip


def _points(
    engagement: Engagement, strategies: Sequence[Strategy], person: User, today: date, also: str
) -> list[MeetingItem]:
    about = Q(strategy__in=strategies) | Q(engagement__strategy__in=strategies)
    if engagement.group_id is not None:
        about |= Q(group=engagement.group_id) | Q(engagement__group=engagement.group_id)
    waits_long = Q(raised_on__lte=today - timedelta(days=LATE_DAYS)) | Q(due_on__lt=today)
    asked = Q(pk=int(key)) if (key := also.removeprefix("point-")) != also and key.isdecimal() else Q(pk__in=[])
    handled, public = Point.objects.handled_by(person, today), public_points(today)
    found = Point.objects.filter(
        about, waits_long | asked, Q(pk__in=handled.values("pk")) | Q(pk__in=public.values("pk"))
    )
    found = found.annotate(is_handled=Exists(handled.filter(pk=OuterRef("pk"))))
    return [_point(point, today) for point in found.unanswered().oldest_first()]


def _point(point: Point, today: date) -> MeetingItem:
    days = (today - point.raised_on).days
    lines = [f"Raised on {in_words(point.raised_on)}, {counted(days, 'day')} ago."]
    if point.due_on is not None:
        lines.append(f"An answer {'was' if point.due_on < today else 'is'} due on {in_words(point.due_on)}.")
    lines.append(f"“{point.public_words}”" if point.is_published else "Its words are not published.")
    return MeetingItem(
        f"point-{point.pk}", ("points",), f"{point.kind_of.label}, number {point.pk}", point.get_absolute_url(), tuple(lines),
        about_words=f"{point.kind_of.label}, number {point.pk}",
        public_url="" if cast(Any, point).is_handled else f"{reverse('commitments:you-said')}#point-{point.pk}",
    )  # fmt: skip


def _seats(engagement: Engagement, today: date, also: str) -> list[MeetingItem]:
    if engagement.group is None:
        return []
    of_seat = Appointment.objects.filter(seat=OuterRef("pk"))
    seats: Iterable[Any] = (
        Seat.objects.on(today)
        .filter(group=engagement.group)
        .annotate(
            is_held=Exists(of_seat.on(today)),
            left=Subquery(of_seat.filter(until__lte=today).order_by("-until").values("until")[:1]),
            coming=Subquery(of_seat.filter(starts_on__gt=today).order_by("starts_on").values("starts_on")[:1]),
        )
        .in_order()
    )
    page = engagement.group.get_absolute_url()
    return [_seat(seat, page) for seat in seats if not seat.is_held or also == f"seat-{seat.pk}"]


def _seat(seat: Any, page: str) -> MeetingItem:
    since = seat.left or seat.made_on
    lines = [f"Vacant since {in_words(since)}." if since else "Nobody holds it."]
    if seat.is_held:
        lines = ["It is no longer vacant."]
    elif seat.coming:
        lines.append(f"Someone takes it up on {in_words(seat.coming)}.")
    return MeetingItem(
        f"seat-{seat.pk}", ("seats",), seat.title, f"{page}#seat-{seat.pk}", tuple(lines), about_words=f"Vacant seat: {seat.title}"
    )  # fmt: skip


def step_url(engagement: Engagement, step: str) -> str:
    """Return the address of a screen."""
    return reverse("meetings:step", args=[engagement.pk, step])
