"""The shape of a request for a report."""

from typing import Any

from django import forms

from commitments.models import Round
from reporting.assembly import Outlook
from vcsportal.common.widgets import Radios


class RequestForm(forms.Form):
    """Which year. Under each choice stands what its report would hold today."""

    round = forms.ModelChoiceField(
        label="Which year is it for?",
        queryset=Round.objects.none(),
        error_messages={
            "required": "Choose the year that the report is for.",
            "invalid_choice": "Choose one of the years below. The one that was sent is not among them.",
        },
    )

    def __init__(self, *args: Any, outlooks: list[Outlook], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["round"]
        field.queryset = Round.objects.filter(pk__in=[outlook.round.pk for outlook in outlooks])
        field.empty_label = None
        field.widget = Radios(hints={str(outlook.round.pk): outlook.sentence() for outlook in outlooks})
        several = len({outlook.round.strategy_id for outlook in outlooks}) > 1
        field.widget.choices = [
            (o.round.pk, f"{o.round.slug}, {o.round.strategy.title}" if several else o.round.slug) for o in outlooks
        ]
