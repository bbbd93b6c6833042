"""The states of evidence, case studies, updates, responses, rounds, indicator values, engagement and points, and the acts that lead from one to another.

Tables of data, with label, tone and definition beside every state; ``docs/states.md`` is drawn from them.
"""

from typing import Any, Final

from vcsportal.common.states import Act, State
from vcsportal.common.words import AlreadyDone, NotNow

EVIDENCE_STATES: Final = (
    State("draft", "Draft", "Only the people of its organisation can see it.", "grey"),
    State("submitted", "Sent", "It is waiting for a council officer to review it.", "blue"),
    State("accepted", "Accepted", "A council officer has accepted it; it counts.", "green"),
    State(
        "returned",
        "Returned",
        "A council officer has sent it back with a reason; it can be edited and resent.",
        "orange",
    ),
    State("withdrawn", "Withdrawn", "Its organisation or the council has withdrawn it; it no longer counts.", "grey"),
)
EVIDENCE_ACTS: Final = (
    Act("submit", "Send", "sent", ("draft", "returned"), "submitted"),
    Act("accept", "Accept", "accepted", ("submitted",), "accepted"),
    Act("return", "Return", "returned", ("submitted", "accepted"), "returned"),
    Act("withdraw", "Withdraw", "withdrawn", ("draft", "submitted", "accepted", "returned"), "withdrawn"),
    Act("reopen", "Reopen", "reopened", ("withdrawn",), "draft"),
)
CASE_STUDY_STATES: Final = (
    State("draft", "Draft", "It is being written. Only its organisation’s people and its writer can see it.", "grey"),
    State("submitted", "Sent", "It is waiting for a council officer to review it.", "blue"),
    State("accepted", "Accepted", "A council officer has accepted it; anyone can read it.", "green"),
    State(
        "returned",
        "Returned",
        "A council officer has sent it back with a reason; it can be edited and resent.",
        "orange",
    ),
    State(
        "withdrawn", "Withdrawn", "Its organisation or the council has withdrawn it. Nobody else can see it.", "grey"
    ),
)
CASE_STUDY_ACTS: Final = (
    Act("case_save", "Save", "saved", ("draft", "returned", "accepted"), "draft"),
    Act("case_submit", "Send", "sent", ("draft", "returned", "accepted"), "submitted"),
    Act("case_accept", "Accept", "accepted", ("submitted",), "accepted"),
    Act("case_return", "Return", "returned", ("submitted",), "returned"),
    Act("case_withdraw", "Withdraw", "withdrawn", ("draft", "submitted", "returned", "accepted"), "withdrawn"),
    Act("case_reopen", "Reopen", "reopened", ("withdrawn",), "draft"),
)
"""What was accepted stays public while a change of it is a draft, is sent or has been returned."""
UPDATE_STATES: Final = (
    State("expected", "Not begun", "The round has opened, and nobody has begun to write it.", "grey"),
    State("draft", "Draft", "It has been started. Only the strategy's own people can see it.", "grey"),
    State("submitted", "Sent", "It is waiting for a second person to review it.", "blue"),
    State("returned", "Returned", "It was sent back with a reason; it can be edited and resent.", "orange"),
    State("published", "Approved", "A second person has approved it; anyone can read it.", "green"),
)
UPDATE_ACTS: Final = (
    Act("save", "Save", "saved", ("expected", "draft", "returned"), "draft"),
    Act("submit", "Send", "sent", ("expected", "draft", "returned"), "submitted"),
    Act("take_back", "Withdraw", "withdrawn", ("submitted",), "draft"),
    Act("approve", "Approve", "approved", ("submitted",), "published"),
    Act("return", "Return", "returned", ("submitted", "published"), "returned"),
)
RESPONSE_STATES: Final = (
    State("awaited", "Awaited", "Nobody has begun to write it.", "grey"),
    State("draft", "Draft", "It has been started. Only the people who may answer can see it.", "grey"),
    State("submitted", "Sent", "It is waiting for a second person to review it.", "blue"),
    State("returned", "Returned", "It was sent back with a reason; it can be edited and resent.", "orange"),
    State("given", "Published", "A second person has approved it; anyone can read it.", "green"),
)
RESPONSE_ACTS: Final = (
    Act("response_save", "Save", "saved", ("awaited", "draft", "returned"), "draft"),
    Act("response_submit", "Send", "sent", ("awaited", "draft", "returned"), "submitted"),
    Act("response_approve", "Approve", "approved", ("submitted",), "given"),
    Act("response_return", "Return", "returned", ("submitted", "given"), "returned"),
)
ROUND_STATES: Final = (
    State("planned", "Planned", "Its dates are set, but nobody has been asked for anything yet.", "grey"),
    State("open", "Open", "Updates, evidence and views are being written.", "blue"),
    State("in_review", "In review", "The window has closed. What was sent is being reviewed and approved.", "purple"),
    State("closed", "Closed", "Its updates no longer change, and the report uses them.", "green"),
    State(
        "deleted", "Deleted", "It was deleted while it was only planned. Nobody had been asked for anything.", "grey"
    ),
)
ROUND_ACTS: Final = (
    Act("open", "Open the round", "opened", ("planned",), "open"),
    Act("begin_review", "End the window", "put into review", ("open",), "in_review"),
    Act("close", "Close the round", "closed", ("open", "in_review"), "closed"),
    Act("reopen", "Reopen the round", "reopened", ("in_review", "closed"), "open"),
    Act("delete", "Delete the round", "deleted", ("planned",), "deleted"),
)
VALUE_STATES: Final = (
    State("proposed", "Proposed", "A partner has supplied it. A council officer has not reviewed it yet.", "blue"),
    State("approved", "Approved", "A council officer has entered or approved it; it counts.", "green"),
    State("returned", "Returned", "A council officer has sent it back with a reason.", "orange"),
)
VALUE_ACTS: Final = (
    Act("propose", "Send", "supplied", ("returned", "proposed"), "proposed"),
    Act("approve", "Approve", "approved", ("proposed",), "approved"),
    Act("return", "Return", "returned", ("proposed", "approved"), "returned"),
)

ACTION_STATES: Final = (
    State("planned", "Planned", "It is still to be done. Its due date, if it has one, has not passed.", "grey"),
    State("late", "Late", "Its due date has passed and it is not done.", "orange"),
    State("done", "Done", "It was done on the date given.", "green"),
    State("dropped", "Dropped", "It will not be done, for the reason given.", "grey"),
)

ENGAGEMENT_STATES: Final = (
    State("planned", "Planned", "It has not taken place yet, or has not been marked as held.", "grey"),
    State("held", "Held", "It has taken place. Its summary is still being written.", "blue"),
    State("written_up", "Written up", "Anyone can read what was asked, who attended and what was said.", "green"),
    State("called_off", "Called off", "It did not take place, for the reason given.", "grey"),
)
ENGAGEMENT_ACTS: Final = (
    Act("engagement_hold", "Mark as held", "marked as held", ("planned",), "held"),
    Act("engagement_write_up", "Publish the summary", "written up", ("planned", "held"), "written_up"),
    Act("engagement_reopen", "Edit the summary", "reopened", ("written_up",), "held"),
    Act("engagement_call_off", "Call it off", "called off", ("planned",), "called_off"),
)
POINT_STATES: Final = (
    State("raised", "Not answered yet", "Nobody has answered it.", "grey"),
    State("answered", "Answered", "It has an answer, with the reason.", "blue"),
    State("done", "Done", "What was answered or decided has been done.", "green"),
    State("closed", "Closed", "It needs nothing further.", "grey"),
)
DECISION_TO_DO: Final = State("raised", "Not done yet", "It was decided, and is still to be done.", "grey")
"""What a decision's first state is called: it needs no answer."""
POINT_ACTS: Final = (
    Act("point_answer", "Answer it", "answered", ("raised", "answered"), "answered"),
    Act("point_done", "Mark as done", "marked as done", ("raised", "answered"), "done"),
    Act("point_close", "Close", "closed", ("raised", "answered", "done"), "closed"),
    Act("point_reopen", "Reopen", "reopened", ("answered", "done", "closed"), "raised"),
)

ACTION_STATE: Final = {state.code: state for state in ACTION_STATES}
EVIDENCE_STATE: Final = {state.code: state for state in EVIDENCE_STATES}
EVIDENCE_ACT: Final = {act.code: act for act in EVIDENCE_ACTS}
CASE_STUDY_STATE: Final = {state.code: state for state in CASE_STUDY_STATES}
CASE_STUDY_ACT: Final = {act.code: act for act in CASE_STUDY_ACTS}
UPDATE_STATE: Final = {state.code: state for state in UPDATE_STATES}
UPDATE_ACT: Final = {act.code: act for act in UPDATE_ACTS}
RESPONSE_STATE: Final = {state.code: state for state in RESPONSE_STATES}
RESPONSE_ACT: Final = {act.code: act for act in RESPONSE_ACTS}
ROUND_STATE: Final = {state.code: state for state in ROUND_STATES}
ROUND_ACT: Final = {act.code: act for act in ROUND_ACTS}
ENGAGEMENT_STATE: Final = {state.code: state for state in ENGAGEMENT_STATES}
ENGAGEMENT_ACT: Final = {act.code: act for act in ENGAGEMENT_ACTS}
POINT_STATE: Final = {state.code: state for state in POINT_STATES}
POINT_ACT: Final = {act.code: act for act in POINT_ACTS}
VALUE_STATE: Final = {state.code: state for state in VALUE_STATES}
VALUE_ACT: Final = {act.code: act for act in VALUE_ACTS}

EDITABLE_CASE_STUDY: Final = CASE_STUDY_ACT["case_save"].leaves
"""States in which a case study may be changed."""
EDITABLE_EVIDENCE: Final = ("draft", "returned")
"""States in which its own organisation may still change an item of evidence."""


def check_act(act: Act, current: str, *, what: str = "evidence", thing: Any = None) -> None:
    """Raise :class:`NotNow` with a sentence when ``act`` can't be done to a thing in state ``current``; its subclass
    :class:`AlreadyDone` when the thing is where the act leads.

    :param what: ``evidence``, ``case study``, ``update``, ``response``, ``round``, ``value``, ``engagement`` or ``point``.
    :param thing: the thing itself, whose history says who did it before.
    """
    if current in act.leaves:
        return
    states = {
        "evidence": EVIDENCE_STATE,
        "case study": CASE_STUDY_STATE,
        "update": UPDATE_STATE,
        "response": RESPONSE_STATE,
        "round": ROUND_STATE,
        "value": VALUE_STATE,
        "engagement": ENGAGEMENT_STATE,
        "point": POINT_STATE,
    }[what]
    sentence = f"This {what} is {states[current].label.lower()}, so it can't be {act.past}."
    if current != act.to:
        raise NotNow(sentence)
    code = f"round_{act.code}" if what == "round" else act.code
    raise AlreadyDone(sentence, thing=thing, act=code, what=what, past=act.past)
