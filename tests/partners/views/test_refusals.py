"""Each kind of refusal on the pages of the people floor."""

import pytest
from django.urls import reverse

from partners.models import User

pytestmark = pytest.mark.django_db

INVITE = "partners:invite"


def guest(organisation, **changes: object) -> dict[str, object]:
    return {
        "name": "Gale Guest",
        "email": "gale@example.org",
        "role": "partner_lead",
        "organisation": organisation.slug,
        **changes,
    }


def test_not_allowed_is_403(signed_in, partner):
    answer = signed_in(partner).get(reverse(INVITE))
    assert answer.status_code == 403
    assert "You can’t do this</h1>" in answer.text


def test_not_now_is_409_and_the_form_keeps_what_was_typed(signed_in, administrator, nobody, charity):
    User.objects.filter(pk=nobody.pk).update(is_active=False)
    answer = signed_in(administrator).post(reverse(INVITE), guest(charity, email=nobody.email))
    assert answer.status_code == 409
    assert "access has been ended" in str(answer.context["form"].non_field_errors())
    assert 'value="Gale Guest"' in answer.text


def test_not_valid_is_422_beside_the_field(signed_in, administrator, charity):
    answer = signed_in(administrator).post(reverse(INVITE), guest(charity, role="administrator"))
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"organisation"}
    assert 'href="#id_organisation_0"' in answer.text
    assert 'value="Gale Guest"' in answer.text
