"""The last value that a form takes, and the first that it refuses."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from commitments.forms.consents import ConsentForm
from commitments.forms.fields import WholeNumberField
from commitments.forms.review import MAX_AT_ONCE, ChosenForm
from commitments.rules.evidence_figures import MAX_WHOLE_NUMBER


def errors_of_consent(*, given: int = 0, until: int = 9) -> list[str]:
    """The fields that are wrong in a consent that was given, and lasts, so many days from today."""
    today = timezone.localdate()
    days = {"given_on": today + timedelta(days=given), "lasts_until": today + timedelta(days=until)}
    return list(ConsentForm({"given_by": "The singers", "uses": ["portal"], **days}).errors)


def test_a_consent_may_be_given_today_and_not_tomorrow():
    assert not errors_of_consent(given=0)
    assert errors_of_consent(given=1) == ["given_on"]


def test_a_consent_may_last_until_today_and_not_until_yesterday():
    assert not errors_of_consent(until=0)
    assert errors_of_consent(given=-1, until=-1) == ["lasts_until"]


def test_the_largest_number_is_taken_and_one_more_is_not():
    assert WholeNumberField().clean(f"{MAX_WHOLE_NUMBER:,}") == MAX_WHOLE_NUMBER
    with pytest.raises(ValidationError, match="looks too large"):
        WholeNumberField().clean(str(MAX_WHOLE_NUMBER + 1))


def test_as_many_as_are_offered_can_be_chosen_at_once_and_no_more():
    def chosen(count: int) -> ChosenForm:
        return ChosenForm({"chosen": [f"{key}.1" for key in range(1, count + 1)]})

    assert chosen(MAX_AT_ONCE).is_valid()
    assert list(chosen(MAX_AT_ONCE + 1).errors) == ["chosen"]
