"""Tokens for programs: how they are made, what they can do, and how they end."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import get_resolver
from django.utils import timezone

from commitments.models import Evidence
from partners.models import ApiToken, SecurityEvent
from partners.services.access import end_access, restore_access
from partners.services.api_tokens import PREFIX, end_token, make_token, token_with
from partners.services.second_steps import recover_second_step
from partners.services.sessions import end_all_sessions
from tests.factories import make_evidence, make_person
from tests.programs import EVIDENCE, entry, made, program
from vcsportal.api_tokens import CHANGES
from vcsportal.common.words import Refused

pytestmark = pytest.mark.django_db


def test_it_is_shown_once_and_stored_only_as_a_digest(signed_in, partner):
    client = signed_in(partner)
    page = client.post("/account/tokens/new/", {"name": "our database", "scopes": ["evidence"], "days": "30"})
    text = page.content.decode().partition('value="vcs_')[2].partition('"')[0]
    token = ApiToken.objects.get()
    assert token_with(PREFIX + text, timezone.now()) == token
    assert PREFIX + text not in str(vars(token))
    assert "no-store" in page["Cache-Control"]
    listed = client.get("/account/tokens/").content.decode()
    assert "our database" in listed
    assert text not in listed
    assert SecurityEvent.objects.filter(kind="token_made", person=partner).count() == 1


def test_a_program_logs_evidence_and_sends_it(partner, charity, commitment):
    _, text = made(partner, "evidence")
    client = program(text)
    answer = client.post(EVIDENCE, entry(charity, commitment), content_type="application/json")
    assert answer.status_code == 201, answer.content
    piece = Evidence.objects.get()
    assert (piece.logged_by, piece.organisation, piece.state) == (partner, charity, "draft")
    sent = client.post(f"{EVIDENCE}{piece.pk}/submit/", {"version": piece.version}, content_type="application/json")
    assert sent.json()["state"]["code"] == "submitted"
    assert "no-store" in sent["Cache-Control"]
    assert client.get(EVIDENCE).json()["results"][0]["title"] == "Ran a drop-in", "it reads what its person reads"
    stranger = Client().get(EVIDENCE)
    assert stranger.json()["results"] == []
    same = client.get(EVIDENCE, headers={"If-None-Match": stranger["ETag"]})
    assert same.status_code == 200, "the version of what is public says nothing of one's own"


def test_without_the_scope_it_only_reads(partner, charity, commitment):
    _, text = made(partner)
    answer = program(text).post(EVIDENCE, entry(charity, commitment), content_type="application/json")
    assert answer.status_code == 403
    assert answer.json()["detail"] == "This token does not have the scope “evidence”."
    assert program(text).get(EVIDENCE).status_code == 200


def test_nothing_but_the_table_can_be_changed(officer, partner, commitment):
    _, text = made(officer, "evidence", "figures", "updates", "points")
    piece = make_evidence(partner, commitment, state="submitted")
    client = program(text)
    for act in ("accept", "return", "withdraw", "reopen"):
        answer = client.post(
            f"{EVIDENCE}{piece.pk}/{act}/", {"version": piece.version}, content_type="application/json"
        )
        assert answer.status_code == 403, act
        assert "can’t be used for this" in answer.json()["detail"]
    names = {name for name in get_resolver("vcsportal.api").reverse_dict if isinstance(name, str)}
    assert {name.removeprefix("api:") for name in CHANGES} <= names
    deciding = ("accept", "approve", "return", "publish", "end", "close", "choose", "take-down", "answer", "reaffirm")
    assert not [name for name in CHANGES if name.endswith(deciding)]


def test_a_token_of_one_organisation_does_nothing_for_another(charity, other_charity, commitment):
    both = make_person("partner_lead", charity)
    both.role_grants.create(organisation=other_charity, role="partner_contributor", granted_at=timezone.now())
    theirs = make_evidence(make_person("partner_lead", other_charity), commitment)
    _, text = made(both, "evidence", organisation=charity)
    client = program(text)
    assert client.post(EVIDENCE, entry(charity, commitment), content_type="application/json").status_code == 201
    assert client.post(EVIDENCE, entry(other_charity, commitment), content_type="application/json").status_code == 403
    assert client.get(f"{EVIDENCE}{theirs.pk}/").status_code == 404, "and reads nothing of it"
    _, everywhere = made(both, "evidence")
    assert program(everywhere).get(f"{EVIDENCE}{theirs.pk}/").status_code == 200


def test_it_ends_with_its_time_to_the_moment(partner):
    now = timezone.now()
    token, text = made(partner, days=30)
    assert token_with(text, token.expires_at - timedelta(seconds=1)) == token
    assert token_with(text, token.expires_at) is None
    assert token.expires_at - now >= timedelta(days=30)


@pytest.mark.parametrize("how", ["its owner", "access", "second step", "signed out"])
def test_it_ends_with_the_access_and_does_not_come_back(administrator, partner, how):
    token, text = made(partner, "evidence")
    at = timezone.now()
    if how == "its owner":
        assert end_token(by=partner, at=at, token=token)
        assert not end_token(by=partner, at=at, token=token)
    elif how == "access":
        end_access(by=administrator, at=at, person=partner, reason="left")
        assert program(text).get(EVIDENCE).status_code == 401
        restore_access(by=administrator, at=at, person=partner, reason="back")
    elif how == "second step":
        recover_second_step(by=None, at=at, person=partner, reason="lost")
    else:
        end_all_sessions(by=administrator, at=at, person=partner)
    answer = program(text).get(EVIDENCE)
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"] == "Bearer"
    assert "has ended" in answer.json()["detail"]
    assert SecurityEvent.objects.filter(kind="token_ended", person=partner).count() == 1


def test_a_role_that_ended_takes_its_power_from_the_token(partner, charity, commitment):
    _, text = made(partner, "evidence")
    partner.role_grants.update(ended_at=timezone.now(), ended_by=partner)
    answer = program(text).post(EVIDENCE, entry(charity, commitment), content_type="application/json")
    assert answer.status_code == 403


@pytest.mark.parametrize("where", ["?token=", "?q="])
def test_a_token_in_an_address_is_refused_with_what_to_do(partner, where):
    _, text = made(partner)
    answer = Client().get(f"{EVIDENCE}{where}{text}")
    assert answer.status_code == 400
    assert "must not be in an address" in answer.json()["detail"]


def test_a_session_and_a_token_together_are_refused(signed_in, partner):
    _, text = made(partner)
    answer = signed_in(partner).get(EVIDENCE, headers={"Authorization": f"Bearer {text}"})
    assert (answer.status_code, answer.json()["detail"]) == (
        400,
        "Send either a token or the cookie of a session, not both.",
    )


@pytest.mark.parametrize("text", ["", "x", "vcs_", "vcs_" + "a" * 43, "é" * 40])
def test_what_is_no_token_is_refused(db, text):
    assert Client().get(EVIDENCE, headers={"Authorization": f"Bearer {text}"}).status_code == 401


def test_whoever_tries_tokens_is_soon_told_to_wait(partner, settings):
    cache.clear()
    settings.READS_A_MINUTE = 2
    _, text = made(partner)
    tried = [Client().get(EVIDENCE, headers={"Authorization": f"Bearer {text[:-1]}{letter}"}) for letter in "AaBb"]
    statuses = [answer.status_code for answer in tried if answer.status_code != 200]  # one may be the token itself
    assert statuses[:2] == [401, 401]
    assert 429 in statuses
    assert program(text).get(EVIDENCE).status_code == 200, "a token that works has its own limit"


def test_pages_take_no_token(partner):
    _, text = made(partner)
    assert program(text).get("/my-work/").status_code == 302


def test_its_last_use_is_noted_to_the_minute(partner):
    token, text = made(partner)
    now = timezone.now()
    token_with(text, now)
    token_with(text, now + timedelta(seconds=59))
    token.refresh_from_db()
    assert token.used_at == now
    token_with(text, now + timedelta(seconds=60))
    token.refresh_from_db()
    assert token.used_at == now + timedelta(seconds=60)


def test_only_what_the_person_may_do_is_offered_and_taken(signed_in, partner, officer, other_charity):
    page = signed_in(partner).get("/account/tokens/new/").content.decode()
    assert "Log evidence with its files, and send it for review" in page
    assert "Save drafts of progress updates" not in page
    assert "Save drafts of progress updates" in signed_in(officer).get("/account/tokens/new/").content.decode()
    for values in ({"scopes": ["updates"]}, {"organisation": other_charity}, {"days": 31}, {"name": " "}):
        with pytest.raises(Refused):
            make_token(**{"by": partner, "at": timezone.now(), "name": "x", "scopes": [], "days": 30, **values})
    assert not ApiToken.objects.exists()


def test_nobody_ends_the_token_of_another(signed_in, partner, outsider):
    token, _ = made(partner)
    assert signed_in(outsider).post(f"/account/tokens/{token.pk}/end/").status_code == 404
    with pytest.raises(Refused):
        end_token(by=outsider, at=timezone.now(), token=token)
    assert signed_in(partner).post(f"/account/tokens/{token.pk}/end/").status_code == 302
    assert not ApiToken.objects.valid(timezone.now()).exists()
