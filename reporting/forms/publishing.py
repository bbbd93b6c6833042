"""The forms with which one person proposes to publish an edition, and a second person decides."""

from typing import Any, Final

from django import forms

from reporting.reading.readiness import Readiness
from reporting.services.publishing import MAX_REASON_CHARACTERS, REASON_NEEDED, TICK_ALL, TOO_LONG, WHY_DECLINED
from vcsportal.common.form_fields import choice_field
from vcsportal.common.widgets import Checkboxes, Radios, TextBox

DECISIONS: Final = (("confirm", "Confirm"), ("decline", "Decline"))
CHOOSE: Final = "Choose whether to confirm or decline it."


def _reason(label: str, help_text: str) -> forms.CharField:
    return forms.CharField(
        label=label, help_text=help_text, required=False, max_length=MAX_REASON_CHARACTERS,
        widget=TextBox(limit=MAX_REASON_CHARACTERS, rows=4), error_messages={"max_length": TOO_LONG},
    )  # fmt: skip


class ReadForm(forms.Form):
    """A checkbox for each warning about an edition's readiness; left out if there is no warning."""

    acknowledged = forms.MultipleChoiceField(
        label="Tick each warning that you have read",
        required=False,
        widget=Checkboxes(),
        error_messages={"invalid_choice": TICK_ALL},
    )

    def __init__(self, *args: Any, readiness: Readiness | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        warnings = readiness.warnings if readiness else ()
        self.codes = {warning.code for warning in warnings}
        if warnings:
            labels = [(warning.code, f"{warning.label}: {warning.sentence}") for warning in warnings]
            choice_field(self, "acknowledged").choices = labels
        else:
            del self.fields["acknowledged"]

    def check_ticks(self) -> None:
        """Add an error unless every warning is ticked."""
        if self.codes - set(self.cleaned_data.get("acknowledged") or ()) and "acknowledged" not in self.errors:
            self.add_error("acknowledged", TICK_ALL)


class ProposeForm(ReadForm):
    """The ticks, and why the edition is published although there are warnings."""

    reason = _reason(
        "Why should it be published despite the warnings?",
        "The second person will read this. It is recorded in the history.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.codes:
            del self.fields["reason"]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        self.check_ticks()
        if self.codes and "reason" not in self.errors and not (values.get("reason") or "").strip():
            self.add_error("reason", REASON_NEEDED)
        return values


class DecideForm(ReadForm):
    """What the second person decides. Ticks are needed to confirm, a reason to decline."""

    decision = forms.ChoiceField(
        label="What is your decision?",
        choices=DECISIONS,
        widget=Radios(),
        error_messages={"required": CHOOSE, "invalid_choice": CHOOSE},
    )
    reason = _reason("Why are you declining?", "Only if you decline. The person who proposed it will read this.")
    field_order = ("acknowledged", "decision", "reason")

    def __init__(self, *args: Any, hints: dict[str, str], stopped: bool = False, **kwargs: Any) -> None:
        """:param stopped: something has to be corrected first, so that it can only be declined."""
        super().__init__(*args, **kwargs)
        field = choice_field(self, "decision")
        field.widget = Radios(hints=hints)
        field.choices = [decision for decision in DECISIONS if not (stopped and decision[0] == "confirm")]
        if stopped:
            self.fields.pop("acknowledged", None)

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("decision") == "confirm":
            self.check_ticks()
        if values.get("decision") == "decline" and not (values.get("reason") or "").strip():
            self.add_error("reason", WHY_DECLINED)
        return values
