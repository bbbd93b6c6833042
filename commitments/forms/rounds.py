"""The forms with which people run a round and decide who does what in it."""

from typing import Any, Final

from django import forms

from commitments.forms.fields import PlainText
from commitments.models import Round
from commitments.models.progress import MAX_ROUND_TITLE_CHARACTERS
from commitments.services.round_days import Days, out_of_order
from partners.models import User
from vcsportal.common.dates import DayField
from vcsportal.common.form_fields import rows_field
from vcsportal.common.widgets import TextBox

DATE_ATTRIBUTES: Final = {"class": "govuk-input--width-10"}
MAX_REASON_CHARACTERS: Final = 300


def day(label: str, hint: str, missing: str) -> DayField:
    """One day of a round."""
    return DayField(
        label=label, help_text=hint, widget=forms.TextInput(attrs=DATE_ATTRIBUTES), error_messages={"required": missing}
    )


def why(help_text: str, missing: str) -> forms.CharField:
    """A reason that the history keeps."""
    return PlainText(
        label="Why?", help_text=help_text, max_length=MAX_REASON_CHARACTERS,
        widget=TextBox(rows=3, limit=MAX_REASON_CHARACTERS),
        error_messages={"required": missing, "max_length": "Use %(limit_value)d characters or fewer."},
    )  # fmt: skip


class DaysForm(forms.Form):
    """The title of a round and its five days."""

    title = PlainText(
        label="Title (optional)",
        help_text="What people call it, for example Quarter 2, 2026–27. If you leave this blank, it is named after its dates.",
        max_length=MAX_ROUND_TITLE_CHARACTERS,
        required=False,
        error_messages={"max_length": "Use %(limit_value)d characters or fewer."},
    )
    observes_from = day("First day of the period", "For example 1 April 2026", "Say on which day the period begins.")
    observes_to = day("Last day of the period", "For example 31 March 2027", "Say on which day the period ends.")
    opens_on = day("The window opens on", "People can send updates from this day.", "Say when the window opens.")
    closes_on = day("The window closes on", "Shown in emails and on pages.", "Say when the window closes.")
    grace_until = day(
        "Late updates accepted until",
        "This can be the day on which the window closes.",
        "Say until when late updates are accepted. It can be the day on which the window closes.",
    )

    def __init__(self, *args: Any, fixed: bool = False, **kwargs: Any) -> None:
        """:param fixed: the round is open, so only its last days are asked for."""
        super().__init__(*args, **kwargs)
        self.fixed = ("observes_from", "observes_to", "opens_on") if fixed else ()
        for name in self.fixed:
            del self.fields[name]

    def days(self, round_: Round | None = None) -> Days:
        """What was written; of an open round, with its first days as they are."""
        kept = {name: getattr(round_, name) for name in self.fixed}
        return Days(**kept, **{name: self.cleaned_data[name] for name in self.fields if name != "title"})

    def title_written(self) -> str:
        """The title that was written; "" for none."""
        title: str = self.cleaned_data.get("title", "")
        return title

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if not self.fixed and not self.errors:
            for field, sentence in out_of_order(self.days()):
                self.add_error(field, sentence)
        return values


class ReopenRoundForm(forms.Form):
    """Why a round is opened again, and until when."""

    reason = why("This is recorded in the history.", "Say why you are reopening the round.")
    closes_on = day("The window closes on", "Shown in emails and on pages.", "Say when it will now close.")
    grace_until = day(
        "Late updates accepted until",
        "This can be the same day.",
        "Say until when late updates are accepted. It can be the same day.",
    )


class NudgeForm(forms.Form):
    """An own sentence for an email to people who still owe something."""

    words = PlainText(
        label="A sentence of your own (optional)",
        help_text="This goes at the top of the email. The rest says what is still to do and where.",
        max_length=MAX_REASON_CHARACTERS,
        required=False,
        widget=TextBox(rows=3, limit=MAX_REASON_CHARACTERS),
        error_messages={"max_length": "Use %(limit_value)d characters or fewer."},
    )


class ChosenPersonForm(forms.Form):
    """The choice of one person, such as who takes over a task."""

    to = forms.ModelChoiceField(
        label="Who?",
        queryset=User.objects.none(),
        empty_label="Choose someone",
        error_messages={
            "required": "Choose someone from the list.",
            "invalid_choice": "Choose someone from the list.",
        },
    )

    def __init__(self, *args: Any, people: Any, label: str = "Who?", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows_field(self, "to").queryset = people
        self.fields["to"].label = label


class HandForm(ChosenPersonForm):
    """Who takes something over, and why."""

    why = why("It is recorded in the history, and both people can read it.", "Say why it is handed over.")
