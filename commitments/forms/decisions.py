"""The decision of a second person on what was sent: approve it, or return it with a reason. Updates and responses share it."""

from typing import Any, Final

from django import forms

from commitments.forms.fields import VersionedForm
from vcsportal.common.widgets import Radios, TextBox

UNREAD: Final = "Something is missing from what was sent. Read it again, then decide."
UNDECIDED: Final = "Choose whether you approve it or return it."
MENDED_REASON: Final = "Say what needs to change. Whoever wrote it will read it."


class DecisionForm(VersionedForm):
    """A decision on something that was sent. ``version`` is the one that was read."""

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
        error_messages={"required": UNDECIDED, "invalid_choice": UNDECIDED},
    )
    reason = forms.CharField(
        label="What needs to change?",
        help_text="Only when you return it. Its writer will see this here and by email.",
        required=False,
        widget=TextBox(rows=5),
    )

    def __init__(self, *args: Any, approved: bool = False, **kwargs: Any) -> None:
        """:param approved: it is approved already, so that it can only be returned."""
        super().__init__(*args, **kwargs)
        if approved:
            self.fields["decision"].widget = forms.HiddenInput()
            self.fields["reason"].help_text = "It is taken off the public pages until it is approved again."

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("decision") == "return" and not (values.get("reason") or "").strip():
            self.add_error("reason", MENDED_REASON)
        return values
