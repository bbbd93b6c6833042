"""Linking evidence to engagement: found by its words and ticked, in two plain steps; what somebody can't see stays linked."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from commitments.content.engagement import EngagementAccount, EngagementPlan
from commitments.models import Engagement, Evidence
from commitments.services.engagement import plan_engagement
from commitments.services.engagement_account import MAX_EVIDENCE, save_account
from partners.models import Appointment, PartnershipGroup, Seat
from tests.api.conftest import Api
from tests.factories import make_evidence, make_person
from vcsportal.common.words import Invalid

pytestmark = pytest.mark.django_db


def text_of(answer) -> str:
    return " ".join(answer.content.decode().split())


@pytest.fixture
def today() -> date:
    return timezone.localdate()


@pytest.fixture
def group(strategy) -> PartnershipGroup:
    return PartnershipGroup.objects.get_or_create(organisation=strategy.steered_by)[0]


@pytest.fixture
def secretary(group, today):
    person = make_person(name="Sasha Secretary")
    seat = Seat.objects.create(group=group, number=1, title="Secretary to the board", is_secretary=True)
    Appointment.objects.create(seat=seat, person=person, post="Clerk", starts_on=today - timedelta(30))
    return person


@pytest.fixture
def meeting(administrator, now, group, strategy, today) -> Engagement:
    plan = EngagementPlan("meeting", "Spring meeting", today)
    return plan_engagement(by=administrator, at=now, group=group, strategy=strategy, plan=plan)


@pytest.fixture
def items(partner, commitment, officer) -> list[Evidence]:
    titles = ("Photographs of the forum", "A walk before the forum", "Something else")
    return [make_evidence(partner, commitment, state="accepted", officer=officer, title=title) for title in titles]


@pytest.fixture
def unseen(partner, commitment, officer, meeting, now) -> Evidence:
    """An item that waits for review, which the officer has linked and the secretary can't see."""
    item = make_evidence(partner, commitment, state="submitted", officer=officer, title="Quillwort minutes")
    save_account(by=officer, at=now, engagement=meeting, account=EngagementAccount("Said.", evidence=(item,)))
    meeting.refresh_from_db()
    return item


def ticked(page: str) -> list[str]:
    return [part.split('value="')[1].split('"')[0] for part in page.split("<input ")[1:] if 'name="evidence"' in part and "checked" in part]  # fmt: skip


def test_it_is_found_and_ticked_and_nothing_that_was_typed_is_lost(signed_in, secretary, meeting, items):
    own, url = signed_in(secretary), f"{meeting.get_absolute_url()}write-up/"
    photographs, walk, other = items
    page = text_of(own.get(url))
    assert "Find evidence (optional)" in page
    assert "Photographs of the forum" not in page, "it is never listed, only searched"
    typed = {"summary": "Typed words.", "version": "0", "evidence_search": "forum"}
    answer = own.post(url, {**typed, "find": "evidence"})
    page = text_of(answer)
    assert answer.status_code == 200
    for words in ("Photographs of the forum (Rowan Trust, ", "A walk before the forum (Rowan Trust, ", "Typed words."):
        assert words in page
    assert other.title not in page
    assert "There is a problem" not in page
    meeting.refresh_from_db()
    assert (meeting.summary, meeting.version) == ("", 0), "a search saves nothing"
    further = {**typed, "evidence": [str(photographs.pk)], "evidence_search": f"#{walk.pk}"}
    page = text_of(own.post(url, {**further, "find": "evidence"}))
    assert ticked(page) == [str(photographs.pk)], "what is ticked stays ticked through further searches"
    assert "A walk before the forum (" in page
    refused = own.post(url, {**further, "act": "save"})
    assert refused.status_code == 422
    assert "Select the items that you want to link, or clear the search box." in text_of(refused)
    saved = {**typed, "act": "save", "evidence": [str(photographs.pk), str(walk.pk)]}
    assert own.post(url, saved).status_code == 302
    assert set(meeting.evidence.all()) == {photographs, walk}
    page = text_of(own.get(url))
    assert sorted(ticked(page)) == sorted([str(photographs.pk), str(walk.pk)])
    own.post(url, {"summary": "Typed words.", "version": "1", "act": "save", "evidence": [str(walk.pk)]})
    assert list(meeting.evidence.all()) == [walk], "what is unticked is no longer linked"


def test_what_is_not_found_is_said(signed_in, secretary, meeting, items, unseen):
    own, url = signed_in(secretary), f"{meeting.get_absolute_url()}write-up/"
    for words in ("Quillwort", str(unseen.pk), "zzz"):
        page = text_of(own.post(url, {"version": "1", "evidence_search": words, "find": "evidence"}))
        assert f"No evidence that you can see matches “{words}”." in page
    assert ticked(page) == []


def test_more_than_twenty_are_not_listed(signed_in, secretary, meeting, partner, commitment, officer):
    for number in range(22):
        make_evidence(partner, commitment, state="accepted", officer=officer, title=f"Forum {number}")
    url = f"{meeting.get_absolute_url()}write-up/"
    page = text_of(signed_in(secretary).post(url, {"version": "0", "evidence_search": "forum", "find": "evidence"}))
    assert "More than 20 were found." in page
    assert page.count('name="evidence"') == 20


def test_what_the_person_cannot_see_is_not_named_and_stays_linked(signed_in, secretary, meeting, items, unseen, client):
    own, url = signed_in(secretary), f"{meeting.get_absolute_url()}write-up/"
    page = text_of(own.get(url))
    assert "Quillwort" not in page
    assert "1 further item of evidence that you can’t see is linked to it, and stays linked." in page
    sent = {"summary": "Ours.", "version": "1", "act": "save", "evidence": [str(items[0].pk)]}
    assert own.post(url, sent).status_code == 302
    assert set(meeting.evidence.all()) == {items[0], unseen}
    own.post(url, {"summary": "Ours.", "version": "2", "act": "publish"})
    assert set(meeting.evidence.all()) == {unseen}
    assert "Quillwort" not in text_of(client.get(meeting.get_absolute_url()))


def test_what_the_officer_sees_can_be_unlinked(officer, signed_in, meeting, unseen):
    own, url = signed_in(officer), f"{meeting.get_absolute_url()}write-up/"
    page = text_of(own.get(url))
    assert ticked(page) == [str(unseen.pk)]
    assert "that you can’t see" not in page
    own.post(url, {"summary": "Ours.", "version": "1", "act": "save"})
    assert not meeting.evidence.exists()


@pytest.mark.parametrize("door", ["account", "write-up"])
def test_the_api_keeps_what_the_person_cannot_see(secretary, meeting, items, unseen, door):
    address = f"engagement/{meeting.pk}/{door}/"
    for evidence in ([unseen.pk], [999999]):
        answer = Api(secretary).post(address, {"summary": "Ours.", "version": 1, "evidence": evidence})
        assert (answer.status_code, list(answer.json()["errors"])) == (400, ["evidence"])
        assert f"There is no evidence number “{evidence[0]}”." in answer.content.decode()
    told = Api(secretary).post(address, {"summary": "Ours.", "version": 1, "evidence": [items[0].pk]}).json()
    assert told["account"]["evidence"] == [items[0].pk]
    assert set(meeting.evidence.all()) == {items[0], unseen}
    assert meeting.history.newest_first().first().said["evidence"] == [items[0].pk, unseen.pk]


def test_what_stays_linked_counts_towards_the_limit(secretary, meeting, unseen, partner, commitment, officer, now):
    many = tuple(
        make_evidence(partner, commitment, state="accepted", officer=officer, title=f"Forum {number}")
        for number in range(MAX_EVIDENCE)
    )
    with pytest.raises(Invalid) as refused:
        save_account(by=secretary, at=now, engagement=meeting, account=EngagementAccount("S.", evidence=many))
    assert refused.value.field == "evidence"
    save_account(by=secretary, at=now, engagement=meeting, account=EngagementAccount("S.", evidence=many[1:]))
    assert meeting.evidence.count() == MAX_EVIDENCE


def test_ticked_evidence_is_kept_while_it_is_written(signed_in, secretary, meeting, items):
    own, url = signed_in(secretary), f"{meeting.get_absolute_url()}write-up/"
    keys = [str(item.pk) for item in items[:2]]
    kept = {"summary": "Half a sent", "evidence": keys, "version": "0", "act": "keep"}
    assert own.post(url, kept).status_code == 204
    page = text_of(own.get(url))
    assert "Half a sent" in page
    assert sorted(ticked(page)) == sorted(keys)
    assert not meeting.evidence.exists()


def test_the_title_of_a_withheld_item_is_not_shown(signed_in, secretary, meeting, items, monkeypatch):
    meeting.evidence.add(items[0])
    monkeypatch.setattr(
        "commitments.models.evidence.EvidenceQuerySet.without_details", lambda self, today, **more: self
    )
    page = text_of(signed_in(secretary).get(f"{meeting.get_absolute_url()}write-up/"))
    assert f"Evidence number {items[0].pk} (Rowan Trust, " in page
    assert "Photographs" not in page


def test_many_items_cost_no_more_queries(
    signed_in, secretary, meeting, partner, commitment, officer, django_assert_max_num_queries
):
    for number in range(40):
        meeting.evidence.add(
            make_evidence(partner, commitment, state="accepted", officer=officer, title=f"Forum {number}")
        )
    own, url = signed_in(secretary), f"{meeting.get_absolute_url()}write-up/"
    own.get(url)
    with django_assert_max_num_queries(12):
        assert len(ticked(text_of(own.get(url)))) == 40
