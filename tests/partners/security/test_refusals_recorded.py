"""What a signed-in person is refused is in the trail, by page and by API, and no secret of an address with it."""

import pytest
from django.test import Client

from partners.models import SecurityEvent
from partners.security.events import MAXIMUM_PER_VISITOR_AND_MINUTE

pytestmark = pytest.mark.django_db


def recorded() -> list[tuple[str, str, str]]:
    events = SecurityEvent.objects.filter(kind__in=["refused", "not_found"]).order_by("id")
    return list(events.values_list("kind", "subject", "detail"))


def test_a_page_that_is_refused(signed_in, partner):
    assert signed_in(partner).get("/people/?page=2").status_code == 403
    assert recorded() == [
        ("refused", "GET /people/", "Only an administrator can see and change who takes part."),
    ]
    event = SecurityEvent.objects.get(kind="refused")
    assert (event.by, event.person, event.address) == (partner, partner, "127.0.0.1")


def test_a_write_that_the_api_refuses(signed_in, steering_member, commitment, open_round):
    answer = signed_in(steering_member).put(
        f"/api/v1/commitments/{commitment.strategy.slug}/{commitment.key}/updates/{open_round.slug}/",
        {"status": "on_track", "narrative": "x"},
        content_type="application/json",
    )
    assert answer.status_code in {403, 404}, answer.content
    [(kind, subject, detail)] = recorded()
    assert kind == ("refused" if answer.status_code == 403 else "not_found")
    assert subject.startswith("PUT /api/v1/commitments/")
    assert detail == answer.json()["detail"]


def test_a_thing_of_somebody_else_is_recorded_as_not_found(signed_in, partner):
    assert signed_in(partner).get("/evidence/999999/").status_code == 404
    assert recorded() == [("not_found", "GET /evidence/999999/", "")]


def test_a_forged_form_is_recorded(partner):
    client = Client(enforce_csrf_checks=True)
    client.force_login(partner, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert client.post("/people/invite/").status_code == 403
    assert [kind for kind, _, _ in recorded()] == ["refused"]


def test_strangers_and_addresses_that_do_not_exist_are_the_logs_business(client, signed_in, partner):
    assert client.get("/evidence/999999/").status_code == 404
    assert client.get("/people/").status_code == 302
    assert signed_in(partner).get("/no-such-page/").status_code == 404
    assert recorded() == []


def test_a_signed_part_of_an_address_is_left_out(signed_in, partner):
    signed = "WzEsMl0:1vPabc:kJh2kjh34kjh5kjh345kjh345kjh"
    assert signed_in(partner).get(f"/hand-on/{signed}/").status_code == 404
    for _, subject, _ in recorded():
        assert "kJh2" not in subject
        assert "…" in subject


def test_somebody_who_tries_every_door_does_not_fill_the_database(signed_in, partner):
    client = signed_in(partner)
    for number in range(30):
        client.get(f"/evidence/{900_000 + number}/")
    assert len(recorded()) <= 2 * (MAXIMUM_PER_VISITOR_AND_MINUTE + 1)  # the minute may have changed meanwhile
