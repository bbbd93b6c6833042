"""Finds counts in an officer's text that contradict the report's own facts: a warning for the writer, never a stop.

A number counts as a claim only where it stands in one clause with what it counts: "three commitments are late", "the two
commitments without an update", "13 actions were late". The check would rather miss a claim than question a true one, so it ignores what is hoped for or denied, numbers of anything else, and counts that hold for a priority that the
sentence names or for the earlier year that it speaks of.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from commitments.rules.kinds import Nouns
from commitments.rules.periods import PERIODS
from commitments.rules.references import anchor
from reporting.facts import CommitmentFacts, Report
from reporting.narrative.prose_claims import CountClaim, claims
from reporting.narrative.prose_facts import ClaimScope, scopes
from reporting.narrative.prose_topics import CountFromFacts, answers
from reporting.narrative.sections import PRIORITY, sections_of_report
from vcsportal.common.number_words import numbers_in

_SENTENCES: Final = re.compile(r"(?<=[.!?])\s+|\n+")
_MARKS: Final = re.compile(r"^\s*(?:[*#>-]|\d+\.)+\s+|[*_`]{1,3}")
_A_PRIORITY: Final = re.compile(r"\bpriority\b", re.IGNORECASE)
_EARLIER: Final = re.compile(
    r"\b(?:(?:last|previous) (?P<last>[a-z-]+)|(?P<before>[a-z-]+) before|an? (?P<ago>[a-z-]+) ago)\b", re.IGNORECASE
)
_PERIODS: Final = frozenset(period.noun for period in PERIODS)
_A_ROUND: Final = re.compile(r"\b20\d\d[-–]\d\d\b")


@dataclass(frozen=True, slots=True)
class Contradiction:
    """A sentence of an officer's text whose count differs from that of the report.

    ``section`` is a key of :mod:`reporting.narrative.sections`, or ``commitment-1.4`` for the update of a commitment, whose reference
    is then in ``commitment``; ``label`` is what it is called; ``quote`` the sentence; ``says`` its claim; ``facts_say`` what
    the report's facts give.
    """

    section: str
    label: str
    quote: str
    says: str
    facts_say: str
    commitment: str = ""

    def sentence(self) -> str:
        """Return the whole warning."""
        return f"{self.label} says “{self.says}”, but {self.facts_say}."


def find_contradictions(report: Report) -> tuple[Contradiction, ...]:
    """Return what the officers' texts of a report state otherwise than its facts, in the report's order."""
    everywhere = scopes(report)
    found: list[Contradiction] = []
    for section in sections_of_report(report):
        if section.kind != "line" and (text := report.text(section.key)):
            found += contradictions_in(text, section=section.key, label=section.label, everywhere=everywhere)
    for commitment in report.commitments():
        found += _against_indicators(report, commitment, report.strategy.nouns)
    return tuple(found)


def contradictions_in(
    text: str, *, section: str, label: str, everywhere: dict[int | None, ClaimScope]
) -> list[Contradiction]:
    """Return what one section's text states otherwise than the facts.

    :param everywhere: the whole strategy under None and its priorities by number, as :func:`prose_facts.scopes` gives
        them. A priority's own narrative may count its own commitments or all.
    """
    own = section.removeprefix(PRIORITY) if section.startswith(PRIORITY) else ""
    found = []
    before = ""
    for sentence in _sentences(text):
        where = [everywhere[int(own)]] if own and int(own) in everywhere else []
        where.append(everywhere[None])
        if _A_PRIORITY.search(sentence):
            where += [scope for number, scope in everywhere.items() if number is not None and scope not in where]
        for claim in claims(sentence, context=f"{before} {sentence}"):
            if (answer := _contradicted(claim, sentence, where)) is not None:
                found.append(Contradiction(section, label, sentence, claim.says, answer))
        before = sentence
    return found


def _sentences(text: str) -> Iterator[str]:
    for part in _SENTENCES.split(text):
        if bare := _MARKS.sub("", part).strip():
            yield bare


def _contradicted(claim: CountClaim, sentence: str, where: Iterable[ClaimScope]) -> str | None:
    """Return what the facts say where they say otherwise; None where some scope agrees or nothing is known."""
    several = list(where)
    if not _knows_the_years_of(sentence, several):
        return None
    known = [answer for scope in several if (answer := answers(claim, scope)) is not None]
    if not known:
        return None
    right = {count for answer in known for count in (answer.count, *answer.also)} | _earlier(claim, sentence, several)
    if any(claim.agrees_with(count) for count in right):
        return None
    return _said(known)


def _knows_the_years_of(sentence: str, where: list[ClaimScope]) -> bool:
    """Return whether the facts hold every round that the sentence speaks of."""
    rounds = {year.round for scope in where for commitment in scope.commitments[:1] for year in commitment.years}
    nouns = {scope.noun for scope in where}
    earlier = _earlier_periods(sentence)
    if earlier & {*nouns, "round"} and len(rounds) < 2:
        return False
    if "year" in earlier - nouns:  # of a year before a quarter the facts hold nothing
        return False
    return rounds.issuperset(name.replace("–", "-") for name in _A_ROUND.findall(sentence))


def _earlier(claim: CountClaim, sentence: str, where: Iterable[ClaimScope]) -> set[int]:
    """Return the counts of the earlier rounds that the sentence names; "last year" is the round before."""
    found = set()
    for scope in where:
        rounds = [year.round for year in scope.commitments[0].years][:-1] if scope.commitments else []
        named = {name for name in rounds if name in sentence.replace("–", "-")}
        if rounds and _earlier_periods(sentence) & {scope.noun, "round"}:
            named.add(rounds[-1])
        found |= {scope.at_in(name, codes) for name in named for codes in claim.codes}
    return found


def _earlier_periods(sentence: str) -> set[str]:
    """Return what a sentence calls the period before: "year" for "last year", "the year before" and "a year ago"."""
    words = {(found["last"] or found["before"] or found["ago"]).lower() for found in _EARLIER.finditer(sentence)}
    return words & (_PERIODS | {"round"})


def _said(known: list[CountFromFacts]) -> str:
    """Return the counts of the first two scopes: a priority's own, and the whole strategy's."""
    return "; ".join(answer.says for answer in known[:2])


def _against_indicators(report: Report, commitment: CommitmentFacts, nouns: Nouns) -> Iterator[Contradiction]:
    """Yield numbers in a commitment's update that carry the unit of its indicator and are none of its figures."""
    for indicator in commitment.indicators:
        unit = indicator.unit.strip()
        if indicator.kind == "scale" or not re.fullmatch(r"[A-Za-z][A-Za-z ]+", unit) or not indicator.rounds:
            continue
        known = {
            number
            for figure in indicator.rounds
            for number in (figure.actual, figure.total, figure.target, figure.target_total, figure.numerator, figure.denominator)
        } | {indicator.baseline}  # fmt: skip
        now = indicator.rounds[-1]
        for sentence in _sentences("\n".join((commitment.reason, commitment.narrative, commitment.next_steps))):
            for number in numbers_in(sentence):
                counted = re.match(rf"\s+{re.escape(unit)}\b", sentence[number.end :], re.IGNORECASE)
                if counted is None or number.value in known or now.actual is None:
                    continue
                says = sentence[number.start : number.end + counted.end()]
                facts_say = (
                    f"indicator {indicator.code}, {indicator.title}, gives {now.actual_said} for {report.label_of(now.round)}; "
                    "check that the two count different things"
                )
                label = f"The update of {nouns.commitment} {commitment.reference}"
                yield Contradiction(
                    f"commitment-{anchor(commitment.reference)}", label, sentence, says, facts_say, commitment.reference
                )
