"""The form to hand on a task by the link in an email."""

from typing import Any, Final

from django import forms

from commitments.forms.fields import PlainText
from commitments.services.task_links import colleagues
from partners.models import User
from vcsportal.common.form_fields import choice_field

FIND: Final = "find"


class HandOnForm(forms.Form):
    """Whose it is now, and why if they want to say."""

    to = forms.ChoiceField(
        label="Who should have it?",
        error_messages={
            "required": "Choose a colleague, or ask the council to find someone.",
            "invalid_choice": "Choose someone from the list, or ask the council to find someone.",
        },
    )
    why = PlainText(
        label="Why? (optional)",
        help_text="One sentence for the next person. It is recorded in the history.",
        max_length=200,
        required=False,
        error_messages={"max_length": "Write at most 200 characters."},
    )

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(colleague.pk): colleague for colleague in colleagues(person)}
        names = [(pk, person.name) for pk, person in self.people.items()]
        choice_field(self, "to").choices = [("", "Choose"), (FIND, "I don’t know: please find someone"), *names]

    @property
    def chosen(self) -> User | None:
        """The colleague; None where somebody is to be found."""
        return self.people.get(self.cleaned_data["to"])
