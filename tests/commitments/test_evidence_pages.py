"""Evidence in the browser's place: reading, telling, sending; who sees what; nothing lost."""

import pytest
from django.urls import reverse

from commitments.models import Evidence
from tests.factories import make_evidence

pytestmark = pytest.mark.django_db


def form_data(**changes):
    data = {"title": "Ran a drop-in", "happened_from": "12 March 2026", "then": "save"}
    return {**data, **changes}


def test_a_partner_tells_what_was_done_and_sends_it(partner, commitment, signed_in):
    client = signed_in(partner)
    page = client.get(reverse("commitments:evidence-new"), {"commitment": "1.1"})
    assert page.status_code == 200
    answer = client.post(
        reverse("commitments:evidence-new"),
        form_data(commitments=["1.1"], people_reached="1,200", then="send", form_token=str(page.context["form"]["form_token"].value())),
    )
    piece = Evidence.objects.get()
    assert answer.url == reverse("commitments:evidence-submit", args=[piece.pk])
    assert piece.people_reached == 1200
    assert "Check before you send" in client.get(answer.url).content.decode()
    sent = client.post(answer.url, follow=True)
    assert "Sent. A council officer will look at it" in sent.content.decode()
    piece.refresh_from_db()
    assert piece.state == "submitted"


def test_pages_open(partner, officer, commitment, signed_in, client):
    pieces = [make_evidence(partner, commitment, state=state, officer=officer) for state in ("draft", "submitted", "accepted", "returned", "withdrawn")]
    own, council = signed_in(partner), signed_in(officer)
    for piece in pieces:
        for name in ("evidence", "evidence-edit", "evidence-submit", "evidence-withdraw", "evidence-reopen", "evidence-file-add"):
            url = reverse(f"commitments:{name}", args=[piece.pk])
            print(piece.state, name, own.get(url).status_code, council.get(url).status_code, client.get(url).status_code)
    for c in (own, council, client):
        assert c.get(reverse("commitments:evidence-list")).status_code == 200
    assert council.get(reverse("commitments:review")).status_code == 200
    assert council.get(reverse("commitments:review-one", args=[pieces[1].pk])).status_code == 200
