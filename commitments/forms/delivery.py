"""The form of a commitment's delivery partners: each with its role, its first day and the day it ended."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django import forms

from commitments.models import DELIVERY_ROLES, Commitment, DeliveryPartner
from partners.forms.organisation_choice import add_choice, check_chosen
from partners.models import Organisation
from vcsportal.common.dates import DayField

UNKNOWN: Final = "Leave blank if you do not know."
ENDED: Final = "The first day it no longer takes part. Leave blank if it still does."
SHORT: Final = {"class": "govuk-input--width-10"}


@dataclass(frozen=True, slots=True)
class Joins:
    """An organisation that the form adds."""

    organisation: Organisation
    role: str
    started_on: date | None


class PartnersForm(forms.Form):
    """Which organisations help to deliver a commitment. One more is added at a time: found by its name, then chosen."""

    def __init__(self, *args: Any, commitment: Commitment, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        parts = commitment.delivery_partners.current().select_related("organisation", "commitment")
        self.parts: list[DeliveryPartner] = list(parts.order_by("organisation__sort_name", "id"))
        for part in self.parts:
            self._add_part(f"part_{part.organisation_id}", part)
        self._add_new()

    def clean(self) -> dict[str, Any]:
        check_chosen(self, "new")
        return self.cleaned_data

    def _add_part(self, name: str, part: DeliveryPartner) -> None:
        whose = part.organisation.name
        self.fields[name] = forms.ChoiceField(
            label="Role",
            choices=DELIVERY_ROLES,
            initial=part.role,
            required=False,
            error_messages={"invalid_choice": f"Choose the role of {whose} from the list."},
        )
        self.fields[f"{name}_from"] = _day("First day (optional)", UNKNOWN, part.started_on)
        self.fields[f"{name}_until"] = _day("Ended on (optional)", ENDED)

    def _add_new(self) -> None:
        others = Organisation.objects.bodies().to_name().exclude(pk__in=[part.organisation_id for part in self.parts])
        add_choice(self, "new", offered=others, label="Another organisation", none="None")
        self.fields["new_part"] = forms.ChoiceField(
            label="Role",
            choices=DELIVERY_ROLES,
            required=False,
            error_messages={"invalid_choice": "Choose its role from the list."},
        )
        self.fields["new_from"] = _day("First day (optional)", UNKNOWN)

    @property
    def changed(self) -> list[tuple[DeliveryPartner, dict[str, Any]]]:
        """Return the current delivery partners, each with its entered values, for the service."""
        data = self.cleaned_data
        found = []
        for part in self.parts:
            name = f"part_{part.organisation_id}"
            role, sent = data[name] or part.role, f"{name}_from" in self.data
            started_on = data[f"{name}_from"] if sent else part.started_on
            found.append((part, {"role": role, "started_on": started_on, "ended_on": data[f"{name}_until"]}))
        return found

    @property
    def joining(self) -> Joins | None:
        """Who is added, if anybody."""
        data = self.cleaned_data
        if data["new"] is None:
            return None
        return Joins(data["new"], data["new_part"] or DELIVERY_ROLES[0][0], data["new_from"])

    @property
    def current_rows(self) -> list[tuple[Organisation, list[forms.BoundField]]]:
        """The fields of those who take part already."""
        return [
            (part.organisation, [self[f"part_{part.organisation_id}{end}"] for end in ("", "_from", "_until")])
            for part in self.parts
        ]


def _day(label: str, hint: str, initial: date | None = None) -> DayField:
    return DayField(label=label, help_text=hint, initial=initial, required=False, widget=forms.TextInput(attrs=SHORT))
