"""What an entry of the history changes for people who are not signed in: nothing yet, something more to read, or anything at all."""

from typing import Final

from django.db.models import Case, CharField, Q, Value, When

from commitments.rules.workflow import EVIDENCE_STATES, UPDATE_STATES

NOTHING: Final = "nothing"
"""Only people who are signed in can see what was written, such as a draft, or that a draft was sent."""
ADDS: Final = "adds"
"""More can be read than before, and nothing that was public was taken away or put in other words."""
CHANGES: Final = "changes"
"""Everything else: what is public may have gone, or may read differently."""

EVIDENCE_IN_PRIVATE: Final = tuple(state.code for state in EVIDENCE_STATES if state.code != "accepted")
UPDATES_IN_PRIVATE: Final = tuple(state.code for state in UPDATE_STATES if state.code != "published")
EVIDENCE_ACTS_IN_PRIVATE: Final = ("log", "edit", "submit", "return", "withdraw", "reopen")
UPDATE_ACTS_IN_PRIVATE: Final = ("save", "submit", "take_back", "return")


def public_effect() -> Case:
    """Return the database's expression for the effect of an entry. An act that it does not name changes everything."""
    private_evidence = Q(
        evidence__isnull=False,
        act__in=EVIDENCE_ACTS_IN_PRIVATE,
        from_state__in=("", *EVIDENCE_IN_PRIVATE),
        to_state__in=EVIDENCE_IN_PRIVATE,
    )
    private_update = Q(
        update__isnull=False,
        act__in=UPDATE_ACTS_IN_PRIVATE,
        from_state__in=UPDATES_IN_PRIVATE,
        to_state__in=UPDATES_IN_PRIVATE,
    )
    adds = Q(evidence__isnull=False, act="accept") | Q(act="task_handed")
    return Case(
        When(private_evidence | private_update, then=Value(NOTHING)),
        When(adds, then=Value(ADDS)),
        default=Value(CHANGES),
        output_field=CharField(max_length=10),
    )
