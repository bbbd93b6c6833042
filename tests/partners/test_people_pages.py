"""Inviting, giving and ending roles."""

import pytest
from django.urls import reverse

from partners import roles
from partners.models import HistoryEntry, RoleGrant, User
from partners.services import end_role, invite
from tests.factories import steering_group
from vcsportal.common.words import Refused

pytestmark = pytest.mark.django_db
INVITE = "partners:invite"


def guest(role: str, organisation: object = "", **changes: object) -> dict[str, object]:
    return {"name": "Gale Guest", "email": "Gale@Example.org", "role": role, "organisation": organisation, **changes}


def test_an_administrator_invites_an_officer(signed_in, administrator, council, mailoutbox):
    answer = signed_in(administrator).post(reverse(INVITE), guest("officer", council.pk))
    assert answer.status_code == 302, answer.content.decode()
    person = User.objects.get(email="gale@example.org")
    assert person.belongs_to(council.pk)
    assert not person.has_usable_password()
    assert [mail.to for mail in mailoutbox] == [["gale@example.org"]]


def test_inviting_twice_changes_nothing(administrator, charity, now):
    for _ in range(2):
        invite(by=administrator, at=now, email="g@example.org", name="G", role="partner_lead", organisation=charity)
    assert RoleGrant.objects.filter(person__email="g@example.org").count() == 1
    assert HistoryEntry.objects.filter(act="role given", person__email="g@example.org").count() == 1


def test_a_lead_invites_a_colleague_to_their_own_organisation_only(signed_in, partner_lead, charity, other_charity):
    lead = signed_in(partner_lead)
    assert lead.post(reverse(INVITE), guest("partner_contributor", charity.pk)).status_code == 302
    for sent in (guest("partner_contributor", other_charity.pk), guest("officer", charity.pk), guest("administrator")):
        answer = lead.post(reverse(INVITE), sent | {"email": "x@example.org"})
        assert answer.status_code == 422
    assert not User.objects.filter(email="x@example.org").exists()


@pytest.mark.parametrize("role", [role.code for role in roles.ROLES if role.within])
def test_a_role_within_an_organisation_needs_one(signed_in, administrator, role):
    answer = signed_in(administrator).post(reverse(INVITE), guest(role))
    assert answer.status_code == 422
    assert "belongs to an organisation" in answer.content.decode()


def test_a_role_for_the_whole_portal_takes_none(signed_in, administrator, charity):
    answer = signed_in(administrator).post(reverse(INVITE), guest("administrator", charity.pk))
    assert answer.status_code == 422
    assert "whole portal" in answer.content.decode()


def test_a_steering_group_member_belongs_to_a_group_and_only_members_do(signed_in, administrator, charity):
    client, group = signed_in(administrator), steering_group()
    answer = client.post(reverse(INVITE), guest("steering_group", charity.pk))
    assert answer.status_code == 422
    assert "belongs to a group that steers a strategy" in answer.content.decode()
    answer = client.post(reverse(INVITE), guest("partner_lead", group.pk))
    assert answer.status_code == 422
    assert "The Alliance steers strategies" in answer.content.decode()
    assert client.post(reverse(INVITE), guest("steering_group", group.pk)).status_code == 302


def test_somebody_whose_access_has_ended_is_not_invited_again(signed_in, administrator, nobody, charity):
    User.objects.filter(pk=nobody.pk).update(is_active=False)
    answer = signed_in(administrator).post(reverse(INVITE), guest("partner_lead", charity.pk, email=nobody.email))
    assert answer.status_code == 422
    assert "access has been ended" in answer.content.decode()


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
    invite(by=administrator, at=now, email="g@example.org", name="Gale", role="officer", organisation=council)
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
