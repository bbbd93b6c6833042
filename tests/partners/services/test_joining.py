"""“Is this you?”: asking, the answer, and what is kept."""

import uuid
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from partners.models import HistoryEntry, Invitation, JoiningRequest, Mail, User
from partners.services import retention
from partners.services.joining import (
    JoiningContent,
    agree_to_joining,
    ask_to_take_part,
    decline_joining,
)
from tests.factories import make_organisation
from vcsportal.common.words import AlreadyDone, Invalid, NotAllowed, NotNow

pytestmark = pytest.mark.django_db
CONTENT = JoiningContent("Ash Allott", "Treasurer", "Ash.Allott@example.org", "Ring our hut.")


@pytest.fixture
def group():
    return make_organisation("Ash Green Allotments", "unincorporated_group", standing="listed")


def ask(organisation, content=CONTENT, token=None, at=None):
    return ask_to_take_part(
        by=None, at=at or timezone.now(), token=token or uuid.uuid4(), organisation=organisation, content=content
    )


def test_asking_twice_makes_one_and_administrators_hear_once_a_day(group, administrator):
    token = uuid.uuid4()
    first = ask(group, token=token)
    assert ask(group, token=token) == first == ask(group)
    ask(make_organisation("Another", standing="listed"))
    assert JoiningRequest.objects.count() == 2
    assert Mail.objects.filter(kind="joining_waiting", person=administrator).count() == 1
    assert Mail.objects.filter(kind="joining", to="ash.allott@example.org").count() == 2
    assert not HistoryEntry.objects.filter(organisation=group).exclude(act="registered").exists()


def test_agreeing_invites_and_lets_the_organisation_take_part(group, administrator):
    asked = agree_to_joining(by=administrator, at=timezone.now(), request=ask(group))
    group.refresh_from_db()
    assert group.standing == "takes_part"
    sent = Invitation.objects.get()
    assert (sent.email, sent.role, sent.organisation, sent.state) == (
        "ash.allott@example.org", "partner_lead", group, "sent",
    )  # fmt: skip
    assert asked.invitation == sent
    with pytest.raises(AlreadyDone):
        decline_joining(by=administrator, at=timezone.now(), request=asked, reason="No.")


def test_declining_needs_a_reason_which_is_emailed(group, administrator, officer):
    asked = ask(group)
    with pytest.raises(Invalid):
        decline_joining(by=administrator, at=timezone.now(), request=asked, reason=" ")
    for act in (lambda: agree_to_joining(by=officer, at=timezone.now(), request=asked),
                lambda: decline_joining(by=officer, at=timezone.now(), request=asked, reason="No.")):  # fmt: skip
        with pytest.raises(NotAllowed):
            act()
    decline_joining(by=administrator, at=timezone.now(), request=asked, reason="The hut does not know you.")
    mail = Mail.objects.get(key=f"joining:{asked.pk}:declined")
    assert "The hut does not know you." in mail.text
    group.refresh_from_db()
    assert group.standing == "listed"
    assert not Invitation.objects.exists()


def test_an_organisation_with_people_is_its_leads_business(partner_lead, charity, client):
    with pytest.raises(NotNow, match="Ask its lead"):
        ask(charity)
    page = client.get(reverse("partners:joining", args=[charity.slug])).content.decode()
    assert "Ask its lead" in page
    assert '<form method="post"' not in page


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"name": " "}, "name"), ({"post": ""}, "post"), ({"email": ""}, "email"), ({"words": "x" * 1001}, "words")],
)
def test_what_is_missing_is_refused_at_its_field(group, changes, field):
    values = {"name": "Ash", "post": "Treasurer", "email": "a@example.org", "words": "", **changes}
    with pytest.raises(Invalid) as refused:
        ask(group, JoiningContent(**values))
    assert refused.value.field == field


def test_the_page_takes_a_request_and_shows_it_to_nobody_else(
    client, group, administrator, officer, signed_in, strategy
):
    address = reverse("partners:joining", args=[group.slug])
    sent = {
        "form_token": uuid.uuid4(),
        "name": "Ash Allott",
        "post": "Treasurer",
        "email": "ash@example.org",
        "words": "",
    }
    assert client.post(address, {**sent, "website": "https://spam.example"}).status_code == 302
    assert not JoiningRequest.objects.exists()
    answer = client.post(address, sent)
    assert answer.headers["Location"] == reverse("partners:joining-sent", args=[group.slug])
    for page in (answer.headers["Location"], group.get_absolute_url(), reverse("partners:organisation-list")):
        assert "Ash Allott" not in client.get(page).content.decode()
    assert signed_in(officer).get(reverse("partners:joining-requests")).status_code == 403
    tasks = signed_in(administrator).get(reverse("commitments:my-work")).content.decode()
    assert "Requests to take part" in tasks


def test_too_many_from_one_place_are_asked_to_wait_and_nothing_is_lost(client, group):
    address = reverse("partners:joining", args=[group.slug])
    for number in range(6):
        sent = {"form_token": uuid.uuid4(), "name": "Ash", "post": "Treasurer", "email": f"a{number}@example.org"}
        answer = client.post(address, sent)
    assert answer.status_code == 429
    assert "a5@example.org" in answer.content.decode()
    assert JoiningRequest.objects.count() == 5


@pytest.mark.parametrize(("days", "kept"), [(365, True), (366, False)])
def test_who_asked_is_erased_a_year_after_the_answer(group, administrator, days, kept):
    asked = decline_joining(by=administrator, at=timezone.now(), request=ask(group), reason="No.")
    rule = next(rule for rule in retention.RULES if rule.code == "joining_requests")
    assert asked.settled_at is not None
    at = asked.settled_at + timedelta(days=days)
    found = list(rule.due_at(at))
    assert (not found) is kept
    if found:
        retention.erase_joining_requests(found, at)
        asked.refresh_from_db()
        assert (asked.name, asked.post, asked.words, asked.reason) == ("", "", "", "")
        assert "ash" not in asked.email


@pytest.mark.parametrize(("days", "kept"), [(365, True), (366, False)])
def test_a_request_that_nobody_answered_is_erased_a_year_after_it_came(group, administrator, days, kept):
    asked = ask(group)
    rule = next(rule for rule in retention.RULES if rule.code == "joining_requests")
    found = list(rule.due_at(asked.received_at + timedelta(days=days)))
    assert (not found) is kept
    if found:
        retention.erase_joining_requests(found, timezone.now())
        with pytest.raises(NotNow, match="have been erased"):
            agree_to_joining(by=administrator, at=timezone.now(), request=asked)
        decline_joining(by=administrator, at=timezone.now(), request=asked, reason="Nobody answered.")
        assert not Mail.objects.filter(key=f"joining:{asked.pk}:declined").exists()


def test_the_invitation_goes_to_the_address_that_the_account_has_now(group, administrator, nobody, signed_in):
    asked = ask_to_take_part(
        by=nobody, at=timezone.now(), token=uuid.uuid4(), organisation=group,
        content=JoiningContent("Ash", "Treasurer", nobody.email),
    )  # fmt: skip
    before = nobody.email
    nobody.email = "new.home@example.org"
    nobody.save()
    page = signed_in(administrator).get(reverse("partners:joining-request", args=[asked.pk])).content.decode()
    assert "new.home@example.org" in page
    assert f"it was {before}" in page
    people = User.objects.count()
    agree_to_joining(by=administrator, at=timezone.now(), request=asked)
    assert Invitation.objects.get().email == "new.home@example.org"
    assert User.objects.count() == people


def test_nobody_is_invited_whose_account_was_closed_since(group, administrator, nobody):
    asked = ask_to_take_part(
        by=nobody, at=timezone.now(), token=uuid.uuid4(), organisation=group,
        content=JoiningContent("Ash", "Treasurer", nobody.email),
    )  # fmt: skip
    User.objects.filter(pk=nobody.pk).update(is_active=False)
    with pytest.raises(NotNow, match="has been closed"):
        agree_to_joining(by=administrator, at=timezone.now(), request=asked)
