"""The minutes of a meeting: what a page, a PDF and a Word file say alike. Posts and organisations, never names."""

from dataclasses import dataclass

from django.conf import settings
from django.utils import timezone

from commitments.models import Engagement
from commitments.reading.decisions import DecisionLine, decided_at, lines
from commitments.reading.engagement import AttendanceLine, attendance_of
from reporting.paper.minutes import PrintedMinutes
from vcsportal.common.dates import in_words


@dataclass(frozen=True, slots=True)
class Minutes:
    """What the minutes say. ``draft`` says that the meeting is not written up, so that not everyone can read them."""

    engagement: Engagement
    of: str
    came: list[AttendanceLine]
    apologies: list[AttendanceLine]
    decisions: list[DecisionLine]
    draft: bool

    @property
    def title(self) -> str:
        """``Minutes: Winter meeting of the Alliance``."""
        return f"Minutes: {self.engagement.title}"

    @property
    def when_and_where(self) -> str:
        """``12 March 2026 at 5:30pm, Didcot Civic Hall``."""
        return ", ".join(filter(None, [self.engagement.when, self.engagement.place]))

    @property
    def published(self) -> str:
        """The day on which it was written up, in words; "" for a draft."""
        at = self.engagement.written_up_at
        return in_words(timezone.localdate(at)) if at and not self.draft else ""


def minutes_of(engagement: Engagement) -> Minutes:
    """Return the minutes. Two queries.

    Once the meeting is written up they hold the decisions that everyone can read, else all that were recorded.
    """
    draft = not engagement.is_written_up
    came, apologies = attendance_of(engagement)
    decisions = lines(decided_at(engagement, public=not draft), engagement.last_day)
    owner = engagement.group.organisation.name if engagement.group else ""
    if not owner and engagement.strategy:
        owner = engagement.strategy.title
    return Minutes(engagement, owner, came, apologies, decisions, draft)


def printed(minutes: Minutes) -> PrintedMinutes:
    """Return the minutes in words alone, for a file."""
    head = [("Meeting of", minutes.of), ("Date", minutes.engagement.when), ("Place", minutes.engagement.place)]
    return PrintedMinutes(
        minutes.title,
        settings.PORTAL_COUNCIL,
        [(label, text) for label, text in head if text],
        minutes.engagement.summary,
        [_attended(line) for line in minutes.came],
        [_attended(line) for line in minutes.apologies],
        [(line.about or "–", line.words, line.who, due_in_words(line)) for line in minutes.decisions],
        "Draft. Only the people who run this meeting can read it." if minutes.draft else f"Published on {minutes.published}.",
    )  # fmt: skip


def due_in_words(line: DecisionLine) -> str:
    """Return the day that was set when it was decided; a dash where none was."""
    return in_words(line.point.due_on) if line.point.due_on else "–"


def _attended(line: AttendanceLine) -> str:
    return f"{line.title} ({line.detail})" if line.detail else line.title
