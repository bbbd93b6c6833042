"""Signatures through the API: the register for everybody, the acts of leads and recorders, and no name of a person."""

from datetime import timedelta

import pytest
from django.utils import timezone

from commitments.models import Signatory
from tests.commitments.charter import make_charter, make_charter_round, signed
from tests.factories import make_organisation, make_person

pytestmark = pytest.mark.django_db
HERE = "strategies/the-compact/signatories/"
DAY = timedelta(days=1)


@pytest.fixture
def charter(council):
    """A charter whose round is open."""
    found = make_charter(council)
    make_charter_round(found, year=timezone.localdate().year - 2, state="open")
    return found


@pytest.fixture
def church():
    return make_organisation("St Mary’s Church", kind="faith_group", slug="st-marys")


@pytest.fixture
def verger(church):
    return make_person("partner_lead", church, name="Ada Verger")


def test_a_lead_signs_pledges_and_withdraws_and_everyone_reads_it(api, stranger, charter, church, verger):
    lead = api(verger)
    made = lead.post(HERE, {"organisation": "st-marys", "signed_as": "Verger"})
    assert made.status_code == 201, made.content
    one = made.headers["Location"].split("/api/v1/")[1]
    shown = stranger.get(one).json()
    assert shown["signed_on"] == timezone.localdate().isoformat()
    assert (shown["signed_as"], shown["told_how"]["code"], shown["standing"]["code"]) == ("Verger", "online", "new")
    pledge = {"commitment": "early-talks", "words": "We share our hall.", "was": ""}
    assert lead.post(f"{one}pledge/", pledge).json()["pledges"] == [
        {"commitment": "early-talks", "words": "We share our hall."}
    ]
    assert lead.post(f"{one}pledge/", {**pledge, "words": "Other"}).status_code == 409
    assert [row["organisation"]["name"] for row in stranger.list(HERE)] == [church.name]
    assert "Ada" not in stranger.get(HERE).content.decode()
    assert lead.post(f"{one}end/").status_code == 200
    assert stranger.get(one).status_code == 404, "It ended on the day it was signed, so it never was."
    assert stranger.list(HERE) == []


def test_a_signatory_reaffirms_and_one_tap_keeps_its_words(api, stranger, charter, church, verger):
    one = f"{HERE}{signed(charter, church, timezone.localdate() - 3000 * DAY).pk}/"
    assert stranger.get(one).json()["standing"]["code"] == "waiting"
    contributor = api(make_person("partner_contributor", church))
    assert contributor.post(f"{one}reaffirm/", {"words": "We opened our hall."}).status_code == 200
    shown = contributor.post(f"{one}reaffirm/").json()
    assert (shown["standing"]["code"], shown["has_done"]) == ("reaffirmed", "We opened our hall.")
    assert contributor.post(f"{one}end/").status_code == 403
    assert contributor.post(f"{one}reaffirm/", {"round": "none"}).status_code == 404
    older = make_charter_round(charter, year=timezone.localdate().year - 3, state="in_review")
    assert contributor.post(f"{one}reaffirm/", {"round": older.slug}).json()["reaffirmed"][0] == older.slug


def test_an_officer_records_what_they_were_told_and_ends_it_with_a_reason(api, charter, church, officer):
    writer = api(officer)
    day = timezone.localdate() - DAY
    sent = {"organisation": "st-marys", "told_how": "letter"}
    assert set(writer.post(HERE, sent).json()["errors"]) == {"signed_on"}
    assert writer.post(HERE, {"organisation": "st-marys"}).status_code == 403, "An officer signs for the council alone."
    made = writer.post(HERE, {**sent, "signed_on": day.isoformat()})
    assert made.status_code == 201, made.content
    assert writer.post(HERE, {**sent, "signed_on": day.isoformat()}).status_code == 400
    one = f"{HERE}{made.json()['id']}/"
    assert set(writer.post(f"{one}end/").json()["errors"]) == {"why"}
    ended = writer.post(f"{one}end/", {"why": "It closed."}).json()
    assert (ended["standing"]["code"], ended["ended_why"]) == ("ended", "It closed.")
    assert writer.post(f"{one}end/", {"why": "Again."}).status_code == 409


def test_others_write_nothing_and_a_strategy_has_no_signatories(api, stranger, charter, church, strategy):
    one = f"{HERE}{signed(charter, church).pk}/"
    other = api(make_person("partner_lead", make_organisation()))
    assert stranger.post(HERE, {"organisation": "st-marys"}).status_code in {401, 403}
    for address, sent in (
        (HERE, {"organisation": "st-marys"}), (f"{one}reaffirm/", {}), (f"{one}end/", {}),
        (f"{one}pledge/", {"commitment": "early-talks", "words": "x"}),
    ):  # fmt: skip
        assert other.post(address, sent).status_code == 403, address
    assert Signatory.objects.get().ended_on is None
    assert stranger.get("strategies/our-strategy/signatories/").status_code == 404
    assert [row["id"] for row in stranger.list(f"{HERE}?kind=charity")] == []


def test_a_lead_withdraws_today_and_not_in_the_past(api, stranger, charter, church, verger):
    row = signed(charter, church, timezone.localdate() - 3000 * DAY)
    one = f"{HERE}{row.pk}/"
    for day in (row.signed_on, timezone.localdate() - DAY):
        refused = api(verger).post(f"{one}end/", {"ended_on": day.isoformat(), "why": "We moved."})
        assert (refused.status_code, set(refused.json()["errors"])) == (400, {"ended_on"})
    assert api(verger).post(f"{one}end/", {"ended_on": timezone.localdate().isoformat()}).status_code == 200
    assert stranger.get(one).json()["standing"]["code"] == "ended"
