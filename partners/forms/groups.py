"""The forms for groups, their seats and the appointments to them. The services apply the rules."""

from datetime import date
from typing import Any

from django import forms

from partners.forms.organisation_choice import add_choice, check_chosen
from partners.models import Organisation, PartnershipGroup, Seat, User
from partners.services.groups import WORDS
from vcsportal.common.dates import DayField
from vcsportal.common.widgets import TextBox

SHORT = {"class": "govuk-input--width-10"}


def _day(label: str, hint: str = "", *, required: bool = False, missing: str = "") -> DayField:
    return DayField(
        label=label, help_text=hint, required=required, widget=forms.TextInput(attrs=SHORT),
        error_messages={"required": missing},
    )  # fmt: skip


def _words(label: str, longest: int, hint: str = "") -> forms.CharField:
    return forms.CharField(label=label, max_length=longest, required=False, help_text=hint)


def _text(label: str, hint: str = "") -> forms.CharField:
    box = TextBox(rows=4, limit=4000)
    return forms.CharField(label=label, max_length=4000, required=False, widget=box, help_text=hint)


class GroupForm(forms.Form):
    """What a group is, where it belongs, and whether it meets."""

    purpose = _text("What it is for")
    aims = _text("Its aims (optional)", "Write each aim on its own line.")
    meets = _words("How often it meets (optional)", 120, "For example: quarterly.")
    reports_to = _text("Who it reports to, and how often (optional)")
    supporting_team = _words("The team that supports it (optional)", 200)
    founded = _words("When it was founded (optional)", 60, "A year is enough.")
    statutory_basis = _words("The law that requires it (optional)", 300, "For example: Crime and Disorder Act 1998.")
    terms_of_reference = _text("Terms of reference (optional)")
    reviewed_on = _day("Terms last reviewed on (optional)")
    rests_since = _day("It has not met since (optional)", "Only if it does not meet at present.")
    rests_why = _text(
        "Why it does not meet at present (optional)",
        "This completes the sentence “It does not meet at present, because …”",
    )
    ended_on = _day("It ended on (optional)", "The first day on which the group no longer existed.")
    source = _text("Where this comes from (optional)")

    def __init__(self, *args: Any, organisation: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        held = PartnershipGroup.objects.filter(organisation=organisation).first()
        supporter, parent = (held.supported_by_id, held.parent) if held else (None, None)
        groups = (
            Organisation.objects.to_name(parent.organisation_id if parent else None)
            .filter(group__isnull=False)
            .exclude(pk=organisation.pk)
        )
        add_choice(
            self, "parent", offered=groups, label="It is a sub-group of", none="No other group",
            search_label="Find its parent group",
        )  # fmt: skip
        add_choice(
            self, "supported_by", offered=Organisation.objects.to_name(supporter).exclude(pk=organisation.pk), label="It is supported by", none="No organisation",
            search_label="Find the organisation that supports it",
        )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        check_chosen(self, "parent")
        check_chosen(self, "supported_by")
        return self.cleaned_data

    @staticmethod
    def initial_of(group: PartnershipGroup | None) -> dict[str, Any]:
        """Return what the form shows of a group."""
        if group is None:
            return {}
        days = ("reviewed_on", "rests_since", "ended_on")
        return {
            **{name: getattr(group, name) for name in (*WORDS, *days)},
            "parent": group.parent.organisation.slug if group.parent else "",
            "supported_by": group.supported_by.slug if group.supported_by else "",
        }

    @property
    def changes(self) -> dict[str, Any]:
        """Return the cleaned values as the service takes them."""
        values = {name: value for name, value in self.cleaned_data.items() if not name.endswith("_search")}
        parent = values.pop("parent")
        return {**values, "parent": parent.group if parent is not None else None}


class SeatForm(forms.Form):
    """A seat: what it is called, and whether whoever holds it chairs the group or is its secretary."""

    title = forms.CharField(
        label="What the seat is called",
        max_length=200,
        help_text="For example: Larger business representative.",
        error_messages={"required": "Enter what the seat is called."},
    )
    is_chair = forms.BooleanField(
        label="Whoever holds it chairs the group", required=False, help_text="Co-chairs are two such seats."
    )
    is_secretary = forms.BooleanField(
        label="Whoever holds it is the group’s secretary", required=False,
        help_text="The secretary looks after the group’s seats here.",
    )  # fmt: skip
    made_on = _day("Seat created on (optional)", "Leave blank if you do not know.")

    @staticmethod
    def initial_of(seat: Seat) -> dict[str, Any]:
        """Return what the form shows of a seat."""
        return {name: getattr(seat, name) for name in ("title", "is_chair", "is_secretary", "made_on")}


class SeatEndForm(forms.Form):
    """From which day on there is no such seat any more."""

    ended_on = _day(
        "First day without this seat", required=True, missing="Enter the first day on which the seat no longer exists."
    )


class AppointForm(forms.Form):
    """Who holds a seat from when: an organisation, a post, and perhaps a person who signs in here."""

    post = forms.CharField(
        label="Post", max_length=200, required=False,
        help_text="The public sees the post and the organisation. For example: Chief executive.",
    )  # fmt: skip
    email = forms.EmailField(
        label="Email address of the person, if they sign in here (optional)",
        max_length=254,
        required=False,
        help_text="While they hold the seat, they are a steering-group member for the strategies that the group steers. "
        "Their name is not shown unless they choose to show it.",
        error_messages={"invalid": "Enter an email address, for example name@example.org."},
    )
    starts_on = _day("First day", required=True, missing="Enter the first day on which the seat is held.")
    until = _day("First day the seat is no longer held (optional)", "Leave blank while that is not known.")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        everybody = Organisation.objects.to_name()
        add_choice(self, "organisation", offered=everybody, label="Organisation", none="No organisation, only a post")
        self.person: User | None = None

    def clean(self) -> dict[str, Any]:
        check_chosen(self, "organisation")
        return self.cleaned_data

    def clean_email(self) -> str:
        email = str(self.cleaned_data["email"]).strip().lower()
        if email:
            self.person = User.objects.filter(email=email, is_active=True).first()
            if self.person is None:
                raise forms.ValidationError(
                    "Nobody signs in here with this address. Leave it blank, or ask an administrator to invite them first."
                )
        return email


class AppointmentEndForm(forms.Form):
    """From which day on a seat is not held any more."""

    until = _day(
        "First day the seat is no longer held",
        required=True,
        missing="Enter the first day on which the seat is not held.",
    )

    @staticmethod
    def initial_on(today: date) -> dict[str, Any]:
        """Return what the form suggests: today."""
        return {"until": today}


class NameShownForm(forms.Form):
    """Whether the group's page shows the name of whoever holds a seat."""

    name_shown = forms.BooleanField(
        label="Show my name on the group’s page", required=False,
        help_text="If you do not tick this, the page shows your post and your organisation only.",
    )  # fmt: skip
