"""The forms of the people who answer points: recording one, its owner, its public words, its answer and its end."""

from datetime import date
from typing import Any, Final, cast

from django import forms

from commitments.content.points import PointAnswer, RecordedPoint
from commitments.forms.fields import PlainText, VersionedForm
from commitments.models import Commitment, Engagement, Point, Strategy
from commitments.queries.point_people import people_who_handle
from commitments.rules import stances
from commitments.rules.engagement_kinds import DECISION, SAID
from commitments.rules.point_limits import MAX_LINE_CHARACTERS, MAX_WORDS_CHARACTERS
from partners import roles
from partners.forms.organisation_choice import add_choice, check_chosen
from partners.group_permissions import groups_kept_as_secretary, keeps_every_group
from partners.models import Organisation, PartnershipGroup, User
from partners.permissions import Person, strategies_where
from vcsportal.common.dates import DayField
from vcsportal.common.numbers import LARGEST_INTEGER
from vcsportal.common.widgets import Radios, TextBox
from vcsportal.common.words import choices

UNREAD: Final = "Something is missing from what was sent. Read this again, then decide."
TOO_LONG: Final = "Use %(limit_value)d characters or fewer. You have used %(show_value)d."
NOT_THERE: Final = "Choose one of the entries on the list."
ACTION_STAYS: Final = " The action that came from it keeps its title, and everyone can read that: edit the action, too, if it names someone."
OWNER_WORDS: Final = "Someone without an account (optional)"


def _words(label: str, *, rows: int = 5, required: str = "", **more: Any) -> PlainText:
    return PlainText(
        label=label, max_length=MAX_WORDS_CHARACTERS, required=bool(required),
        widget=TextBox(rows=rows, limit=MAX_WORDS_CHARACTERS),
        error_messages={"required": required, "max_length": TOO_LONG}, **more,
    )  # fmt: skip


def _line(label: str, **more: Any) -> PlainText:
    return PlainText(
        label=label, required=False, max_length=MAX_LINE_CHARACTERS, error_messages={"max_length": TOO_LONG}, **more
    )


def _choice(label: str, empty: str, queryset: Any, **more: Any) -> Any:
    return forms.ModelChoiceField(
        queryset=queryset, label=label, required=False, empty_label=empty, error_messages={"invalid_choice": NOT_THERE}, **more
    )  # fmt: skip


class PointForm(VersionedForm):
    """What all of them share: the point and the version that was read."""

    version = forms.IntegerField(
        widget=forms.HiddenInput, min_value=0, max_value=LARGEST_INTEGER,
        error_messages={"required": UNREAD, "invalid": UNREAD},
    )  # fmt: skip

    def __init__(self, *args: Any, point: Point, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.point, self.today = point, today
        self.initial = {"version": point.version, **self.first(), **self.initial}

    def first(self) -> dict[str, Any]:
        """Return what stands in the fields at first."""
        return {}

    def clean(self) -> dict[str, Any]:
        """What is hidden has no place for a message of its own: the first box that people see has it."""
        values = super().clean() or {}
        if missing := self.errors.pop("version", None):
            self.add_error(next(field.name for field in self.visible_fields()), list(missing))
        return values

    @property
    def content(self) -> dict[str, Any]:
        """What was entered, for the service."""
        return dict(self.cleaned_data)


class AssignPointForm(PointForm):
    """Who answers it, and by when."""

    owner = _choice("Who answers it?", "Nobody yet", User.objects.none())
    owner_words = _line(OWNER_WORDS, help_text="An organisation or a team, such as “Ash Lane Residents”.")
    due_on = DayField(
        label="By when? (optional)", help_text="For example 25 November 2026, 25/11 or next Wednesday.", required=False,
        direction="future",
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(Any, self.fields["owner"]).queryset = people_who_handle(self.point, self.today)
        if self.point.is_decision:
            self.fields["owner"].label = "Who does it?"

    def first(self) -> dict[str, Any]:
        return {"owner": self.point.owner_id, "owner_words": self.point.owner_words, "due_on": self.point.due_on}


class DirectPointForm(PointForm):
    """Which strategy and group it is about."""

    strategy = _choice("Which strategy is it about?", "None", Strategy.objects.newest_first())
    group = _choice(
        "Which group is it for?", "None", PartnershipGroup.objects.select_related("organisation").order_by("organisation__sort_name"),
    )  # fmt: skip

    def first(self) -> dict[str, Any]:
        return {"strategy": self.point.strategy_id, "group": self.point.group_id}


class PublishPointForm(PointForm):
    """The words that everyone reads."""

    public_words = _words(
        "What everyone will read", rows=8, required="Write the words that everyone will read.",
        help_text="Take out names, addresses, telephone numbers and anything else that shows who someone is.",
    )  # fmt: skip
    raised_by_words = _line(
        "Who raised it, as everyone will read it (optional)",
        help_text="A group or a post, such as “A tenants’ group in Cherwell”. Never a person’s name.",
    )

    def first(self) -> dict[str, Any]:
        return {
            "public_words": self.point.public_words or self.point.words,
            "raised_by_words": self.point.raised_by_words,
        }

    @property
    def content(self) -> dict[str, Any]:
        return {**self.cleaned_data, "raised_by": self.point.raised_by}


class ReasonPointForm(PointForm):
    """Why something is done."""

    reason = _words("Why?", required="Say why.")


class TakeDownPointForm(ReasonPointForm):
    reason = _words(
        "Why?", required="Say why it is taken down.", help_text="Only the people who can answer it read this."
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.point.became_action is not None:
            self.fields["reason"].help_text += ACTION_STAYS


class ReopenPointForm(ReasonPointForm):
    reason = _words("Why?", required="Say why you are reopening it.", help_text="This is recorded in the history.")


class AnswerPointForm(PointForm):
    """The answer: a stance and its reason."""

    stance = forms.ChoiceField(
        label="What is the answer?",
        choices=choices(stances.STANCES),
        widget=Radios(hints={stance.code: stance.definition for stance in stances.STANCES}, statuses=stances.BY_CODE),
        error_messages=dict.fromkeys(("required", "invalid_choice"), "Choose an answer."),
    )
    response = _words(
        "What will be done, or why not?", rows=6, required="Say what will be done, or why it will not be.",
        help_text="The sender gets this by email. Everyone can read it if the point is published.",
    )  # fmt: skip
    became_commitment = _choice("Did it lead to something in the strategy? (optional)", "No", Commitment.objects.none())
    decided_at = _choice("Where was it decided? (optional)", "At no meeting", Engagement.objects.none())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        strategy, group = self.point.about_strategy, self.point.about_group
        of_strategy = Commitment.objects.filter(strategy=strategy).in_order() if strategy else Commitment.objects.none()
        held = Engagement.objects.filter(starts_on__lte=self.today).order_by("-starts_on", "-id")
        where = Engagement.objects.none()
        if strategy is not None:
            where = held.filter(strategy=strategy)
        if group is not None:
            where = where | held.filter(group=group)
        cast(Any, self.fields["became_commitment"]).queryset = of_strategy
        cast(Any, self.fields["decided_at"]).queryset = where

    def first(self) -> dict[str, Any]:
        point = self.point
        return {
            "stance": point.stance or None, "response": point.response, "became_commitment": point.became_commitment_id,
            "decided_at": point.decided_at_id,
        }  # fmt: skip

    @property
    def content(self) -> dict[str, Any]:
        values = self.cleaned_data
        answer = PointAnswer(values["stance"], values["response"], values["decided_at"], values["became_commitment"])
        return {"answer": answer, "version": values["version"]}


class FinishPointForm(PointForm):
    """When it was done."""

    done_on = DayField(
        label="When was it done?", help_text="For example 25 November 2026, 25/11 or last Wednesday.",
        error_messages={"required": "Enter the date on which it was done."},
    )  # fmt: skip


class ClosePointForm(PointForm):
    """Why it is closed."""

    reason = _words(
        "Why? (optional once it has been answered)", help_text="Whoever sent it can read this, unless it is spam."
    )
    is_spam = forms.BooleanField(label="It is spam: a program or an advertiser sent it", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.point.was_sent:
            del self.fields["is_spam"]


ORDER: Final = (
    "kind", "words", "raised_on", "strategy", "group", "commitment", "raised_by_search", "raised_by", "raised_by_words",
    "owner", "owner_words", "due_on", "makes_action", "action", "publish",
)  # fmt: skip
"""The order in which recording a point asks."""


class RecordPointForm(forms.Form):
    """A point or decision that one of the portal's people records, at an engagement or without one."""

    kind = forms.ChoiceField(
        label="What are you recording?",
        choices=[(SAID, "Something that was said or asked for"), (DECISION, "A decision")],
        widget=Radios(),
        error_messages=dict.fromkeys(("required", "invalid_choice"), "Choose what you are recording."),
    )
    words = _words("What was said or decided?", rows=6, required="Say what was said or decided.")
    raised_on = DayField(
        label="When?", help_text="For example 25 November 2026, 25/11 or last Wednesday.",
        error_messages={"required": "Enter the date on which it was said or decided."},
    )  # fmt: skip
    strategy = _choice("Which strategy is it about?", "None", Strategy.objects.none())
    group = _choice("Which group is it for?", "None", PartnershipGroup.objects.none())
    commitment = _choice(
        "Which part of the strategy is it about? (optional)", "No particular one", Commitment.objects.none()
    )
    raised_by_words = _line(
        "Who raised it, in words (optional)",
        help_text="A group or a post, such as “A parish councillor”. Never a name.",
    )
    owner = _choice("Who answers it, or does it? (optional)", "Nobody yet", User.objects.none())
    owner_words = _line(OWNER_WORDS, help_text="An organisation or a team. A decision needs someone.")
    due_on = DayField(
        label="By when? (optional)", help_text="For example 25 November 2026, 25/11 or next Wednesday.", required=False,
        direction="future",
    )  # fmt: skip
    makes_action = forms.BooleanField(label="Make this decision an action of the strategy", required=False)
    action = _line("What will be done, in a few words (optional)", help_text="Only for an action.")
    publish = forms.BooleanField(label="Publish it now: it names nobody, and everyone can read it", required=False)

    def __init__(
        self, *args: Any, person: Person, today: date, engagement: Engagement | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.engagement = engagement
        fields: dict[str, Any] = dict(self.fields)
        own = Strategy.objects.filter(strategies_where(person, roles.MANAGE_COMMITMENTS)).newest_first()
        if engagement is not None:
            about = Point(engagement=engagement, strategy=engagement.strategy, group=engagement.group)
            fields["owner"].queryset = people_who_handle(about, today)
            of = Strategy.objects.filter(pk__in=[engagement.strategy_id or 0])
            del self.fields["strategy"], self.fields["group"]
        else:
            groups = PartnershipGroup.objects.select_related("organisation").order_by("organisation__sort_name")
            if not keeps_every_group(person):
                groups = groups.filter(pk__in=groups_kept_as_secretary(person, today))
            fields["strategy"].queryset, fields["group"].queryset, of = own, groups, own
            fields["owner"].queryset = User.objects.filter(pk__in=[person.pk or 0])
            fields["owner"].label = "Do you answer it, or do it, yourself? (optional)"
            if not groups.exists():
                del self.fields["group"]
        fields["commitment"].queryset = (
            Commitment.objects.filter(strategy__in=of.order_by().values("pk")).select_related("strategy").in_order()
        )
        add_choice(
            self, "raised_by", offered=Organisation.objects.public(), label="Which organisation raised it? (optional)",
            none="None of these", search_label="Find the organisation that raised it (optional)",
        )  # fmt: skip
        self.order_fields(ORDER)

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        check_chosen(self, "raised_by")
        return values

    @property
    def content(self) -> RecordedPoint:
        """What was entered, for the service."""
        values = self.cleaned_data
        names = (
            "kind", "words", "raised_on", "strategy", "group", "commitment", "raised_by", "raised_by_words", "owner_words",
            "due_on", "action",
        )  # fmt: skip
        return RecordedPoint(engagement=self.engagement, **{name: values[name] for name in names if name in values})
