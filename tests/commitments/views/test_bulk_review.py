"""Several items of evidence accepted at once: named first, each by itself, what changed meanwhile left out."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from commitments.models import Evidence
from commitments.services import evidence as services
from commitments.services.bulk_review import accept_several
from tests.factories import make_evidence, make_evidence_content

pytestmark = pytest.mark.django_db

QUEUE, SEVERAL = "/review/", "/review/accept/"


@pytest.fixture
def three(partner, strategy):
    now = timezone.now()
    return [
        make_evidence(
            partner, strategy.commitments.get(reference=reference), state="submitted", at=now - timedelta(days=9 - n),
            title=f"Piece {n + 1}", publishable=n != 1,
        )
        for n, reference in enumerate(["1.1", "2.1", "1.2"])
    ]  # fmt: skip


def keys(pieces):
    return [f"{piece.pk}.{piece.version}" for piece in pieces]


def states(pieces):
    return [Evidence.objects.get(pk=piece.pk).state for piece in pieces]


def test_each_is_named_before_and_accepted_after(officer, three, signed_in):
    client = signed_in(officer)
    listed = client.get(QUEUE)
    assert [row["key"] for row in listed.context["rows"]] == keys(three)
    page = client.get(SEVERAL, {"chosen": keys(three)})
    assert states(three) == ["submitted"] * 3
    for words in (
        "Accept 3 items of evidence?", "Piece 1", "Rowan Trust", "For 2.1", "No photograph", "It may be published",
        "It is not for publication",
    ):  # fmt: skip
        assert words in page.text
    answer = client.post(SEVERAL, {"chosen": keys(three)}, follow=True)
    assert answer.redirect_chain == [(QUEUE, 302)]
    assert "You accepted 3 items of evidence." in answer.text
    assert states(three) == ["accepted"] * 3


def test_the_priority_that_one_works_through_stays(officer, three, signed_in):
    client = signed_in(officer)
    assert 'name="priority" value="1"' in client.get(f"{QUEUE}?priority=1").text
    page = client.get(SEVERAL, {"chosen": keys(three[:1]), "priority": "1"})
    assert page.context["queue_url"] == f"{QUEUE}?priority=1"
    assert client.post(f"{SEVERAL}?priority=1", {"chosen": keys(three[:1])}).url == f"{QUEUE}?priority=1"


def test_one_s_own_can_not_be_ticked_and_is_refused_by_name(officer, council, commitment, three, signed_in):
    own = make_evidence(officer, commitment, state="submitted", organisation=council, title="The council’s own")
    client = signed_in(officer)
    row = next(row for row in client.get(QUEUE).context["rows"] if row["own"])
    assert row["tick"] is None
    page = client.get(SEVERAL, {"chosen": keys([own, three[0]])})
    assert "Accept 1 item of evidence?" in page.text
    assert "You logged, changed or sent this evidence yourself" in page.text
    answer = client.post(SEVERAL, {"chosen": keys([own, three[0]])}, follow=True)
    assert "“The council’s own” was left out." in answer.text
    assert states([own, three[0]]) == ["submitted", "accepted"]


def test_what_changed_meanwhile_is_left_out_and_named(officer, second_officer, partner, three, commitment, signed_in):
    client, now, chosen = signed_in(officer), timezone.now(), keys(three)
    services.accept_evidence(by=second_officer, at=now, evidence=three[0])
    services.withdraw_evidence(by=partner, at=now, evidence=three[1])
    services.reopen_evidence(by=partner, at=now, evidence=three[1])
    services.edit_evidence(
        by=partner, at=now, evidence=three[1], content=make_evidence_content(commitment, title="Piece 2, anew")
    )
    services.submit_evidence(by=partner, at=now, evidence=three[1])
    page = client.get(SEVERAL, {"chosen": chosen})
    assert "Accept 1 item of evidence?" in page.text
    assert "This evidence is accepted" in page.text
    assert "It has changed since you saw it in the list." in page.text
    answer = client.post(SEVERAL, {"chosen": chosen}, follow=True)
    assert "You accepted 1 item of evidence." in answer.text
    assert "“Piece 1” was left out. This evidence is accepted, so it can&#x27;t be accepted." in answer.text
    assert "“Piece 2, anew” was left out. This evidence has changed since you opened it." in answer.text
    assert states(three) == ["accepted", "submitted", "accepted"]


def test_a_second_click_changes_nothing_and_says_so(officer, three, signed_in):
    client = signed_in(officer)
    client.post(SEVERAL, {"chosen": keys(three)})
    answer = client.post(SEVERAL, {"chosen": keys(three)}, follow=True)
    assert "You accepted" not in answer.text.split("“Piece 1” was left out")[1]
    assert states(three) == ["accepted"] * 3


def test_what_can_not_be_seen_is_not_there(officer, partner, commitment, signed_in):
    draft = make_evidence(partner, commitment)
    client = signed_in(officer)
    page = client.get(SEVERAL, {"chosen": keys([draft])})
    assert draft.title not in page.text
    answer = client.post(SEVERAL, {"chosen": keys([draft])}, follow=True)
    assert "None of these is there any more. Nothing was changed." in answer.text
    assert states([draft]) == ["draft"]


@pytest.mark.parametrize(
    "chosen", [[], [""], ["1"], ["x.y"], ["1.2.3"], ["1.1"] * 1 + [f"{n}.1" for n in range(2, 103)]]
)
def test_a_choice_that_is_none_leads_back_to_the_list(officer, three, signed_in, chosen):
    for ask in (signed_in(officer).get, signed_in(officer).post):
        answer = ask(SEVERAL, {"chosen": chosen})
        assert answer.status_code == 422
        assert "There is a problem" in answer.text
        assert 'id="id_chosen_0"' in answer.text


def test_fifty_are_named_in_few_queries(officer, three, partner, commitment, signed_in, django_assert_max_num_queries):
    pieces = [make_evidence(partner, commitment, state="submitted", title=f"More {n}") for n in range(20)]
    client = signed_in(officer)
    with django_assert_max_num_queries(12):
        assert "Accept 20 items of evidence?" in client.get(SEVERAL, {"chosen": keys(pieces)}).text


def test_each_decision_stands_by_itself(officer, three):
    outcome = accept_several(
        by=officer, at=timezone.now(), pieces=[(three[0], three[0].version + 1), (three[1], three[1].version)]
    )
    assert outcome.done == ("Piece 2",)
    assert outcome.left[0][0] == "Piece 1"
    assert reverse("commitments:accept-several") == SEVERAL
