"""The shape of what officers set for a commitment: its people, its partners, its actions. The rules are the services'."""

from collections.abc import Callable
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError

from commitments.models import Strategy
from partners import roles
from partners.models import User
from partners.people import people_who_may
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

    def __init__(self, *args: Any, strategy: Strategy, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        officers = people_who_may(roles.UPDATE_COMMITMENTS, strategy)
        for name in ("lead", "supporting"):
            self.fields[name].queryset = officers  # type: ignore[attr-defined]
