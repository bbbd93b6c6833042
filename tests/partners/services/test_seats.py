"""Groups, their seats and who holds them: overlaps, loops, and the role that comes with a seat on its border days."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from partners import roles
from partners.models import Appointment, HistoryEntry, PartnershipGroup, RoleGrant, SecurityEvent, User
from partners.services.access import end_access
from partners.services.appointments import appoint, cancel_appointment, end_appointment, show_name_on_seat
from partners.services.groups import keep_group
from partners.services.roles import end_role, give_role
from partners.services.seat_roles import keep_seat_roles
from partners.services.seats import add_seat, edit_seat, end_seat
from tests.factories import make_organisation, make_person, steering_group
from vcsportal.common.words import Invalid, NotAllowed, NotNow

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def group(administrator, now) -> PartnershipGroup:
    return keep_group(by=administrator, at=now, organisation=steering_group(), changes={"purpose": "To steer."})


@pytest.fixture
def seat(administrator, now, group):
    return add_seat(by=administrator, at=now, group=group, title="Larger business representative")


@pytest.fixture
def person() -> User:
    return make_person(name="Sal Seatholder")


@pytest.fixture
def today(now) -> date:
    return timezone.localdate(now)


def held(by: User, seat: Any, person: User | None, starts_on: date, until: date | None = None) -> Appointment:
    return appoint(
        by=by, at=timezone.now(), seat=seat, organisation=None, post="Director", person=person, starts_on=starts_on,
        until=until,
    )  # fmt: skip


def has_role(person: User) -> bool:
    return any(grant.role == "steering_group" for grant in User.objects.get(pk=person.pk).grants)


def test_a_seat_gives_the_steering_role_for_what_the_group_steers_and_for_nothing_else(
    administrator, council, group, seat, person, today, strategy
):
    from partners.permissions import has_permission_here
    from tests.factories import make_strategy

    other = make_strategy(
        council, slug="other", opens_first=False, steered_by=make_organisation("Else", "partnership_group")
    )
    held(administrator, seat, person, today)
    fresh = User.objects.get(pk=person.pk)
    assert has_permission_here(fresh, roles.COMMENT_ON_REPORT, strategy)
    assert not has_permission_here(fresh, roles.COMMENT_ON_REPORT, other)
    assert HistoryEntry.objects.filter(person=person, act="role given", by=administrator).count() == 1
    assert SecurityEvent.objects.filter(person=person, kind="role_given").count() == 1


def test_the_role_begins_on_the_first_day_and_not_the_day_before(administrator, seat, person, now, today):
    held(administrator, seat, person, today + DAY)
    assert not has_role(person)
    assert keep_seat_roles(at=now) == 0
    assert keep_seat_roles(at=now + DAY) == 1
    assert has_role(person)
    assert keep_seat_roles(at=now + DAY) == 0


def test_the_role_is_there_on_the_last_day_held_and_over_on_the_first_day_not_held(administrator, seat, person, today):
    last_day = held(administrator, seat, person, today - 9 * DAY, today + DAY)
    assert has_role(person)
    # Tomorrow's first day not held comes without any worker: the database's own clock ends it.
    RoleGrant.objects.filter(appointment=last_day).update(until=today)
    assert not has_role(person)
    assert RoleGrant.objects.filter(appointment=last_day, ended_at=None).exists()


def test_the_clock_ends_what_is_over_once(administrator, seat, person, now, today):
    held(administrator, seat, person, today - DAY, today + DAY)
    assert keep_seat_roles(at=now) == 0
    assert keep_seat_roles(at=now + DAY) == 1
    assert keep_seat_roles(at=now + DAY) == 0
    grant = RoleGrant.objects.get(person=person)
    assert (grant.ended_by, grant.ended_at) == (None, now + DAY)
    assert HistoryEntry.objects.filter(person=person, act="role ended", by=None).count() == 1


def test_a_day_that_moves_moves_the_role(administrator, seat, person, now, today):
    made = held(administrator, seat, person, today - DAY)
    end_appointment(by=administrator, at=now, appointment=made, until=today + DAY)
    assert has_role(person)
    assert RoleGrant.objects.get(person=person).until == today + DAY
    end_appointment(by=administrator, at=now, appointment=made, until=today)
    assert not has_role(person)


def test_who_holds_two_seats_keeps_the_role_while_one_is_held(administrator, group, seat, person, now, today):
    second = add_seat(by=administrator, at=now, group=group, title="Chair", is_chair=True)
    first, other = held(administrator, seat, person, today - DAY), held(administrator, second, person, today - DAY)
    end_appointment(by=administrator, at=now, appointment=first, until=today)
    assert has_role(person)
    end_appointment(by=administrator, at=now, appointment=other, until=today)
    assert not has_role(person)


def test_who_was_invited_too_keeps_that_role(administrator, seat, person, now, today):
    give_role(by=None, at=now, person=person, role="steering_group", organisation=steering_group())
    made = held(administrator, seat, person, today - DAY)
    end_appointment(by=administrator, at=now, appointment=made, until=today)
    assert has_role(person)


def test_a_role_that_comes_with_a_seat_ends_with_it_alone(administrator, seat, person, now, today):
    held(administrator, seat, person, today)
    with pytest.raises(NotNow, match="comes with a seat"):
        end_role(by=administrator, at=now, grant=RoleGrant.objects.get(person=person))
    assert has_role(person)


def test_erased_people_are_given_nothing(administrator, seat, person, now, today):
    held(administrator, seat, person, today + DAY)
    User.objects.filter(pk=person.pk).update(erased_at=now)
    assert keep_seat_roles(at=now + DAY) == 0


@pytest.mark.parametrize(
    ("starts", "ends", "free"),
    [(-10, 0, True), (-10, 1, False), (9, 20, False), (10, 20, True), (3, 4, False), (-10, None, False)],
)
def test_two_appointments_never_share_a_day(administrator, seat, today, starts, ends, free):
    """Somebody holds the seat from today until the tenth day, which is the first not held."""
    held(administrator, seat, None, today, today + 10 * DAY)
    until = None if ends is None else today + ends * DAY
    if free:
        held(administrator, seat, None, today + starts * DAY, until)
        return
    with pytest.raises(Invalid, match="holds this seat") as refused:
        held(administrator, seat, None, today + starts * DAY, until)
    assert refused.value.field == "starts_on"
    with pytest.raises(IntegrityError), transaction.atomic():
        Appointment.objects.create(seat=seat, post="Other", starts_on=today + starts * DAY, until=until)


def test_the_constraint_behind_the_rule_is_the_same_sentence(administrator, seat, today, monkeypatch):
    """Two keepers at once: the second is refused by the database alone."""
    held(administrator, seat, None, today)
    monkeypatch.setattr("partners.services.appointments._at_the_same_time", lambda *args, **kwargs: None)
    with pytest.raises(Invalid) as refused:
        held(administrator, seat, None, today)
    assert refused.value.field == "starts_on"


def test_an_appointment_is_somebodys_and_its_days_are_in_order(administrator, seat, now, today):
    with pytest.raises(Invalid) as refused:
        appoint(by=administrator, at=now, seat=seat, organisation=None, post=" ", starts_on=today)
    assert refused.value.field == "post"
    with pytest.raises(Invalid) as refused:
        held(administrator, seat, None, today, today)
    assert refused.value.field == "until"


def test_what_has_not_begun_can_be_cancelled_and_what_has_begun_cannot(administrator, seat, person, now, today):
    coming = held(administrator, seat, person, today + DAY)
    cancel_appointment(by=administrator, at=now, appointment=coming)
    assert not Appointment.objects.exists()
    assert HistoryEntry.objects.filter(act="appointment cancelled", person=person).exists()
    with pytest.raises(NotNow):
        cancel_appointment(by=administrator, at=now, appointment=held(administrator, seat, person, today))


def test_no_group_stands_below_itself(administrator, group, now):
    below = keep_group(
        by=administrator, at=now, organisation=make_organisation("Sub", "partnership_group"), changes={"parent": group}
    )
    deeper = keep_group(
        by=administrator,
        at=now,
        organisation=make_organisation("Deeper", "partnership_group"),
        changes={"parent": below},
    )
    for parent in (group, below, deeper):
        with pytest.raises(Invalid, match="can’t be a sub-group of itself") as refused:
            keep_group(by=administrator, at=now, organisation=group.organisation, changes={"parent": parent})
        assert refused.value.field == "parent"
    assert PartnershipGroup.objects.get(pk=group.pk).parent is None


def test_a_charity_is_no_group_and_a_rest_has_a_day_and_a_reason(administrator, charity, group, now, today):
    with pytest.raises(Invalid):
        keep_group(by=administrator, at=now, organisation=charity, changes={})
    for changes, field in (
        ({"rests_since": today}, "rests_why"),
        ({"rests_why": "its terms are under review"}, "rests_since"),
    ):
        with pytest.raises(Invalid) as refused:
            keep_group(by=administrator, at=now, organisation=group.organisation, changes=changes)
        assert refused.value.field == field


def test_a_secretary_keeps_the_seats_of_their_own_group_and_nothing_else(administrator, officer, group, now, today):
    secretary, elsewhere = make_person(name="Sec"), make_organisation("Else", "partnership_group")
    desk = add_seat(by=administrator, at=now, group=group, title="Secretary", is_secretary=True)
    made = held(administrator, desk, secretary, today)
    other = keep_group(by=administrator, at=now, organisation=elsewhere, changes={})
    plain = add_seat(by=secretary, at=now, group=group, title="Parish councils")
    held(secretary, plain, None, today)
    for refused in (
        lambda: add_seat(by=secretary, at=now, group=other, title="Mine"),
        lambda: keep_group(by=secretary, at=now, organisation=group.organisation, changes={"purpose": "Mine."}),
        lambda: held(officer, plain, None, today + 90 * DAY),
        lambda: add_seat(by=officer, at=now, group=group, title="Mine"),
    ):
        with pytest.raises(NotAllowed):
            refused()
    end_appointment(by=administrator, at=now, appointment=made, until=today + DAY)
    add_seat(by=secretary, at=now, group=group, title="On the last day")
    with pytest.raises(NotAllowed):
        add_seat(by=secretary, at=now + DAY, group=group, title="On the first day not held")
    with pytest.raises(NotAllowed, match="appoint yourself"):
        held(secretary, desk, secretary, today + DAY)


def test_a_seat_that_ends_takes_its_holder_and_the_role_along(administrator, group, seat, person, now, today):
    held(administrator, seat, person, today - DAY)
    end_seat(by=administrator, at=now, seat=seat, ended_on=today)
    assert Appointment.objects.get().until == today
    assert not has_role(person)
    with pytest.raises(NotNow):
        end_seat(by=administrator, at=now, seat=seat, ended_on=today)


def test_a_seat_does_not_end_while_somebody_is_to_come(administrator, seat, now, today):
    held(administrator, seat, None, today + 5 * DAY)
    with pytest.raises(Invalid) as refused:
        end_seat(by=administrator, at=now, seat=seat, ended_on=today + 5 * DAY)
    assert refused.value.field == "ended_on"


def test_a_group_that_ends_gives_no_role(administrator, group, seat, person, now, today):
    held(administrator, seat, person, today - DAY)
    keep_group(by=administrator, at=now, organisation=group.organisation, changes={"ended_on": today + DAY})
    assert has_role(person)
    keep_group(by=administrator, at=now, organisation=group.organisation, changes={"ended_on": today})
    assert not has_role(person)


def test_a_seat_is_renamed(administrator, seat, now):
    edit_seat(
        by=administrator, at=now, seat=seat, title=" The  chair ", is_chair=True, is_secretary=False, made_on=None
    )
    assert HistoryEntry.objects.get(act="seat changed").detail == "Larger business representative → The chair (chair)"


def test_only_the_person_shows_their_name(administrator, seat, person, now, today):
    made = held(administrator, seat, person, today)
    with pytest.raises(NotAllowed):
        show_name_on_seat(by=administrator, at=now, appointment=made, name_shown=True)
    assert show_name_on_seat(by=person, at=now, appointment=made, name_shown=True).name_shown


def test_whoever_has_left_is_not_appointed(administrator, seat, person, now, today):
    end_access(by=administrator, at=now, person=person, reason="They left.")
    with pytest.raises(Invalid) as refused:
        held(administrator, seat, User.objects.get(pk=person.pk), today)
    assert refused.value.field == "email"


def test_a_person_s_data_names_their_seats_and_erasing_it_hides_the_name(administrator, seat, person, now, today):
    from vcsportal.privacy.personal_data_export import sections
    from vcsportal.privacy.services.erasure import erase_person

    made = held(administrator, seat, person, today)
    show_name_on_seat(by=person, at=now, appointment=made, name_shown=True)
    tables = {table.code: table.rows for table in sections(person)}
    assert len(tables["partners-appointment"]) == 1
    end_access(by=administrator, at=now, person=person, reason="They left.")
    erase_person(by=administrator, at=now, person=User.objects.get(pk=person.pk), reason="They asked.")
    made.refresh_from_db()
    assert not made.name_shown
    assert not RoleGrant.objects.current().filter(person=person).exists()
    assert keep_seat_roles(at=now + DAY) == 0
