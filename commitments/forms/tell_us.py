"""The public form “Tell the council something”: for anybody, without an account."""

from datetime import datetime
from typing import Any, Final, cast

from django import forms
from django.core import signing

from commitments.forms.fields import PlainText
from commitments.rules.engagement_kinds import LISTING, PUBLIC_POINT_KINDS
from commitments.rules.point_limits import MAX_LINE_CHARACTERS, MAX_WORDS_CHARACTERS
from partners.models import Area
from vcsportal.common.form_fields import choice_field
from vcsportal.common.widgets import Radios, TextBox

MINIMUM_SECONDS: Final = 3
"""Time that a person needs at the least between opening the form and sending it."""
INTEREST: Final = "interest"
TOO_QUICK: Final = (
    "This was sent so quickly that it may have come from a program. Nothing is lost: please send it again."
)
FROM_A_PROGRAM: Final = "A box that should stay empty was filled in. It is empty again now: please send this once more."
TOO_LONG: Final = "Use %(limit_value)d characters or fewer. You have used %(show_value)d."
_signer: Final = signing.Signer(salt="commitments.tell-us-drawn")


def _line(label: str, most: int = MAX_LINE_CHARACTERS, **more: Any) -> PlainText:
    return PlainText(label=label, required=False, max_length=most, error_messages={"max_length": TOO_LONG}, **more)


class TellUsForm(forms.Form):
    """What somebody wants to say, about which page, and how to answer them.

    ``drawn`` is the signed moment at which the form was drawn, and ``website`` a box that only programs fill in. Whatever
    is wrong, the form comes back with everything that was typed.
    """

    form_token = forms.UUIDField(widget=forms.HiddenInput())
    drawn = forms.CharField(widget=forms.HiddenInput(), required=False, max_length=200)
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
    website = forms.CharField(label="Leave this box empty", required=False, max_length=500)

    def __init__(self, *args: Any, at: datetime, about_organisation: bool = False, **kwargs: Any) -> None:
        """:param at: now: the moment at which it is drawn, or was sent.
        :param about_organisation: whether it is about the page of an organisation.
        """
        super().__init__(*args, **kwargs)
        self.at = at
        self.initial["drawn"] = self._stamp()
        if not about_organisation:
            choice_field(self, "kind").choices = [
                (kind.code, kind.offer) for kind in PUBLIC_POINT_KINDS if kind.code != LISTING
            ]
        cast(Any, self.fields["district"]).queryset = Area.objects.districts()

    def _stamp(self) -> str:
        return _signer.sign(str(int(self.at.timestamp())))

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("kind") == INTEREST:
            for name, sentence in (
                ("about_words", "Say which service or building your group is interested in."),
                ("group_name", "Give the name of your group or organisation."),
            ):
                if not values.get(name) and name not in self.errors:
                    self.add_error(name, sentence)
        if values.get("website") or "website" in self.errors:
            self._once_more(FROM_A_PROGRAM)
        elif self._was_quick(str(values.get("drawn") or "")):
            self._once_more(TOO_QUICK)
        return values

    def _was_quick(self, drawn: str) -> bool:
        try:
            return self.at.timestamp() - int(_signer.unsign(drawn)) < MINIMUM_SECONDS
        except (signing.BadSignature, ValueError):
            return True

    def _once_more(self, sentence: str) -> None:
        """Let the same words be sent again: a browser that fills in boxes, or a quick hand, loses nothing."""
        self.errors.pop("website", None)
        data = cast(Any, self.data).copy()
        data["website"], data["drawn"] = "", self._stamp()
        self.data = data
        self.add_error("words", sentence)
