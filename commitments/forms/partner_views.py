"""The form for the sector's view: the same statuses as the council's, a reason of its own, and whether it sees it
differently."""

from typing import Any, Final, cast

from django import forms

from commitments.forms.fields import PlainText
from commitments.forms.nouns import use_nouns
from commitments.models import Commitment, SectorView
from commitments.reading.partner_views import standing_reply, suggests_difference
from commitments.rules import status as words
from commitments.services.partner_views import MAX_REASON_CHARACTERS
from commitments.services.view_replies import MAX_REPLY_CHARACTERS
from vcsportal.common.form_fields import choice_field
from vcsportal.common.numbers import LARGEST_INTEGER
from vcsportal.common.widgets import Radios, TextBox

DIFFERS_CHOICES: Final = (("yes", "Yes, we see it differently"), ("no", "No, we broadly agree"))


class ViewForm(forms.Form):
    """How an organisation sees a commitment. ``version`` is the one of its own view that the person read."""

    status = forms.ChoiceField(
        label="How do you see it?",
        widget=Radios(hints={status.code: status.definition for status in words.STATUSES}, statuses=words.BY_CODE),
        error_messages={
            "required": "Choose how you see the commitment.",
            "invalid_choice": "Choose one of the status words that the portal offers.",
        },
    )
    reason = PlainText(
        label="Why do you see it this way?",
        help_text="One or two sentences in your own words. Everyone can read them, under your organisation’s name.",
        widget=TextBox(rows=4, limit=MAX_REASON_CHARACTERS),
        max_length=MAX_REASON_CHARACTERS,
        error_messages={
            "required": "Say why you see it this way.",
            "max_length": "Use %(limit_value)d characters or fewer. You have used %(show_value)d.",
        },
    )
    differs = forms.ChoiceField(
        label="Do you see it differently from the council?",
        help_text="This is up to you. If you choose neither, any status other than the council’s counts as seeing it differently.",
        choices=DIFFERS_CHOICES,
        widget=Radios,
        required=False,
        error_messages={"invalid_choice": "Choose one of the two answers, or neither."},
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0, max_value=LARGEST_INTEGER)
    round = forms.SlugField(widget=forms.HiddenInput, required=False)
    organisation = forms.SlugField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, commitment: Commitment, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.commitment = commitment
        use_nouns(self, commitment.strategy.nouns)
        offered = words.may_follow("", ongoing=commitment.ongoing)
        choice_field(self, "status").choices = [(status.code, status.label) for status in offered]

    @property
    def sees_differently(self) -> bool:
        """Whether the organisation sees it differently: as it says, else as the two words suggest."""
        data = self.cleaned_data
        if data["differs"]:
            return bool(data["differs"] == "yes")
        return suggests_difference(self.commitment.status, data["status"])

    def says(self, view: SectorView) -> bool:
        """Whether a view that is kept says the same: the second click of two."""
        data = self.cleaned_data
        mine = (data["status"], data["reason"], self.sees_differently)
        return view.withdrawn_at is None and (view.status, view.reason, view.differs) == mine


def initial_of(view: SectorView) -> dict[str, Any]:
    """Return the form's initial values from the organisation's earlier view."""
    return {
        "status": view.status,
        "reason": view.reason,
        "differs": "yes" if view.differs else "no",
        "version": view.version,
    }


class ReplyForm(forms.Form):
    """The council's reply to a view. ``view_version`` and ``version`` are those of the view and the reply that were read."""

    text = PlainText(
        label="Your reply",
        help_text="A few sentences. Everyone can read them next to the view, as the council’s reply. Your name is not shown.",
        widget=TextBox(rows=6, limit=MAX_REPLY_CHARACTERS),
        max_length=MAX_REPLY_CHARACTERS,
        error_messages={
            "required": "Enter a reply.",
            "max_length": "Use %(limit_value)d characters or fewer. You have used %(show_value)d.",
        },
    )
    view_version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=LARGEST_INTEGER)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=1, max_value=LARGEST_INTEGER)

    @classmethod
    def of(cls, view: SectorView) -> "ReplyForm":
        """Return the form for a view with its current reply. ``view.reply`` must be loaded."""
        kept, standing = getattr(view, "reply", None), standing_reply(view)
        versions = {"view_version": view.version, "version": kept.version if kept else None}
        return cls(initial={"text": standing.text if standing else "", **versions})

    def seen_now(self, view: SectorView) -> None:
        """Keep what was typed, now meant for the view and the reply that the reader is shown."""
        kept = getattr(view, "reply", None)
        data: Any = cast(Any, self.data).copy()
        data["view_version"], data["version"] = str(view.version), str(kept.version) if kept else ""
        self.data = data
