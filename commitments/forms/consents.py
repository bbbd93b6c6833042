"""The forms about consent of people who can be recognised."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from commitments.models.consent import CONSENT_USES
from vcsportal.common.dates import DayField
from vcsportal.common.widgets import Checkboxes

DAY = {"class": "govuk-input--width-10", "autocomplete": "off"}


class ConsentFields(forms.Form):
    """Who agreed, to what, until when."""

    given_by = forms.CharField(
        label="Who agreed?",
        help_text="Such as “both people in the picture” or “the child’s mother”. The public never sees it.",
        max_length=200,
        error_messages={"required": "Say who agreed."},
    )
    uses = forms.MultipleChoiceField(
        label="What did they agree to?",
        choices=CONSENT_USES,
        widget=Checkboxes,
        error_messages={"required": "Say what they agreed to."},
    )
    lasts_until = DayField(
        direction="future",
        label="Until when? (optional)",
        help_text="Leave it blank if they gave no end date. It is not shown after that day.",
        required=False,
        widget=forms.TextInput(attrs=DAY),
    )

    def clean_lasts_until(self) -> date | None:
        day: date | None = self.cleaned_data["lasts_until"]
        if day and day < timezone.localdate():
            raise ValidationError("This date has already passed. Leave it blank if they gave no end date.")
        return day


class ConsentForm(ConsentFields):
    """One consent for one photograph, for the story, or for a quotation."""

    given_on = DayField(
        label="When did they agree?",
        help_text="For example today, 25/11 or last Wednesday.",
        widget=forms.TextInput(attrs=DAY),
        error_messages={"required": "Say when they agreed. An approximate date is fine."},
    )

    def __init__(self, *args: Any, quoted: bool = False, **kwargs: Any) -> None:
        """:param quoted: it is for a quotation, so one person said it."""
        super().__init__(*args, **kwargs)
        if quoted:
            self.fields["given_by"].help_text = "Such as “the visitor who said it”. The public never sees it."
        self.order_fields(["given_by", "given_on", "uses", "lasts_until"])

    def clean_given_on(self) -> date:
        day: date = self.cleaned_data["given_on"]
        if day > timezone.localdate():
            raise ValidationError("This date is in the future.")
        return day


class WithdrawConsentForm(forms.Form):
    """Withdrawing a consent."""

    why = forms.CharField(label="What did they say? (optional)", max_length=300, required=False)


class TakeDownForm(WithdrawConsentForm):
    """Someone who was never asked asks not to be shown."""

    asked_by = forms.CharField(
        label="Who has asked for this?",
        help_text="Such as “the woman on the left”. The public never sees it.",
        max_length=200,
        error_messages={"required": "Say who has asked for this."},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields(["asked_by", "why"])
