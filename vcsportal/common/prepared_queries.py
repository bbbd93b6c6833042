"""Questions to the database whose SQL is built once in a process. Each asking only fills in its values.

Building a query in the ORM takes longer than PostgreSQL needs to answer it. What a page asks on every visit has the same
shape each time, so that its SQL need not be built again. No row is kept from one asking to the next.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.models import BigIntegerField, QuerySet

Slot = tuple[str, int]
"""Where a value of a query comes from: the name of the value, and its place if it is a list."""
_FIRST_NUMBER: Final = 2_000_000_000
_MARK: Final = "\ue000"
_FIRST_DAY: Final = date(1, 1, 2)
_FIRST_MOMENT: Final = datetime(1, 1, 2, tzinfo=UTC)


class PreparedQuery:
    """A question that is asked again and again with other values.

    :param build: returns the queryset for values given by name. They may be numbers, texts, days and moments, or lists of
        these for ``__in``; a list may reach the query with its last value repeated. What is None, True or False may change
        the query's shape. No value may change it otherwise, as ``build`` is called once for each shape, with stand-ins.
    """

    def __init__(self, build: Callable[..., QuerySet[Any]]) -> None:
        self._build = build
        self._statements: dict[tuple[Any, ...], _Statement | None] = {}

    def __call__(self, **values: Any) -> list[Any]:
        """Return the rows that the queryset would return for these values."""
        if any(isinstance(value, int) and abs(value) > BigIntegerField.MAX_BIGINT for value in values.values()):
            return list(self._build(**values))  # the ORM knows that no row can have such a number
        given = {name: _padded(value) if isinstance(value, list) else value for name, value in values.items()}
        shape = tuple((name, _shape(value)) for name, value in given.items())
        if shape not in self._statements:
            self._statements[shape] = _prepare(self._build, given)
        statement = self._statements[shape]
        return statement.rows(given) if statement else []


@dataclass(frozen=True, slots=True)
class _Statement:
    """A compiled query, and for each of its parameters either its value or the slot that it is read from."""

    rows_of: Any
    compiler: Any
    sql: str
    parameters: tuple[tuple[Slot | None, Any], ...]

    def rows(self, values: Mapping[str, Any]) -> list[Any]:
        parameters = tuple(_value(values, slot) if slot else constant for slot, constant in self.parameters)
        compiler = _twin(self.compiler)
        compiler.connection = connections[self.rows_of.db]  # each thread has its own
        compiler.as_sql = lambda *args, **kwargs: (self.sql, parameters)
        query = _twin(self.rows_of.query)
        query.get_compiler = lambda *args, **kwargs: compiler
        rows = _twin(self.rows_of)
        rows._query = query
        return list(rows)


def _twin(thing: Any) -> Any:
    """Return a shallow copy. ``copy`` would ask a queryset for its rows first."""
    twin = object.__new__(type(thing))
    twin.__dict__ = dict(thing.__dict__)
    return twin


def _prepare(build: Callable[..., QuerySet[Any]], values: Mapping[str, Any]) -> _Statement | None:
    """Return the statement for values of this shape; None where no row can ever be found.

    :raises ValueError: if a value does not reach the query as it is, so that it can't be filled in; or if the query has a day
        or moment of its own, such as today, which would be that of its first asking from then on.
    """
    slots: dict[Any, Slot] = {}
    stand_ins = {name: _stand_in(name, value, slots) for name, value in values.items()}
    rows_of = build(**stand_ins)
    compiler = rows_of.query.get_compiler(using=rows_of.db)
    try:
        sql, parameters = compiler.as_sql()
    except EmptyResultSet:
        return None
    converters = compiler.get_converters([expression for expression, *_ in compiler.select[: compiler.col_count]])
    compiler.get_converters = lambda expressions: converters
    read = [slots.get(value) if isinstance(value, int | str | date) else None for value in parameters]
    missing = {name for name, _ in set(slots.values()) - set(read)}
    if missing or any(slot is None and _MARK in str(value) for slot, value in zip(read, parameters, strict=True)):
        raise ValueError(f"These values do not reach the query as they are: {', '.join(sorted(missing)) or 'a text'}.")
    if fixed := [
        value for slot, value in zip(read, parameters, strict=True) if slot is None and isinstance(value, date)
    ]:
        raise ValueError(f"A day or moment of its own would stay as it is in every later asking: {fixed[0]}.")
    return _Statement(rows_of, compiler, sql, tuple(zip(read, parameters, strict=True)))


def _shape(value: Any) -> Any:
    if value is None or isinstance(value, bool):
        return value
    return (type(value[0]) if value else None, len(value)) if isinstance(value, list) else type(value)


def _padded(values: list[Any]) -> list[Any]:
    """Return a list as long as the next power of two, so that there are few shapes."""
    return values + values[-1:] * ((1 << (len(values) - 1).bit_length()) - len(values)) if values else values


def _stand_in(name: str, value: Any, slots: dict[Any, Slot]) -> Any:
    """Return what stands in the query for a value, and note where it is to be read."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, list):
        return [_mark((name, place), part, slots) for place, part in enumerate(value)]
    return _mark((name, 0), value, slots)


def _mark(slot: Slot, value: Any, slots: dict[Any, Slot]) -> Any:
    number = len(slots)
    marks: Iterable[tuple[type, Any]] = (
        (datetime, _FIRST_MOMENT + timedelta(days=number)),
        (date, _FIRST_DAY + timedelta(days=number)),
        (int, _FIRST_NUMBER + number),
        (str, f"{_MARK}{number}{_MARK}"),
    )
    for kind, mark in marks:
        if isinstance(value, kind):
            slots[mark] = slot
            return mark
    raise TypeError(f"A prepared query takes numbers, texts, days and moments, not {type(value).__name__}.")


def _value(values: Mapping[str, Any], slot: Slot) -> Any:
    name, place = slot
    value = values[name]
    return value[place] if isinstance(value, list) else value
