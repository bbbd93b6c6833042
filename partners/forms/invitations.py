"""The forms to invite people, decide about invitations, and end a colleague's role."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from partners import roles
from partners.email_domains import tidy_domain
from partners.forms.organisation_choice import HINT, add_choice, check_chosen
from partners.models import Organisation, User
from partners.naming import tidy_name
from partners.permissions import can_invite_person, has_permission_anywhere
from vcsportal.common.form_fields import choice_field
from vcsportal.common.lookalikes import check_email
from vcsportal.common.widgets import Radios, TextBox
from vcsportal.common.words import Refused, choices


class NameField(forms.CharField):
    """A name on one line, without addresses or links."""

    def __init__(self, *, longest: int = 150, **kwargs: Any) -> None:
        super().__init__(**kwargs)  # the length is the rule's to count, once spaces are tidied
        self.longest = longest

    def clean(self, value: Any) -> str:
        name = str(super().clean(value))
        try:
            return tidy_name(name, longest=self.longest) if name else ""
        except Refused as refused:
            raise ValidationError(refused.sentence) from refused


class AddressField(forms.EmailField):
    """An email address in small letters that looks like no other."""

    def __init__(self, **kwargs: Any) -> None:
        words = {
            "required": "Enter an email address.",
            "invalid": "Enter an email address, for example name@example.org.",
        }
        super().__init__(max_length=254, error_messages=words, **kwargs)

    def clean(self, value: Any) -> str:
        address = str(super().clean(value)).lower()
        try:
            check_email(address)
        except Refused as refused:
            raise ValidationError(refused.sentence) from refused
        return address


class InvitationForm(forms.Form):
    """Who to invite, as what, and where. A partner lead is offered the organisations that they lead only."""

    name = NameField(label="Full name", error_messages={"required": "Enter their full name."})
    email = AddressField(label="Email address", help_text="They will sign in with this address.")
    role = forms.ChoiceField(
        label="Role",
        widget=Radios(hints={role.code: role.description for role in roles.ROLES}),
        error_messages={"required": "Choose what they will do here."},
    )

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        everybody = has_permission_anywhere(by, roles.MANAGE_PEOPLE)
        own = [
            organisation.pk
            for organisation in by.organisations
            if can_invite_person(by, roles.PARTNER_CONTRIBUTOR.code, organisation)
        ]
        offered = roles.ROLES if everybody else [roles.BY_CODE[code] for code in roles.PARTNER_ROLES]
        choice_field(self, "role").choices = choices(offered)
        if everybody:
            add_choice(
                self, "organisation", offered=Organisation.objects.to_name(), none="None",
                label="Organisation that they act for",
                search_label="Find the council, organisation or group that they act for",
                search_hint=f"{HINT} An administrator acts for the whole portal: leave this blank for one.",
            )  # fmt: skip
        else:
            self.fields["organisation"] = forms.ModelChoiceField(
                label="Organisation", queryset=Organisation.objects.filter(pk__in=own).by_name(), to_field_name="slug",
                required=False, empty_label=None,
                error_messages={"invalid_choice": "Choose one of the organisations in the list."},
            )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        check_chosen(self, "organisation")
        data = self.cleaned_data
        role = roles.BY_CODE.get(data.get("role", ""))
        if role and role.within and not data.get("organisation") and "organisation" not in self.errors:
            self.add_error("organisation", f"A {role.label.lower()} belongs to an organisation. Choose which.")
        if role and not role.within and data.get("organisation"):
            raise_at = f"A {role.label.lower()} holds the role for the whole portal. Leave the organisation at “None”."
            self.add_error("organisation", ValidationError(raise_at))
        return data


class InvitationDecisionForm(forms.Form):
    """An administrator's decision about an invitation that waits."""

    remember = forms.BooleanField(label="", required=False)
    reason = forms.CharField(
        label="Why is it not approved?",
        max_length=500,
        required=False,
        widget=TextBox(rows=2, limit=500),
        help_text="Only needed if you do not approve it. The person who sent the invitation will see it.",
    )

    def __init__(self, *args: Any, domain: str, organisation: Organisation | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if domain and organisation:
            self.fields["remember"].label = f"Addresses at {domain} belong to {organisation.name}: do not ask again"
        else:
            del self.fields["remember"]


class DomainsForm(forms.Form):
    """The email domains of an organisation, one on each line."""

    domains = forms.CharField(
        label="Email domains",
        required=False,
        max_length=2000,
        widget=TextBox(rows=4),
        help_text="One on each line, such as example.org. A lead’s invitation to any other address has to be approved by an administrator.",
    )

    def clean_domains(self) -> list[str]:
        try:
            return [tidy_domain(domain) for domain in str(self.cleaned_data["domains"]).split()]
        except Refused as refused:
            raise ValidationError(refused.sentence) from refused


class RoleEndForm(forms.Form):
    """Why a colleague's role ends."""

    reason = forms.CharField(
        label="Why does it end?",
        max_length=500,
        widget=TextBox(rows=3, limit=500),
        help_text="The person gets it in an email. It is kept in the history.",
        error_messages={"required": "Say why the role ends. The person gets it in an email."},
    )
