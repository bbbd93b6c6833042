"""Whether the story of an item of evidence may be shown on the portal or in a report, and what is shown if it may not.

The states follow from the consents of the people a story is about (:mod:`commitments.models.consent`). An item without any
consent to its story has the state "", as most stories are about nobody in particular.
"""

from typing import Final

WITHDRAWN: Final = "withdrawn"
EXPIRED: Final = "expired"
REFUSED: Final = "refused"
PORTAL_ONLY: Final = "portal_only"
REPORT_ONLY: Final = "report_only"
WITHHELD: Final = "withheld"
"""In editions made before 0.4.0: kept back, and nothing says why."""

OTHER_USE: Final = {"portal": "report", "report": "portal"}
ONLY: Final = {"portal": PORTAL_ONLY, "report": REPORT_ONLY}
"""The state of a story that was agreed for this use and is to be shown in the other."""

SENTENCES: Final = {
    WITHDRAWN: "This story was withdrawn at the request of the people it is about.",
    EXPIRED: "The consent to tell this story has expired, so it is no longer shown.",
    REFUSED: "The people this story is about did not agree to it being told.",
    PORTAL_ONLY: "The people this story is about agreed to it being told on the portal, but not in this report.",
    REPORT_ONLY: "The people this story is about agreed to it being told in the yearly report, but not on the portal.",
    WITHHELD: "This story may not be told in this report.",
}
"""What stands in place of a story, by its state."""

DETAILS_WITHHELD: Final = frozenset({WITHDRAWN, EXPIRED, REFUSED})
"""States in which nobody agrees to the story: its title, links, photographs and documents could tell it all the same, so they
are left out with it. The organisation, the days, the places, the commitments and the figures stay."""
FILE_WITHHELD: Final = "This file is no longer shown, because the people in the story do not agree to it being told."
NO_TITLE: Final = "Evidence whose details are withheld"
"""What such an item is called."""
NO_HEADLINE: Final = "A case study that is no longer shown"
"""What the case study of such an item is called."""
