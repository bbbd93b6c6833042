"""The public reads posts; a name only where its owner lets it be shown. Whoever takes part reads names."""

import pytest
from django.urls import reverse

from commitments.content.updates import UpdateContent
from commitments.services.commitment_people import assign_people
from commitments.services.progress import change_status
from partners.models import HistoryEntry, User
from partners.permissions import can_set_public_name
from partners.services.people import set_public_name
from tests.factories import publish_update
from vcsportal.common.words import Refused

pytestmark = pytest.mark.django_db
POST = "Partnerships officer, Oxfordshire County Council"


@pytest.fixture
def told(officer, second_officer, commitment, open_round, now):
    """A commitment that the council's people lead, support, report on and approve."""
    assign_people(by=officer, at=now, commitment=commitment, lead=officer, supporting=[second_officer])
    change_status(by=officer, at=now, commitment=commitment, to="on_track", reason="It began.")
    publish_update(
        by=second_officer,
        at=now,
        commitment=commitment,
        round_=open_round,
        content=UpdateContent("on_track", "It goes on."),
    )
    return commitment


def pages(commitment):
    strategy = commitment.strategy
    yield commitment.get_absolute_url()
    yield strategy.get_absolute_url()
    yield reverse("commitments:commitment-list", args=[strategy.slug])
    yield reverse("commitments:actions", args=[strategy.slug, commitment.key])
    yield reverse("reporting:changes", args=[strategy.slug])
    yield f"/api/v1/strategies/{strategy.slug}/commitments/"
    yield f"/api/v1/strategies/{strategy.slug}/commitments/{commitment.key}/"
    yield f"/api/v1/strategies/{strategy.slug}/updates/"


def test_no_name_of_the_council_s_people_is_on_any_public_page_or_answer(client, told, officer, second_officer):
    looked = 0
    for address in pages(told):
        answer = client.get(address)
        assert answer.status_code == 200, address
        page = answer.content.decode()
        looked += 1
        for name in (officer.name, second_officer.name, "April Approver"):
            assert name not in page, f"{name} on {address}"
    assert looked == 8


def test_whoever_takes_part_reads_names(told, partner, signed_in, officer, second_officer):
    page = signed_in(partner).get(told.get_absolute_url()).content.decode()
    assert officer.name in page
    assert second_officer.name in page
    answer = signed_in(partner).get(f"/api/v1/strategies/{told.strategy.slug}/commitments/{told.key}/").json()
    assert (answer["lead_officer"], answer["supporting_officers"]) == (officer.name, [second_officer.name])


def test_somebody_without_a_role_reads_what_the_public_reads(told, nobody, signed_in, officer):
    assert officer.name not in signed_in(nobody).get(told.get_absolute_url()).content.decode()


def test_the_public_reads_the_post_and_the_team_s_address(client, told, officer, council, now):
    council.team_mailbox = "partnerships@example.org"
    council.save(update_fields=["team_mailbox"])
    first = client.get(told.get_absolute_url())
    assert "Council officer, Oxfordshire County Council" in first.content.decode()
    assert "mailto:partnerships@example.org" in first.content.decode()
    set_public_name(by=officer, at=now, person=officer, post="Partnerships officer", name_shown=False)
    page = client.get(told.get_absolute_url()).content.decode()
    assert POST in page
    assert officer.name not in page
    answer = client.get(f"/api/v1/strategies/{told.strategy.slug}/commitments/{told.key}/").json()
    assert answer["lead_officer"] == POST
    assert answer["supporting_officers"] == ["Council officer, Oxfordshire County Council"]


def test_a_name_is_shown_where_its_owner_lets_it_be_and_no_other(client, told, officer, second_officer, now):
    set_public_name(by=officer, at=now, person=officer, post="Partnerships officer", name_shown=True)
    page = client.get(told.get_absolute_url()).content.decode()
    assert officer.name in page
    assert second_officer.name not in page
    answer = client.get(f"/api/v1/strategies/{told.strategy.slug}/commitments/{told.key}/").json()
    assert answer["lead_officer"] == officer.name


def test_a_commitment_without_a_lead_has_nobody(client, commitment):
    answer = client.get(f"/api/v1/strategies/{commitment.strategy.slug}/commitments/{commitment.key}/").json()
    assert (answer["lead_officer"], answer["supporting_officers"]) == (None, [])
    assert "Nobody yet" in client.get(commitment.get_absolute_url()).content.decode()


def test_only_the_person_decides_and_the_history_says_so(signed_in, officer, administrator, now):
    client = signed_in(officer)
    assert "not your name" in client.get(reverse("partners:account")).content.decode()
    answer = client.post(reverse("partners:public-name"), {"post": " Partnerships  officer ", "name_shown": "on"})
    assert answer.headers["Location"] == reverse("partners:account")
    person = User.objects.get(pk=officer.pk)
    assert (person.post, person.name_shown) == ("Partnerships officer", True)
    assert HistoryEntry.objects.get(act="public name").detail == "Partnerships officer; name shown to the public"
    assert not can_set_public_name(administrator, person)
    with pytest.raises(Refused, match="Only the person can say"):
        set_public_name(by=administrator, at=now, person=person, post="", name_shown=False)
