"""Forms in which officers add and change an action. The rules are in the services."""

from typing import Any, Final

from django import forms
from django.db.models import Q

from commitments.forms.fields import PlainText
from commitments.models import Action, Commitment, Strategy
from commitments.services.actions import NO_REASON, NO_TITLE, Plan
from partners import roles
from partners.forms.organisation_choice import add_choice, check_chosen
from partners.models import Organisation, User
from partners.people_with_permission import people_who_may
from vcsportal.common.dates import DayField
from vcsportal.common.numbers import LARGEST_INTEGER
from vcsportal.common.widgets import TextBox

SHORT: Final = {"class": "govuk-input--width-10"}
DATE_HINT: Final = "For example today, 12 March 2026 or 12/3/2026"
TOO_LONG: Final = "Use %(limit_value)d characters or fewer. You have used %(show_value)d."
FROM_LIST: Final = "from the list."


class VersionForm(forms.Form):
    """A form about an action as the person saw it."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=LARGEST_INTEGER)


class ActionForm(forms.Form):
    """What an action is, who owns it, and for a new one when it is due."""

    title = PlainText(
        label="What will be done?",
        help_text="One line that begins with a verb, for example “Publish the list of rooms”.",
        max_length=200,
        error_messages={"required": NO_TITLE, "max_length": TOO_LONG},
    )
    due_on = DayField(
        direction="future",
        label="When is it due? (optional)",
        help_text="For example 31 March 2027 or 31/3/2027. An action without a due date is never late.",
        widget=forms.TextInput(attrs=SHORT),
        required=False,
    )
    owner_person = forms.ModelChoiceField(
        label="Which officer owns it? (optional)",
        help_text="Their name is shown only to people who take part in the portal.",
        queryset=User.objects.none(),
        required=False,
        empty_label="Nobody by name",
        error_messages={"invalid_choice": f"Choose a council officer {FROM_LIST}"},
    )
    owner_team = PlainText(
        label="Which team? (optional)",
        help_text="Everyone can read the organisation and the team.",
        max_length=120,
        required=False,
        error_messages={"max_length": TOO_LONG},
    )
    reference = PlainText(
        label="Reference (optional)",
        help_text="If the action has a number of its own, for example “5b i”.",
        max_length=20,
        required=False,
        widget=forms.TextInput(attrs=SHORT),
        error_messages={"max_length": TOO_LONG},
    )
    parent = forms.ModelChoiceField(
        label="Is it part of another action? (optional)",
        queryset=Action.objects.none(),
        required=False,
        empty_label="No",
        error_messages={"invalid_choice": f"Choose an action {FROM_LIST}"},
    )

    def __init__(self, *args: Any, commitment: Commitment, action: Action | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["owner_person"].queryset = officers(commitment.strategy, action.owner_person_id if action else None)
        add_choice(
            self, "owner_organisation", offered=Organisation.objects.to_name(action.owner_organisation_id if action else None),
            label="Organisation that owns it", none="None",
            search_label="Find the organisation that owns it (optional)",
        )  # fmt: skip
        parents = Action.objects.filter(commitment=commitment, parent__isnull=True).in_order()
        fields["parent"].queryset = parents.exclude(pk=action.pk) if action else parents
        if not parents.exists() or (action and action.parts.exists()):
            del fields["parent"]
        if action:
            del fields["due_on"]  # it is moved, with a reason
            fields["version"] = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=LARGEST_INTEGER)
        self.order_fields(["title", "due_on", "owner_person", "owner_organisation_search", "owner_organisation"])

    def clean(self) -> dict[str, Any]:
        check_chosen(self, "owner_organisation")
        return self.cleaned_data

    @property
    def plan(self) -> Plan:
        """Return the entered plan, for the service."""
        data = self.cleaned_data
        return Plan(
            data["title"], data["reference"], data.get("parent"), data["owner_person"], data["owner_organisation"],
            data["owner_team"],
        )  # fmt: skip


class MoveForm(VersionForm):
    """Another due date, and why."""

    due_on = DayField(
        direction="future",
        label="New due date",
        help_text="For example 31 March 2027 or 31/3/2027",
        widget=forms.TextInput(attrs=SHORT),
        required=False,
    )
    no_day = forms.BooleanField(label="It no longer has a due date", required=False)
    reason = PlainText(
        label="Why is the date changing?",
        help_text="Everyone can read this, on the commitment’s page and in the year’s report.",
        widget=TextBox(rows=3),
        error_messages={"required": NO_REASON["move"]},
    )

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if "due_on" in values and bool(values["due_on"]) == bool(values.get("no_day")):
            both = values["due_on"]
            self.add_error(
                "due_on",
                "Enter a date or tick the box, not both." if both else "Enter the new due date, or tick the box.",
            )
        return values


class DoneForm(VersionForm):
    """The day on which it was done: asked, never assumed."""

    done_on = DayField(
        label="When was it done?",
        help_text=f"{DATE_HINT}. Enter the date the work was done, not the date you are recording it.",
        widget=forms.TextInput(attrs=SHORT),
        error_messages={"required": "Enter the date it was done."},
    )


class DropForm(VersionForm):
    """Since which day it is dropped, and why."""

    dropped_on = DayField(
        label="When was this decided?",
        help_text=DATE_HINT,
        widget=forms.TextInput(attrs=SHORT),
        error_messages={"required": "Enter the date this was decided."},
    )
    reason = PlainText(
        label="Why will it not be done?",
        help_text="Everyone can read this, on the commitment’s page and in the year’s report.",
        widget=TextBox(rows=3),
        error_messages={"required": NO_REASON["drop"]},
    )


class ReopenActionForm(VersionForm):
    """Why it is open again."""

    reason = PlainText(
        label="Why are you reopening it?",
        help_text="This is recorded in the history. It is not published.",
        widget=TextBox(rows=3),
        error_messages={"required": NO_REASON["reopen"]},
    )


def officers(strategy: Strategy, besides: int | None = None) -> Any:
    """Return the officers of the strategy's council who take part, by name, and the person with the key ``besides``."""
    able = people_who_may(roles.UPDATE_COMMITMENTS, strategy).order_by()
    wanted = Q(pk__in=able.values("pk")) | Q(pk__in=[besides] if besides else [])
    return User.objects.filter(wanted).order_by("name", "id")
