"""What an addressee answers to a recommendation, apart from progress: one table of data that pages, API and report read.

Source: the portal's design for recommendations. First yes or no and why; then, only for a yes, the statuses of
:mod:`commitments.rules.status`. To add a stance, add a row, its colours in ``static/src/styles/_stance.scss`` and the migration of
its choice.
"""

from dataclasses import dataclass
from typing import Final

from django.utils.safestring import SafeString

from commitments.rules.status_shapes import IN_PAGES

AWAITED_CODE: Final = "awaited"


@dataclass(frozen=True, slots=True)
class Stance:
    """One answer to a recommendation.

    ``shape``, ``pattern``, ``fill``, ``ink`` and ``edge`` draw it, as they do a status (:class:`commitments.rules.status.Status`).
    ``plain`` is what it means in the easy summary. ``past`` reads in a sentence with a count ("6 accepted").
    ``opens_progress`` says that work towards it begins, so that it is asked about in every round.
    """

    code: str
    label: str
    definition: str
    past: str
    shape: str
    pattern: str
    fill: str
    ink: str
    edge: str
    plain: str
    opens_progress: bool = False

    @property
    def tone(self) -> str:
        """The class name's end in the style sheet, for example ``stance-in-part``."""
        return f"stance-{self.code.replace('_', '-')}"

    @property
    def shape_in_pages(self) -> SafeString:
        """The parts of its shape as SVG for pages; "" where it has none."""
        return IN_PAGES[self.shape]


YES: Final = Stance(
    "yes",
    "Accepted",
    "It will be done as recommended.",
    "accepted",
    "check",
    "dots",
    "#cfeaea",
    "#00474a",
    "#1b7a7e",
    "We said yes.",
    opens_progress=True,
)
IN_PART: Final = Stance(
    "in_part",
    "Accepted in part",
    "Some of it will be done, or it will be done in another way, for the reason given.",
    "accepted in part",
    "half",
    "diagonal",
    "#ece9c6",
    "#453f00",
    "#7d7300",
    "We said yes to some of it.",
    opens_progress=True,
)
NO: Final = Stance(
    "no",
    "Declined",
    "It will not be done, for the reason given.",
    "declined",
    "cross",
    "grid",
    "#f5dce8",
    "#6d1039",
    "#b3447b",
    "We said no.",
)
NOTED: Final = Stance(
    "noted",
    "Noted",
    "It was read and discussed, and nothing was decided.",
    "noted",
    "lines",
    "horizontal",
    "#e4e6f0",
    "#2a3052",
    "#5d6697",
    "We read it. We have not decided.",
)
STANCES: Final = (YES, IN_PART, NO, NOTED)
AWAITED: Final = Stance(
    AWAITED_CODE,
    "Awaiting a response",
    "No response has been published.",
    "awaiting a response",
    "ellipsis",
    "dotted",
    "none",
    "#3f4a4f",
    "#7b868b",
    "We have not answered yet.",
)
"""What stands where no response has been published. It is no stance. Its edge is dotted and its shape says that something is to
come, so that nobody takes it for a commitment without an update, whose edge is dashed and which has no shape."""
BY_CODE: Final = {stance.code: stance for stance in STANCES}
OPENING: Final = tuple(stance.code for stance in STANCES if stance.opens_progress)
"""The codes of those that open progress."""
HOLDING_BACK: Final = tuple(stance for stance in (*STANCES, AWAITED) if not stance.opens_progress)
"""What the owner may have answered where nothing is asked about the work."""
OWNER_RESPONSES: Final = (AWAITED, *STANCES)
"""What the owner's response may be, as a commitment keeps it."""


def of(code: str) -> Stance:
    """Return a stance by its code, or :data:`AWAITED` where there is none."""
    return BY_CODE.get(code, AWAITED)


def holds_back(owner_response: str) -> bool:
    """Whether nothing is asked about a commitment yet: it is addressed to somebody, and its owner has not accepted it.

    :param owner_response: what a commitment keeps of its owner's response; "" if it is addressed to nobody.
    """
    return bool(owner_response) and not of(owner_response).opens_progress
