"""Why an organisation can't end, be listed only or be removed yet is said, with links, before anybody tries."""

import pytest
from django.utils import timezone

from partners.services.invitations import invite
from tests.factories import make_organisation, make_person, make_strategy

pytestmark = pytest.mark.django_db
SENTENCE = "It is still named in:"


@pytest.fixture
def administrator_of(signed_in, administrator):
    def read(organisation, what):
        return signed_in(administrator).get(f"{organisation.get_absolute_url()}{what}/").content.decode()

    return read


def test_roles_and_open_invitations_are_named_with_their_pages(administrator_of, administrator, charity):
    make_person("partner_lead", charity)
    make_person("partner_contributor", charity)
    invite(
        by=administrator, at=timezone.now(), email="new@example.org", name="New One", role="partner_lead", organisation=charity
    )  # fmt: skip
    for what, before in (("remove", "It can’t be removed yet."), ("standing", "It can’t be listed only or end yet.")):
        page = administrator_of(charity, what)
        assert f"{before} {SENTENCE}" in page
        assert f'href="/organisations/{charity.slug}/members/">2 roles at this organisation</a>' in page
        assert 'href="/people/invitations/">1 open invitation</a>' in page


def test_a_strategy_keeps_its_owner_in_the_directory_but_does_not_keep_it_from_ending(administrator_of, council):
    make_strategy(council)
    council.refresh_from_db()
    assert "a strategy that it owns" in administrator_of(council, "remove")
    assert SENTENCE not in administrator_of(council, "standing")


def test_what_takes_part_without_anybody_is_listed_first(administrator_of):
    hall = make_organisation("Village Hall")
    page = administrator_of(hall, "remove")
    assert f'href="/organisations/{hall.slug}/standing/">the list of organisations that take part' in page
    assert SENTENCE not in administrator_of(hall, "standing")


def test_nothing_is_said_where_nothing_refers_to_it(administrator_of):
    hall = make_organisation("Village Hall", standing="listed")
    for what in ("remove", "standing"):
        assert SENTENCE not in administrator_of(hall, what)
