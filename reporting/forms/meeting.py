"""The one form of a meeting: what was decided, who does it and by when."""

from datetime import date
from typing import Any, Final, cast

from django import forms

from commitments.content.points import RecordedPoint
from commitments.models import Engagement, Point
from commitments.queries.point_people import people_who_handle
from commitments.rules.engagement_kinds import DECISION
from commitments.rules.point_limits import MAX_LINE_CHARACTERS, MAX_WORDS_CHARACTERS
from partners.models import User
from reporting.reading.meeting import OTHER, MeetingItem
from vcsportal.common.dates import DayField
from vcsportal.common.widgets import TextBox

TOO_LONG: Final = "Use %(limit_value)d characters or fewer. You have used %(show_value)d."


class MeetingDecisionForm(forms.Form):
    """A decision about one exception of a meeting. The rules are those of ``commitments.services.receiving_points``."""

    words = forms.CharField(
        label="What was decided?",
        help_text="Everyone can read this once the meeting is written up. Name organisations and posts, not people.",
        max_length=MAX_WORDS_CHARACTERS,
        widget=TextBox(rows=3, limit=MAX_WORDS_CHARACTERS),
        error_messages={"required": "Say what was decided.", "max_length": TOO_LONG},
    )
    owner_words = forms.CharField(
        label="Who will do it?",
        help_text="An organisation, a post or a team.",
        max_length=MAX_LINE_CHARACTERS,
        required=False,
        error_messages={"max_length": TOO_LONG},
    )
    owner = forms.ModelChoiceField(
        queryset=User.objects.none(),
        label="Or choose someone with an account (optional)",
        required=False,
        empty_label="Nobody in particular",
        error_messages={"invalid_choice": "Choose one of the entries on the list."},
    )
    due_on = DayField(
        label="By when? (optional)",
        help_text="For example 25 November 2026, 25/11 or next Wednesday.",
        required=False,
        direction="future",
        widget=forms.TextInput(attrs={"class": "govuk-input--width-10"}),
    )
    makes_action = forms.BooleanField(label="Make it an action of this commitment", required=False)

    def __init__(
        self, *args: Any, engagement: Engagement, item: MeetingItem, may_act: bool, today: date, **kwargs: Any
    ) -> None:
        """:param may_act: whether the person may make it an action of the item's commitment."""
        super().__init__(*args, **kwargs)
        self.engagement, self.item, self.today = engagement, item, today
        about = Point(engagement=engagement, strategy=engagement.strategy, group=engagement.group)
        if item.commitment is not None:
            about.strategy = item.commitment.strategy
            self.fields["makes_action"].label = f"Make it an action of this {about.strategy.nouns.commitment}"
        cast(Any, self.fields["owner"]).queryset = people_who_handle(about, today)
        if not may_act:
            del self.fields["makes_action"]

    @property
    def content(self) -> RecordedPoint:
        """What was entered, for the service. It was decided today, or on the last day of a meeting that is over."""
        values, item = self.cleaned_data, self.item
        elsewhere = item.commitment is None and item.key != OTHER
        return RecordedPoint(
            DECISION,
            values["words"],
            min(self.engagement.last_day, self.today),
            engagement=self.engagement,
            commitment=item.commitment,
            owner_words=values["owner_words"],
            due_on=values["due_on"],
            about_words=item.about_words if elsewhere else "",
            about_page=item.url if elsewhere else "",
        )
