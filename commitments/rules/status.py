"""The statuses of a commitment: their definitions, shapes, and which may follow which.

One table of data: pages, API, exports, the report, the easy summary and ``docs/states.md`` read it. No ORM, no request, no
clock. Source of the vocabulary: the portal's design standards; a test compares the colours with the style sheet's.
To add a status, add a row, its transitions, its colours in ``static/src/styles/_status.scss`` and the migration of its choice.
"""

from dataclasses import dataclass
from typing import Final

from django.utils.safestring import SafeString

from commitments.rules.kinds import GENERAL, Nouns
from commitments.rules.status_shapes import IN_PAGES
from vcsportal.common.plurals import capital
from vcsportal.common.words import Invalid, NotNow


@dataclass(frozen=True, slots=True)
class Status:
    """One word for how a commitment stands.

    ``shape`` names the symbol drawn with the word (:mod:`commitments.rules.status_shapes`), so that colour never speaks alone;
    ``fill``, ``ink`` and ``edge`` are its colours as hex; ``pattern`` is what a black-and-white printer shows; ``brag`` maps
    the word to the letter that some committees still ask for (exports only). ``plain`` is what it means in the easy summary.
    ``written`` is a regular expression for the words by which a sentence of the report means it; "" for the label.

    ``is_done`` and ``is_worry`` sort it into what went well, and what is late or at risk. ``ends_updates`` says that no
    further update is expected. A one-off or an ongoing commitment alone may have what is ``one_off_only`` or
    ``ongoing_only``; the database holds them to it.
    """

    code: str
    label: str
    definition: str
    shape: str
    pattern: str
    fill: str
    ink: str
    edge: str
    brag: str
    plain: str
    written: str = ""
    is_done: bool = False
    is_worry: bool = False
    ends_updates: bool = False
    needs_remedy: bool = False
    ongoing_only: bool = False
    one_off_only: bool = False

    @property
    def tone(self) -> str:
        """The class name's end in the style sheet, for example ``on-track``."""
        return self.code.replace("_", "-")

    @property
    def shape_in_pages(self) -> SafeString:
        """The parts of its shape as SVG for pages; "" where it has none."""
        return IN_PAGES[self.shape]


NOT_STARTED: Final = Status(
    "not_started",
    "Not started",
    "Work has not begun, and nothing yet suggests that it will be late.",
    "circle-open",
    "empty",
    "#f1f3f2",
    "#3f4a4f",
    "#7b868b",
    "",
    "It has not begun yet.",
    written=r"not (?:yet )?(?:been )?(?:started|begun)|yet to (?:start|begin)",
)
ON_TRACK: Final = Status(
    "on_track",
    "On track",
    "Work is under way and is expected to be done as promised.",
    "circle",
    "dots",
    "#d3ebdd",
    "#00522c",
    "#1f7a4d",
    "G",
    "It is going to plan.",
    written=r"on[ -]track|on course",
)
AT_RISK: Final = Status(
    "at_risk",
    "At risk",
    "Work is under way, but something may stop it from being done as promised unless it is dealt with.",
    "triangle",
    "diagonal",
    "#fff3bf",
    "#5a4600",
    "#a87f00",
    "A",
    "Something may stop it.",
    written=r"at[ -]risk",
    is_worry=True,
    needs_remedy=True,
)
DELAYED: Final = Status(
    "delayed",
    "Delayed",
    "Work is behind what was promised, or has stopped for now.",
    "diamond",
    "hatch",
    "#f9dcd5",
    "#8a1f0e",
    "#c0442b",
    "R",
    "It is late, or stopped.",
    written=r"delayed|late|overdue|behind schedule|fallen behind|running behind",
    is_worry=True,
    needs_remedy=True,
)
COMPLETE: Final = Status(
    "complete",
    "Complete",
    "Everything that was promised has been done.",
    "tick",
    "solid",
    "#cfe1f2",
    "#0b2f52",
    "#2b6cb0",
    "B",
    "All of it is done.",
    written=r"completed?|finished|done",
    is_done=True,
    ends_updates=True,
    one_off_only=True,
)
EMBEDDED: Final = Status(
    "embedded",
    "Embedded",
    "An ongoing commitment that is now part of everyday work.",
    "double-ring",
    "vertical",
    "#e5dcf2",
    "#3d1d66",
    "#6f4aa8",
    "B",
    "Part of daily work now.",
    is_done=True,
    ongoing_only=True,
)
CLOSED: Final = Status(
    "closed",
    "Closed",
    "The work has ended without being finished, for the reason given.",
    "bar",
    "grey",
    "#e7e9ea",
    "#2c3437",
    "#5b666b",
    "",
    "It ended early.",
    written=r"closed|ended early",
    ends_updates=True,
)

STATUSES: Final = (NOT_STARTED, ON_TRACK, AT_RISK, DELAYED, COMPLETE, EMBEDDED, CLOSED)
BY_CODE: Final = {status.code: status for status in STATUSES}

NO_UPDATE: Final = Status(
    "",
    "No update yet",
    "This commitment has had no update yet. This is not a status, and does not mean that nothing has been done.",
    "none",
    "dashed",
    "none",
    "#3f4a4f",
    "#7b868b",
    "",
    "We do not know.",
)
"""What is shown if there is no update. It is not a status and can't be chosen."""

# From each status, what may follow. "" is "no update yet": anything may be said first, and nothing returns to it.
TRANSITIONS: Final[dict[str, tuple[str, ...]]] = {
    "": ("not_started", "on_track", "at_risk", "delayed", "complete", "embedded", "closed"),
    "not_started": ("on_track", "at_risk", "delayed", "complete", "embedded", "closed"),
    "on_track": ("not_started", "at_risk", "delayed", "complete", "embedded", "closed"),
    "at_risk": ("not_started", "on_track", "delayed", "complete", "embedded", "closed"),
    "delayed": ("not_started", "on_track", "at_risk", "complete", "embedded", "closed"),
    "complete": ("on_track", "at_risk", "delayed", "closed"),
    "embedded": ("on_track", "at_risk", "delayed", "closed"),
    "closed": ("not_started", "on_track", "at_risk", "delayed"),
}


def of(code: str) -> Status:
    """Return the status with this code; the empty code gives :data:`NO_UPDATE`. Raise ``KeyError`` otherwise."""
    return NO_UPDATE if code == "" else BY_CODE[code]


def may_follow(current: str, *, ongoing: bool) -> list[Status]:
    """Return what may be chosen now, the current status first being kept where it stands in the table's order.

    :param current: the code of the status that holds now, or "".
    :param ongoing: True for an ongoing commitment ("continue to …"), which is embedded and never complete.
    """
    allowed = {current, *TRANSITIONS[current]} - {""}
    return [
        status
        for status in STATUSES
        if status.code in allowed
        and not (status.ongoing_only and not ongoing)
        and not (status.one_off_only and ongoing)
    ]


def check_transition(current: str, to: str, *, ongoing: bool, nouns: Nouns = GENERAL) -> None:
    """Raise :class:`Refused` with a sentence if a commitment may not go from ``current`` to ``to``."""
    if to not in BY_CODE:
        raise Invalid("Choose one of the status words that the portal offers.", field="status")
    if BY_CODE[to] not in may_follow(current, ongoing=ongoing):
        if BY_CODE[to].ongoing_only and not ongoing:
            raise Invalid(
                f"“Embedded” is for ongoing {nouns.commitments}. Choose “Complete” when this one is done.",
                field="status",
            )
        if BY_CODE[to].one_off_only and ongoing:
            raise Invalid(
                f"This is an ongoing {nouns.commitment}, so it can't be “Complete”. Choose “Embedded” once it is everyday work.",
                field="status",
            )
        raise NotNow(f"{capital(nouns.a_commitment)} can't go from “{of(current).label}” to “{of(to).label}”.")


def check_reasons(current: str, to: str, *, reason: str, remedy: str, nouns: Nouns = GENERAL) -> None:
    """Raise :class:`Refused` where a change lacks its reason, or a worry what will be done about it."""
    if to != current and not reason.strip():
        raise Invalid(
            f"Say why the status has changed. Everyone who reads the {nouns.strategy} will see it.", field="reason"
        )
    if BY_CODE[to].needs_remedy and not reason.strip():
        raise Invalid(f"Say why the {nouns.commitment} is {BY_CODE[to].label.lower()}.", field="reason")
    if BY_CODE[to].needs_remedy and not remedy.strip():
        raise Invalid(
            f"Say what will be done about it, as the {nouns.commitment} is {BY_CODE[to].label.lower()}.", field="remedy"
        )
