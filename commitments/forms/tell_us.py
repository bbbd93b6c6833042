"""The public form “Tell the council something”: for anybody, without an account."""

from datetime import datetime
from typing import Any, Final, cast

from django import forms

from commitments.forms.fields import PlainText
from commitments.rules.engagement_kinds import LISTING, PUBLIC_POINT_KINDS
from commitments.rules.point_limits import MAX_LINE_CHARACTERS, MAX_WORDS_CHARACTERS
from partners.models import Area
from vcsportal.common.form_fields import choice_field
from vcsportal.common.program_traps import PublicForm
from vcsportal.common.widgets import Radios, TextBox

INTEREST: Final = "interest"
TOO_LONG: Final = "Use %(limit_value)d characters or fewer. You have used %(show_value)d."


def _line(label: str, most: int = MAX_LINE_CHARACTERS, **more: Any) -> PlainText:
    return PlainText(label=label, required=False, max_length=most, error_messages={"max_length": TOO_LONG}, **more)


class TellUsForm(PublicForm):
    """What somebody wants to say, about which page, and how to answer them."""

    told_at = "words"

    form_token = forms.UUIDField(widget=forms.HiddenInput())
    page = forms.CharField(widget=forms.HiddenInput(), required=False, max_length=500)
    kind = forms.ChoiceField(
        label="What is it about?",
        choices=[(kind.code, kind.offer) for kind in PUBLIC_POINT_KINDS],
        widget=Radios(hints={kind.code: kind.hint for kind in PUBLIC_POINT_KINDS if kind.hint}),
        error_messages=dict.fromkeys(("required", "invalid_choice"), "Choose what it is about."),
    )
    words = PlainText(
        label="What do you want to tell us?",
        help_text="Please leave out names, addresses and anything private about yourself or other people.",
        max_length=MAX_WORDS_CHARACTERS,
        widget=TextBox(rows=8, limit=MAX_WORDS_CHARACTERS),
        error_messages={"required": "Write what you want to tell us.", "max_length": TOO_LONG},
    )
    about_words = _line("Which service or building?", help_text="For example “the lunch club at Ash Lane Hall”.")
    district = forms.ModelChoiceField(
        queryset=Area.objects.none(), label="Which district? (optional)", required=False, empty_label="No particular one",
        error_messages={"invalid_choice": "Choose one of the districts on the list."},
    )  # fmt: skip
    group_name = _line("Which group or organisation do you write for? (optional)")
    name = _line("Your name (optional)", most=150, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    email = forms.EmailField(
        label="Your email address (optional)",
        help_text="Without it, we can’t reply to you. We use it only to answer you.",
        max_length=254,
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={"invalid": "Enter an email address like name@example.org."},
    )

    def __init__(self, *args: Any, at: datetime, about_organisation: bool = False, **kwargs: Any) -> None:
        """:param at: now: the moment at which it is drawn, or was sent.
        :param about_organisation: whether it is about the page of an organisation.
        """
        super().__init__(*args, at=at, **kwargs)
        if not about_organisation:
            choice_field(self, "kind").choices = [
                (kind.code, kind.offer) for kind in PUBLIC_POINT_KINDS if kind.code != LISTING
            ]
        cast(Any, self.fields["district"]).queryset = Area.objects.districts()

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("kind") == INTEREST:
            for name, sentence in (
                ("about_words", "Say which service or building your group is interested in."),
                ("group_name", "Give the name of your group or organisation."),
            ):
                if not values.get(name) and name not in self.errors:
                    self.add_error(name, sentence)
        return values
