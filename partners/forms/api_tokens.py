"""The form for a new token."""

from typing import Any

from django import forms

from partners.models import Organisation, User
from partners.services.api_tokens import offered_scopes
from partners.token_scopes import LIFETIMES
from vcsportal.common.form_fields import choice_field
from vcsportal.common.widgets import Checkboxes, Radios


class ApiTokenForm(forms.Form):
    """What uses it, for which organisation, what it may do, and for how long."""

    name = forms.CharField(
        label="What will use it?",
        max_length=100,
        help_text="For example: our volunteer database. You recognise the token by it.",
        error_messages={"required": "Say what will use the token, so that you recognise it later."},
    )
    organisation = forms.ChoiceField(
        label="Whose work is it for?",
        required=False,
        widget=Radios(),
        help_text="A token for one organisation can do nothing for the others.",
    )
    scopes = forms.MultipleChoiceField(
        label="What may it do, besides reading what you can read?",
        required=False,
        widget=Checkboxes(),
        help_text="A token never approves, publishes or changes people.",
    )
    days = forms.ChoiceField(
        label="How long does it last?",
        choices=LIFETIMES,
        widget=Radios(),
        error_messages={"required": "Choose how long it lasts."},
    )

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.own = {str(organisation.pk): organisation for organisation in person.organisations}
        if len(self.own) > 1:
            everywhere = ("", "All organisations that I belong to")
            choice_field(self, "organisation").choices = [everywhere, *((key, each.name) for key, each in self.own.items())]  # fmt: skip
        else:
            del self.fields["organisation"]
        if offered := offered_scopes(person):
            choice_field(self, "scopes").choices = [(scope.code, scope.label) for scope in offered]
        else:
            del self.fields["scopes"]

    def organisation_chosen(self) -> Organisation | None:
        """Return the organisation that the token is for alone, if one was chosen."""
        return self.own.get(self.cleaned_data.get("organisation", ""))
