"""Points through the API: published words for everybody, the acts of whoever answers, and never a contact or an original."""

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone
from drf_spectacular.generators import SchemaGenerator

from commitments.content.points import SentPoint
from commitments.models import Engagement, Point
from commitments.services.points import publish_point
from commitments.services.receiving_points import send_point
from partners.models import Mail
from tests.factories import make_group, make_organisation, make_person, make_strategy

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
    assert stranger.get(one).json() == {**answered, "owner": None, "due_on": None}
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


@pytest.fixture
def elsewhere(strategy):
    """A strategy of another council, with its officer."""
    council = make_organisation("Elmshire Council", "public_body")
    return make_strategy(council, slug="elmshire", opens_first=False), make_person("officer", council)


@pytest.fixture
def meeting(strategy) -> Engagement:
    return Engagement.objects.create(
        kind="meeting", title="The spring meeting", strategy=strategy, starts_on=timezone.localdate()
    )


def test_it_is_assigned_and_what_is_left_out_stays(api, stranger, sent, officer, second_officer, partner_lead, now):
    writer, door = api(officer), f"points/{sent.pk}/assign/"
    due = (sent.raised_on + timedelta(days=9)).isoformat()
    told = writer.post(door, {"owner": second_officer.email.upper(), "due_on": due, "version": 0}).json()
    assert (told["owner"], told["due_on"], told["version"]) == (
        {"person": second_officer.name, "words": ""}, due, 1
    )  # fmt: skip
    assert Mail.objects.filter(kind="point_assigned", person=second_officer).exists()
    told = writer.post(door, {"owner_words": "The works team", "version": 1}).json()
    assert (told["owner"], told["due_on"]) == ({"person": second_officer.name, "words": "The works team"}, due)
    told = writer.post(door, {"owner": None, "due_on": None, "version": 2}).json()
    assert (told["owner"], told["due_on"]) == ({"person": None, "words": "The works team"}, None)
    stale = writer.post(door, {"owner": None, "version": 2})
    assert stale.status_code == 409
    for email in (partner_lead.email, "nobody@example.org"):
        wrong = writer.post(door, {"owner": email, "version": 3})
        assert (wrong.status_code, list(wrong.json()["errors"])) == (400, ["owner"])
        assert partner_lead.name not in wrong.content.decode(), "it does not say who has an account"
    assert Point.objects.get().version == 3


def test_owner_and_due_date_are_for_those_who_answer_it(api, stranger, sent, officer, partner_lead, elsewhere, now):
    api(officer).post(f"points/{sent.pk}/assign/", {"owner": officer.email, "due_on": "2031-05-06", "version": 0})
    publish_point(by=officer, at=now, point=sent, public_words="A hall.")
    for reader in (stranger, api(partner_lead), api(elsewhere[1])):
        for told in (reader.get(f"points/{sent.pk}/").json(), reader.list("points/")[0]):
            assert (told["owner"], told["due_on"]) == (None, None)
    told = api(officer).list("points/")[0]
    assert (told["owner"]["person"], told["due_on"]) == (officer.name, "2031-05-06")


def test_it_is_passed_on_to_others_who_answer_it_then(api, sent, officer, elsewhere, now):
    group = make_group(make_organisation("The Chairs", "partnership_group"))
    there, far = elsewhere
    writer, door = api(officer), f"points/{sent.pk}/pass-on/"
    assert writer.post(door, {"group": "none-such", "version": 0}).json()["errors"].keys() == {"group"}
    told = writer.post(door, {"group": group.organisation.slug, "version": 0}).json()
    assert (told["group"]["slug"], told["strategy"]) == (group.organisation.slug, sent.strategy.slug)
    told = writer.post(door, {"group": None, "strategy": there.slug, "version": 1}).json()
    assert (told["group"], told["strategy"], told["owner"]) == (None, there.slug, None)
    assert writer.get(f"points/{sent.pk}/").status_code == 404
    assert writer.post(door, {"strategy": sent.strategy.slug, "version": 2}).status_code == 404
    assert api(far).get(f"points/{sent.pk}/").status_code == 200


def test_what_was_said_at_an_engagement_is_recorded(
    api, stranger, officer, second_officer, charity, commitment, meeting
):
    said = {
        "kind": "said", "words": "More chairs.", "raised_on": meeting.starts_on.isoformat(), "engagement": meeting.pk,
        "raised_by": charity.slug, "owner": second_officer.email, "publish": True,
        "commitment": f"{commitment.strategy.slug}:{commitment.key}",
    }  # fmt: skip
    answer = api(officer).post("points/", said)
    assert answer.status_code == 201
    told = answer.json()
    assert answer.headers["Location"] == told["url"]
    assert (told["words"], told["raised_by"], told["engagement"]) == ("More chairs.", charity.name, meeting.title)
    assert stranger.get(f"points/{told['id']}/").json()["words"] == "More chairs."
    point = Point.objects.get()
    assert (point.owner, point.commitment, point.strategy) == (second_officer, commitment, commitment.strategy)


def test_a_decision_needs_somebody_and_can_become_an_action(api, officer, commitment, meeting):
    writer = api(officer)
    decision = {
        "kind": "decision", "words": "We buy chairs.", "raised_on": meeting.starts_on.isoformat(),
        "engagement": meeting.pk, "makes_action": True, "action": "Buy chairs", "due_on": "2031-05-06",
    }  # fmt: skip
    assert list(writer.post("points/", decision).json()["errors"]) == ["owner_words"]
    decision["owner_words"] = "The works team"
    assert list(writer.post("points/", decision).json()["errors"]) == ["commitment"]
    decision["commitment"] = f"{commitment.strategy.slug}:{commitment.key}"
    assert writer.post("points/", decision).status_code == 201
    action = Point.objects.get().became_action
    assert action is not None
    assert action.title == "Buy chairs"


def test_nobody_records_at_a_meeting_of_others(api, officer, elsewhere, meeting, partner_lead):
    there, far = elsewhere
    said = {"kind": "said", "words": "x", "raised_on": meeting.starts_on.isoformat(), "engagement": meeting.pk}
    assert api(far).post("points/", said).status_code == 403
    theirs = api(far).post("points/", {**said, "strategy": there.slug})
    assert (theirs.status_code, list(theirs.json()["errors"])) == (400, ["strategy"])
    far_commitment = there.commitments.first()
    wrong = api(officer).post("points/", {**said, "commitment": f"{there.slug}:{far_commitment.key}"})
    assert (wrong.status_code, list(wrong.json()["errors"])) == (400, ["commitment"])
    assert api(partner_lead).post("points/", said).status_code == 403
    own = {**said, "engagement": None, "strategy": there.slug}
    assert api(officer).post("points/", own).status_code == 403
    assert api(far).post("points/", own).status_code == 201
    assert Point.objects.get().strategy == there


def test_whom_a_decision_could_be_given_to_is_not_told_to_others(api, officer, second_officer, elsewhere, meeting):
    """Otherwise an answer would say whether an address has an account, to people who could not record it anyway."""
    said = {
        "kind": "said", "words": "x", "raised_on": meeting.starts_on.isoformat(), "engagement": meeting.pk,
        "owner": second_officer.email,
    }  # fmt: skip
    for email in (second_officer.email, "nobody@example.org"):
        assert api(elsewhere[1]).post("points/", {**said, "owner": email}).status_code == 403
