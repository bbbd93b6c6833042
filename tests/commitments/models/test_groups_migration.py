"""Steering-group members of an earlier version join the group that their strategy's report is for."""

from importlib import import_module

import pytest
from django.apps import apps
from django.urls import reverse

from commitments.models import Strategy
from partners import roles
from partners.models import HistoryEntry, Organisation, RoleGrant, User
from partners.permissions import has_permission_anywhere, has_permission_here
from tests.factories import make_person, make_strategy

pytestmark = pytest.mark.django_db


@pytest.fixture
def earlier(strategy, council, steering_member):
    """Two strategies whose reports are for two groups, and a third that says nothing; a member for the whole portal."""
    make_strategy(council, slug="second", opens_first=False)
    make_strategy(council, slug="silent", opens_first=False)
    Strategy.objects.filter(slug="second").update(reports_to="The Forum")
    Strategy.objects.filter(slug="silent").update(reports_to="")
    Strategy.objects.update(steered_by=None)
    RoleGrant.objects.filter(person=steering_member).update(organisation=None)
    return strategy


def run():
    import_module("commitments.migrations.0017_groups_from_reports_to").name_groups(apps, None)


def test_each_member_keeps_the_role_within_every_group_and_the_history_says_so(earlier, steering_member):
    run()
    steers = dict(Strategy.objects.values_list("slug", "steered_by__name"))
    assert steers == {"our-strategy": "The Alliance", "second": "The Forum", "silent": None}
    person = User.objects.get(pk=steering_member.pk)
    assert [str(grant.organisation) for grant in person.grants] == ["The Alliance", "The Forum"]
    may = {one.slug: has_permission_here(person, roles.REQUEST_REPORT, one) for one in Strategy.objects.all()}
    assert may == {"our-strategy": True, "second": True, "silent": False}
    moved = HistoryEntry.objects.filter(act="role moved", person=person).order_by("id")
    assert [str(entry.organisation) for entry in moved] == ["The Alliance", "The Forum"]
    assert RoleGrant.objects.filter(person=person).count() == 2


def test_doing_it_twice_changes_nothing(earlier, steering_member):
    run()
    before = RoleGrant.objects.count(), Organisation.objects.count(), HistoryEntry.objects.count()
    run()
    assert (RoleGrant.objects.count(), Organisation.objects.count(), HistoryEntry.objects.count()) == before


def test_where_nobody_steers_nothing_is_made(strategy):
    Strategy.objects.update(steered_by=None)
    run()
    assert Strategy.objects.get().steered_by is None


def test_where_nothing_can_be_derived_the_role_allows_nothing_and_administrators_read_so(
    earlier, steering_member, administrator, signed_in
):
    Strategy.objects.update(reports_to="")
    run()
    person = User.objects.get(pk=steering_member.pk)
    assert not has_permission_anywhere(person, roles.REQUEST_REPORT)
    page = signed_in(administrator).get(reverse("partners:people")).content.decode()
    assert "Steering-group member: allows nothing until it is given within a group" in page


def test_an_ended_role_stays_as_it_was(earlier, administrator, now):
    gone = make_person("steering_group", name="Gil Gone")
    RoleGrant.objects.filter(person=gone).update(organisation=None, ended_at=now, ended_by=administrator)
    run()
    assert RoleGrant.objects.get(person=gone).organisation is None
