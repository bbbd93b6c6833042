"""The list of people, their pages, and ending roles."""

import pytest
from django.urls import reverse

from partners import roles
from partners.models import User
from partners.services.roles import add_person_with_role, end_role
from vcsportal.common.words import Refused

pytestmark = pytest.mark.django_db


def test_an_ended_role_ends_its_rights_at_the_next_click(signed_in, administrator, partner, charity, now):
    theirs = signed_in(partner)
    assert theirs.get(reverse("commitments:evidence-new")).status_code == 200
    grant = partner.role_grants.get()
    address = reverse("partners:role-end", args=[grant.pk])
    assert "will no longer be" in signed_in(administrator).get(address).content.decode()
    assert signed_in(administrator).post(address).status_code == 302
    assert theirs.get(reverse("commitments:evidence-new")).status_code == 403
    assert "has ended" in signed_in(administrator).get(address).content.decode()


def test_nobody_ends_their_own_administrator_role(administrator, now):
    with pytest.raises(Refused, match="another administrator"):
        end_role(by=administrator, at=now, grant=administrator.role_grants.get())


def test_the_list_of_people_finds_by_role_and_words(signed_in, administrator, officer, partner):
    found = signed_in(administrator)
    assert b"Has never signed in" in found.get(reverse("partners:people")).content
    by_role = found.get(reverse("partners:people") + "?role=officer").content.decode()
    assert "Olive Officer" in by_role
    assert "Pat Partner" not in by_role
    assert "Pat Partner" in found.get(reverse("partners:people") + "?q=rowan").content.decode()
    assert found.get(reverse("partners:people") + "?role=clown").status_code == 422


def test_a_persons_page_tells_their_history(signed_in, administrator, council, now):
    add_person_with_role(by=None, at=now, email="g@example.org", name="Gale", role="officer", organisation=council)
    person = User.objects.get(email="g@example.org")
    page = signed_in(administrator).get(reverse("partners:person", args=[person.pk])).content.decode()
    assert "Council officer, Oxfordshire County Council" in page
    assert "Invited" in page


def test_the_table_of_roles_prints_every_role(client, db):
    page = client.get(reverse("partners:roles")).content.decode()
    for role in roles.ROLES:
        assert role.label in page


@pytest.mark.parametrize("rows", [1, 32, 500])
def test_the_list_asks_as_many_questions_whatever_its_length(
    signed_in, administrator, rows, django_assert_max_num_queries, now
):
    User.objects.bulk_create(User(email=f"p{n}@x.example.org", name=f"P {n}", joined_at=now) for n in range(rows))
    client = signed_in(administrator)
    with django_assert_max_num_queries(8):
        client.get(reverse("partners:people"))
