"""Internal notes: for the council's people only, on the pages where they decide, and nowhere else."""

import json
from typing import Any, cast

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from commitments.content.updates import UpdateContent
from commitments.models import HistoryEntry, Note
from commitments.services.notes import write_note
from commitments.services.progress import submit_update
from reporting import assembly, facts
from tests.factories import make_evidence, publish_update
from tests.house.door_table import API, PUBLIC, REPORTS
from tests.house.world import make_world
from tests.signing_in import sign_in
from vcsportal.common.words import Refused

pytestmark = pytest.mark.django_db

SECRET = "xylophonist"
LABEL = "Only the strategy’s own people see this"
SAID = UpdateContent("on_track", "It began well.", "", "We met the halls.")


@pytest.fixture
def piece(partner, commitment):
    return make_evidence(partner, commitment, state="submitted")


@pytest.fixture
def update(second_officer, commitment, open_round):
    now = timezone.now()
    return submit_update(
        by=second_officer, at=now, commitment=commitment, round_=open_round, content=SAID, version=None
    )


def note(by, about, text=f"Ask the {SECRET} about this."):
    return write_note(by=by, at=timezone.now(), about=about, text=text)


def pages(piece, update):
    return {
        reverse("commitments:evidence", args=[piece.pk]): piece,
        reverse("commitments:review-one", args=[piece.pk]): piece,
        reverse("commitments:evidence-notes", args=[piece.pk]): piece,
        reverse("commitments:approval", args=[update.pk]): update,
        reverse("commitments:update-notes", args=[update.pk]): update,
    }


def test_a_note_is_written_where_it_is_read_and_the_page_comes_back(officer, piece, update, signed_in):
    client = signed_in(officer)
    for number, (address, about) in enumerate(pages(piece, update).items()):
        page = client.get(address)
        assert LABEL in page.text
        kind = "evidence" if about == piece else "update"
        action = reverse(f"commitments:{kind}-notes", args=[about.pk])
        assert f'action="{action}"' in page.text
        answer = client.post(action, {"text": f"Note <b>{number}</b>", "back": address})
        assert answer.url == f"{address}#notes"
        assert f"Note &lt;b&gt;{number}&lt;/b&gt;" in client.get(address).text
    assert Note.objects.filter(evidence=piece).count() == 3
    assert Note.objects.filter(update=update, written_by=officer).count() == 2


def test_notes_stand_above_the_decision_and_only_once(officer, piece, update, signed_in):
    client = signed_in(officer)
    for about, address in (
        (piece, reverse("commitments:review-one", args=[piece.pk])),
        (update, reverse("commitments:approval", args=[update.pk])),
    ):
        assert client.get(address).text.count('id="notes"') == 1, "the box, where there is no note yet"
        note(officer, about, "Wait for Thursday.")
        page = client.get(address).text
        assert page.count("Wait for Thursday.") == 1
        assert page.count('id="notes"') == 1
        assert page.index("Wait for Thursday.") < page.index("Your decision") < page.index('id="write-note"')


def test_whoever_decides_on_several_reads_their_notes(
    officer, second_officer, piece, commitment, open_round, signed_in
):
    note(officer, piece, "Wait for Thursday.")
    page = signed_in(officer).get(reverse("commitments:accept-several"), {"chosen": f"{piece.pk}.{piece.version}"})
    assert page.text.index("Wait for Thursday.") < page.text.index('type="submit"', page.text.index("<main"))


def test_administrators_write_notes_too(administrator, piece):
    assert note(administrator, piece).written_by == administrator


@pytest.mark.parametrize("who", ["partner", "partner_lead", "steering_member", "nobody"])
def test_nobody_else_writes_or_reads_one(request, piece, officer, who, signed_in):
    note(officer, piece)
    person = request.getfixturevalue(who)
    with pytest.raises(Refused, match="strategy's own people"):
        note(person, piece)
    client = signed_in(person)
    own = who.startswith("partner")
    assert client.get(reverse("commitments:evidence-notes", args=[piece.pk])).status_code == (403 if own else 404)
    page = client.get(piece.get_absolute_url())
    assert page.status_code == (200 if own else 404)
    assert SECRET not in page.text
    assert LABEL not in page.text


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "Write the note first."),
        (" \n ", "Write the note first."),
        ("a" * 20_001, "The text has 20,001 characters."),
    ],
)
def test_a_note_that_is_none_is_said_at_its_box(officer, piece, signed_in, text, sentence):
    answer = signed_in(officer).post(reverse("commitments:evidence-notes", args=[piece.pk]), {"text": text})
    assert answer.status_code == 422
    assert sentence in answer.text
    assert 'href="#note_text"' in answer.text
    assert not Note.objects.exists()


@pytest.mark.parametrize(
    "back", ["", "https://elsewhere.example/", "//elsewhere.example/", "/\\elsewhere.example", "x"]
)
def test_the_way_back_stays_in_the_portal(officer, piece, signed_in, back):
    answer = signed_in(officer).post(
        reverse("commitments:evidence-notes", args=[piece.pk]), {"text": "Good.", "back": back}
    )
    assert answer.url == f"{piece.get_absolute_url()}#notes"


def test_a_note_leaves_no_line_in_the_history_that_the_partner_reads(officer, piece):
    before = HistoryEntry.objects.count()
    note(officer, piece)
    assert HistoryEntry.objects.count() == before


def test_no_note_is_ever_in_a_public_page_the_api_or_the_report(settings):
    """One word that stands in every note, looked for wherever anybody but the council's people can read."""
    world = make_world()
    partner, officer, second = (world.person(name) for name in ("partner", "officer", "second_officer"))
    piece = make_evidence(partner, world.commitment, state="accepted", officer=officer)
    at, commitment, round_ = timezone.now(), world.commitment, world.open_round
    update = publish_update(by=second, at=at, commitment=commitment, round_=round_, content=SAID)
    note(officer, piece)
    note(officer, update)
    addresses = {piece.get_absolute_url(), "/strategies/our-strategy/commitments/thing-1-1/"}
    addresses |= {
        reverse("api:evidence-detail", args=[piece.pk]),
        reverse("api:update-detail", args=[world.strategy.slug, "1.1", round_.slug]),
        reverse("api:update-list", args=[world.strategy.slug]) + "?state=published",
    }
    for door in [*PUBLIC, *REPORTS, *API]:
        if door.get != "405" and door.name != "commitments:evidence-file":
            addresses.add(reverse(door.name, args=door.args(world)) + door.query)
    read = 0
    for who in ("anonymous", "partner", "outsider", "steering_member", "officer"):
        client, person = Client(), world.people[who]
        if person:
            sign_in(client, person)
        for address in sorted(addresses):
            if who == "officer" and not address.startswith("/api/"):
                continue
            answer = client.get(address)
            if answer.status_code == 200:
                read += 1
                body = b"".join(cast(Any, answer).streaming_content) if answer.streaming else answer.content
                assert SECRET.encode() not in body, f"{who} reads a note at {address}"
    print(f"looked at {read} pages")
    assert read > 100
    told = assembly.assemble(round_=round_, making=facts.ProductionDetails(at=at))
    assert "We met the halls." in json.dumps(facts.to_json(told))
    assert SECRET not in json.dumps(facts.to_json(told))
