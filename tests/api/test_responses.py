"""Responses through the API follow the pages' own rules."""

import pytest

from commitments.content.responses import ResponseContent
from commitments.services.loading.commitments import LoadedCommitments
from commitments.services.loading.responses import address
from commitments.services.responses import submit_response

pytestmark = pytest.mark.django_db
ROOT = "strategies/our-strategy/responses/"
SAID = {"stance": "in_part", "words": "The first half.", "decided_where": "Cabinet", "decided_on": "2025-03-12"}


@pytest.fixture
def addressed(commitment, council, charity):
    address(commitment, [council.slug, charity.slug, "Anchor institutions"], done=LoadedCommitments())
    return commitment


@pytest.fixture
def number(addressed, council):
    return addressed.responses.get(organisation=council).pk


def test_it_is_written_approved_and_read(api, stranger, number, officer, second_officer):
    writer, second = api(officer), api(second_officer)
    saved = writer.post(f"{ROOT}{number}/save/", {"words": "Perhaps.", "version": 0})
    assert (saved.status_code, saved.json()["state"]["code"], saved.json()["words"]) == (200, "draft", "Perhaps.")
    sent = writer.post(f"{ROOT}{number}/submit/", {**SAID, "version": 1}).json()
    assert (sent["state"]["code"], sent["opens_progress"]) == ("submitted", False)
    hidden = stranger.get(f"{ROOT}{number}/").json()
    assert (hidden["state"]["code"], hidden["stance"], hidden["words"], hidden["version"]) == ("awaited", None, "", 0)
    assert writer.post(f"{ROOT}{number}/approve/", {"version": 2}).status_code == 403
    assert second.post(f"{ROOT}{number}/approve/", {"version": 1}).status_code == 409
    given = second.post(f"{ROOT}{number}/approve/", {"version": 2}).json()
    public = stranger.get(f"{ROOT}{number}/").json()
    assert public == given
    assert public["stance"] == {"code": "in_part", "label": "Accepted in part", "shape": "half"}
    assert (public["words"], public["decided_where"], public["decided_on"]) == (
        "The first half.",
        "Cabinet",
        "2025-03-12",
    )
    assert public["opens_progress"]
    back = second.post(f"{ROOT}{number}/return/", {"version": 3, "reason": "Name the day."}).json()
    assert (back["state"]["code"], back["opens_progress"]) == ("returned", False)


def test_the_list_names_every_addressee(stranger, addressed, council):
    rows = stranger.list(ROOT)
    assert [(row["commitment"], row["addressee"], row["organisation"] and row["organisation"]["slug"]) for row in rows] == [
        ("1.1", council.name, council.slug), ("1.1", "Rowan Trust", addressed.responses.get(place=2).organisation.slug),
        ("1.1", "Anchor institutions", None),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("sent", "status", "field"),
    [
        ({"words": "Why.", "version": 0}, 400, "stance"),
        ({"stance": "yes", "version": 0}, 400, "words"),
        ({"stance": "perhaps", "words": "Why.", "version": 0}, 400, "stance"),
        ({"stance": "yes", "words": "Why.", "decided_on": "2099-01-01", "version": 0}, 400, "decided_on"),
        ({"stance": "yes", "words": "Why."}, 400, "version"),
        ({"stance": "yes", "words": "Why.", "version": 7}, 409, ""),
    ],
)
def test_bad_input_names_the_field(api, number, officer, sent, status, field):
    answer = api(officer).post(f"{ROOT}{number}/submit/", sent)
    assert answer.status_code == status
    if field:
        assert field in answer.json()["errors"]


def test_who_does_not_handle_it_finds_nothing_to_write(api, number, addressed, partner_lead, officer, now):
    assert api(partner_lead).post(f"{ROOT}{number}/save/", {"version": 0}).status_code == 404
    words = addressed.responses.get(organisation=None).pk
    assert api(officer).post(f"{ROOT}{words}/save/", {"version": 0}).status_code == 404


def test_a_draft_is_read_by_those_who_handle_it_only(
    api, number, addressed, officer, second_officer, partner_lead, administrator, now
):
    submit_response(
        by=officer,
        at=now,
        response=addressed.responses.get(pk=number),
        content=ResponseContent("yes", "Not yet public."),
    )
    read = {
        name: "Not yet public." in api(person).get(f"{ROOT}{number}/").content.decode()
        for name, person in (
            ("officer", officer),
            ("second", second_officer),
            ("lead", partner_lead),
            ("admin", administrator),
        )
    }
    assert read == {"officer": True, "second": True, "lead": False, "admin": True}
