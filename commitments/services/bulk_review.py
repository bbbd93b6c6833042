"""Decides on several items at once, each in a transaction of its own: a piece that somebody changed meanwhile does not
hold up the others,
no row is locked longer than its own decision takes, and whatever was decided before a fault stays decided.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from commitments.models import Evidence, ProgressUpdate
from commitments.services.evidence import accept_evidence
from commitments.services.update_approval import approve_update
from partners.models import User
from vcsportal.common.words import NotNow, Refused


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of each, in the words of the page: done, or left out with the sentence that says why."""

    done: tuple[str, ...] = ()
    left: tuple[tuple[str, str], ...] = ()


def accept_several(*, by: User, at: datetime, pieces: Iterable[tuple[Evidence, int]]) -> Outcome:
    """Accept each piece in the version that was read; leave out, by name, what can't be accepted or has changed."""
    return _each(
        (piece.title, partial(accept_evidence, by=by, at=at, evidence=piece, version=version))
        for piece, version in pieces
    )


def approve_several(*, by: User, at: datetime, updates: Iterable[tuple[ProgressUpdate, int]]) -> Outcome:
    """Approve each update that confirms last round's words unchanged; the rest need to be read one by one."""
    return _each(
        (str(update.commitment), partial(_approve_confirmed, by=by, at=at, update=update, version=version))
        for update, version in updates
    )


def check_confirmed(update: ProgressUpdate) -> None:
    """Raise :class:`Refused` for an update with new words: it is read before it is approved."""
    if update.confirms_id is None:
        raise NotNow("Its words are new, so it is read by itself before it is approved.")


def _approve_confirmed(*, by: User, at: datetime, update: ProgressUpdate, version: int) -> None:
    check_confirmed(update)  # of the version read here; another version is refused under the lock
    approve_update(by=by, at=at, update=update, version=version)  # one that needs a choice of status is left out


def _each(named: Iterable[tuple[str, Callable[[], Any]]]) -> Outcome:
    done, left = [], []
    for name, decide in named:
        try:
            decide()
        except Refused as refused:
            left.append((name, refused.sentence))
        else:
            done.append(name)
    return Outcome(tuple(done), tuple(left))
