"""The kinds of strategy: what each calls its two levels, and what a reporting round asks of it.

The code calls the two levels priority and commitment. What people read takes the words of the strategy's own kind
from here, by ``strategy.nouns``; a page about several strategies takes the words that they share (:func:`shared_nouns`).
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from vcsportal.common import plurals

_GENERAL_WORD: Final = re.compile(
    r"\b(?:(?P<article>an?) )?(?P<word>strategy|priority|priorities|commitment|commitments)\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Nouns:
    """What a kind of strategy calls itself and its two levels. All are in lower case, and "a" nouns carry their article."""

    strategy: str
    a_strategy: str
    priority: str
    priorities: str
    a_priority: str
    commitment: str
    commitments: str
    a_commitment: str

    @property
    def its_own(self) -> str:
        """What is its own, as in "the plan’s own" and "the set of recommendations’ own"."""
        return f"{self.strategy}’{'' if self.strategy.endswith('s') else 's'} own"

    def reworded(self, text: str) -> str:
        """Return a sentence of the portal's own, written with the general words, with these nouns in their place.

        Articles follow: ``Choose a commitment.`` becomes ``Choose an aim.`` It is for fixed sentences only, never for
        what people or a strategy wrote, whose words stay as they are.
        """
        return text if self == GENERAL else _GENERAL_WORD.sub(self._in_place, text)

    def _in_place(self, found: re.Match[str]) -> str:
        article, word = found["article"] or "", found["word"]
        noun: str = getattr(self, word.lower())
        if article:
            noun = getattr(self, f"a_{word.lower()}")
        return plurals.capital(noun) if (article or word)[0].isupper() else noun

    def counted_priorities(self, count: int) -> str:
        """Return ``1 project``, ``0 projects``, ``1,204 projects``."""
        return plurals.counted(count, self.priority, self.priorities)

    def counted_commitments(self, count: int) -> str:
        """Return ``1 aim``, ``0 aims``, ``1,204 aims``."""
        return plurals.counted(count, self.commitment, self.commitments)


@dataclass(frozen=True, slots=True)
class StrategyKind:
    """One kind of strategy.

    ``answered`` says that each commitment is answered before anybody works at it, and ``signed`` that organisations
    take part by signing. Groups never take part in one: they steer it.
    """

    code: str
    label: str
    nouns: Nouns
    answered: bool = False
    signed: bool = False

    @property
    def asks(self) -> str:
        """Return what a reporting round asks, as a sentence."""
        return (
            f"In each round, everyone who leads {self.nouns.a_commitment} gives an update on it, and every organisation "
            "that helps says what it has done."
        )


STRATEGY: Final = StrategyKind(
    "strategy",
    "Strategy",
    Nouns(
        "strategy", "a strategy", "priority", "priorities", "a priority", "commitment", "commitments", "a commitment"
    ),
)
PLAN: Final = StrategyKind(
    "plan", "Plan", Nouns("plan", "a plan", "project", "projects", "a project", "aim", "aims", "an aim")
)
RECOMMENDATIONS: Final = StrategyKind(
    "recommendations",
    "Recommendations",
    Nouns(
        "set of recommendations", "a set of recommendations", "recommendation", "recommendations", "a recommendation",
        "action", "actions", "an action",
    ),
    answered=True,
)  # fmt: skip
CHARTER: Final = StrategyKind(
    "charter",
    "Charter",
    Nouns("charter", "a charter", "part", "parts", "a part", "principle", "principles", "a principle"),
    signed=True,
)
WORK_PLAN: Final = StrategyKind(
    "work_plan",
    "Work plan",
    Nouns("work plan", "a work plan", "sub-group", "sub-groups", "a sub-group", "theme", "themes", "a theme"),
)

KINDS: Final = (STRATEGY, PLAN, RECOMMENDATIONS, CHARTER, WORK_PLAN)
KIND_BY_CODE: Final = {kind.code: kind for kind in KINDS}
GENERAL: Final = STRATEGY.nouns
"""The nouns of pages about strategies of several kinds."""


def nouns_of(code: str) -> Nouns:
    """Return the nouns of the kind with this code. Raise ``KeyError`` otherwise."""
    return KIND_BY_CODE[code].nouns


def shared_nouns(codes: Iterable[str]) -> Nouns:
    """Return the nouns that strategies of these kinds share: those of the one kind that there is, else the general ones."""
    found = set(codes)
    return nouns_of(found.pop()) if len(found) == 1 else GENERAL
