"""The states of an edition and the stages of making one, in words that the progress page shows."""

from typing import Final

from commitments.workflow import State

EDITION_STATES: Final = (
    State("queued", "Waiting", "It will be made as soon as a worker is free.", "grey"),
    State("running", "Being made", "A worker is making it now.", "blue"),
    State("ready", "Ready", "It has been made and is kept.", "green"),
    State(
        "failed", "Not made", "Something went wrong; the sentence beside it says what. It can be tried again.", "red"
    ),
    State("cancelled", "Cancelled", "Somebody stopped it before it was made. Another one can be asked for.", "grey"),
)
EDITION_STATE: Final = {state.code: state for state in EDITION_STATES}

STANDINGS: Final = (
    State("draft", "Draft, not published", "Only people who see unpublished reports can read it.", "grey"),
    State("published", "Published", "Everybody can read it, and nobody can change it.", "green"),
    State("withdrawn", "Withdrawn", "It was published, and is offered no longer. The reason is kept with it.", "red"),
)
"""How an edition that has been made stands with its readers."""
STANDING: Final = {standing.code: standing for standing in STANDINGS}

STAGES: Final = (
    ("", "Waiting for a worker"),
    ("assembling", "Gathering the facts"),
    ("drawing", "Drawing the pages"),
    ("writing", "Writing the file"),
)
MAX_ATTEMPTS: Final = 3
