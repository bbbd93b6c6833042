"""The counts that an officer's sentence may refer to: those of the whole strategy, or of one priority."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from commitments.rules.kinds import GENERAL, Nouns
from reporting.facts import CommitmentFacts, EvidenceFacts, Report


@dataclass(frozen=True, slots=True)
class ClaimScope:
    """Commitments that a sentence may count, and their evidence; None where neither evidence nor actions were fetched,
    so that nothing is said of them.

    ``name`` is "" for the whole strategy, else for example "priority 4". ``priorities`` is 0 under a priority.
    ``noun`` is what the reported period is called.
    """

    name: str
    commitments: tuple[CommitmentFacts, ...]
    evidence: tuple[EvidenceFacts, ...] | None = None
    priorities: int = 0
    new_partners: int | None = None
    late_in_the_year: int | None = None
    done_in_the_year: int | None = None
    nouns: Nouns = GENERAL
    noun: str = "year"

    def at(self, codes: Iterable[str]) -> list[str]:
        """Return the references of the commitments at one of these statuses; "" is no update."""
        wanted = set(codes)
        return [
            commitment.reference
            for commitment in self.commitments
            if commitment.status in wanted and (commitment.status or commitment.is_silent)
        ]

    def with_update(self) -> list[str]:
        """Return the references of the commitments with an update; a closed one carries its status without any."""
        return [commitment.reference for commitment in self.commitments if commitment.has_update]

    def bases(self) -> frozenset[int]:
        """Return what a count may be out of: all commitments, those that were there, those asked, those with an update."""
        there = sum(commitment.was_there for commitment in self.commitments)
        spoken, asked = (
            len(self.with_update()),
            sum(commitment.has_update or commitment.is_silent for commitment in self.commitments),
        )
        return frozenset((len(self.commitments), there, asked, spoken))

    def at_in(self, round_: str, codes: Iterable[str]) -> int:
        """Return how many were at one of these statuses in another round of the report."""
        wanted = set(codes)
        return sum(
            year.round == round_
            and year.status in wanted
            and (bool(year.status) or (year.was_there and not year.response))
            for commitment in self.commitments
            for year in commitment.years
        )

    def items_of_one(self) -> frozenset[int]:
        """Return how many items each organisation sent and each commitment has, which a text may mean."""
        pieces = self.evidence or ()
        sent = Counter(piece.organisation for piece in pieces)
        serving = Counter(reference for piece in pieces for reference in piece.references)
        return frozenset((*sent.values(), *serving.values()))

    def sums(self, field: str) -> tuple[int, frozenset[int]]:
        """Return the sum of a figure over all evidence, and every part that a text may mean: an item's number, the sum
        of one organisation's, of one commitment's or of one district's items.
        """
        parts: Counter[tuple[str, str]] = Counter()
        total = 0
        for piece in self.evidence or ():
            if (value := getattr(piece, field)) is None:
                continue
            total += value
            parts["item", str(piece.number)] += value
            parts["organisation", piece.organisation] += value
            for kind, names in (("commitment", piece.references), ("district", piece.districts)):
                for name in names:
                    parts[kind, name] += value
        return total, frozenset(parts.values())


def scopes(report: Report) -> dict[int | None, ClaimScope]:
    """Return the whole strategy under None, and each priority under its number."""
    changes, nouns = report.changes, report.strategy.nouns
    found: dict[int | None, ClaimScope] = {
        None: ClaimScope(
            "",
            tuple(report.commitments()),
            report.evidence,
            len(report.priorities),
            None if changes is None else len(changes.partners),
            None if changes is None else len(changes.slipped) + len(changes.overdue),
            None if changes is None else len(changes.done),
            nouns,
            report.period.noun,
        )
    }
    for priority in report.priorities:
        references = {commitment.reference for commitment in priority.commitments}
        found[priority.number] = ClaimScope(
            priority.called(nouns),
            priority.commitments,
            tuple(piece for piece in report.evidence if references & set(piece.references)),
            late_in_the_year=None
            if changes is None
            else sum(action.reference in references for action in (*changes.slipped, *changes.overdue)),
            done_in_the_year=None
            if changes is None
            else sum(action.reference in references for action in changes.done),
            nouns=nouns,
            noun=report.period.noun,
        )
    return found
