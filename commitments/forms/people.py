"""The form for a commitment's lead and supporting officers. The services apply the rules."""

from typing import Any, Final

from django import forms

from commitments.models import Strategy
from partners import roles
from partners.models import User
from partners.people_with_permission import people_who_may
from vcsportal.common.form_fields import rows_field
from vcsportal.common.widgets import Checkboxes

NEW_PARTNERS: Final = 3


def supporting_officers(label: str) -> "forms.ModelMultipleChoiceField[User]":
    """Return boxes for officers who support commitments; the form sets the queryset of people to choose from."""
    return forms.ModelMultipleChoiceField(
        label=label,
        queryset=User.objects.none(),
        required=False,
        widget=Checkboxes,
        error_messages={
            "invalid_choice": "Choose council officers from the list.",
            "invalid_pk_value": "Choose council officers from the list.",
        },
    )


class CommitmentPeopleForm(forms.Form):
    """Who leads a commitment, and who supports."""

    lead = forms.ModelChoiceField(
        label="Lead officer",
        help_text="The one person responsible for it.",
        queryset=User.objects.none(),
        required=False,
        empty_label="Nobody yet",
        error_messages={"invalid_choice": "Choose a council officer from the list."},
    )
    supporting = supporting_officers("Supporting officers")

    def __init__(self, *args: Any, strategy: Strategy, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        officers = people_who_may(roles.UPDATE_COMMITMENTS, strategy)
        for name in ("lead", "supporting"):
            rows_field(self, name).queryset = officers
