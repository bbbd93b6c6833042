"""Ending somebody's access, and giving it back."""

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from partners.models import HistoryEntry, User
from partners.permissions import can_end_access
from partners.services.access import end_access, restore_access
from partners.services.deputies import name_deputy
from tests.factories import make_evidence
from vcsportal.common.words import Refused

pytestmark = pytest.mark.django_db


def door(person: User) -> str:
    return reverse("partners:access", args=[person.pk])


def test_ended_access_ends_at_the_next_click_and_history_says_why(signed_in, administrator, partner):
    theirs = signed_in(partner)
    assert theirs.get("/account/").status_code == 200
    answer = signed_in(administrator).post(door(partner), {"act": "end", "reason": "Left the charity."}, follow=True)
    assert "can no longer sign in" in answer.content.decode()
    assert "Left the charity." in answer.content.decode()
    assert theirs.get("/account/").status_code == 302
    entry = HistoryEntry.objects.get(person=partner, act="access ended")
    assert (entry.by, entry.detail) == (administrator, "Left the charity.")


def test_access_given_back_comes_with_the_roles_that_are_held(signed_in, administrator, partner, now):
    end_access(by=administrator, at=now, person=partner, reason="A mistake.")
    client = signed_in(administrator)
    assert "access has ended" in client.get(reverse("partners:person", args=[partner.pk])).content.decode()
    assert "Give access back" in client.get(door(partner)).content.decode()
    client.post(door(partner), {"act": "restore", "reason": "It was a mistake."})
    again = User.objects.get(pk=partner.pk)
    assert again.is_active
    assert again.permissions == partner.permissions
    assert signed_in(again).get("/account/").status_code == 200


def test_a_second_click_does_not_undo_the_first(signed_in, administrator, partner):
    client = signed_in(administrator)
    for _ in range(2):
        client.post(door(partner), {"act": "end", "reason": "Left."})
    assert not User.objects.get(pk=partner.pk).is_active
    assert HistoryEntry.objects.filter(person=partner, act="access ended").count() == 1


def test_why_is_asked_for(signed_in, administrator, partner, now):
    answer = signed_in(administrator).post(door(partner), {"act": "end", "reason": " "})
    assert answer.status_code == 422
    assert "Say why" in answer.content.decode()
    assert User.objects.get(pk=partner.pk).is_active
    for act in (end_access, restore_access):
        with pytest.raises(Refused, match="Say why"):
            act(by=administrator, at=now, person=partner, reason=" ")


def test_nobody_ends_their_own_access(signed_in, administrator, now):
    assert signed_in(administrator).get(door(administrator)).status_code == 403
    with pytest.raises(Refused, match="your own access"):
        end_access(by=administrator, at=now, person=administrator, reason="Tired.")


def test_only_an_administrator_ends_and_gives_back(signed_in, administrator, officer, partner_lead, partner, now):
    assert can_end_access(administrator, partner)
    for person in (officer, partner_lead):
        assert not can_end_access(person, partner)
        assert signed_in(person).post(door(partner), {"act": "end", "reason": "No."}).status_code == 403
        with pytest.raises(Refused):
            restore_access(by=person, at=now, person=partner, reason="No.")


def test_somebody_whose_access_has_ended_is_not_made_an_administrator(administrator, partner, now):
    end_access(by=administrator, at=now, person=partner, reason="Left.")
    with pytest.raises(CommandError, match="access has been ended"):
        call_command("make_administrator", partner.email, partner.name)


def test_before_access_ends_the_page_shows_what_the_person_leads_and_owes(
    signed_in, administrator, officer, second_officer, commitment, now
):
    page = signed_in(administrator)
    assert "someone else needs to take on" not in page.get(door(officer)).text
    commitment.lead_officer = officer
    commitment.save()
    make_evidence(officer, commitment)
    name_deputy(by=officer, person=officer, deputy=second_officer, at=now)
    shown = page.get(door(officer)).text
    for words in (
        "leads 1 commitment: 1.1",
        "has 1 item of evidence that is not sent yet",
        "has Oscar Officer as deputy",
    ):
        assert words in shown
    assert reverse("commitments:hand-over", args=[officer.pk]) in shown
    end_access(by=administrator, at=now, person=officer, reason="Left.")
    assert "someone else needs to take on" not in page.get(door(officer)).text
