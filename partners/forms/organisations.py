"""The forms for organisations and people. The services apply the rules."""

from datetime import date
from typing import Any, Final

from django import forms

from partners.forms.invitations import NameField
from partners.identifiers import SCHEMES, normalise
from partners.kinds import KINDS
from partners.models import Area, Organisation, OrganisationIdentifier, RoleGrant, User
from partners.naming import MAXIMUM_ORGANISATION_NAME_CHARACTERS
from vcsportal.common.form_fields import rows_field
from vcsportal.common.lookalikes import check_link
from vcsportal.common.widgets import Checkboxes, Radios, TextBox
from vcsportal.common.words import Invalid, Refused, choices

EMPTY_ROWS: Final = 2


class OrganisationForm(forms.Form):
    """Who an organisation is: name, kind, two lines, website, districts, and numbers in registers."""

    name = NameField(
        label="Name",
        longest=MAXIMUM_ORGANISATION_NAME_CHARACTERS,
        error_messages={"required": "Enter the name of the organisation."},
    )
    kind = forms.ChoiceField(
        label="Kind of organisation",
        choices=KINDS,
        widget=Radios(),
        error_messages={"required": "Choose what kind of organisation it is."},
    )
    description = forms.CharField(
        label="Who they are, in two lines",
        max_length=600,
        required=False,
        widget=TextBox(rows=3, limit=600),
        help_text="For example: a lunch club for older people in two villages, run by neighbours.",
    )
    website = forms.URLField(
        label="Website",
        max_length=300,
        required=False,
        assume_scheme="https",
        error_messages={"invalid": "Enter the whole web address, for example https://example.org."},
    )
    team_mailbox = forms.EmailField(
        label="Email address of the team",
        max_length=254,
        required=False,
        help_text="Shown to the public next to the lead officer’s post, for organisations that own a strategy.",
        error_messages={"invalid": "Write an email address, for example team@example.org."},
    )
    districts = forms.ModelMultipleChoiceField(
        label="Where they work",
        queryset=Area.objects.none(),
        required=False,
        widget=Checkboxes(),
        help_text="Leave empty if you are not sure.",
    )

    def __init__(self, *args: Any, today: date, organisation: Organisation | None = None, **kwargs: Any) -> None:
        """:param today: the day on which the areas that can be chosen are there."""
        held = list(organisation.identifiers.order_by("scheme", "value")) if organisation else []
        if organisation:
            kwargs["initial"] = {
                "name": organisation.name,
                "kind": organisation.kind,
                "description": organisation.description,
                "website": organisation.website,
                "team_mailbox": organisation.team_mailbox,
                "districts": organisation.districts.all(),
                **{f"scheme_{n}": identifier.scheme for n, identifier in enumerate(held)},
                **{f"value_{n}": identifier.value for n, identifier in enumerate(held)},
            }
        super().__init__(*args, **kwargs)
        self.organisation = organisation
        offered = Area.objects.districts()
        kept = list(organisation.districts.values_list("pk", flat=True)) if organisation else []
        rows_field(self, "districts").queryset = offered.in_force(today) | offered.filter(pk__in=kept)
        self.rows = range(len(held) + EMPTY_ROWS)
        for n in self.rows:
            self.fields[f"scheme_{n}"] = forms.ChoiceField(
                label=f"Register {n + 1}", choices=[("", "None"), *choices(SCHEMES)], required=False
            )
            self.fields[f"value_{n}"] = forms.CharField(
                label=f"Number in register {n + 1}", max_length=30, required=False
            )

    def identifier_rows(self) -> list[dict[str, Any]]:
        """The fields of each identifier, for the template."""
        return [{"scheme": self[f"scheme_{n}"], "value": self[f"value_{n}"]} for n in self.rows]

    def clean_website(self) -> str:
        website = str(self.cleaned_data["website"])
        try:
            check_link(website)
        except Refused as refused:
            self.add_error("website", refused.sentence)
        return website

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        self.identifiers: list[tuple[str, str]] = []
        for n in self.rows:
            scheme, value = data.get(f"scheme_{n}", ""), data.get(f"value_{n}", "").strip()
            if not scheme and not value:
                continue
            try:
                if not value:
                    raise Invalid("Write the number, or choose “None”.", field="identifiers")
                self._add(scheme, value)
            except Refused as refused:
                self.add_error(f"value_{n}" if scheme else f"scheme_{n}", refused.sentence)
        return data

    def _add(self, scheme: str, value: str) -> None:
        tidy = normalise(scheme, value)
        others = OrganisationIdentifier.objects.filter(scheme=scheme, value=tidy).exclude(
            organisation=self.organisation
        )
        if other := others.select_related("organisation").first():
            raise Invalid(
                f"{tidy} already belongs to {other.organisation.name}. Each number names one organisation.",
                field="identifiers",
            )
        self.identifiers.append((scheme, tidy))


class AccessForm(forms.Form):
    """Why somebody's access ends or comes back."""

    reason = forms.CharField(
        label="Why",
        max_length=500,
        widget=TextBox(rows=3, limit=500),
        help_text="It is kept in the person’s history, which administrators read.",
        error_messages={"required": "Say why. It is kept in the person’s history."},
    )


def held_now(person: User) -> list[RoleGrant]:
    """Return the roles that the person holds now, with where."""
    return list(person.role_grants.current().select_related("organisation").order_by("id"))
