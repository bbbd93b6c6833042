"""The states of an invitation, and the acts that lead from one to another.

Tables of data; ``docs/states.md`` is drawn from them.
"""

from typing import Final

from vcsportal.common.states import Act, State
from vcsportal.common.words import NotNow

STATES: Final = (
    State(
        "waiting",
        "Waiting for an administrator",
        "The address is outside the organisation’s known email domains.",
        "yellow",
    ),
    State("sent", "Sent", "The person has not answered yet.", "blue"),
    State("accepted", "Accepted", "The person has the role.", "green"),
    State("declined", "Declined", "The person does not want the role.", "grey"),
    State("refused", "Not approved", "An administrator did not approve it. No email was sent to the address.", "grey"),
    State("withdrawn", "Withdrawn", "It was withdrawn before it was answered.", "grey"),
)
STATE: Final = {state.code: state for state in STATES}
EXPIRED: Final = State("expired", "Expired", "It was not answered in time. It can be sent again.", "grey")
"""How an invitation that was sent is shown once its time has run out; its row still says "sent"."""

OPEN: Final = ("waiting", "sent")
SETTLED: Final = ("accepted", "declined", "refused", "withdrawn")

ACTS: Final = (
    Act("approve", "Approve and send", "invitation approved", ("waiting",), "sent"),
    Act("refuse", "Do not approve", "invitation not approved", ("waiting",), "refused"),
    Act("send_again", "Send again", "invitation sent again", ("sent",), "sent"),
    Act("accept", "Accept", "invitation accepted", ("sent",), "accepted"),
    Act("decline", "Decline", "invitation declined", ("sent",), "declined"),
    Act("withdraw", "Withdraw", "invitation withdrawn", ("waiting", "sent"), "withdrawn"),
)
ACT: Final = {act.code: act for act in ACTS}


def check_invitation_act(state: str, act: str) -> None:
    """Raise :class:`Refused` if an invitation in ``state`` can't be the object of ``act``."""
    if state not in ACT[act].leaves:
        raise NotNow(
            f"This invitation has changed since you opened it: {STATE[state].label.lower()}. Nothing was done."
        )
