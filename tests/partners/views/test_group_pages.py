"""The pages of groups: tiles of seats, the tree, and keeping them in plain steps."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from partners.forms.organisation_choice import MOST_FOUND
from partners.models import Appointment, Organisation, PartnershipGroup, Seat
from partners.services.appointments import appoint, show_name_on_seat
from partners.services.groups import keep_group
from partners.services.seats import add_seat
from tests.factories import make_organisation, make_person, steering_group

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
MANY = 3000


@pytest.fixture
def group(administrator, now) -> PartnershipGroup:
    return keep_group(by=administrator, at=now, organisation=steering_group(), changes={"purpose": "To steer it all."})


@pytest.fixture
def today(now) -> date:
    return timezone.localdate(now)


def seat_of(group: PartnershipGroup, title: str, administrator: Any, **more: Any) -> Seat:
    return add_seat(by=administrator, at=timezone.now(), group=group, title=title, **more)


def fill(seat: Seat, administrator: Any, organisation: Any = None, **more: Any) -> Appointment:
    values = {"post": "Director", "starts_on": timezone.localdate() - DAY, **more}
    return appoint(by=administrator, at=timezone.now(), seat=seat, organisation=organisation, **values)


def many_organisations() -> None:
    Organisation.objects.bulk_create(
        Organisation(
            slug=f"many-{number}", name=f"Many hands {number}", sort_name=f"many hands {number:05}", kind="charity",
            joined_at=timezone.now(),
        )
        for number in range(MANY)
    )  # fmt: skip


def queries_of(client: Any, address: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


def test_without_a_group_there_is_no_tab(client, charity, administrator, now):
    address = reverse("partners:organisation-list")
    page = client.get(address).content.decode()
    assert "Who takes part" in page
    assert reverse("partners:group-list") not in page
    keep_group(by=administrator, at=now, organisation=steering_group(), changes={})
    assert reverse("partners:group-list") in client.get(address).content.decode()


def test_a_group_is_not_counted_among_those_that_take_part(client, charity, group):
    page = client.get(reverse("partners:organisation-list")).content.decode()
    assert "1 organisation" in page
    assert group.organisation.name not in page


def test_the_tree_has_three_levels_and_says_what_rests(client, administrator, group, now, today):
    second = make_organisation("Buildings network", "partnership_group")
    third = make_organisation("Energy group", "partnership_group")
    changes = {"parent": group, "rests_since": today, "rests_why": "its terms are under review"}
    below = keep_group(by=administrator, at=now, organisation=second, changes=changes)
    keep_group(by=administrator, at=now, organisation=third, changes={"parent": below})
    seat_of(group, "Chair", administrator)
    page = client.get(reverse("partners:group-list")).content.decode()
    assert "3 groups" in page
    assert page.index("The Alliance") < page.index("Buildings network") < page.index("Energy group")
    assert page.count('<ul class="govuk-list app-tree">') == 3
    assert "1 seat, 1 vacant" in page
    shown = client.get(second.get_absolute_url()).content.decode()
    assert "It does not meet at present, because its terms are under review." in shown
    assert "Energy group" in shown
    assert "The Alliance" in shown


def test_a_tree_of_five_levels_is_counted_and_drawn_whole_with_no_more_queries(client, administrator, group, now):
    address, above = reverse("partners:group-list"), group
    few = queries_of(client, address)
    for level in range(2, 6):
        for side in ("north", "south"):
            organisation = make_organisation(f"Level {level} {side}", "partnership_group")
            made = keep_group(by=administrator, at=now, organisation=organisation, changes={"parent": above})
        above = made
    page = client.get(address).content.decode()
    assert "9 groups" in page
    assert page.count('<ul class="govuk-list app-tree">') == 5
    assert page.index("Level 2 south") < page.index("Level 3 north") < page.index("Level 5 south")
    assert queries_of(client, address) == few <= 4


def test_tiles_show_posts_vacant_seats_and_no_name_until_the_person_lets_it(
    client, signed_in, administrator, group, charity, today, now
):
    person = make_person(name="Sal Seatholder")
    chair = seat_of(group, "Co-chair for the sector", administrator, is_chair=True)
    seat_of(group, "Larger business representative", administrator, made_on=date(2026, 3, 1))
    held = fill(chair, administrator, charity, person=person, post="Chief executive")
    page = client.get(group.get_absolute_url()).content.decode()
    assert "Chief executive" in page
    assert "Rowan Trust" in page
    assert "Vacant since March 2026" in page
    assert page.count("app-seat--vacant") == 1
    assert "2 seats, 1 vacant" in page
    assert "Sal Seatholder" not in page
    show_name_on_seat(by=person, at=now, appointment=held, name_shown=True)
    assert "Sal Seatholder" in client.get(group.get_absolute_url()).content.decode()


@pytest.mark.parametrize(
    ("starts", "until", "shown"), [(-5, 1, True), (-5, 0, False), (0, None, True), (1, None, False)]
)
def test_a_seat_is_held_on_its_first_day_and_not_on_the_first_day_not_held(
    client, administrator, group, today, starts, until, shown
):
    ends = None if until is None else today + until * DAY
    fill(seat_of(group, "Chair", administrator), administrator, starts_on=today + starts * DAY, until=ends)
    page = client.get(group.get_absolute_url()).content.decode()
    assert ("app-seat--vacant" not in page) is shown


def test_sixty_seats_cost_no_more_queries_than_one(client, administrator, group, charity):
    fill(seat_of(group, "Chair", administrator), administrator, charity)
    few = queries_of(client, group.get_absolute_url())
    for number in range(60):
        fill(seat_of(group, f"Seat {number}", administrator), administrator, charity, person=make_person())
    assert queries_of(client, group.get_absolute_url()) == few <= 12
    assert queries_of(client, reverse("partners:group-list")) <= 4


def test_appointing_finds_one_of_3000_in_two_plain_steps(signed_in, administrator, group, charity, today):
    many_organisations()
    seat = seat_of(group, "Chair", administrator)
    address = reverse("partners:appoint", args=[group.organisation.slug, seat.number])
    browser = signed_in(administrator)
    with CaptureQueriesContext(connection) as captured:
        page = browser.get(address).content.decode()
    assert len(captured) <= 12
    assert "Many hands" not in page
    typed = {"organisation_search": "hands", "post": "Director", "starts_on": "1 March 2026", "find": "organisation"}
    with CaptureQueriesContext(connection) as captured:
        answer = browser.post(address, typed)
    found = answer.content.decode()
    assert len(captured) <= 12
    assert answer.status_code == 200
    assert found.count('name="organisation"') == MOST_FOUND + 1
    assert "More than 20 were found" in found
    assert 'value="Director"' in found
    assert "Enter the first day" not in found
    assert not Appointment.objects.exists()
    answer = browser.post(address, {**typed, "find": "organisation", "organisation_search": "hands 2999"})
    assert 'value="many-2999"' in answer.content.decode()
    del typed["find"]
    answer = browser.post(address, {**typed, "organisation": "many-2999"})
    assert answer.status_code == 302, answer.content.decode()
    assert Appointment.objects.get().organisation == Organisation.objects.get(slug="many-2999")


def test_an_overlap_is_said_at_the_field_and_nothing_typed_is_lost(signed_in, administrator, group, charity, today):
    seat = seat_of(group, "Chair", administrator)
    fill(seat, administrator, charity)
    address = reverse("partners:appoint", args=[group.organisation.slug, seat.number])
    sent = {"organisation": charity.slug, "post": "Trustee", "starts_on": "1 March 2026", "until": ""}
    answer = signed_in(administrator).post(address, sent)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Director, Rowan Trust holds this seat" in page
    assert 'id="id_starts_on_error"' in page
    assert 'value="Trustee"' in page
    assert "checked" in page


def test_a_person_is_named_by_an_address_that_the_portal_knows(signed_in, administrator, group):
    seat, person = seat_of(group, "Chair", administrator), make_person()
    address = reverse("partners:appoint", args=[group.organisation.slug, seat.number])
    sent = {"post": "Trustee", "starts_on": timezone.localdate().isoformat(), "email": "nobody@example.com"}
    browser = signed_in(administrator)
    assert "Nobody signs in here with this address." in browser.post(address, sent).content.decode()
    assert browser.post(address, {**sent, "email": person.email.upper()}).status_code == 302
    assert Appointment.objects.get().person == person


def test_a_group_is_never_its_own_ancestor_on_the_form_either(signed_in, administrator, group, now):
    second = make_organisation("Buildings network", "partnership_group")
    keep_group(by=administrator, at=now, organisation=second, changes={"parent": group})
    address = reverse("partners:group-edit", args=[group.organisation.slug])
    answer = signed_in(administrator).post(address, {"purpose": "To be kept.", "parent": second.slug})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "can’t be a sub-group of itself" in page
    assert 'id="id_parent_error"' in page
    assert "To be kept." in page


def test_what_a_colleague_changed_meanwhile_is_not_overwritten(signed_in, administrator, group, now):
    browser = signed_in(administrator)
    address = reverse("partners:group-edit", args=[group.organisation.slug])
    shown = browser.get(address).context["shown"]
    keep_group(by=administrator, at=now, organisation=group.organisation, changes={"meets": "monthly"})
    answer = browser.post(address, {"purpose": "Mine.", "form_shown": shown})
    assert answer.status_code == 422
    assert "How often it meets: it was “empty”, and is “monthly” now." in answer.content.decode()
    group.refresh_from_db()
    assert group.purpose == "To steer it all."


def test_a_secretary_keeps_seats_and_is_led_to_them_but_not_to_what_the_group_is(
    signed_in, administrator, group, today
):
    clerk, slug = make_person(), group.organisation.slug
    desk = seat_of(group, "Secretary", administrator, is_secretary=True)
    fill(desk, administrator, person=clerk)
    browser = signed_in(clerk)
    page = browser.get(group.get_absolute_url()).content.decode()
    assert reverse("partners:seats", args=[slug]) in page
    assert reverse("partners:group-edit", args=[slug]) not in page
    assert browser.get(reverse("partners:group-edit", args=[slug])).status_code == 403
    answer = browser.post(reverse("partners:seat-new", args=[slug]), {"title": "Parish councils"})
    assert answer.status_code == 302
    assert Seat.objects.filter(group=group, title="Parish councils", number=2).exists()
    other = keep_group(
        by=administrator, at=timezone.now(), organisation=make_organisation("Else", "partnership_group"), changes={}
    )
    assert browser.get(reverse("partners:seats", args=[other.organisation.slug])).status_code == 403


def test_who_holds_seats_sees_them_on_the_account_page_and_lets_the_name_show(signed_in, administrator, group):
    person = make_person(name="Sal Seatholder")
    held = fill(seat_of(group, "Chair", administrator), administrator, person=person)
    browser = signed_in(person)
    address = reverse("partners:name-on-seat", args=[held.pk])
    page = browser.get(reverse("partners:account")).content.decode()
    assert address in page
    assert page.count("Steering-group member") == 1
    assert browser.post(address, {"name_shown": "on"}).status_code == 302
    held.refresh_from_db()
    assert held.name_shown
    assert signed_in(administrator).post(address, {"name_shown": ""}).status_code == 404
