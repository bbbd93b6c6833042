"""The form of a commitment's success measure: the words, who agreed them and when."""

from typing import Final

from django import forms

from commitments.forms.fields import PlainText
from commitments.models import Commitment
from commitments.rules.plan_limits import MAX_AGREED_BY_CHARACTERS, MAX_MEASURE_CHARACTERS
from commitments.services.success_measures import SuccessMeasure
from vcsportal.common.dates import DayField
from vcsportal.common.widgets import TextBox

TOO_LONG: Final = "Use %(limit_value)d characters or fewer. You have used %(show_value)d."


class SuccessMeasureForm(forms.Form):
    """How people will know that a commitment worked. The service applies the rules."""

    words = PlainText(
        label="How will you know that it worked?",
        help_text="Something that people can see or count. Everyone can read it.",
        required=False,
        max_length=MAX_MEASURE_CHARACTERS,
        widget=TextBox(rows=5),
        error_messages={"max_length": TOO_LONG},
    )
    agreed_by = forms.CharField(
        label="Who agreed it? (optional)",
        help_text="A group or a meeting, such as “the co-production steering group”. Leave blank until it is agreed.",
        required=False,
        max_length=MAX_AGREED_BY_CHARACTERS,
        error_messages={"max_length": TOO_LONG},
    )
    agreed_on = DayField(
        label="When was it agreed? (optional)",
        help_text="For example 25 November 2026, 25/11 or last Wednesday.",
        required=False,
    )

    @classmethod
    def of(cls, commitment: Commitment) -> "SuccessMeasureForm":
        """Return the form with the measure that the commitment has."""
        measure = SuccessMeasure.of(commitment)
        return cls(initial={"words": measure.words, "agreed_by": measure.agreed_by, "agreed_on": measure.agreed_on})

    @property
    def measure(self) -> SuccessMeasure:
        """What was written, for the service."""
        values = self.cleaned_data
        return SuccessMeasure(values["words"], values["agreed_by"], values["agreed_on"])


def shown(commitment: Commitment) -> dict[str, str]:
    """Return what the form shows of a commitment, as texts by their labels."""
    measure = SuccessMeasure.of(commitment)
    return {
        "Success measure": measure.words,
        "Who agreed it": measure.agreed_by,
        "When it was agreed": measure.agreed_on.isoformat() if measure.agreed_on else "",
    }
