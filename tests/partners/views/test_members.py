"""Leads see and end who belongs to their own organisation, with a reason that the person reads."""

import pytest
from django.urls import reverse

from partners.models import HistoryEntry, Mail, RoleGrant, SecurityEvent, User
from partners.services.access import end_access
from partners.services.members import end_membership
from partners.services.roles import give_role
from tests.factories import make_person
from vcsportal.common.words import Refused

pytestmark = pytest.mark.django_db


def members(organisation) -> str:
    return reverse("partners:members", args=[organisation.slug])


def test_a_lead_sees_names_roles_and_days_and_nobody_of_elsewhere(
    signed_in, partner_lead, partner, charity, outsider, administrator, now
):
    gone = make_person("partner_contributor", charity, name="Gus Gone")
    end_access(by=administrator, at=now, person=gone, reason="Left.")
    page = signed_in(partner_lead).get(members(charity)).text
    assert "Pat Partner" in page
    assert "Has not signed in yet" in page
    assert partner.email not in page
    for name in ("Gus Gone", "Una Outsider"):
        assert name not in page
    assert "Pat Partner" in signed_in(administrator).get(members(charity)).text


def test_a_lead_ends_a_role_and_the_person_reads_why(signed_in, partner_lead, partner, charity):
    theirs = signed_in(partner)
    address = reverse("partners:member-end", args=[charity.slug, partner.role_grants.get().pk])
    assert signed_in(partner_lead).post(address, {"reason": ""}).status_code == 422
    answer = signed_in(partner_lead).post(address, {"reason": "Moved\nto [Leeds](https://evil.example)."})
    assert answer.headers["Location"] == members(charity)
    assert not User.objects.get(pk=partner.pk).belongs_to(charity.pk)
    assert theirs.get(reverse("commitments:evidence-new")).status_code == 403
    [mail] = Mail.objects.filter(kind="role_ended")
    assert mail.to == partner.email
    assert "> Moved\n> to [Leeds](https: //evil[.]example)." in mail.text
    entry = HistoryEntry.objects.get(act="role ended")
    assert (entry.by, entry.person, entry.organisation) == (partner_lead, partner, charity)
    assert SecurityEvent.objects.get(kind="role_ended").by == partner_lead
    assert signed_in(partner_lead).get(address).status_code == 404


def test_a_role_that_has_ended_is_not_ended_twice(partner_lead, partner, now):
    grant = partner.role_grants.get()
    for _ in range(2):
        end_membership(by=partner_lead, at=now, grant=grant, reason="Left.")
    assert HistoryEntry.objects.filter(act="role ended").count() == 1
    with pytest.raises(Refused, match="Say why"):
        end_membership(by=partner_lead, at=now, grant=grant, reason=" ")


def test_the_last_lead_stays_until_there_is_another(signed_in, partner_lead, charity, now):
    grant = partner_lead.role_grants.get()
    with pytest.raises(Refused, match="the only lead of Rowan Trust"):
        end_membership(by=partner_lead, at=now, grant=grant, reason="I leave.")
    address = reverse("partners:member-end", args=[charity.slug, grant.pk])
    assert address not in signed_in(partner_lead).get(members(charity)).text
    second = make_person("partner_lead", charity)
    User.objects.filter(pk=second.pk).update(is_active=False)
    with pytest.raises(Refused, match="the only lead"):
        end_membership(by=partner_lead, at=now, grant=grant, reason="I leave.")
    User.objects.filter(pk=second.pk).update(is_active=True)
    answer = signed_in(partner_lead).post(address, {"reason": "I leave."})
    assert answer.headers["Location"] == reverse("commitments:my-work")
    assert not Mail.objects.filter(kind="role_ended").exists()


def test_what_a_lead_cannot_end(partner_lead, outsider, officer, partner, other_charity, charity, now, signed_in):
    with pytest.raises(Refused):
        end_membership(by=partner_lead, at=now, grant=outsider.role_grants.get(), reason="No.")
    with pytest.raises(Refused, match="Only an administrator"):
        end_membership(by=partner_lead, at=now, grant=officer.role_grants.get(), reason="No.")
    with pytest.raises(Refused):
        end_membership(by=partner, at=now, grant=partner_lead.role_grants.get(), reason="No.")
    give_role(by=None, at=now, person=partner_lead, role="partner_contributor", organisation=other_charity)
    both = User.objects.get(pk=partner_lead.pk)
    with pytest.raises(Refused):
        end_membership(by=both, at=now, grant=outsider.role_grants.get(), reason="No.")
    wrong = reverse("partners:member-end", args=[charity.slug, outsider.role_grants.get().pk])
    assert signed_in(partner_lead).get(wrong).status_code == 404
    assert RoleGrant.objects.current().filter(person=outsider).exists()


def test_an_administrator_ends_a_members_role_too(administrator, partner, now):
    end_membership(by=administrator, at=now, grant=partner.role_grants.get(), reason="Left.")
    assert not RoleGrant.objects.current().filter(person=partner).exists()


def test_an_administrator_keeps_the_email_domains(signed_in, administrator, partner_lead, charity):
    address = reverse("partners:domains", args=[charity.slug])
    page = signed_in(administrator)
    answer = page.post(address, {"domains": "gmail.com"})
    assert answer.status_code == 422
    assert "Anyone can have an address at gmail.com" in answer.text
    page.post(address, {"domains": " rowan.example\r\n@Elm.example "})
    charity.refresh_from_db()
    assert charity.email_domains == ["elm.example", "rowan.example"]
    assert HistoryEntry.objects.get(act="email domains set").detail == "elm.example, rowan.example"
    assert "Addresses at elm.example, rowan.example get an invitation at once" in page.get(members(charity)).text
    assert "Change the email domains" not in signed_in(partner_lead).get(members(charity)).text
    page.post(address, {"domains": ""})
    assert "has no email domain of its own here" in page.get(members(charity)).text
