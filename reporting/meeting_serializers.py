"""The API's serializers for meeting mode and for minutes: what the screens show, posts and organisations, never names."""

from dataclasses import dataclass
from typing import Any

from rest_framework import serializers

from commitments.models import Engagement
from commitments.reading.decisions import DecisionLine
from commitments.reading.engagement import AttendanceLine
from reporting.reading.meeting import Meeting, MeetingItem
from reporting.reading.meeting_opening import LastDecisions, StrategyChanges
from reporting.reading.minutes import Minutes
from vcsportal.common.api_addresses import api_url, portal_url
from vcsportal.common.api_shapes import Answer, Word


@dataclass(frozen=True, slots=True)
class OpenMeeting:
    """All that the screens of a meeting show one person today."""

    meeting: Meeting
    last: LastDecisions
    changes: list[StrategyChanges]
    decided: list[DecisionLine]


class MinutedDecisionPart(serializers.Serializer[Any]):
    """A decision as the minutes have it: what became of it since is with its point."""

    point = serializers.URLField(
        help_text="The address of its point; with done/, close/ or publish/ after it, that of the act."
    )
    words = serializers.CharField()
    about = serializers.CharField(help_text="What it is about; empty if it is about nothing in particular.")
    who = serializers.CharField(help_text="A post or an organisation, never a name.")
    due_on = serializers.DateField(allow_null=True, help_text="The day that was set at the meeting; null if none was.")


class DecisionPart(MinutedDecisionPart):
    """A decision, who does it and what became of it."""

    due_on = serializers.DateField(
        allow_null=True, help_text="The day by which it is to be done; that of its action, which can move."
    )
    outcome = Word()
    action = serializers.CharField(help_text="The action that it became; empty if it became none.")


class ChangeLinePart(serializers.Serializer[Any]):
    """One change in words."""

    commitment = serializers.CharField(help_text="The commitment’s reference; empty if it is about none.")
    sentence = serializers.CharField()


class ChangeKindPart(serializers.Serializer[Any]):
    """The changes of one kind."""

    code = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # a field called as an attribute of every field
    sentence = serializers.CharField(help_text="How many there are, in words.")
    lines = ChangeLinePart(many=True)


class StrategyChangesPart(serializers.Serializer[Any]):
    """What changed in one strategy since the group last met."""

    strategy = serializers.CharField(help_text="Its slug.")
    headline = serializers.CharField()
    changes = ChangeKindPart(many=True)


class ExceptionPart(serializers.Serializer[Any]):
    """Something to talk about. To record a decision on it, send its commitment, or its words and page, to points/."""

    key = serializers.CharField()
    kinds = serializers.ListField(child=serializers.CharField())
    title = serializers.CharField()
    page = serializers.URLField(help_text="The address of the page with more about it.")
    lines = serializers.ListField(child=serializers.CharField(), help_text="What needs attention, one sentence each.")
    strategy = serializers.CharField(allow_null=True, help_text="The slug of the commitment’s strategy, or null.")
    commitment = serializers.CharField(allow_null=True, help_text="The commitment’s key; null if it is about none.")
    about_words = serializers.CharField(help_text="What a decision on it is about; empty where it has a commitment.")
    about_page = serializers.CharField(help_text="The path of the page that a decision on it names; empty likewise.")


class MeetingAnswer(Answer):
    """A meeting as those who run it see it: the last decisions, what has changed, the exceptions, and what was decided so far."""

    url = serializers.URLField()
    page = serializers.URLField(help_text="The address of its first screen.")
    engagement = serializers.URLField()
    last_met_on = serializers.DateField(allow_null=True, help_text="Null if no earlier meeting was held.")
    last_decisions = DecisionPart(many=True)
    still_open = DecisionPart(many=True)
    changes = StrategyChangesPart(many=True)
    exceptions = ExceptionPart(many=True)
    decided = DecisionPart(many=True)

    def represent(self, row: OpenMeeting) -> dict[str, Any]:
        engagement, last = row.meeting.engagement, row.last.meeting
        return {
            "url": api_url(f"engagement/{engagement.pk}/meeting/"),
            "page": portal_url(f"{engagement.get_absolute_url()}meeting/"),
            "engagement": api_url(f"engagement/{engagement.pk}/"),
            "last_met_on": last.starts_on.isoformat() if last else None,
            "last_decisions": [_decision(line) for line in row.last.decided],
            "still_open": [_decision(line) for line in row.last.still_open],
            "changes": [_changes(each) for each in row.changes],
            "exceptions": [_exception(item) for item in row.meeting.items],
            "decided": [_decision(line) for line in row.decided],
        }


class AttendedPart(serializers.Serializer[Any]):
    """Somebody who came or sent apologies: the organisation, or else the post or seat, and the rest."""

    title = serializers.CharField()
    detail = serializers.CharField()


class MinutesAnswer(Answer):
    """The minutes of a meeting."""

    url = serializers.URLField()
    page = serializers.URLField(help_text="The address of the minutes; they are there as a PDF and a Word file too.")
    engagement = serializers.URLField()
    title = serializers.CharField()
    meeting_of = serializers.CharField(help_text="The group, or else the strategy.")
    when = serializers.CharField(help_text="Its date in words.")
    place = serializers.CharField()
    is_draft = serializers.BooleanField(help_text="Only the people who run the meeting can read a draft.")
    summary = serializers.CharField(help_text="In a small part of Markdown.")
    came = AttendedPart(many=True)
    apologies = AttendedPart(many=True)
    decisions = MinutedDecisionPart(many=True)

    def represent(self, row: Minutes) -> dict[str, Any]:
        engagement: Engagement = row.engagement
        return {
            "url": api_url(f"engagement/{engagement.pk}/minutes/"),
            "page": portal_url(f"{engagement.get_absolute_url()}minutes/"),
            "engagement": api_url(f"engagement/{engagement.pk}/"),
            "title": row.title,
            "meeting_of": row.of,
            "when": engagement.when,
            "place": engagement.place,
            "is_draft": row.draft,
            "summary": engagement.summary,
            "came": [_attended(line) for line in row.came],
            "apologies": [_attended(line) for line in row.apologies],
            "decisions": [_minuted(line) for line in row.decisions],
        }


def _minuted(line: DecisionLine) -> dict[str, Any]:
    return {
        "point": api_url(f"points/{line.point.pk}/"),
        "words": line.words,
        "about": line.about,
        "who": line.who,
        "due_on": line.point.due_on.isoformat() if line.point.due_on else None,
    }


def _decision(line: DecisionLine) -> dict[str, Any]:
    return {
        **_minuted(line),
        "due_on": line.due_on.isoformat() if line.due_on else None,
        "outcome": {"code": line.outcome.code, "label": line.outcome.label},
        "action": line.action,
    }


def _changes(each: StrategyChanges) -> dict[str, Any]:
    return {
        "strategy": each.strategy.slug,
        "headline": each.headline,
        "changes": [
            {
                "code": found.group.code,
                "label": found.group.title,
                "sentence": found.group.says,
                "lines": [{"commitment": linked.line.reference, "sentence": linked.line.text.strip()} for linked in found.lines],
            }
            for found in each.groups
        ],
    }  # fmt: skip


def _exception(item: MeetingItem) -> dict[str, Any]:
    commitment = item.commitment
    return {
        "key": item.key,
        "kinds": list(item.kinds),
        "title": item.title,
        "page": portal_url(item.url),
        "lines": list(item.lines),
        "strategy": commitment.strategy.slug if commitment else None,
        "commitment": commitment.key if commitment else None,
        "about_words": item.about_words,
        "about_page": "" if commitment else item.url,
    }


def _attended(line: AttendanceLine) -> dict[str, Any]:
    return {"title": line.title, "detail": line.detail}
