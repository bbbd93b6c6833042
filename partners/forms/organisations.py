"""The forms for organisations and people. The services apply the rules."""

from datetime import date
from typing import Any, Final

from django import forms

from partners.contacts import are_confirmed, check_contacts, tidy_telephone
from partners.forms.invitations import NameField
from partners.identifiers import SCHEMES, normalise
from partners.kinds import KINDS
from partners.models import Area, Organisation, OrganisationIdentifier, RoleGrant, Strand, User
from partners.naming import MAXIMUM_ORGANISATION_NAME_CHARACTERS
from partners.services.organisations import EDITABLE, KEPT, tidy_former_names
from partners.standings import LISTED, STANDING, TAKES_PART
from vcsportal.common.dates import DayField
from vcsportal.common.form_fields import rows_field
from vcsportal.common.lookalikes import check_link
from vcsportal.common.widgets import Checkboxes, Radios, TextBox
from vcsportal.common.words import Invalid, Refused, choices

EMPTY_ROWS: Final = 2


class OrganisationForm(forms.Form):
    """Who an organisation is: names, kind, two lines, how to reach it, whom and where it serves, and numbers in registers."""

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
    former_names = forms.CharField(
        label="Former names (optional)",
        max_length=3_000,
        required=False,
        widget=TextBox(rows=2),
        help_text="One on each line. People can find the organisation by searching for any of them.",
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
        label="Email address for the public (optional)",
        max_length=254,
        required=False,
        help_text="Everyone can read it. Give a shared address such as info@example.org, not one person’s.",
        error_messages={"invalid": "Write an email address, for example team@example.org."},
    )
    telephone = forms.CharField(
        label="Telephone number for the public (optional)",
        max_length=40,
        required=False,
        help_text="Everyone can read it. Give a shared number, not one person’s.",
        widget=forms.TextInput(attrs={"inputmode": "tel"}),
    )
    contacts_confirmed = forms.BooleanField(
        label="This email address and number belong to the organisation, not to one person",
        required=False,
        help_text="Only needed if the address looks like one person’s, or the number is a mobile number.",
    )
    source = forms.CharField(
        label="Where these details are from (optional)",
        max_length=300,
        required=False,
        help_text="For example: the organisation’s website.",
    )
    checked_on = DayField(
        label="Last checked on (optional)",
        required=False,
        help_text="The date someone last checked these details.",
    )
    strands = forms.ModelMultipleChoiceField(
        label="Who they serve in particular (optional)",
        queryset=Strand.objects.none(),
        required=False,
        widget=Checkboxes(),
    )
    standing = forms.ChoiceField(
        label="Does it take part?",
        required=False,
        choices=[(TAKES_PART, STANDING[TAKES_PART].label), (LISTED, "It is only listed")],
        widget=Radios(hints={TAKES_PART: STANDING[TAKES_PART].definition, LISTED: STANDING[LISTED].definition}),
        initial=TAKES_PART,
    )
    is_none_of_these = forms.BooleanField(label="It is none of these", required=False)
    districts = forms.ModelMultipleChoiceField(
        label="Where they work",
        queryset=Area.objects.none(),
        required=False,
        widget=Checkboxes(),
        help_text="Leave empty if you are not sure.",
    )

    def __init__(
        self,
        *args: Any,
        today: date,
        organisation: Organisation | None = None,
        keeps_listing: bool = False,
        **kwargs: Any,
    ) -> None:
        """:param today: the day on which the areas that can be chosen are there.
        :param keeps_listing: whether whoever changes it keeps the directory.
        """
        held = list(organisation.identifiers.order_by("scheme", "value")) if organisation else []
        if organisation:
            kwargs["initial"] = {
                "name": organisation.name,
                **{name: getattr(organisation, name) for name in (*EDITABLE, *KEPT)},
                "contacts_confirmed": False,  # it is said of one mailbox and number, not of later ones
                "districts": organisation.districts.all(),
                "strands": organisation.strands.all(),
                **{f"scheme_{n}": identifier.scheme for n, identifier in enumerate(held)},
                **{f"value_{n}": identifier.value for n, identifier in enumerate(held)},
            }
        super().__init__(*args, **kwargs)
        self.organisation, self.today = organisation, today
        offered = Area.objects.districts()
        kept = list(organisation.districts.values_list("pk", flat=True)) if organisation else []
        rows_field(self, "districts").queryset = offered.in_force(today) | offered.filter(pk__in=kept)
        strands = Strand.objects.in_use(today) | Strand.objects.filter(organisations=organisation)
        rows_field(self, "strands").queryset = strands.distinct().in_order()
        if not Strand.objects.exists():
            del self.fields["strands"]
        if organisation:
            del self.fields["standing"], self.fields["is_none_of_these"]
        if not keeps_listing:
            del self.fields["source"], self.fields["checked_on"]
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

    @property
    def written(self) -> dict[str, Any]:
        """The values of the organisation's own fields, for the services."""
        written = {name: self.cleaned_data[name] for name in (*EDITABLE, *KEPT) if name in self.fields}
        if self.organisation and not written["contacts_confirmed"]:
            del written["contacts_confirmed"]  # what was confirmed before stays so, for the same mailbox and number
        return written

    @property
    def chosen_strands(self) -> list[Strand] | None:
        """The chosen strands; None where there are none to choose."""
        return list(self.cleaned_data["strands"]) if "strands" in self.fields else None

    def clean_standing(self) -> str:
        return str(self.cleaned_data["standing"] or TAKES_PART)

    def clean_checked_on(self) -> date | None:
        checked: date | None = self.cleaned_data["checked_on"]
        if checked is not None and checked > self.today:
            self.add_error("checked_on", "This day is in the future. Enter today or an earlier date.")
        return checked

    def clean_website(self) -> str:
        website = str(self.cleaned_data["website"])
        try:
            check_link(website)
        except Refused as refused:
            self.add_error("website", refused.sentence)
        return website

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        self._check_contacts(data)
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

    def _check_contacts(self, data: dict[str, Any]) -> None:
        try:
            data["telephone"] = tidy_telephone(data.get("telephone", ""))
            check_contacts(
                name=data.get("name", ""),
                mailbox=data.get("team_mailbox", ""),
                telephone=data["telephone"],
                confirmed=are_confirmed(
                    self.organisation,
                    mailbox=data.get("team_mailbox", ""),
                    telephone=data["telephone"],
                    ticked=data.get("contacts_confirmed", False),
                ),
            )
        except Invalid as refused:
            self.add_error(refused.field, refused.sentence)
        try:
            data["former_names"] = tidy_former_names(data.get("former_names", ""), data.get("name", ""))
        except Invalid as refused:
            self.add_error(refused.field, refused.sentence)

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
