"""The form of a commitment's delivery partners: each with its role, its first day and the day it ended."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django import forms

from commitments.models import DELIVERY_ROLES, Commitment, DeliveryPartner
from partners.models import Organisation
from vcsportal.common.dates import DayField

NEW_PARTNERS: Final = 3
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
    """Which organisations help to deliver a commitment. Without JavaScript three can be added at a time."""

    def __init__(self, *args: Any, commitment: Commitment, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        parts = commitment.delivery_partners.current().select_related("organisation", "commitment")
        self.parts: list[DeliveryPartner] = list(parts.order_by("organisation__sort_name", "id"))
        self.others = {
            str(organisation.pk): organisation
            for organisation in Organisation.objects.taking_part()
            .exclude(pk__in=[part.organisation_id for part in self.parts])
            .by_name()
        }
        for part in self.parts:
            self._add_part(f"part_{part.organisation_id}", part)
        for number in range(1, NEW_PARTNERS + 1):
            self._add_new(f"new_{number}", f"Another organisation ({number})" if number > 1 else "Another organisation")

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

    def _add_new(self, name: str, label: str) -> None:
        self.fields[name] = forms.ChoiceField(
            label=label,
            choices=[("", "None"), *((key, organisation.name) for key, organisation in self.others.items())],
            required=False,
            error_messages={"invalid_choice": "Choose an organisation from the list."},
        )
        self.fields[f"{name}_part"] = forms.ChoiceField(
            label="Role",
            choices=DELIVERY_ROLES,
            required=False,
            error_messages={"invalid_choice": "Choose its role from the list."},
        )
        self.fields[f"{name}_from"] = _day("First day (optional)", UNKNOWN)

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
    def joining(self) -> list[Joins]:
        """Those who are added, each once."""
        data = self.cleaned_data
        found = {
            data[name]: Joins(
                self.others[data[name]], data[f"{name}_part"] or DELIVERY_ROLES[0][0], data[f"{name}_from"]
            )
            for name in (f"new_{number}" for number in range(NEW_PARTNERS, 0, -1))
            if data[name]
        }
        return list(found.values())[::-1]

    @property
    def new_rows(self) -> Iterable[list[forms.BoundField]]:
        """The fields for new partners, three by three."""
        return [[self[f"new_{number}{end}"] for end in ("", "_part", "_from")] for number in range(1, NEW_PARTNERS + 1)]

    @property
    def current_rows(self) -> list[tuple[Organisation, list[forms.BoundField]]]:
        """The fields of those who take part already."""
        return [
            (part.organisation, [self[f"part_{part.organisation_id}{end}"] for end in ("", "_from", "_until")])
            for part in self.parts
        ]


def _day(label: str, hint: str, initial: date | None = None) -> DayField:
    return DayField(label=label, help_text=hint, initial=initial, required=False, widget=forms.TextInput(attrs=SHORT))
