"""The shape of what is said about organisations and people. The rules are asked of the services."""

from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError

from partners import roles
from partners.identifiers import SCHEMES, normalise
from partners.kinds import KINDS
from partners.models import Area, Organisation, OrganisationIdentifier, RoleGrant, User
from partners.permissions import has_permission_anywhere, organisations_for
from vcsportal.common.widgets import Checkboxes, Radios, TextBox
from vcsportal.common.words import Refused, choices

EMPTY_ROWS: Final = 2


class OrganisationForm(forms.Form):
    """Who an organisation is: name, kind, two lines, website, districts, and numbers in registers."""

    name = forms.CharField(
        label="Name", max_length=200, error_messages={"required": "Say what the organisation is called."}
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
        error_messages={"invalid": "Write the address as it stands in a browser, for example https://example.org."},
    )
    districts = forms.ModelMultipleChoiceField(
        label="Where they work",
        queryset=Area.objects.none(),
        required=False,
        widget=Checkboxes(),
        help_text="Leave empty if you are not sure.",
    )

    def __init__(self, *args: Any, organisation: Organisation | None = None, **kwargs: Any) -> None:
        held = list(organisation.identifiers.order_by("scheme", "value")) if organisation else []
        if organisation:
            kwargs["initial"] = {
                "name": organisation.name,
                "kind": organisation.kind,
                "description": organisation.description,
                "website": organisation.website,
                "districts": organisation.districts.all(),
                **{f"scheme_{n}": one.scheme for n, one in enumerate(held)},
                **{f"value_{n}": one.value for n, one in enumerate(held)},
            }
        super().__init__(*args, **kwargs)
        self.organisation = organisation
        self.fields["districts"].queryset = Area.objects.districts()  # type: ignore[attr-defined]
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

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        self.identifiers: list[tuple[str, str]] = []
        for n in self.rows:
            scheme, value = data.get(f"scheme_{n}", ""), data.get(f"value_{n}", "").strip()
            if not scheme and not value:
                continue
            try:
                if not value:
                    raise Refused("Write the number, or choose “None”.")
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
            raise Refused(f"{tidy} already belongs to {other.organisation.name}. Each number names one organisation.")
        self.identifiers.append((scheme, tidy))


class InvitationForm(forms.Form):
    """Whom to invite, as what, and where. A partner lead is offered their own organisations only."""

    name = forms.CharField(label="Full name", max_length=150, error_messages={"required": "Say who it is."})
    email = forms.EmailField(
        label="E-mail address",
        max_length=254,
        help_text="They will sign in with this address.",
        error_messages={
            "required": "Write their e-mail address.",
            "invalid": "Write an e-mail address, for example name@example.org.",
        },
    )
    role = forms.ChoiceField(
        label="Role",
        widget=Radios(hints={role.code: role.description for role in roles.ROLES}),
        error_messages={"required": "Choose what they will do here."},
    )
    organisation = forms.ModelChoiceField(
        label="Organisation",
        queryset=Organisation.objects.none(),
        required=False,
        empty_label="None",
        help_text="For officers, partners and steering-group members. Leave it at “None” for administrators.",
        error_messages={"invalid_choice": "Choose one of the organisations in the list."},
    )

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        everybody = has_permission_anywhere(by, roles.MANAGE_PEOPLE)
        own = [one.pk for one in organisations_for(by, roles.INVITE_COLLEAGUES)]
        offered = roles.ROLES if everybody else [roles.BY_CODE[code] for code in roles.PARTNER_ROLES]
        places = Organisation.objects.all() if everybody else Organisation.objects.filter(pk__in=own)
        self.fields["role"].choices = choices(offered)  # type: ignore[attr-defined]
        self.fields["organisation"].queryset = places.by_name()  # type: ignore[attr-defined]
        if not everybody:
            self.fields["organisation"].empty_label = None  # type: ignore[attr-defined]
            self.fields["organisation"].help_text = ""

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        role = roles.BY_CODE.get(data.get("role", ""))
        if role and role.within and not data.get("organisation") and "organisation" not in self.errors:
            self.add_error("organisation", f"A {role.label.lower()} belongs to an organisation. Choose which.")
        if role and not role.within and data.get("organisation"):
            raise_at = f"A {role.label.lower()} holds the role for the whole portal. Leave the organisation at “None”."
            self.add_error("organisation", ValidationError(raise_at))
        return data


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
