"""The form of a commitment's plan details: team, days, what it replaces, and its related commitments."""

from typing import Any, Final

from django import forms

from commitments.forms.commitment_choice import (
    HINT,
    add_commitment_choice,
    check_commitment_chosen,
    value_of,
    words_of,
)
from commitments.forms.fields import PlainText
from commitments.forms.success_measures import TOO_LONG
from commitments.models import Commitment
from commitments.rules.plan_limits import MAX_TEAM_CHARACTERS
from commitments.services.plan_details import PlanDetails
from vcsportal.common.dates import DayField

SHORT: Final = {"class": "govuk-input--width-10"}


class PlanDetailsForm(forms.Form):
    """The plan details of one commitment. Another related one is added at a time. The service applies the rules."""

    team = PlainText(
        label="Which team does it? (optional)",
        help_text="In words, such as “Communities team”. Everyone can read it, so give no names of people.",
        required=False,
        max_length=MAX_TEAM_CHARACTERS,
        error_messages={"max_length": TOO_LONG},
    )
    starts_on = DayField(
        label="First day (optional)",
        help_text="For example 1 April 2026.",
        required=False,
        widget=forms.TextInput(attrs=SHORT),
    )
    ends_on = DayField(
        label="Last day (optional)",
        help_text="Leave blank if none is planned.",
        required=False,
        widget=forms.TextInput(attrs=SHORT),
    )

    def __init__(self, *args: Any, commitment: Commitment, plan: PlanDetails, **kwargs: Any) -> None:
        """:param plan: the details that the commitment has."""
        super().__init__(*args, **kwargs)
        nouns = commitment.strategy.nouns
        self.held = {value_of(each): each for each in plan.related}
        add_commitment_choice(
            self, "follows", of=commitment, none="None", label=f"Which {nouns.commitment} does this one replace?",
            search_label=f"Find the {nouns.commitment} that it replaces (optional)",
            search_hint=f"It can be one of this strategy, or of an earlier one. {HINT}",
        )  # fmt: skip
        if self.held:
            self.fields["keep"] = forms.MultipleChoiceField(
                label="Related to",
                help_text="Clear a box to remove the link. Each is also shown on the other’s page.",
                choices=[(value, words_of(each, commitment)) for value, each in self.held.items()],
                initial=list(self.held),
                required=False,
                widget=forms.CheckboxSelectMultiple,
                error_messages={"invalid_choice": "This one was removed meanwhile. Choose from the list again."},
            )
        add_commitment_choice(
            self, "also", of=commitment, none="None", label=f"Another {nouns.commitment} that is related to it",
            search_label=f"Find another {nouns.commitment} that is related to it (optional)",
        )  # fmt: skip

    @classmethod
    def initial_of(cls, plan: PlanDetails) -> dict[str, Any]:
        """Return what the form shows of these details before anybody has changed something."""
        return {
            "team": plan.team, "starts_on": plan.starts_on, "ends_on": plan.ends_on, "keep": [value_of(each) for each in plan.related],
            "follows": value_of(plan.follows) if plan.follows else "",
        }  # fmt: skip

    def clean(self) -> dict[str, Any]:
        check_commitment_chosen(self, "follows")
        check_commitment_chosen(self, "also")
        return self.cleaned_data

    @property
    def plan(self) -> PlanDetails:
        """What was written, for the service."""
        values = self.cleaned_data
        related = [self.held[value] for value in values.get("keep", [])]
        if values["also"] is not None and values["also"] not in related:
            related.append(values["also"])
        return PlanDetails(values["team"], values["starts_on"], values["ends_on"], values["follows"], tuple(related))


def shown(plan: PlanDetails) -> dict[str, str]:
    """Return what the form shows of these details, as texts by their labels."""
    days = {"First day": plan.starts_on, "Last day": plan.ends_on}
    return {
        "Team": plan.team,
        **{label: day.isoformat() if day else "" for label, day in days.items()},
        "Replaces": value_of(plan.follows) if plan.follows else "",
        "Related to": ", ".join(value_of(each) for each in plan.related),
    }
