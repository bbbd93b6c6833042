"""The forms of the directory: asking to take part, answering that, and saying how an organisation stands."""

from typing import Any

from django import forms

from partners.forms.invitations import AddressField, NameField
from partners.forms.organisation_choice import add_choice, check_chosen
from partners.models import Organisation, User
from partners.services.joining import MAXIMUM_POST_CHARACTERS, MAXIMUM_WORDS_CHARACTERS, JoiningContent
from partners.services.removal import MAXIMUM_REASON_CHARACTERS
from partners.standings import ENDED, LISTED, STANDING
from vcsportal.common.dates import DayField
from vcsportal.common.widgets import Radios, TextBox


class JoiningForm(forms.Form):
    """“Is this you?”: who asks, and what they do in the organisation. Who has signed in is asked neither name nor address.

    ``website`` is a box that only programs fill in.
    """

    form_token = forms.UUIDField(widget=forms.HiddenInput())
    name = NameField(
        label="Your name",
        error_messages={"required": "Enter your name."},
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    post = forms.CharField(
        label="What do you do in the organisation?",
        help_text="For example: treasurer.",
        max_length=MAXIMUM_POST_CHARACTERS,
        error_messages={"required": "Say what you do in the organisation."},
    )
    email = AddressField(
        label="Your email address",
        help_text="If we agree, we will send an invitation here. An address at your organisation is quickest to check.",
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    words = forms.CharField(
        label="How can we check that you speak for it? (optional)",
        help_text="For example: your name is on its website, or we can phone its office.",
        required=False,
        max_length=MAXIMUM_WORDS_CHARACTERS,
        widget=TextBox(rows=3, limit=MAXIMUM_WORDS_CHARACTERS),
    )
    website = forms.CharField(label="Leave this box empty", required=False, max_length=200)

    def __init__(self, *args: Any, person: User | None, **kwargs: Any) -> None:
        """:param person: who has signed in, if anyone."""
        super().__init__(*args, **kwargs)
        self.person = person
        if person is not None:
            del self.fields["name"], self.fields["email"]

    @property
    def content(self) -> JoiningContent:
        """Return what was entered, for the service."""
        data = self.cleaned_data
        name, email = (self.person.name, self.person.email) if self.person else (data["name"], data["email"])
        return JoiningContent(name, data["post"], email, data["words"])

    @property
    def from_a_program(self) -> bool:
        """Whether the box that people do not see was filled in."""
        return bool(self.cleaned_data.get("website"))


class JoiningAnswerForm(forms.Form):
    """An administrator's answer to a request to take part."""

    reason = forms.CharField(
        label="Why are you declining it?",
        max_length=MAXIMUM_WORDS_CHARACTERS,
        required=False,
        widget=TextBox(rows=3, limit=MAXIMUM_WORDS_CHARACTERS),
        help_text="Only needed if you decline. We will email it to the person who asked.",
    )


class StandingForm(forms.Form):
    """Whether an organisation is only listed or has ended; then when, and what replaced it."""

    standing = forms.ChoiceField(
        label="Is it listed, or has it ended?",
        choices=[(code, STANDING[code].label) for code in (LISTED, ENDED)],
        widget=Radios(hints={code: STANDING[code].definition for code in (LISTED, ENDED)}),
        error_messages={"required": "Choose whether it is listed or has ended."},
    )
    ended_on = DayField(
        label="Its last day (optional)",
        required=False,
        help_text="Only if it has ended and you know the date, for example 31 March 2026.",
        widget=forms.TextInput(attrs={"class": "govuk-input--width-10"}),
    )

    def __init__(self, *args: Any, organisation: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        add_choice(
            self, "succeeded_by", offered=Organisation.objects.public().exclude(pk=organisation.pk),
            label="Which organisation replaced it?", none="None, or not known",
            search_label="Find the organisation that replaced it (optional)",
        )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        check_chosen(self, "succeeded_by")
        data = self.cleaned_data
        if data.get("standing") == LISTED:
            for name in ("ended_on", "succeeded_by"):
                if data.get(name):
                    self.add_error(
                        name, "Leave this blank for an organisation that is listed, or choose “Ended” above."
                    )
        return data


class RemovalForm(forms.Form):
    """Why an organisation is removed from the directory."""

    why = forms.CharField(
        label="Why are you removing it?",
        max_length=MAXIMUM_REASON_CHARACTERS,
        widget=TextBox(rows=3, limit=MAXIMUM_REASON_CHARACTERS),
        help_text="For example: it asked us to, in point number 12. Do not name people.",
        error_messages={"required": "Say why you are removing it."},
    )
