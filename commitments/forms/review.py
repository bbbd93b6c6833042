"""The forms of reviewers: a decision on an update, a selection in a queue, an internal note."""

from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError

from commitments.forms.decisions import DecisionForm
from commitments.forms.nouns import use_nouns
from commitments.rules.kinds import GENERAL, Nouns
from commitments.services.newer_status import StatusChoice
from vcsportal.common.form_fields import choice_field
from vcsportal.common.widgets import Radios, TextBox

MAX_AT_ONCE: Final = 100
WHICH_STATUS: Final = "Choose which status the commitment has once the update is approved."


class UpdateDecisionForm(DecisionForm):
    """A decision on an update, which may also have to choose between two statuses."""

    status_choice = forms.ChoiceField(
        label="Which status does the commitment have once you approve it?",
        required=False,
        widget=Radios,
        error_messages={"invalid_choice": WHICH_STATUS},
    )
    status_version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(
        self,
        *args: Any,
        approved: bool = False,
        newer: tuple[str, str] | None = None,
        nouns: Nouns = GENERAL,
        **kwargs: Any,
    ) -> None:
        """:param approved: it is approved already, so that it can only be returned.
        :param newer: the labels of the commitment's status and of the update's, where the former was changed since it was sent.
        :param nouns: what the strategy calls its commitments.
        """
        super().__init__(*args, approved=approved, **kwargs)
        self.nouns = nouns
        use_nouns(self, nouns)
        if newer is None:
            del self.fields["status_choice"], self.fields["status_version"]
            if not approved:
                hints: Any = self.fields["decision"].widget
                hints.hints = {**hints.hints, "approve": "It is published immediately, with its status."}
        else:
            now, then = newer
            choice_field(self, "status_choice").choices = [
                ("keep", f"Keep the newer status: {now}"),
                ("take", f"Change it to the status in the update: {then}"),
            ]
        if approved:
            self.fields["reason"].help_text += " The status stays as it is."

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        asks = "status_choice" in self.fields and "status_choice" not in self.errors
        if asks and values.get("decision") == "approve" and not values.get("status_choice"):
            self.add_error("status_choice", self.nouns.reworded(WHICH_STATUS))
        return values

    def shows_status(self, version: int) -> None:
        """Continue from this version of the commitment, whose status the reader now sees."""
        self.seen(version, field="status_version")

    @property
    def choice(self) -> StatusChoice | None:
        """Which status holds, where that was asked and answered."""
        said, version = self.cleaned_data.get("status_choice"), self.cleaned_data.get("status_version")
        return StatusChoice(keep=said == "keep", version=version) if said and version is not None else None


class ChosenField(forms.Field):
    """The rows that were ticked, each as ``12.3``: the row's key and the version that was shown."""

    widget = forms.CheckboxSelectMultiple

    def to_python(self, value: Any) -> list[tuple[int, int]]:
        return [self._pair(str(key)) for key in dict.fromkeys(value or [])]

    def _pair(self, said: str) -> tuple[int, int]:
        key, _, version = said.partition(".")
        if not all(part.isascii() and part.isdigit() and len(part) < 10 for part in (key, version)):
            raise ValidationError("Something in the list was not understood. Make your selection again.")
        return int(key), int(version)

    def validate(self, value: Any) -> None:
        super().validate(value)
        if len(value) > MAX_AT_ONCE:
            raise ValidationError(f"Choose {MAX_AT_ONCE} at most.")


class ChosenForm(forms.Form):
    """The rows ticked in a queue, as pairs of key and version. The queue's template draws the boxes itself."""

    chosen = ChosenField(error_messages={"required": "Select at least one first."})


class NoteForm(forms.Form):
    """An internal note."""

    text = forms.CharField(
        label="Add an internal note",
        help_text="Only the people responsible for the strategy and administrators can read it. It is never published or included in the report.",
        widget=TextBox(rows=3),
        error_messages={"required": "Write the note first."},
    )
