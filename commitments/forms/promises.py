"""The shape of what officers set for a commitment: its people, its partners, its actions. The rules are the services'."""

from collections.abc import Callable, Iterable
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError

from commitments.models import Commitment
from commitments.models.delivery import DELIVERY_ROLES
from partners import roles
from partners.models import Organisation, User
from vcsportal.common.dates import DayField
from vcsportal.common.markdown import check_text
from vcsportal.common.widgets import Checkboxes
from vcsportal.common.words import Refused

NEW_PARTNERS: Final = 3


def refusals(check: Callable[[], Any]) -> str:
    """Return the sentence that ``check`` refuses with, "" if it does not."""
    try:
        check()
    except Refused as refused:
        return refused.sentence
    return ""


class PlainText(forms.CharField):
    """A text that the portal can keep: see :func:`vcsportal.common.markdown.check_text`."""

    def to_python(self, value: Any) -> str:
        text: str = super().to_python(value) or ""
        if sentence := refusals(lambda: check_text(text)):
            raise ValidationError(sentence)
        return check_text(text)


class PeopleForm(forms.Form):
    """Who leads a commitment, and who supports."""

    lead = forms.ModelChoiceField(
        label="Lead officer",
        help_text="The one person who answers for it.",
        queryset=User.objects.none(),
        required=False,
        empty_label="Nobody yet",
        error_messages={"invalid_choice": "Choose a council officer from the list."},
    )
    supporting = forms.ModelMultipleChoiceField(
        label="Supporting officers",
        queryset=User.objects.none(),
        required=False,
        widget=Checkboxes,
        error_messages={
            "invalid_choice": "Choose council officers from the list.",
            "invalid_pk_value": "Choose council officers from the list.",
        },
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        able = [role.code for role in roles.ROLES if roles.UPDATE_COMMITMENTS in role.may]
        officers = User.objects.filter(
            is_active=True, role_grants__role__in=able, role_grants__ended_at__isnull=True
        ).distinct()
        for name in ("lead", "supporting"):
            self.fields[name].queryset = officers.order_by("name", "id")  # type: ignore[attr-defined]


class PartnersForm(forms.Form):
    """Which organisations help to deliver a commitment, and their part. Without JavaScript three can be added at a time."""

    def __init__(self, *args: Any, commitment: Commitment, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.taking_part = [
            (one.organisation, one.role)
            for one in commitment.delivery_partners.current()
            .select_related("organisation")
            .order_by("organisation__sort_name", "id")
        ]
        self.others = {
            str(one.pk): one
            for one in Organisation.objects.exclude(pk__in=[one.pk for one, _role in self.taking_part]).by_name()
        }
        for organisation, role in self.taking_part:
            self.fields[f"part_{organisation.pk}"] = forms.ChoiceField(
                label=organisation.name,
                choices=[*DELIVERY_ROLES, ("", "Takes no part any more")],
                initial=role,
                required=False,
                error_messages={"invalid_choice": f"Choose the part of {organisation.name} from the list."},
            )
        for number in range(1, NEW_PARTNERS + 1):
            self.fields[f"new_{number}"] = forms.ChoiceField(
                label=f"Another organisation ({number})" if number > 1 else "Another organisation",
                choices=[("", "None"), *((key, one.name) for key, one in self.others.items())],
                required=False,
                error_messages={"invalid_choice": "Choose an organisation from the list."},
            )
            self.fields[f"new_{number}_part"] = forms.ChoiceField(
                label="Its part",
                choices=DELIVERY_ROLES,
                required=False,
                error_messages={"invalid_choice": "Choose its part from the list."},
            )

    @property
    def partners(self) -> list[tuple[Organisation, str]]:
        """Everybody who takes part from now on, as the service takes it."""
        data = self.cleaned_data
        kept = [(one, data[f"part_{one.pk}"]) for one, _role in self.taking_part if data[f"part_{one.pk}"]]
        new = [
            (self.others[data[f"new_{number}"]], data[f"new_{number}_part"] or DELIVERY_ROLES[0][0])
            for number in range(1, NEW_PARTNERS + 1)
            if data[f"new_{number}"]
        ]
        return kept + new

    @property
    def pairs(self) -> Iterable[tuple[forms.BoundField, forms.BoundField]]:
        """The fields for new partners, two by two."""
        return [(self[f"new_{number}"], self[f"new_{number}_part"]) for number in range(1, NEW_PARTNERS + 1)]

    @property
    def kept(self) -> list[forms.BoundField]:
        """The fields of those who take part already."""
        return [self[f"part_{one.pk}"] for one, _role in self.taking_part]


class ActionForm(forms.Form):
    """A step towards a commitment."""

    title = forms.CharField(
        label="What will be done?",
        help_text="One line that begins with a verb, for example “Publish the list of rooms”.",
        max_length=200,
        error_messages={
            "required": "Say what will be done.",
            "max_length": "Say it in %(limit_value)d characters or fewer. You have used %(show_value)d.",
        },
    )
    due_on = DayField(
        label="By when?",
        help_text="For example 31 March 2027 or 31/3/2027",
        widget=forms.TextInput(attrs={"class": "govuk-input--width-10"}),
        error_messages={"required": "Say by when it will be done."},
    )
