"""The status of an organisation in the directory, and of a request to take part.

Tables of data; ``docs/states.md`` is drawn from them.
"""

from typing import Final

from vcsportal.common.states import State

TAKES_PART: Final = "takes_part"
LISTED: Final = "listed"
ENDED: Final = "ended"
STANDINGS: Final = (
    State(TAKES_PART, "Takes part", "It takes part in the partnership. Its people can sign in, and we ask them what they have done.", "green"),
    State(LISTED, "Listed", "It is only listed in the directory. Nobody from it has an account, and it is not asked for updates.", "grey"),
    State(ENDED, "Ended", "It no longer exists, or has become part of another organisation. Everything recorded about it stays.", "yellow"),
)  # fmt: skip
STANDING: Final = {standing.code: standing for standing in STANDINGS}

REQUEST_STATES: Final = (
    State("waiting", "Waiting for an answer", "Nobody has decided yet.", "yellow"),
    State("agreed", "Agreed", "The organisation takes part, and whoever asked was invited.", "green"),
    State("declined", "Declined", "It was declined, with a reason that was emailed.", "grey"),
)
REQUEST_STATE: Final = {state.code: state for state in REQUEST_STATES}
