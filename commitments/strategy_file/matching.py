"""Matches each entry of a revised strategy file with a commitment in the portal, without guessing. No ORM, no request, no clock.

A key decides. Without one, an entry is the same commitment where its reference and wording agree, or where its wording
agrees with one only (it was moved or renumbered), or where reference and short title agree and nothing else comes as
near (it was reworded). An entry left over could be new, or an old one reworded: a person has to say which.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Final

from commitments.rules.commitment_keys import make_key
from commitments.strategy_file.priorities import CommitmentEntry
from vcsportal.common.data_file import Fault

MIN_LIKENESS: Final = 0.6
"""The similarity from which the portal asks whether two wordings are the same commitment. It decides nothing by
itself."""
MAX_NAMED: Final = 6


@dataclass(frozen=True, slots=True)
class KnownCommitment:
    """A commitment as the portal has it."""

    key: str
    reference: str
    short_title: str
    wording: str
    closed: bool = False

    def __str__(self) -> str:
        return f"{self.reference} “{self.short_title}”"


@dataclass(slots=True)
class MatchResult:
    """What each entry is: ``same`` has the key of the commitment by the entry's place in the file; the others are new.

    ``gone`` are keys of closed commitments that the file leaves out. With ``faults`` nothing can be loaded.
    """

    same: dict[int, str] = field(default_factory=dict)
    gone: list[str] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


def match(known: Sequence[KnownCommitment], entries: Sequence[CommitmentEntry], line: int = 1) -> MatchResult:
    """Return which of the known commitments each entry is.

    :param line: the line to name where the file lacks something altogether.
    """
    left = {commitment.key: commitment for commitment in known}
    done = MatchResult()

    def pair(place: int, key: str) -> None:
        done.same[place] = key
        del left[key]

    for place, entry in enumerate(entries):
        if entry.key in left:
            pair(place, entry.key)
    for same in (
        lambda commitment: (commitment.reference, plain(commitment.wording)),
        lambda commitment: plain(commitment.wording),
    ):
        for place, key in _one_to_one(left.values(), _unmatched(entries, done), same):
            pair(place, key)
    reworded = [
        (place, commitment.key)
        for place, entry in _unmatched(entries, done)
        for commitment in left.values()
        if _is_reworded(commitment, entry, left.values(), [other for _, other in _unmatched(entries, done)])
    ]
    for place, key in reworded:
        pair(place, key)
    _ask(done, left, entries, {commitment.key for commitment in known}, line)
    return done


def plain(text: str) -> str:
    """Return a text without differences of typography: capitals, spaces, kinds of quotation marks and dashes, a last
    full stop."""
    text = re.sub(r"[‘’`]", "'", re.sub(r"[“”]", '"', re.sub(r"[‐‑‒–—]", "-", text.casefold())))
    return " ".join(text.split()).rstrip(" .;,")


def likeness(wording: str, other: str) -> float:
    """Return how alike two wordings are, from 0 to 1."""
    return SequenceMatcher(None, plain(wording), plain(other), autojunk=False).ratio()


def _unmatched(entries: Sequence[CommitmentEntry], done: MatchResult) -> list[tuple[int, CommitmentEntry]]:
    """Entries without a key that have not been matched yet."""
    return [(place, wanted) for place, wanted in enumerate(entries) if place not in done.same and not wanted.key]


def _one_to_one(
    left: Iterable[KnownCommitment],
    entries: Iterable[tuple[int, CommitmentEntry]],
    same: Callable[[KnownCommitment | CommitmentEntry], Hashable],
) -> list[tuple[int, str]]:
    """Return the pairs where exactly one on each side is the same."""
    ours, theirs = defaultdict(list), defaultdict(list)
    for commitment in left:
        ours[same(commitment)].append(commitment.key)
    for place, entry in entries:
        theirs[same(entry)].append(place)
    return [(theirs[what][0], keys[0]) for what, keys in ours.items() if len(keys) == len(theirs[what]) == 1]


def _is_reworded(
    commitment: KnownCommitment,
    entry: CommitmentEntry,
    left: Iterable[KnownCommitment],
    entries: Iterable[CommitmentEntry],
) -> bool:
    """Whether the entry is this commitment in other words: number and short title agree, and nothing else competes."""
    if (commitment.reference, plain(commitment.short_title)) != (entry.reference, plain(entry.short_title)):
        return False
    near = likeness(commitment.wording, entry.wording)
    rivals = [
        (plain(other.short_title) == plain(commitment.short_title), likeness(other.wording, commitment.wording))
        for other in entries
        if other is not entry
    ] + [
        (plain(other.short_title) == plain(entry.short_title), likeness(other.wording, entry.wording))
        for other in left
        if other is not commitment
    ]
    return not any(same_title or alike >= near for same_title, alike in rivals)


def _ask(
    done: MatchResult, left: dict[str, KnownCommitment], entries: Sequence[CommitmentEntry], taken: set[str], line: int
) -> None:
    """Note what a person must answer: entries that may be new or not, commitments that the file leaves out."""
    taken = taken | {entry.key for entry in entries}
    missing = [commitment for commitment in left.values() if not commitment.closed]
    done.gone = [commitment.key for commitment in left.values() if commitment.closed]
    for _, entry in _unmatched(entries, done):
        maybe = missing + [
            commitment for commitment in left.values() if commitment.closed and _resembles(commitment, entry)
        ]
        if not maybe:
            continue
        maybe = sorted(maybe, key=lambda commitment: -likeness(commitment.wording, entry.wording))[:MAX_NAMED]
        keys = "; ".join(f'key = "{commitment.key}" if it is {commitment}' for commitment in maybe)
        new = make_key(entry.short_title, taken)
        done.faults.append(
            entry.fault(
                "",
                f"“{entry.short_title}” may be new, or it may already be in the portal under another number or "
                f'wording. Say which by adding its key: {keys}; key = "{new}" if it is new.',
            )
        )
    for commitment in missing:
        sentence = (
            f"“{commitment.short_title}” is in the portal and not in the file. A commitment is never deleted: put it back into "
            f'the file with key = "{commitment.key}", adding closed_on and closed_because if it has ended, or close it in the '
            "portal with a reason."
        )
        done.faults.append(Fault(line, f"commitment {commitment.reference}", "", sentence))


def _resembles(commitment: KnownCommitment, entry: CommitmentEntry) -> bool:
    """Whether a closed commitment could be meant by the entry."""
    same_title = plain(commitment.short_title) == plain(entry.short_title)
    return same_title or likeness(commitment.wording, entry.wording) >= MIN_LIKENESS
