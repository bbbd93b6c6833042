"""The forms of engagement: planning it, writing it up, calling it off. The rules are in the services."""

import re
from datetime import date, time
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError

from commitments.content.engagement import EngagementAccount, EngagementOwner, EngagementPlan
from commitments.forms.evidence_choice import add_evidence_choice, check_ticked
from commitments.forms.fields import PlainText, VersionedForm, WholeNumberField
from commitments.forms.nouns import use_nouns
from commitments.models import Commitment, Engagement, Evidence, Strategy
from commitments.rules.engagement_kinds import ENGAGEMENT_KINDS
from commitments.rules.kinds import GENERAL
from commitments.services.engagement import (
    MAX_METHOD_CHARACTERS,
    MAX_PLACE_CHARACTERS,
    MAX_QUESTION_CHARACTERS,
    MAX_REASON_CHARACTERS,
    MAX_TITLE_CHARACTERS,
)
from commitments.services.engagement_account import MAX_SOURCE_CHARACTERS, MAX_SUMMARY_CHARACTERS, NO_SUMMARY, NUMBERS
from partners import area_kinds
from partners.models import Area, PartnershipGroup, User
from vcsportal.common.dates import DayField
from vcsportal.common.numbers import LARGEST_INTEGER
from vcsportal.common.plurals import capital, plural
from vcsportal.common.widgets import Checkboxes, TextBox
from vcsportal.common.words import choices

SHORT: Final = {"class": "govuk-input--width-10"}
NARROW: Final = {"class": "govuk-input--width-5", "inputmode": "numeric"}
TOO_LONG: Final = "Use %(limit_value)d characters or fewer. You have used %(show_value)d."
UNKNOWN: Final = "Leave blank if you do not know."
_TIME = re.compile(r"(\d{1,2})(?:[:.](\d{2}))? ?(am|pm)?")


class TimeOfDayField(forms.Field):
    """A time of day as people write it: ``7pm``, ``7:30pm``, ``19:30``."""

    widget = forms.TextInput

    def to_python(self, value: Any) -> time | None:
        words = str(value or "").strip().lower()
        if not words:
            return None
        found = _TIME.fullmatch(words[:20])
        hour, minute = (int(found[1]), int(found[2] or 0)) if found else (99, 0)
        if found and found[3]:
            hour = hour % 12 + (12 if found[3] == "pm" else 0) if 1 <= hour <= 12 else 99
        elif found and not found[2]:
            hour = 99  # “7” is a morning or an evening
        if hour > 23 or minute > 59:
            raise ValidationError(f"Enter a time like 7:30pm. “{str(value).strip()[:20]}” is not one.", code="invalid")
        return time(hour, minute)

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, time):
            return f"{value.hour % 12 or 12}:{value:%M}{'am' if value.hour < 12 else 'pm'}"
        return value


class GroupField(forms.ModelChoiceField):  # type: ignore[type-arg]  # no argument when it runs
    """A group, by the slug of its organisation."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(PartnershipGroup.objects.none(), to_field_name="organisation__slug", **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return value.organisation.slug if isinstance(value, PartnershipGroup) else value


class EngagementForm(VersionedForm):
    """What everyone can read from the start. ``group`` and ``strategy`` say whose it is."""

    group = GroupField(
        label="Which group meets? (optional)",
        required=False,
        empty_label="No group",
        error_messages={"invalid_choice": "Choose a group from the list."},
    )
    strategy = forms.ModelChoiceField(
        label="Which strategy is it for? (optional)",
        queryset=Strategy.objects.none(),
        required=False,
        empty_label="No strategy",
        to_field_name="slug",
        error_messages={"invalid_choice": "Choose a strategy from the list."},
    )
    kind = forms.ChoiceField(
        label="What is it?",
        choices=choices(ENGAGEMENT_KINDS),
        error_messages=dict.fromkeys(("required", "invalid_choice"), "Choose what kind of engagement it is."),
    )
    title = PlainText(
        label="Title",
        help_text="For example “Workshop on volunteering”. Don’t name people.",
        max_length=MAX_TITLE_CHARACTERS,
        error_messages={"required": "Give it a title.", "max_length": TOO_LONG},
    )
    starts_on = DayField(
        direction="future",
        label="First day",
        help_text="For example 31 March 2027, 31/3 or next Tuesday. A date in the past is fine.",
        widget=forms.TextInput(attrs=SHORT),
        error_messages={"required": "Enter the first day."},
    )
    month_only = forms.BooleanField(label="Only the month is known", required=False)
    ends_on = DayField(
        direction="future",
        label="Last day (optional)",
        help_text="Leave blank for a single day.",
        widget=forms.TextInput(attrs=SHORT),
        required=False,
    )
    starts_at = TimeOfDayField(
        label="Time (optional)", help_text="For example 7:30pm", widget=forms.TextInput(attrs=SHORT), required=False
    )
    place = PlainText(
        label="Where? (optional)",
        help_text="For example “Didcot Civic Hall” or “Online”.",
        max_length=MAX_PLACE_CHARACTERS,
        required=False,
        error_messages={"max_length": TOO_LONG},
    )
    districts = forms.ModelMultipleChoiceField(
        label="Districts (optional)",
        queryset=Area.objects.none(),
        to_field_name="gss_code",
        required=False,
        widget=Checkboxes(attrs={"class": "govuk-checkboxes--small"}),
        error_messages={"invalid_choice": "“%(value)s” is not one of the districts here."},
    )
    question = PlainText(
        label="What are people asked? (optional)",
        help_text="The question, or what it is about. Everyone can read it.",
        required=False,
        widget=TextBox(rows=4, limit=MAX_QUESTION_CHARACTERS),
        max_length=MAX_QUESTION_CHARACTERS,
        error_messages={"max_length": TOO_LONG},
    )
    method = PlainText(
        label="How are they asked? (optional)",
        help_text="For example “Small groups, then a vote” or “Online form and paper copies in libraries”.",
        required=False,
        widget=TextBox(rows=3, limit=MAX_METHOD_CHARACTERS),
        max_length=MAX_METHOD_CHARACTERS,
        error_messages={"max_length": TOO_LONG},
    )
    commitments = forms.ModelMultipleChoiceField(
        label="Which commitments is it about? (optional)",
        queryset=Commitment.objects.none(),
        required=False,
        widget=Checkboxes(attrs={"class": "govuk-checkboxes--small"}),
        error_messages={
            "invalid_choice": "“%(value)s” is not a commitment that can be chosen.",
            "invalid_pk_value": "“%(pk)s” is not a commitment that can be chosen.",
        },
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0, max_value=LARGEST_INTEGER)

    def __init__(
        self,
        *args: Any,
        engagement: Engagement | None = None,
        groups: Any = None,
        strategies: Any = None,
        **kwargs: Any,
    ) -> None:
        """:param groups: those that the person may plan for, and ``strategies`` likewise."""
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        districts = list(Area.objects.districts().values_list("kind", flat=True))
        fields["districts"].queryset = Area.objects.districts()
        fields["districts"].label = f"{capital(plural(area_kinds.noun(districts)))} (optional)"
        if not districts:
            del fields["districts"]
        self.engagement = engagement
        if engagement is not None:
            if _offer(fields["group"], groups) + _offer(fields["strategy"], strategies) < 2:
                del fields["group"], fields["strategy"]  # it is the only one's that it can be
            offered = commitments_offered(engagement)
            if offered.exists():
                fields["commitments"].queryset = offered
            else:
                del fields["commitments"]
            use_nouns(self, engagement.strategy.nouns if engagement.strategy else GENERAL)
            return
        del fields["commitments"], fields["version"]
        for name, found in (("group", groups), ("strategy", strategies)):
            fields[name].queryset = found
            if not found.exists():
                del fields[name]

    @classmethod
    def of(cls, engagement: Engagement, *, groups: Any, strategies: Any) -> "EngagementForm":
        """Return the form with what is saved; ``groups`` and ``strategies`` are those that it may become."""
        names = (
            "kind",
            "title",
            "starts_on",
            "ends_on",
            "month_only",
            "starts_at",
            "place",
            "question",
            "method",
            "version",
        )
        initial = {name: getattr(engagement, name) for name in names}
        if engagement.month_only:
            initial["ends_on"] = None
        initial["districts"] = [area.gss_code for area in engagement.districts.all()]
        initial["commitments"] = [commitment.pk for commitment in engagement.commitments.all()]
        initial["group"] = engagement.group
        initial["strategy"] = engagement.strategy.slug if engagement.strategy else ""
        return cls(initial=initial, engagement=engagement, groups=groups, strategies=strategies)

    @property
    def owner(self) -> EngagementOwner:
        """Whose it is to be, for the service. Where there was no other to choose, it stays as it is."""
        now = {name: getattr(self.engagement, name, None) for name in ("group", "strategy")}
        return EngagementOwner(
            **{name: self.cleaned_data.get(name) if name in self.fields else now[name] for name in now}
        )

    @property
    def plan(self) -> EngagementPlan:
        """What was entered, for the service."""
        values = self.cleaned_data
        names = ("kind", "title", "starts_on", "ends_on", "month_only", "starts_at", "place")
        return EngagementPlan(
            **{name: values[name] for name in names},
            districts=tuple(values.get("districts") or ()),
            question=values["question"],
            method=values["method"],
            commitments=tuple(values.get("commitments") or ()),
        )


def _offer(field: Any, offered: Any) -> int:
    """Let a field choose among rows, read once; return how many there are."""
    rows = list(offered)
    field.queryset = offered
    field.choices = [
        ("", field.empty_label), *((field.prepare_value(row), field.label_from_instance(row)) for row in rows)
    ]  # fmt: skip
    return len(rows)


def commitments_offered(engagement: Engagement) -> Any:
    """Return the commitments of its strategy, or of those that its group steers, in their order."""
    found = Commitment.objects.select_related("strategy", "priority")
    if engagement.strategy_id:
        return found.filter(strategy=engagement.strategy_id).in_order()
    steers = engagement.group.organisation_id if engagement.group else None
    return found.filter(strategy__steered_by=steers).in_order()


class AccountForm(VersionedForm):
    """What everyone can read once it is written up. A draft may leave any of it empty."""

    summary = PlainText(
        label="What was said and decided?",
        help_text="Two or three sentences are enough. Name organisations and posts, not people.",
        required=False,
        widget=TextBox(rows=10, limit=MAX_SUMMARY_CHARACTERS),
        max_length=MAX_SUMMARY_CHARACTERS,
        error_messages={"max_length": TOO_LONG},
    )
    people_attended = WholeNumberField(
        label="How many people attended? (optional)",
        help_text=UNKNOWN,
        required=False,
        widget=forms.TextInput(attrs=NARROW),
    )
    people_asked = WholeNumberField(
        label="How many were asked? (optional)",
        help_text=f"For example the number of invitations or forms sent. {UNKNOWN}",
        required=False,
        widget=forms.TextInput(attrs=NARROW),
    )
    people_answered = WholeNumberField(
        label="How many answered? (optional)", help_text=UNKNOWN, required=False, widget=forms.TextInput(attrs=NARROW)
    )
    source = PlainText(
        label="Where does this account come from? (optional)",
        help_text="Only if it is quoted from a document: its title and page.",
        required=False,
        max_length=MAX_SOURCE_CHARACTERS,
        error_messages={"max_length": TOO_LONG},
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0, max_value=LARGEST_INTEGER)

    def __init__(
        self, data: Any = None, *, engagement: Engagement, person: User, today: date, whole: bool = False
    ) -> None:
        """:param person: who writes it up: evidence that they can't see is neither shown nor touched.
        :param whole: it is to be published, so that a summary is needed.
        """
        initial = {name: getattr(engagement, name) for name in ("summary", "source", "version", *NUMBERS)}
        initial["evidence"] = (
            list(Evidence.objects.visible_to(person).filter(engagement=engagement)) if data is None else []
        )
        super().__init__(data, initial=initial)
        self.whole = whole
        add_evidence_choice(self, "evidence", person=person, today=today, label="Evidence from it (optional)")
        self.initial["evidence"] = [str(item.pk) for item in initial["evidence"]]
        self.order_fields(["summary", *NUMBERS, "evidence_search", "evidence", "source"])

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if self.whole and "summary" not in self.errors and not values.get("summary"):
            self.add_error("summary", NO_SUMMARY)
        check_ticked(self, "evidence")
        return values

    @property
    def lists_no_evidence(self) -> bool:
        """Whether there is nothing to select: nothing is linked, and nothing was found."""
        field: Any = self.fields["evidence"]
        return not field.listed

    def clean_version(self) -> int:
        """Without a version nobody's words may be replaced: it is taken for that of what nobody has saved."""
        return self.cleaned_data["version"] or 0

    @property
    def account(self) -> EngagementAccount:
        """What was entered, for the service."""
        values = self.cleaned_data
        return EngagementAccount(
            values["summary"], values["people_attended"], values["people_asked"], values["people_answered"],
            values["source"], values["evidence"],
        )  # fmt: skip


class CallOffForm(VersionedForm):
    """Why it is called off."""

    reason = PlainText(
        label="Why is it being called off?",
        help_text="Everyone can read this.",
        widget=TextBox(rows=3, limit=MAX_REASON_CHARACTERS),
        max_length=MAX_REASON_CHARACTERS,
        error_messages={
            "required": "Say why it is being called off. Everyone can read the reason.",
            "max_length": TOO_LONG,
        },
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0, max_value=LARGEST_INTEGER)
