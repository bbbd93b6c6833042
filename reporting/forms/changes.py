"""The form that asks what changed between two days."""

from datetime import date
from typing import Any

from django import forms

from vcsportal.common.dates import DayField, in_words


class TimeForm(forms.Form):
    """The first and the last day, both included. A missing day is the one that the page begins with."""

    def __init__(self, data: Any, *, begins: date, today: date) -> None:
        """Ask about the time from ``begins`` to ``today`` where ``data`` says nothing else."""
        super().__init__(
            {name: _in_words(data.get(name)) or in_words(day) for name, day in (("from", begins), ("to", today))}
        )
        self.today = today
        for name, label in (("from", "From"), ("to", "To")):
            self.fields[name] = DayField(
                label=label,
                help_text="For example 12 March 2026" if name == "from" else "End date",
                widget=forms.TextInput(attrs={"class": "govuk-input--width-10"}),
            )

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        begins, ends = values.get("from"), values.get("to")
        if ends and ends > self.today:
            self.add_error("to", f"{in_words(ends)} is in the future. Choose today or an earlier date.")
        elif begins and ends and begins > ends:
            self.add_error("from", f"{in_words(begins)} is after {in_words(ends)}. Enter the earlier date first.")
        return values


def _in_words(typed: str | None) -> str:
    """Return what an address says for machines as people write it; anything else stays as it was typed."""
    try:
        return in_words(date.fromisoformat(typed or ""))
    except ValueError:
        return typed or ""
