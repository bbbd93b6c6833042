"""The review queue: one piece after another, and two officers who never trip over each other."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from commitments.services import evidence as services
from tests.commitments.views.test_evidence_pages import many
from tests.factories import make_evidence, make_evidence_content

pytestmark = pytest.mark.django_db

REVIEW = "/review/"


def one(piece, query=""):
    return reverse("commitments:review-one", args=[piece.pk]) + query


@pytest.fixture
def three(partner, strategy):
    """Three pieces that wait, the first the longest; the second is for priority 2, the others for 1."""
    now, found = timezone.now(), []
    for number, reference in enumerate(["1.1", "2.1", "1.2"]):
        at = now - timedelta(days=9 - number)
        commitment = strategy.commitments.get(reference=reference)
        found.append(make_evidence(partner, commitment, state="submitted", at=at, title=f"Piece {number + 1}"))
    return found


@pytest.mark.parametrize("who", ["partner", "administrator", "steering_member", "nobody"])
def test_only_officers_review(request, three, signed_in, who):
    client = signed_in(request.getfixturevalue(who))
    for address in (REVIEW, one(three[0])):
        answer = client.get(address)
        assert answer.status_code == 403
        assert "Only a council officer can review evidence." in answer.text


def test_the_longest_waiting_comes_first(officer, three, signed_in):
    answer = signed_in(officer).get(REVIEW)
    assert [row["title"] for row in answer.context["rows"]] == ["Piece 1", "Piece 2", "Piece 3"]
    assert "3 items of evidence are waiting for a decision, the longest-waiting first." in answer.text
    assert "9 days ago" in answer.text
    narrowed = signed_in(officer).get(f"{REVIEW}?priority=2")
    assert [row["title"] for row in narrowed.context["rows"]] == ["Piece 2"]
    assert "Nothing is waiting for this priority." in signed_in(officer).get(f"{REVIEW}?priority=7").text


def test_an_empty_queue_says_so(officer, strategy, signed_in):
    assert "Nothing is waiting for a decision." in signed_in(officer).get(REVIEW).text


def test_after_a_decision_the_next_one_comes_by_itself(officer, three, signed_in):
    client = signed_in(officer)
    page = client.get(one(three[0]))
    assert "All items (3)" in page.text
    answer = client.post(one(three[0]), {"version": three[0].version, "decision": "accept"}, follow=True)
    assert answer.redirect_chain == [(one(three[1]), 302)]
    assert "You accepted “Piece 1”." in answer.text
    data = {"version": three[1].version, "decision": "return", "reason": "Please say **where**."}
    answer = client.post(one(three[1]), data, follow=True)
    assert answer.redirect_chain == [(one(three[2]), 302)]
    assert "You returned “Piece 2” to Rowan Trust." in answer.text
    answer = client.post(one(three[2]), {"version": three[2].version, "decision": "accept"}, follow=True)
    assert answer.redirect_chain == [(REVIEW, 302)]
    for piece, state in zip(three, ("accepted", "returned", "accepted"), strict=True):
        piece.refresh_from_db()
        assert piece.state == state


def test_the_place_is_kept_within_a_priority_and_after_a_jump(officer, three, signed_in):
    client = signed_in(officer)
    data = {"version": three[0].version, "decision": "accept"}
    assert client.post(one(three[0], "?priority=1"), data).url == one(three[2], "?priority=1")
    answer = client.post(one(three[2], "?priority=1"), {"version": three[2].version, "decision": "accept"})
    assert answer.url == f"{REVIEW}?priority=1"
    assert client.get(one(three[1])).context["skip_url"] == ""


def test_the_last_leads_back_to_the_first_that_was_left(officer, three, signed_in):
    client = signed_in(officer)
    assert client.get(one(three[0])).context["skip_url"] == one(three[1])
    assert client.post(one(three[2]), {"version": three[2].version, "decision": "accept"}).url == one(three[0])


@pytest.mark.parametrize(
    ("data", "field", "sentence"),
    [
        ({}, "decision", "Choose whether you accept it or return it."),
        ({"decision": "burn"}, "decision", "Choose whether you accept it or return it."),
        ({"decision": "return", "reason": "  "}, "reason", "Say what needs to change. The partner will read it."),
        ({"decision": "return", "reason": "a" * 20_001}, None, "The text has 20,001 characters."),
    ],
)
def test_a_decision_that_is_not_one_is_said_at_the_field(officer, three, signed_in, data, field, sentence):
    answer = signed_in(officer).post(one(three[0]), {"version": three[0].version, "reason": "My words.", **data})
    assert answer.status_code == 422
    assert sentence in answer.text
    assert field is None or set(answer.context["form"].errors) == {field}
    assert answer.context["form"]["reason"].value() == data.get("reason", "My words.")
    three[0].refresh_from_db()
    assert three[0].state == "submitted"


@pytest.mark.parametrize("method", ["get", "post"])
def test_when_a_colleague_was_first_the_officer_is_told_and_led_on(officer, second_officer, three, signed_in, method):
    services.accept_evidence(by=second_officer, at=timezone.now(), evidence=three[0])
    data = {"version": three[0].version, "decision": "return", "reason": "No."}
    answer = getattr(signed_in(officer), method)(one(three[0]), data, follow=True)
    assert answer.redirect_chain == [(one(three[1]), 302)]
    assert "Oscar Officer has already accepted “Piece 1”. Nothing more was changed." in answer.text
    three[0].refresh_from_db()
    assert three[0].state == "accepted"


def test_a_piece_that_was_taken_back_and_changed_must_be_read_again(officer, partner, three, commitment, signed_in):
    now, piece = timezone.now(), three[0]
    read = piece.version
    services.withdraw_evidence(by=partner, at=now, evidence=piece)
    services.reopen_evidence(by=partner, at=now, evidence=piece)
    services.edit_evidence(
        by=partner, at=now, evidence=piece, content=make_evidence_content(commitment, title="Something else")
    )
    services.submit_evidence(by=partner, at=now, evidence=piece)
    client = signed_in(officer)
    answer = client.post(one(piece), {"version": read, "decision": "accept"})
    assert answer.status_code == 409
    assert "This evidence has changed since you opened it. Read it again, then decide." in answer.text
    assert "Something else" in answer.text
    client.post(one(piece), {"version": answer.context["form"]["version"].value(), "decision": "accept"})
    piece.refresh_from_db()
    assert piece.state == "accepted"


def test_nobody_reviews_their_own(officer, second_officer, council, three, commitment, signed_in):
    own = make_evidence(officer, commitment, state="submitted", organisation=council, title="The council’s own")
    client = signed_in(officer)
    assert "You logged this, so another officer must review it." in client.get(REVIEW).text
    page = client.get(one(own))
    assert "someone else needs to review it" in page.text
    assert "Decide, then show the next" not in page.text
    answer = client.post(one(own), {"version": own.version, "decision": "accept"})
    assert answer.status_code == 403
    assert "someone else needs to review it" in answer.text
    assert signed_in(second_officer).get(one(own)).context["can_decide"]


def test_earlier_returns_are_in_sight(officer, partner, three, commitment, signed_in):
    now = timezone.now()
    services.return_evidence(by=officer, at=now, evidence=three[0], reason="Please say where.")
    services.submit_evidence(by=partner, at=now, evidence=three[0])
    page = signed_in(officer).get(one(three[0])).text
    assert "From Sent to Returned" in page


def test_five_hundred_waiting_take_few_queries(
    officer, partner, charity, commitment, signed_in, django_assert_max_num_queries
):
    now = timezone.now()
    pieces = many(charity, partner, commitment, 500, state="submitted", submitted_at=now, submitted_by=partner)
    client = signed_in(officer)
    with django_assert_max_num_queries(12):
        assert "500 items of evidence are waiting" in client.get(f"{REVIEW}?priority=1").text
    client = signed_in(officer)
    with django_assert_max_num_queries(12):
        answer = client.get(one(pieces[400]))
    assert answer.context["skip_url"] == one(pieces[401])
