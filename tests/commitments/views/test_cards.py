"""The card and the badge of a commitment: what other websites may frame, and what they are told."""

import re
from datetime import timedelta
from typing import Any
from xml.etree import ElementTree

import pytest
from django.test import Client
from django.utils import timezone

from commitments.content.updates import UpdateContent
from commitments.models import FormerReference
from commitments.reading.cards import badge, card_of, embedding_code
from commitments.rules.stances import OWNER_RESPONSES
from commitments.rules.status import NO_UPDATE, STATUSES
from commitments.services.progress import submit_update
from commitments.services.update_approval import approve_update
from tests.factories import make_person
from vcsportal.common.colour import contrast

pytestmark = pytest.mark.django_db
PAGE = "/strategies/our-strategy/commitments/thing-1-1/"
CARD, BADGE = f"{PAGE}card/", f"{PAGE}badge.svg"
SVG = "{http://www.w3.org/2000/svg}"


def content(status: str = "at_risk", reason: str = "The hall is closed.\nUntil May.") -> UpdateContent:
    return UpdateContent(status=status, reason=reason, remedy="We look for another.", narrative="We met.")


def words_of(answer) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


@pytest.mark.parametrize("address", [CARD, BADGE])
def test_any_website_may_frame_it_and_it_has_no_script_no_session_and_no_cookie(client, strategy, address):
    answer = client.get(address)
    policy = answer.headers["Content-Security-Policy"]
    assert "frame-ancestors *" in policy
    assert "default-src 'none'" in policy
    assert "script-src" not in policy
    assert "X-Frame-Options" not in answer.headers
    assert not answer.cookies
    assert "Cookie" not in answer.headers.get("Vary", "")
    assert answer.headers["Cache-Control"] == "public, max-age=600"
    assert b"<script" not in answer.content
    again = client.get(address, headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize(
    "address", ["/", PAGE, "/strategies/our-strategy/", "/districts/", f"{PAGE}cards/", "/tell-us/"]
)
def test_everything_else_can_not_be_framed(client, strategy, address):
    answer = client.get(address)
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]


def test_from_memory_it_comes_with_the_same_policy_and_to_a_person_signed_in_the_same(signed_in, officer, strategy):
    first, again = Client().get(CARD), Client().get(CARD)
    own = signed_in(officer).get(CARD)
    for answer in (again, own):
        assert answer.content == first.content
        for name in ("Content-Security-Policy", "Cache-Control", "ETag"):
            assert answer.headers[name] == first.headers[name]
        assert "X-Frame-Options" not in answer.headers


def test_it_says_what_is_published_and_nothing_that_waits(client, officer, commitment, open_round):
    at = timezone.now()
    submit_update(by=officer, at=at, commitment=commitment, round_=open_round, content=content(), version=None)
    assert "No update yet" in words_of(client.get(CARD))
    assert not any(words in words_of(client.get(CARD)) for words in ("The hall", "Last reported"))
    approver = make_person("officer", commitment.strategy.owner)
    approve_update(by=approver, at=at, update=commitment.updates.get())
    said = words_of(client.get(CARD))
    for words in ("Commitment 1.1", "Thing 1.1", "At risk", "The hall is closed.", "Oxfordshire County Council"):
        assert words in said
    assert "Until May" not in said, "one line of the reason"
    assert f"Last reported for {open_round.label}" in said
    page = client.get(CARD).content.decode()
    assert f'href="http://127.0.0.1:8000{PAGE}" target="_top"' in page
    assert "At risk" in client.get(BADGE).content.decode()


def test_words_are_escaped_long_ones_cut_and_in_their_own_language(client, officer, strategy, commitment):
    strategy.language = "ar"
    strategy.save()
    commitment.short_title, commitment.status_reason = "<b>جمعية</b> & “more”", "word " * 200
    commitment.save()
    page = client.get(CARD).content.decode()
    assert "&lt;b&gt;جمعية&lt;/b&gt; &amp; “more”" in page
    assert '<h1 class="app-embedded__title" lang="ar" dir="rtl">' in page
    [reason] = re.findall(r'reason">(.*?)</p>', page)
    assert len(reason.strip()) <= 160
    tree: Any = ElementTree.fromstring(client.get(BADGE).content)
    assert tree.find(f"{SVG}title").text.startswith("Commitment 1.1 <b>جمعية</b> & “more”: No update yet.")


@pytest.mark.parametrize("word", [*STATUSES, NO_UPDATE, *OWNER_RESPONSES], ids=lambda word: word.label)
def test_a_badge_can_be_read_and_says_the_status_in_words(commitment, word):
    if word in OWNER_RESPONSES:
        commitment.owner_response = word.code
    else:
        commitment.status = word.code
    tree: Any = ElementTree.fromstring(badge(card_of(commitment)))
    title, (called, label) = tree.find(f"{SVG}title"), tree.findall(f"{SVG}text")
    assert tree.get("role") == "img"
    assert title.text == f"Commitment 1.1 Thing 1.1: {word.label}. Oxfordshire County Council"
    assert (called.text, label.text) == ("Commitment 1.1", word.label)
    paper, ground = [path.get("fill") for path in tree.findall(f"{SVG}path")]
    assert contrast(called.get("fill"), paper) >= 7
    assert contrast(label.get("fill"), ground) >= 7
    ends = float(label.get("x")) + float(label.get("textLength"))
    assert ends < float(tree.get("width")), "the text is inside"
    assert "style" not in {name for part in tree.iter() for name in part.attrib}


def test_the_code_to_copy_is_on_the_page_and_says_no_status(client, officer, commitment):
    commitment.short_title = 'Lend "chairs" & tables'
    commitment.save()
    code = embedding_code(commitment)
    assert code.card.startswith(
        f'<iframe src="http://127.0.0.1:8000{CARD}" title="Commitment 1.1 Lend &quot;chairs&quot;'
    )
    assert f'<img src="http://127.0.0.1:8000{BADGE}" alt="The status of commitment 1.1 Lend' in code.badge
    page = client.get(PAGE).content.decode()
    boxes = re.findall(r"<textarea([^>]*)>(.*?)</textarea>", page, re.S)
    assert [text.strip()[:10] for _, text in boxes] == ["&lt;a href", "&lt;iframe"]
    assert all("readonly" in attributes for attributes, _ in boxes)
    assert "&amp;quot;chairs&amp;quot;" in page, "what is copied is escaped once, and the page that shows it once more"


def test_what_is_not_there_is_404_and_an_earlier_reference_leads_on(client, strategy, commitment):
    for address in (CARD, BADGE):
        assert client.get(address.replace("thing-1-1", "nothing")).status_code == 404
        assert client.get(address.replace("our-strategy", "nothing")).status_code == 404
        assert client.post(address).status_code == 405
    day = timezone.localdate() - timedelta(days=9)
    FormerReference.objects.create(commitment=commitment, reference="9.9", held_from=None, held_until=day)
    answer = client.get(CARD.replace("thing-1-1", "9.9"))
    assert (answer.status_code, answer.headers["Location"]) == (302, CARD)
    missing = client.get(CARD.replace("thing-1-1", "nothing"))
    assert missing.headers["X-Frame-Options"] == "DENY"
