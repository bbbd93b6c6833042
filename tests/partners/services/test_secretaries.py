"""Who keeps a group, for how long, and that nobody prolongs it for themselves; a secretary signs in with a second step."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from partners.group_permissions import groups_kept_as_secretary
from partners.models import Appointment, PartnershipGroup, RoleGrant, Seat, User
from partners.permissions import needs_second_step
from partners.services.access import end_access
from partners.services.appointments import appoint, end_appointment
from partners.services.groups import keep_group
from partners.services.organisations import EDITABLE, edit_organisation
from partners.services.seat_roles import keep_seat_roles
from partners.services.seats import add_seat, edit_seat
from tests.factories import make_person, steering_group
from vcsportal.common.words import Invalid, NotAllowed

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def today(now) -> date:
    return timezone.localdate(now)


@pytest.fixture
def group(administrator, now) -> PartnershipGroup:
    return keep_group(by=administrator, at=now, organisation=steering_group(), changes={"purpose": "To steer."})


@pytest.fixture
def secretary() -> User:
    return make_person(name="Sal Secretary")


@pytest.fixture
def desk(administrator, now, group) -> Seat:
    return add_seat(by=administrator, at=now, group=group, title="Secretary", is_secretary=True)


@pytest.fixture
def held(administrator, now, desk, secretary, today) -> Appointment:
    return appoint(
        by=administrator, at=now, seat=desk, organisation=None, post="Clerk", person=secretary, starts_on=today,
        until=today + 9 * DAY,
    )  # fmt: skip


def fresh(person: User) -> User:
    return User.objects.get(pk=person.pk)


def test_only_an_administrator_says_which_seat_is_the_secretarys(administrator, now, group, held, secretary):
    by = fresh(secretary)
    with pytest.raises(NotAllowed, match="which seat is the secretary’s"):
        add_seat(by=by, at=now, group=group, title="Another", is_secretary=True)
    seat = add_seat(by=by, at=now, group=group, title="Another")
    with pytest.raises(NotAllowed, match="which seat is the secretary’s"):
        edit_seat(by=by, at=now, seat=seat, title="Another", is_chair=False, is_secretary=True, made_on=None)
    edit_seat(by=by, at=now, seat=held.seat, title="Clerk", is_chair=False, is_secretary=True, made_on=None)
    edit_seat(by=administrator, at=now, seat=seat, title="Another", is_chair=False, is_secretary=True, made_on=None)


def test_a_secretary_ends_the_own_appointment_sooner_and_never_later(administrator, now, held, secretary, today):
    with pytest.raises(NotAllowed, match="extend your own"):
        end_appointment(by=fresh(secretary), at=now, appointment=held, until=today + 10 * DAY)
    end_appointment(by=fresh(secretary), at=now, appointment=held, until=today + 8 * DAY)
    end_appointment(by=administrator, at=now, appointment=held, until=today + 20 * DAY)


def test_a_secretary_signs_in_with_a_second_step_and_has_time_to_set_it_up(
    administrator, now, held, secretary, group, today
):
    assert needs_second_step(fresh(secretary))
    assert fresh(secretary).second_step_until is not None
    member = make_person(name="Mo Member")
    seat = add_seat(by=administrator, at=now, group=group, title="Member")
    appoint(by=administrator, at=now, seat=seat, organisation=None, post="Director", person=member, starts_on=today)
    assert not needs_second_step(fresh(member))
    edit_seat(by=administrator, at=now, seat=seat, title="Deputy", is_chair=False, is_secretary=True, made_on=None)
    assert needs_second_step(fresh(member))
    assert fresh(member).second_step_until is not None


@pytest.mark.parametrize(("days", "keeps"), [(0, False), (1, True)])
def test_nobody_keeps_a_group_that_has_ended(administrator, now, group, held, secretary, today, days, keeps):
    keep_group(by=administrator, at=now, organisation=group.organisation, changes={"ended_on": today + days * DAY})
    assert (group.pk in groups_kept_as_secretary(fresh(secretary), today)) is keeps


def test_somebody_whose_access_has_ended_keeps_nothing(administrator, now, held, secretary, today, group):
    end_access(by=administrator, at=now, person=secretary, reason="Left.")
    assert groups_kept_as_secretary(fresh(secretary), today) == frozenset()


def test_the_role_ends_with_the_group_or_the_appointment_whichever_comes_first(administrator, now, group, held, today):
    for days, until in ((5, 5), (20, 9)):
        keep_group(by=administrator, at=now, organisation=group.organisation, changes={"ended_on": today + days * DAY})
        keep_seat_roles(at=now)
        assert RoleGrant.objects.get(appointment=held).until == today + until * DAY


def test_a_group_with_seats_stays_one(administrator, now, group):
    values = {name: getattr(group.organisation, name) for name in EDITABLE}
    with pytest.raises(Invalid, match="is a group with seats"):
        edit_organisation(
            by=administrator, at=now, organisation=group.organisation, changes={**values, "kind": "charity"}, districts=[],
            identifiers=[],
        )  # fmt: skip
