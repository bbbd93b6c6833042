"""Each kind of refusal through the page and through the API: not allowed, not now, done already, not valid."""

import pytest
from django.urls import reverse

from commitments.models import Evidence
from tests.api.conftest import Api
from tests.factories import make_evidence

pytestmark = pytest.mark.django_db


def title_of(answer) -> str:
    return " ".join(answer.text.partition("<title>")[2].partition("</title>")[0].split())


def act(name: str, piece: Evidence) -> str:
    return reverse(f"commitments:evidence-{name}", args=[piece.pk])


def test_not_allowed_is_403_at_both_doors(world, outsider, signed_in):
    piece = world.evidence["accepted"]
    page = signed_in(outsider).post(act("withdraw", piece), {"version": piece.version})
    assert page.status_code == 403
    assert title_of(page).startswith("You can’t do this")
    assert "If you think that you should be able to do this, write to" in page.text
    answer = Api(outsider).post(f"evidence/{piece.pk}/withdraw/", {"version": piece.version})
    assert (answer.status_code, set(answer.json())) == (403, {"type", "title", "status", "detail"})


def test_not_now_is_409_at_both_doors(world, partner, officer, commitment, signed_in):
    piece = make_evidence(partner, commitment, state="accepted", officer=officer)
    page = signed_in(partner).post(act("submit", piece), {"version": piece.version})
    assert page.status_code == 409
    assert title_of(page).startswith("This can’t be done now")
    assert "Nothing has been changed." in page.text
    assert "If you think that you should be able to do this" not in page.text
    answer = Api(partner).post(f"evidence/{piece.pk}/submit/", {"version": piece.version})
    assert (answer.status_code, set(answer.json())) == (409, {"type", "title", "status", "detail"})


def test_the_back_button_after_sending_says_that_it_is_sent_and_links_to_it(
    world, partner, partner_lead, commitment, signed_in
):
    piece = make_evidence(partner, commitment)
    signed_in(partner).post(act("submit", piece), {"version": piece.version})
    for person, heading, who in (
        (partner, "You have already sent this", "by you."),
        (partner_lead, "This has already been sent", f"by {partner.name}."),
    ):
        back = signed_in(person).get(act("submit", piece))
        assert back.status_code == 409
        assert title_of(back).startswith(heading)
        assert f">{heading}</h1>" in back.text
        assert "This evidence was sent already, on " in back.text
        assert who in back.text
        assert f'href="{piece.get_absolute_url()}">Go to the evidence</a>' in back.text
        assert "You can’t do this" not in back.text
    answer = Api(partner).post(f"evidence/{piece.pk}/submit/", {"version": piece.version})
    assert answer.status_code == 409
    assert answer.json()["detail"].endswith("by you.")


def test_not_valid_is_422_on_a_page_and_400_with_the_field_in_the_api(world, partner, officer, commitment, signed_in):
    bare = make_evidence(partner)
    page = signed_in(partner).post(act("submit", bare), {"version": bare.version})
    assert page.status_code == 422
    assert title_of(page).startswith("Something needs correcting")
    needed = "Choose at least one commitment that this evidence is for, or let the council choose. Then send it."
    assert needed in page.text
    answer = Api(partner).post(f"evidence/{bare.pk}/submit/", {"version": bare.version})
    told = answer.json()
    assert (answer.status_code, told["detail"], told["errors"]) == (400, needed, {"commitments": [needed]})


def test_a_refusal_in_a_form_stands_beside_its_field_and_loses_no_word(world, officer, commitment, signed_in):
    address = reverse("commitments:action-new", args=[commitment.strategy.slug, commitment.key])
    first = {"title": "Find a hall", "reference": "A"}
    assert signed_in(officer).post(address, first).status_code == 302
    page = signed_in(officer).post(address, {"title": "Find another hall", "reference": "A"})
    assert page.status_code == 422
    assert set(page.context["form"].errors) == {"reference"}
    assert 'href="#id_reference"' in page.text
    assert 'value="Find another hall"' in page.text or "Find another hall</textarea>" in page.text


def test_the_schema_says_what_each_status_means(world, stranger):
    schema = stranger.get("schema/", headers={"accept": "application/json"}).json()
    answers = schema["paths"]["/api/v1/evidence/{id}/submit/"]["post"]["responses"]
    assert "may not" in answers["403"]["description"]
    assert "now" not in answers["403"]["description"]
    assert "present state" in answers["409"]["description"]
    assert "errors" in answers["400"]["description"]
