"""The form for how someone appears to the public."""

from typing import Any

from django import forms

from partners.models import User
from partners.reading.public_names import NO_POST, NO_POST_ELSEWHERE


class PublicNameForm(forms.Form):
    """A person's post, and whether the public can read their name."""

    post = forms.CharField(
        label="Your post (optional)",
        max_length=100,
        required=False,
        help_text=f"For example: Partnerships officer. If you leave it blank, the public sees “{NO_POST}”, or “{NO_POST_ELSEWHERE}” for a strategy that no council owns.",
        error_messages={"max_length": "Use 100 characters or fewer."},
    )
    name_shown = forms.BooleanField(
        label="Show my name to the public",
        required=False,
        help_text="If you do not tick this, the public sees your post and your organisation instead.",
    )

    @classmethod
    def of(cls, person: User, data: Any = None) -> "PublicNameForm":
        """Return the form as it stands for a person."""
        return cls(data, initial={"post": person.post, "name_shown": person.name_shown})
