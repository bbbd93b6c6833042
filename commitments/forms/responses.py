"""The form of a response: what an addressee answers."""

from typing import Final

from django import forms

from commitments.content.responses import ResponseContent
from commitments.forms.fields import PlainText, VersionedForm
from commitments.models import Response
from commitments.rules import stances
from commitments.services.responses import MAX_WHERE_CHARACTERS, MAX_WORDS_CHARACTERS
from vcsportal.common.dates import DayField
from vcsportal.common.numbers import LARGEST_INTEGER
from vcsportal.common.widgets import Radios, TextBox
from vcsportal.common.words import choices

TOO_LONG: Final = "Use %(limit_value)d characters or fewer. You have used %(show_value)d."


class ResponseForm(VersionedForm):
    """What an addressee answers. A draft may leave any of it empty. ``version`` is the one that was read."""

    stance = forms.ChoiceField(
        label="What is the response?",
        choices=choices(stances.STANCES),
        required=False,
        widget=Radios(hints={stance.code: stance.definition for stance in stances.STANCES}, statuses=stances.BY_CODE),
        error_messages={"invalid_choice": "Choose one of the responses on the page."},
    )
    words = PlainText(
        label="What will be done, or why not?",
        help_text="A few sentences. Everyone can read them once a second person has approved the response.",
        required=False,
        widget=TextBox(rows=6, limit=MAX_WORDS_CHARACTERS),
        max_length=MAX_WORDS_CHARACTERS,
        error_messages={"max_length": TOO_LONG},
    )
    decided_where = PlainText(
        label="Where was it decided? (optional)",
        help_text="Such as “Cabinet” or “Full council”.",
        required=False,
        max_length=MAX_WHERE_CHARACTERS,
        error_messages={"max_length": TOO_LONG},
    )
    decided_on = DayField(
        label="When was it decided? (optional)",
        help_text="For example 25 November 2026, 25/11 or last Wednesday.",
        required=False,
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0, max_value=LARGEST_INTEGER)

    @classmethod
    def of(cls, response: Response) -> "ResponseForm":
        """Return the form with what is saved."""
        names = ("stance", "words", "decided_where", "decided_on", "version")
        return cls(initial={name: getattr(response, name) for name in names})

    def clean_version(self) -> int:
        """Without a version nobody's words may be replaced: it is taken for that of a response that nobody has begun."""
        return self.cleaned_data["version"] or 0

    @property
    def content(self) -> ResponseContent:
        """What was written, for the service."""
        values = self.cleaned_data
        return ResponseContent(values["stance"], values["words"], values["decided_where"], values["decided_on"])
