"""The states of an edition and the stages of making one, in the words of the progress page."""

from typing import Final

from vcsportal.common.states import State

EDITION_STATES: Final = (
    State("queued", "Waiting", "It will be made as soon as a worker is free.", "grey"),
    State("running", "Being made", "A worker is making it now.", "blue"),
    State("ready", "Ready", "It has been made.", "green"),
    State("failed", "Not made", "Something went wrong, as explained next to it. You can try again.", "red"),
    State("cancelled", "Cancelled", "Someone cancelled it before it was made. You can request another one.", "grey"),
)
EDITION_STATE: Final = {state.code: state for state in EDITION_STATES}

STANDINGS: Final = (
    State("draft", "Draft, not published", "Only people who see unpublished reports can read it.", "grey"),
    State("published", "Published", "Everyone can read it, and nobody can change it.", "green"),
    State("withdrawn", "Withdrawn", "It was published and is no longer available. The reason is kept with it.", "red"),
)
"""How an edition that has been made stands with its readers."""
STANDING: Final = {standing.code: standing for standing in STANDINGS}

PROPOSAL_ACTS: Final = (("publish", "Publish"), ("withdraw", "Withdraw"))
PROPOSAL_OUTCOMES: Final = (
    ("", "Waiting for a second person"),
    ("confirmed", "Confirmed"),
    ("declined", "Declined"),
    ("cancelled", "Cancelled"),
)

READINESS_STATES: Final = (
    State("ready", "Ready", "No problems were found.", "green"),
    State("warning", "Warning", "It can be published, once two people have read this.", "yellow"),
    State("stop", "Stop", "It can’t be published until this is corrected.", "red"),
)
"""How each check of an edition's readiness for publishing came out."""
READINESS_STATE: Final = {state.code: state for state in READINESS_STATES}

STAGES: Final = (
    ("", "Waiting to start"),
    ("assembling", "Gathering the facts"),
    ("drawing", "Drawing the pages"),
    ("writing", "Writing the file"),
)
MAX_ATTEMPTS: Final = 3
