"""The hour that is tried: who comes, how often, and how long each of them may have to wait. Numbers stand here only, with their reasons."""

from dataclasses import dataclass
from typing import Final

MARK: Final = "Load trial"
"""How the title of every item begins that a trial makes, so that none can be taken for another."""
HOUR_SECONDS: Final = 3600
PEOPLE_SENDING: Final = 300
OFFICERS: Final = 40
READERS: Final = 2_000


@dataclass(frozen=True)
class Journey:
    """What one visitor comes for."""

    code: str
    an_hour: int
    """How many begin it in the hour."""
    why: str


JOURNEYS: Final = (
    Journey(
        "photograph", 240,
        "Of 300 partners eight in ten sign in and send the form with a photograph: my tasks, a commitment, the form, the form "
        "sent, everything checked, sent to the council, the receipt.",
    ),
    Journey(
        "link", 30,
        "One in ten opens the link of the reminder without signing in, and hands the task on to the council because they are away.",
    ),
    Journey(
        "program", 30,
        "One in ten has a database of their own, which logs an item with a token, sends it, and reads it back.",
    ),
    Journey(
        "officer", OFFICERS,
        "Each of 40 officers opens the queue and decides on seven items: 280 decisions, nearly as many as partners send in the hour. "
        "Every seventh is returned with a reason.",
    ),
    Journey(
        "reader", READERS,
        "Members, journalists and neighbours who were sent the address: eight pages and a search each, and with the first page what a "
        "browser fetches for it (styles, scripts, fonts).",
    ),
    Journey("report", 500, "Every fourth reader takes the report as PDF with them."),
    Journey("data", 200, "Every tenth reader takes the data, as programs do: the zip of CSV files, JSON, or a list as CSV."),
)  # fmt: skip
DECISIONS_OF_AN_OFFICER: Final = 7
RETURNED: Final = 7
"""Every so many decisions one is a return."""
PAGES_OF_A_READER: Final = 8
WITHOUT_A_TITLE: Final = 20
"""Every so many partners one forgets the title: the form comes back with an explanation, and nothing may have been saved."""
PRESSED_TWICE: Final = 10
"""Every so many partners one presses the last button twice: it may count once only."""
PAUSE_SECONDS: Final = 4.0
"""Between two pages of one visitor. In life it is longer; the pages of an hour are as many either way, and a short trial needs short visits."""
PHOTOGRAPHS: Final = 12
"""Different photographs, 12 million pixels each, as a telephone makes them."""


@dataclass(frozen=True)
class RequestKind:
    """Requests that are measured together."""

    code: str
    label: str
    bound_seconds: float
    """What 95 of 100 have to be answered within, at the rate of the hour and at ten times that."""
    why: str


REQUEST_KINDS: Final = (
    RequestKind("page", "page, not signed in", 1.0, "About a second is the limit within which nobody feels that they wait."),
    RequestKind("own page", "page, signed in", 1.0, "The same second."),
    RequestKind("search", "search", 1.0, "The same second: people search again and again until they find it."),
    RequestKind("file", "styles, scripts and fonts", 0.5, "A page is not to be seen before its styles are there."),
    RequestKind("report", "report as PDF, whole", 2.0, "A file of a megabyte; the browser shows that it comes."),
    RequestKind("data", "data, whole", 2.0, "As the report."),
    RequestKind("photograph", "form sent with a photograph", 5.0,
                "The photograph is checked and drawn afresh meanwhile, which people expect of an upload. On a telephone the sending takes longer than that."),
    RequestKind("save", "something saved", 1.5, "People see that their click has been taken, and do not click again."),
    RequestKind("api", "read or sent by a program", 1.5, "Programs wait longer, but people wait for programs."),
)  # fmt: skip
KIND: Final = {kind.code: kind for kind in REQUEST_KINDS}
GIVEN_UP_SECONDS: Final = 30
"""So long a visitor waits for an answer; after that it is an error, and nobody knows whether it was saved."""


def journeys_in(seconds: float, *, times: float) -> dict[str, int]:
    """Return how many of each journey begin in so many seconds, at ``times`` the rate of the hour; at least one of each."""
    return {journey.code: max(1, round(journey.an_hour * times * seconds / HOUR_SECONDS)) for journey in JOURNEYS}
