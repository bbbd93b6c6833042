"""The form to name a deputy."""

from typing import Any

from django import forms

from partners.models import User
from vcsportal.common.dates import DayField
from vcsportal.common.form_fields import rows_field


class DeputyForm(forms.Form):
    """Who covers, and until when."""

    deputy = forms.ModelChoiceField(
        label="Who will cover?",
        queryset=User.objects.none(),
        empty_label="Choose a colleague",
        error_messages={
            "required": "Choose who will cover.",
            "invalid_choice": "Choose a colleague from the list.",
        },
    )
    until = DayField(
        direction="future",
        label="Until when? (optional)",
        help_text="The last day, for example 31 March 2027. Leave blank if you want to end it yourself.",
        required=False,
        widget=forms.TextInput(attrs={"class": "govuk-input--width-10"}),
    )

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows_field(self, "deputy").queryset = people
