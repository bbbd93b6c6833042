"""What addressees answered, in sentences and in the rows of the appendix. Made from the facts alone."""

from collections.abc import Iterable
from dataclasses import dataclass

from commitments.reading.responses import sentence
from commitments.rules import stances
from commitments.rules.stances import Stance
from reporting.facts import CommitmentFacts, Report, ResponseFacts
from reporting.narrative import dates
from vcsportal.common import plurals
from vcsportal.common.dates import in_words

TITLE = "Responses"


@dataclass(frozen=True, slots=True)
class ResponseRow:
    """A row of the appendix: a commitment, one addressee's response to it, and the rest in words, "" where nothing is known."""

    commitment: CommitmentFacts
    facts: ResponseFacts
    stance: Stance
    decided: str
    decision: str
    since: str


def rows(report: Report) -> list[ResponseRow]:
    """Return the rows of the appendix in the order of their numbers; none where nothing is addressed to anybody."""
    return [row(commitment, response) for commitment, response in report.responses()]


def row(commitment: CommitmentFacts, response: ResponseFacts) -> ResponseRow:
    """Return one response with its words."""
    return ResponseRow(
        commitment, response, response.public_stance, decided(response), decision(response), since(response)
    )


def summary(report: Report) -> str:
    """Return how the strategy's owner had responded, counted; "" where nothing is addressed to anybody."""
    codes = [commitment.owner_response for commitment in report.commitments() if commitment.owner_response]
    if not codes:
        return ""
    nouns = report.strategy.nouns
    what = plurals.agree(len(codes), f"1 {nouns.commitment}", f"{len(codes):,} {nouns.commitments}")
    return (
        f"{report.strategy.owner}’s response to the {what}, as published by {in_words(dates.statuses_on(report))}: "
        f"{sentence(codes)}."
    )


def held_back(commitments: Iterable[CommitmentFacts]) -> list[CommitmentFacts]:
    """Return those for which no update was asked for, as the owner had not accepted them."""
    return [commitment for commitment in commitments if commitment.awaits_response]


def counted(commitments: Iterable[CommitmentFacts]) -> str:
    """Return those that were held back in words: ``1 declined and 4 awaiting a response``; "" for none."""
    return sentence(commitment.owner_response for commitment in held_back(commitments))


def decided(response: ResponseFacts) -> str:
    """Return where and when it was decided: ``Cabinet, 12 March 2025``; "" if neither is known."""
    day = in_words(response.decided_on) if response.decided_on else ""
    return ", ".join(filter(None, [response.decided_where, day]))


def decision(response: ResponseFacts) -> str:
    """Return the same within a sentence: ``decided by Cabinet on 12 March 2025``."""
    where = f" by {response.decided_where}" if response.decided_where else ""
    day = f" on {in_words(response.decided_on)}" if response.decided_on else ""
    return f"decided{where}{day}" if where or day else ""


def since(response: ResponseFacts) -> str:
    """Return what has become of it since the statuses were frozen, up to the day of the report: ``Accepted since, on 18 June 2025.``"""
    if response.withdrawn_since:
        return f"Withdrawn since, on {in_words(response.withdrawn_since)}."
    if response.given_since is None:
        return ""
    day, label = in_words(response.given_since), stances.of(response.stance_since).label
    if not response.stance:
        return f"{label} since, on {day}."
    if response.stance == response.stance_since:
        return f"The response was reworded on {day}."
    return f"Changed on {day} to: {label.lower()}."


def told(response: ResponseFacts) -> str:
    """Return a response in running text: ``Declined. The programme ends. Decided by Cabinet on 12 March 2025.``"""
    where = f"{plurals.capital(decision(response))}." if decision(response) else ""
    return " ".join(filter(None, [f"{response.public_stance.label}.", response.words, where, since(response)]))
