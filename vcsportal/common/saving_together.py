"""Saves many rows in one transaction by the services that save one: what they hold is read once, and their history is written at
the end.
"""

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar, cast

from django.db import OperationalError, connection, transaction
from django.db.models import Model

from vcsportal.database.savepoints import without_savepoints

T = TypeVar("T")
AHEAD = 200
"""How many entries are written with one statement."""


class RowFailed(Exception):
    """A row has failed and has no savepoint, so that the whole transaction is taken back."""


class SavedTogether:
    """What the transaction has read and holds, and what is still to be written in it.

    :ivar row_by_row: whether a row can fail by itself. Without that, rows cost fewer statements.
    :ivar known: what :func:`held_once` has returned, by its key.
    :ivar entries: rows that nobody reads before the transaction ends, such as entries of a history, in their order.
    """

    def __init__(self, *, row_by_row: bool) -> None:
        self.row_by_row = row_by_row
        self.known: dict[Hashable, Any] = {}
        self.entries: list[Model] = []

    @contextmanager
    def row(self) -> Iterator[None]:
        """Save one row. If that fails, the row leaves nothing, and what the failed service has changed in memory is forgotten.

        Raise :class:`RowFailed` if it fails and rows can't fail by themselves: the caller lets it pass through
        :func:`saving_together`, and begins again. A database that gives up is no fault of the row.
        """
        if not self.row_by_row:
            try:
                with without_savepoints():
                    yield
            except OperationalError:
                raise
            except Exception as error:
                raise RowFailed from error
            if connection.needs_rollback:  # the service has caught what went wrong
                raise RowFailed
            return
        begun = len(self.entries)
        try:
            with transaction.atomic():
                yield
        except BaseException:
            del self.entries[begun:]
            self.known.clear()
            raise

    def write(self) -> None:
        """Write what is still to be written."""
        kinds: dict[type[Model], list[Model]] = {}
        for entry in self.entries:
            kinds.setdefault(type(entry), []).append(entry)
        for kind, entries in kinds.items():
            kind._default_manager.bulk_create(entries, batch_size=AHEAD)
        self.entries.clear()


_current: ContextVar[SavedTogether | None] = ContextVar("saved_together", default=None)


@contextmanager
def saving_together(*, row_by_row: bool = True) -> Iterator[SavedTogether]:
    """Save what follows in one transaction, each row within :meth:`SavedTogether.row`.

    :param row_by_row: whether a row can fail by itself. Without that, one that fails takes all of them back.
    """
    with transaction.atomic():
        together = SavedTogether(row_by_row=row_by_row)
        token = _current.set(together)
        try:
            yield together
        finally:
            _current.reset(token)
        together.write()


def held_once(key: Hashable, ask: Callable[[], T]) -> T:
    """Return what ``ask`` reads and locks. While rows are saved together it is asked once for each key.

    Nobody else can change what is locked before the transaction ends, and a service changes the very object that it was given.
    So the object stays true, and only what was read with a lock, can't change while something else is locked, or is guarded by a
    constraint of the database, is asked so.
    """
    together = _current.get()
    if together is None:
        return ask()
    if key not in together.known:
        together.known[key] = ask()
    return cast(T, together.known[key])


def hold_known(known: Mapping[Hashable, Any]) -> None:
    """Have :func:`held_once` return these from now on, read ahead for many rows or just saved. Outside, nothing is remembered."""
    if (together := _current.get()) is not None:
        together.known.update(known)


def change_known(key: Hashable, change: Callable[[T], T]) -> None:
    """Have :func:`held_once` return something else from now on, if it has been asked for this key before."""
    together = _current.get()
    if together is not None and key in together.known:
        together.known[key] = change(together.known[key])


def forget_known(*keys: Hashable) -> None:
    """Have :func:`held_once` ask again for these."""
    if (together := _current.get()) is not None:
        for key in keys:
            together.known.pop(key, None)


def write_entry(entry: Model) -> None:
    """Write a row that nobody reads in the same transaction: at once, or at its end with those of the other rows."""
    if (together := _current.get()) is None:
        entry.save(force_insert=True)
    else:
        together.entries.append(entry)


def write_entries(entries: Sequence[Model]) -> None:
    """Write rows of one kind that nobody reads in the same transaction: at once together, or at its end with those of the other rows."""
    if (together := _current.get()) is not None:
        together.entries.extend(entries)
    elif entries:
        kind = type(entries[0])
        kind._default_manager.bulk_create(entries)
