"""The ways in which people are met and asked, and the kinds of point that they make: tables of words.

Source: the kinds of engagement that the strategy, the partnership's yearly update and the recommendations name. To add a
kind, add a row and the migration of its choice.
"""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class EngagementKind:
    """A way of meeting or asking people. ``noun`` and ``nouns`` are in lower case; ``asks_in_writing`` says that answers are
    counted rather than people who came.
    """

    code: str
    label: str
    noun: str
    a_noun: str
    nouns: str
    asks_in_writing: bool = False


ENGAGEMENT_KINDS: Final = (
    EngagementKind("meeting", "Meeting", "meeting", "a meeting", "meetings"),
    EngagementKind("workshop", "Workshop", "workshop", "a workshop", "workshops"),
    EngagementKind("consultation", "Consultation", "consultation", "a consultation", "consultations", True),
    EngagementKind("forum", "Forum", "forum", "a forum", "forums"),
    EngagementKind("survey", "Survey", "survey", "a survey", "surveys", True),
    EngagementKind("focus_group", "Focus group", "focus group", "a focus group", "focus groups"),
    EngagementKind("visit", "Visit", "visit", "a visit", "visits"),
)
ENGAGEMENT_KIND: Final = {kind.code: kind for kind in ENGAGEMENT_KINDS}
MEETING: Final = "meeting"


@dataclass(frozen=True, slots=True)
class PointKind:
    """What a point is. ``offer`` is how the public form offers it; "" where only the portal's people record it."""

    code: str
    label: str
    noun: str
    offer: str = ""
    hint: str = ""

    @property
    def a_noun(self) -> str:
        """The noun with its article."""
        return f"{'an' if self.noun[0] in 'aeiou' else 'a'} {self.noun}"


POINT_KINDS: Final = (
    PointKind("said", "Said at a meeting or event", "point"),
    PointKind("decision", "Decision", "decision"),
    PointKind("feedback", "A problem with a page", "report of a problem with a page", "There is a problem with a page"),
    PointKind("missed_work", "Work that is not shown", "report of missing work", "You missed some work"),
    PointKind(
        "listing",
        "A listing in the directory",
        "report about a listing in the directory",
        "An organisation’s page is wrong, or should be removed",
        "If you ask us to remove it, we will do so as soon as we have read your message.",
    ),
    PointKind("proposal", "A question or proposal", "question or proposal", "I want to ask or propose something"),
    PointKind(
        "interest",
        "Expression of interest",
        "expression of interest",
        "Our group is interested in running a service or a building",
        "This is an early conversation, not an application.",
    ),
)
POINT_KIND: Final = {kind.code: kind for kind in POINT_KINDS}
PUBLIC_POINT_KINDS: Final = tuple(kind for kind in POINT_KINDS if kind.offer)
LISTING: Final = "listing"
"""It is about an organisation, and is offered only where someone comes from the page of one."""
DECISION: Final = "decision"
SAID: Final = "said"
