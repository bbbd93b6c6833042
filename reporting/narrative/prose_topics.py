"""The counts in the facts that a claim is compared with, in numbers and in words, and other counts that it could mean."""

from dataclasses import dataclass
from typing import Final

from commitments.rules import status as words
from commitments.rules.evidence_figures import FIGURE_BY_CODE
from reporting.narrative.prose_claims import ALL_STATUS_CODES, NO_UPDATE_CODES, CountClaim
from reporting.narrative.prose_facts import ClaimScope
from reporting.narrative.sentences import listed
from vcsportal.common.plurals import be, counted, was

MAX_LISTED: Final = 8
"""How many references a warning lists; of more it gives the count alone."""


@dataclass(frozen=True, slots=True)
class CountFromFacts:
    """The count of the facts, the others that the words could mean, and how it is said."""

    count: int
    says: str
    also: frozenset[int] = frozenset()


def answers(claim: CountClaim, scope: ClaimScope) -> CountFromFacts | None:
    """Return what the facts of a scope say of what the claim counts; None where they do not say."""
    match claim.topic:
        case "status":
            return _status(claim, scope)
        case "commitments":
            count = len(scope.commitments)
            return CountFromFacts(
                count, f"there {be(count)} {scope.nouns.counted_commitments(count)}{_under(scope)}", scope.bases()
            )
        case "priorities":
            return (
                CountFromFacts(
                    scope.priorities,
                    f"the {scope.nouns.strategy} has {scope.nouns.counted_priorities(scope.priorities)}",
                )
                if scope.priorities
                else None
            )
        case "late_actions" | "done_actions":
            return _actions(claim.topic, scope)
        case "new_organisations" if scope.new_partners is None:
            return None
    return _evidence(claim.topic, scope)


def _status(claim: CountClaim, scope: ClaimScope) -> CountFromFacts:
    found = [scope.with_update() if codes == ALL_STATUS_CODES else scope.at(codes) for codes in claim.codes]
    total = len(scope.commitments)
    count = len(found[0])
    which = f" ({listed(found[0])})" if 0 < count <= MAX_LISTED else ""
    says = f"{count} of {scope.nouns.counted_commitments(total)}{_under(scope)} {be(count)} {_named(claim.codes[0])}{which}"
    if claim.everything:  # the claim is that none is left over
        return CountFromFacts(min(total - len(codes) for codes in found), says)
    if claim.base is not None and claim.base not in scope.bases():
        return CountFromFacts(claim.value, says)  # out of some other set, which nobody can check
    return CountFromFacts(count, says, frozenset(len(codes) for codes in found[1:]))


def _named(codes: frozenset[str]) -> str:
    if codes == ALL_STATUS_CODES:
        return "with an update"
    if codes == NO_UPDATE_CODES:
        return "without an update"
    return " or ".join(status.label.lower() for status in words.STATUSES if status.code in codes)


def _actions(topic: str, scope: ClaimScope) -> CountFromFacts | None:
    if scope.evidence is None:
        return None
    actions = [action for commitment in scope.commitments for action in commitment.actions]
    if topic == "done_actions":
        done = sum(action.done_on is not None for action in actions)
        says = (
            f"{scope.done_in_the_year} of them in the {scope.noun}" if scope.done_in_the_year is not None else "by then"
        )
        return CountFromFacts(
            done, f"{counted(done, 'action')}{_under(scope)} {was(done)} done, {says}", _known(scope.done_in_the_year)
        )
    late = [action for action in actions if action.slipped]
    by_the_end = sum(action.done_on is None for action in late)
    still = sum(
        action.done_on is None and action.done_since is None and action.dropped_since is None for action in late
    )
    says = f"{counted(len(late), 'action')}{_under(scope)} {was(len(late))} late, and {still} of them {be(still)} still not done"
    return CountFromFacts(len(late), says, frozenset({still, by_the_end}) | _known(scope.late_in_the_year))


def _evidence(topic: str, scope: ClaimScope) -> CountFromFacts | None:
    if scope.evidence is None:
        return None
    if topic == "evidence":
        count = len(scope.evidence)
        return CountFromFacts(
            count, f"there {be(count)} {counted(count, 'item')} of evidence{_under(scope)}", scope.items_of_one()
        )
    if topic == "organisations":
        count = len({piece.organisation for piece in scope.evidence})
        return CountFromFacts(count, f"evidence came from {counted(count, 'organisation')}{_under(scope)}")
    if topic == "new_organisations":
        count = scope.new_partners or 0
        return CountFromFacts(count, f"{counted(count, 'organisation')} took part for the first time")
    total, parts = scope.sums(topic)
    return CountFromFacts(
        total, f"the evidence{_under(scope)} adds up to {total:,} {FIGURE_BY_CODE[topic].many}", frozenset(parts)
    )


def _known(count: int | None) -> frozenset[int]:
    return frozenset() if count is None else frozenset({count})


def _under(scope: ClaimScope) -> str:
    return f" under {scope.name}" if scope.name else ""
