"""The facts with which a year is compared: what organisations counted in the rounds before."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class EvidenceSumFacts:
    """A sum of what items of evidence gave: its code (:mod:`commitments.rules.evidence_figures`), the sum, and how many gave a number."""

    code: str
    total: int
    given: int


@dataclass(frozen=True, slots=True)
class AreaSumFacts:
    """What the items of evidence of a round that name an area come to.

    An item that names several areas counts in each of them, so numbers of areas are never added up. ``commitments`` is how many
    the items serve.
    """

    gss_code: str
    items: int
    organisations: int
    commitments: int
    sums: tuple[EvidenceSumFacts, ...] = ()


@dataclass(frozen=True, slots=True)
class EarlierRoundFacts:
    """What organisations did in an earlier round, counted by this report's rules on the day on which it was made.

    What came in after that round's own report is counted too. ``items`` and ``organisations`` are numbers of published items
    of evidence and of those they came from; ``sums`` are of the figures that anybody gave. ``areas`` are those that an item
    names, of the last round before the one that is reported on alone; () in editions made before they were kept.
    """

    round: str
    items: int
    organisations: int
    sums: tuple[EvidenceSumFacts, ...] = ()
    areas: tuple[AreaSumFacts, ...] = ()
