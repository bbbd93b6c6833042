"""The groups of the story: the alliance that steers the strategy with its 17 seats, and groups below it. All invented."""

from datetime import date, datetime
from typing import Any, Final

from django.utils import timezone

from partners.kinds import GROUP
from partners.models import PartnershipGroup, Seat, User
from partners.roles import STEERING_GROUP
from partners.services.appointments import appoint, end_appointment
from partners.services.groups import keep_group
from partners.services.organisations import register_organisation
from partners.services.roles import add_person_with_role
from partners.services.seats import add_seat
from vcsportal.demo.cast import MEMBER, SECRETARY, Cast

SEATS: Final = (
    ("Co-chair for the sector", "Chief executive", "signpost"),
    ("Co-chair for public bodies", "Cabinet member for communities", "council"),
    ("Secretary", "Partnership clerk", "signpost"),
    ("Larger charities", "Director", "common-thread"),
    ("Smaller charities", "Trustee", "willowbank"),
    ("Food", "Coordinator", "larder"),
    ("Homelessness", "Service manager", "lantern-house"),
    ("Environment", "Chair", "kingfisher"),
    ("Refugees and migrants", "Development worker", "open-gate"),
    ("Mental health", "Chief officer", "quiet-harbour"),
    ("Children and young people", "Head of programmes", "stepping-stones"),
    ("Transport", "Scheme organiser", "spokes"),
    ("Social enterprise", "Founder", "second-bloom"),
    ("Rural communities", "Treasurer", "hundred-acre"),
    ("Arts and making", "Workshop lead", "makers"),
    ("Faith groups", "Warden", "st-frith"),
    ("Larger business representative", "Community manager", ""),
)
"""The alliance's seats in their order: what each is called, the post, and the organisation. The last one fell vacant."""


def seat_groups(cast: Cast, at: datetime) -> None:
    """Let the administrator enter the alliance's seats and who holds them, and the groups below it."""
    by, today = cast.administrator, timezone.localdate(at)
    secretary = add_person_with_role(
        by=None, at=at, email=SECRETARY.email, name=SECRETARY.name, role=STEERING_GROUP.code, organisation=cast.group
    )
    cast.people[SECRETARY.email] = secretary
    alliance = keep_group(
        by=by, at=at, organisation=cast.group,
        changes={
            "purpose": "To bring the voluntary and community sector and public bodies together, and to oversee this strategy.",
            "meets": "quarterly", "reports_to": "The council’s cabinet, once a year.",
            "supported_by": cast.organisations["signpost"],
        },
    )  # fmt: skip
    for number, (title, post, key) in enumerate(SEATS):
        seat = add_seat(
            by=by, at=at, group=alliance, title=title, is_chair=title.startswith("Co-chair"),
            is_secretary=title == "Secretary",
        )  # fmt: skip
        _fill(cast, at, seat, post, key, date(today.year - 2, 1 + number % 12, 1), last_march(today))
    below = _below(cast, at, alliance)
    for number, title in enumerate(("Chair", "Parish councils", "Energy advice")):
        add_seat(by=by, at=at, group=below, title=title, is_chair=number == 0)


def last_march(today: date) -> date:
    """Return the last 1 March before a day."""
    march = date(today.year, 3, 1)
    return march if march < today else march.replace(year=today.year - 1)


def _fill(cast: Cast, at: datetime, seat: Seat, post: str, key: str, starts_on: date, fell_vacant: date) -> None:
    people: dict[str, User] = {
        "Secretary": cast.people[SECRETARY.email],
        "Co-chair for the sector": cast.people[MEMBER],
    }
    made = appoint(
        by=cast.administrator, at=at, seat=seat, organisation=cast.organisations[key] if key else None, post=post,
        person=people.get(seat.title), starts_on=starts_on,
    )  # fmt: skip
    if not key:
        end_appointment(by=cast.administrator, at=at, appointment=made, until=fell_vacant)


def _below(cast: Cast, at: datetime, alliance: PartnershipGroup) -> PartnershipGroup:
    """Make the groups below the alliance; return the one on the third level."""

    def make(name: str, **changes: Any) -> PartnershipGroup:
        made = register_organisation(by=cast.administrator, at=at, name=name, kind=GROUP)
        return keep_group(by=cast.administrator, at=at, organisation=made, changes=changes)

    make(
        "Skills and volunteering sub-group", parent=alliance, meets="every two months",
        purpose="To share training and to help people find a place to volunteer.",
        rests_since=last_march(timezone.localdate(at)), rests_why="its terms of reference are being rewritten",
    )  # fmt: skip
    buildings = make(
        "Community buildings network", parent=alliance, meets="twice a year",
        purpose="To help people who look after village halls and community centres.",
        reports_to="The association of local councils, each autumn. It only informs the alliance.",
    )  # fmt: skip
    return make("Working group on energy costs", parent=buildings, meets="monthly")
