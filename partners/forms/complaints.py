"""The forms for a complaint about personal data, and for what is done about it."""

from typing import Any

from django import forms

from partners.models.privacy import COMPLAINT_STEPS
from partners.services.complaints import MAXIMUM_COMPLAINT_CHARACTERS
from vcsportal.common.widgets import Radios, TextBox


class ComplaintForm(forms.Form):
    """Who complains, how to answer them, and what about. ``website`` is a box that only programs fill in."""

    form_token = forms.UUIDField(widget=forms.HiddenInput())
    name = forms.CharField(label="Your name", max_length=150, error_messages={"required": "Enter your name."})
    email = forms.EmailField(
        label="Your email address",
        max_length=254,
        required=False,
        help_text="We will acknowledge your complaint here at once.",
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={"invalid": "Enter an email address like name@example.org."},
    )
    contact = forms.CharField(
        label="Your telephone number or postal address",
        max_length=500,
        required=False,
        widget=TextBox(rows=3),
        help_text="If you have no email address, or want us to answer in another way.",
    )
    words = forms.CharField(
        label="What is your complaint?",
        max_length=MAXIMUM_COMPLAINT_CHARACTERS,
        widget=TextBox(rows=8, limit=MAXIMUM_COMPLAINT_CHARACTERS),
        help_text="Say what happened and what you would like us to do. You do not need to send documents.",
        error_messages={
            "required": "Say what your complaint is.",
            "max_length": f"Your complaint must be {MAXIMUM_COMPLAINT_CHARACTERS:,} characters or fewer.",
        },
    )
    website = forms.CharField(label="Leave this box empty", required=False, max_length=200)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not data.get("email") and not data.get("contact") and "email" not in self.errors:
            self.add_error("email", "Enter an email address, or a telephone number or postal address below.")
        return data

    @property
    def from_a_program(self) -> bool:
        """Whether the box that people do not see was filled in."""
        return bool(self.cleaned_data.get("website"))


class ComplaintStepForm(forms.Form):
    """What was done about a complaint."""

    kind = forms.ChoiceField(
        label="What are you recording?",
        choices=COMPLAINT_STEPS,
        widget=Radios(hints={"outcome": "This closes the complaint. It is emailed if we have an email address."}),
        error_messages={"required": "Choose what you are recording."},
    )
    words = forms.CharField(
        label="What was done?",
        max_length=MAXIMUM_COMPLAINT_CHARACTERS,
        widget=TextBox(rows=5, limit=MAXIMUM_COMPLAINT_CHARACTERS),
        error_messages={"required": "Say what was done."},
    )
