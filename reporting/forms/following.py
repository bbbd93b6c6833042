"""The form with which anybody follows something by email."""

from typing import Any

from django import forms

from commitments.reading.topics import Topic
from vcsportal.common.form_fields import choice_field
from vcsportal.common.program_traps import PublicForm
from vcsportal.common.widgets import Radios


class FollowForm(PublicForm):
    """What to follow, and the address to which updates go. ``about`` is what the page that it was opened from is about."""

    told_at = "email"

    about = forms.CharField(widget=forms.HiddenInput(), required=False, max_length=500)
    topic = forms.ChoiceField(
        label="What do you want to follow?",
        widget=Radios,
        error_messages=dict.fromkeys(("required", "invalid_choice"), "Choose what you want to follow."),
    )
    email = forms.EmailField(
        label="Your email address",
        help_text="We use it only for these emails, and delete it when you stop them.",
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages=dict.fromkeys(("required", "invalid"), "Enter an email address like name@example.org."),
    )

    def __init__(self, *args: Any, topics: list[Topic], **kwargs: Any) -> None:
        """:param topics: what can be chosen. The first is selected already."""
        super().__init__(*args, **kwargs)
        self.topics = {topic.code: topic for topic in topics}
        choice_field(self, "topic").choices = [(topic.code, topic.title) for topic in topics]
        self.initial.setdefault("topic", topics[0].code)

    @property
    def chosen(self) -> Topic:
        """What was chosen; for a valid form."""
        return self.topics[self.cleaned_data["topic"]]
