"""The forms of a response: what an addressee answers, and a second person's decision on it."""

from typing import Any, Final

from django import forms

from commitments import stances
from commitments.content import ResponseContent
from commitments.forms.fields import PlainText, VersionedForm
from commitments.models import Response
from commitments.services.responses import MAX_WHERE_CHARACTERS, MAX_WORDS_CHARACTERS
from vcsportal.common.dates import DayField
from vcsportal.common.numbers import LARGEST_INTEGER
from vcsportal.common.widgets import Radios, TextBox
from vcsportal.common.words import choices

UNREAD: Final = "Something is missing from what was sent. Read the response again, then decide."
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


class ResponseDecisionForm(VersionedForm):
    """A decision on a response. ``version`` is the one that was read."""

    version = forms.IntegerField(widget=forms.HiddenInput, error_messages={"required": UNREAD, "invalid": UNREAD})
    decision = forms.ChoiceField(
        label="What is your decision?",
        choices=(("approve", "Approve"), ("return", "Return")),
        widget=Radios(
            hints={
                "approve": "Everyone can read it immediately.",
                "return": "It goes back to its writer with your reason, and can be edited and resent.",
            }
        ),
        error_messages={
            "required": "Choose whether you approve it or return it.",
            "invalid_choice": "Choose whether you approve it or return it.",
        },
    )
    reason = forms.CharField(
        label="What needs to change?",
        help_text="Only when you return it. Its writer will see this here and by email.",
        required=False,
        widget=TextBox(rows=5),
    )

    def __init__(self, *args: Any, given: bool = False, **kwargs: Any) -> None:
        """:param given: it is published already, so that it can only be returned."""
        super().__init__(*args, **kwargs)
        if given:
            self.fields["decision"].widget = forms.HiddenInput()
            self.fields["reason"].help_text = "It is taken off the public pages until it is approved again."
