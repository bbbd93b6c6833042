"""Points through the API: published words for everybody, the acts of whoever answers, and never a contact or an original."""

import uuid

import pytest
from drf_spectacular.generators import SchemaGenerator

from commitments.models import Point
from commitments.point_content import SentPoint
from commitments.services.points import publish_point
from commitments.services.receiving_points import send_point
from tests.factories import make_organisation, make_person, make_strategy

pytestmark = pytest.mark.django_db
PRIVATE = ("Quillwort", "Petra Quince", "petra@example.org", "Tansy Lunch Club")


@pytest.fixture
def sent(strategy, now) -> Point:
    content = SentPoint(
        "interest", "Quillwort wants Ash Hall.", about_words="Quillwort Hall", strategy=strategy, email="petra@example.org",
        name="Petra Quince", group_name="Tansy Lunch Club",
    )  # fmt: skip
    return send_point(at=now, token=uuid.uuid4(), content=content)


def test_nothing_is_there_before_it_is_published(api, stranger, sent, partner_lead):
    for reader in (stranger, api(partner_lead)):
        assert reader.list("points/") == []
        assert reader.get(f"points/{sent.pk}/").status_code == 404


def test_it_is_published_answered_done_closed_and_reopened(api, stranger, sent, officer, now):
    writer, one = api(officer), f"points/{sent.pk}/"
    shown = writer.post(f"{one}publish/", {"public_words": "A hall.", "raised_by_words": "A club", "version": 0}).json()
    assert (shown["words"], shown["raised_by"], shown["stance"]) == ("A hall.", "A club", None)
    assert writer.post(f"{one}answer/", {"stance": "no", "response": "No.", "version": 0}).status_code == 409
    answered = writer.post(f"{one}answer/", {"stance": "in_part", "response": "Mornings.", "version": 1}).json()
    assert stranger.get(one).json() == answered
    assert (answered["stance"]["code"], answered["response"]) == ("in_part", "Mornings.")
    day = sent.raised_on.isoformat()
    assert writer.post(f"{one}done/", {"done_on": day, "version": 2}).json()["done_on"] == day
    assert writer.post(f"{one}close/", {"reason": "Over.", "version": 3}).json()["state"]["code"] == "closed"
    assert writer.post(f"{one}reopen/", {"reason": "More.", "version": 4}).json()["stance"] is None
    assert writer.post(f"{one}take-down/", {"reason": "A name.", "version": 5}).json()["words"] == ""
    assert stranger.get(one).status_code == 404


def test_what_is_missing_is_named_by_field(api, sent, officer):
    answer = api(officer).post(f"points/{sent.pk}/answer/", {"version": 0})
    assert answer.status_code == 400
    assert set(answer.json()["errors"]) == {"stance", "response"}


def test_people_of_another_strategy_write_nothing(api, sent, officer, now):
    publish_point(by=officer, at=now, point=sent, public_words="A hall.")
    elsewhere = make_organisation("Elmshire Council", "public_body")
    make_strategy(elsewhere, slug="elmshire", opens_first=False)
    other = api(make_person("officer", elsewhere))
    assert other.get(f"points/{sent.pk}/").status_code == 200
    assert other.post(f"points/{sent.pk}/close/", {"reason": "x", "version": 1}).status_code == 404


def test_no_original_and_no_contact_is_in_the_api_even_for_those_who_answer(api, stranger, sent, officer, now):
    publish_point(by=officer, at=now, point=sent, public_words="A hall.")
    for reader in (stranger, api(officer)):
        for address in ("points/", f"points/{sent.pk}/", "points/?kind=interest"):
            text = reader.get(address).content.decode()
            assert "A hall." in text
            assert not [word for word in PRIVATE if word in text]


def test_the_schema_knows_no_contact_of_a_point():
    schema = SchemaGenerator().get_schema(request=None, public=True)
    shapes = {name: shape for name, shape in schema["components"]["schemas"].items() if name.startswith("Point")}
    assert len(shapes) >= 7
    names = {field for shape in shapes.values() for field in shape.get("properties", {})}
    assert not names & {"email", "name", "group_name", "contact", "about_words", "original", "telephone"}
    assert not [name for name in schema["components"]["schemas"] if "contact" in name.lower()]
