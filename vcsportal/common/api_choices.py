"""What may be asked of every list and item of the API: fewer fields, related things with it, and what changed since a time.

An endpoint declares them once, as ``includes`` and ``changes``; parameters, refusals and the schema follow.
"""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any, Final

from django.db.models import Q
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from rest_framework import exceptions
from rest_framework.request import Request

FIELDS: Final = "fields"
INCLUDE: Final = "include"
UPDATED_SINCE: Final = "updated_since"
INCLUDED: Final = "included"
"""The member of an answer in which related things come."""
NOT_A_TIME: Final = "Write a day such as 2026-03-12, or a time such as 2026-03-12T09:30:00Z."

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Changes:
    """How it is known which rows have changed. ``condition`` gives, for a time, that a row has changed then or later."""

    condition: Callable[[datetime], Q]


@dataclass(frozen=True, slots=True)
class Related:
    """Things of another endpoint that come with an answer where they are asked for, in that endpoint's own shape.

    :ivar door: the class of the other endpoint.
    :ivar rows: takes the view and returns the rows that this person may see; those that belong to the answers are picked from them.
    :ivar where: the lookup by which the rows are found from keys.
    :ivar own: gives the key of an answer of this endpoint.
    :ivar theirs: gives the same key from an answer of the other.
    """

    door: Any
    rows: Callable[[Any], Any]
    where: str
    own: Callable[[Row], Any]
    theirs: Callable[[Row], Any]

    def found(self, view: Any, answers: list[Row]) -> dict[Any, list[Row]]:
        """Return the related answers by their key. As many queries as the other endpoint's list takes."""
        door = self.door(request=view.request, args=(), kwargs=view.kwargs, action="list", format_kwarg=None)
        keys = {self.own(answer) for answer in answers}
        rows = list(door.prepared(list(door.columns(self.rows(view).filter(**{f"{self.where}__in": keys})))))
        by_key: dict[Any, list[Row]] = defaultdict(list)
        for answer in door.get_serializer(rows, many=True).data:
            by_key[self.theirs(answer)].append(answer)
        return by_key


@dataclass(frozen=True, slots=True)
class Choices:
    """What one request asks for. ``fields`` is empty where all are wanted."""

    fields: tuple[str, ...]
    include: tuple[str, ...]
    since: datetime | None

    def apply(self, view: Any, answers: list[Row]) -> list[Row]:
        """Return the answers with what is related to them, and only the fields that are wanted."""
        for name in self.include:
            related: Related = view.includes[name]
            found = related.found(view, answers) if answers else {}
            for answer in answers:
                answer.setdefault(INCLUDED, {})[name] = found.get(related.own(answer), [])
        if not self.fields:
            return answers
        kept = (*self.fields, INCLUDED)
        return [{name: answer[name] for name in answer if name in kept} for answer in answers]


def choice_names(view: Any) -> set[str]:
    """Return the parameters of this kind that an endpoint takes for its present action."""
    names = {FIELDS} | ({INCLUDE} if view.includes else set())
    return names | ({UPDATED_SINCE} if view.action == "list" and view.changes is not None else set())


def read_choices(request: Request, view: Any) -> Choices:
    """Return what is asked for. Raise 400 for a name that there is not, with those that there are."""
    query, names = request.query_params, choice_names(view)
    fields = _named(query.getlist(FIELDS), FIELDS, field_names(view)) if FIELDS in query else ()
    include = _named(query.getlist(INCLUDE), INCLUDE, tuple(view.includes)) if INCLUDE in names & query.keys() else ()
    since = _time(query[UPDATED_SINCE]) if UPDATED_SINCE in names and query.get(UPDATED_SINCE) else None
    return Choices(fields, include, since)


def field_names(view: Any) -> tuple[str, ...]:
    """Return the names of the fields of an endpoint's answers, in their order."""
    return tuple(view.serializer_class().fields)


def _named(texts: list[str], parameter: str, known: tuple[str, ...]) -> tuple[str, ...]:
    asked = [name.strip() for text in texts for name in text.split(",") if name.strip()]
    if unknown := [name for name in asked if name not in known]:
        sentence = f"“{unknown[0][:60]}” can’t be asked for here. You can use: {', '.join(known)}."
        raise exceptions.ValidationError({parameter: [sentence]})
    return tuple(dict.fromkeys(asked))


def _time(text: str) -> datetime:
    try:
        if not text.isascii():
            raise ValueError(text)
        found = parse_datetime(text) or parse_date(text)
        if found is not None and not isinstance(found, datetime):
            found = datetime.combine(found, time())
        if found is not None and timezone.is_naive(found):
            found = timezone.make_aware(found)
        if found is not None and 1 < found.year < 9999:
            return found
    except (ValueError, OverflowError):
        pass
    raise exceptions.ValidationError({UPDATED_SINCE: [NOT_A_TIME]})


def choice_parameters(view: Any) -> list[dict[str, Any]]:
    """Return how the schema describes these parameters of an endpoint's present action."""
    names = choice_names(view)
    found = [
        {
            "name": FIELDS, "in": "query", "required": False, "style": "form", "explode": False,
            "description": "Only these fields of each answer, with commas between them.",
            "schema": {"type": "array", "items": {"type": "string", "enum": list(field_names(view))}},
        }
    ]  # fmt: skip
    if INCLUDE in names:
        found.append(
            {
                "name": INCLUDE, "in": "query", "required": False, "style": "form", "explode": False,
                "description": "Related things that come with each answer, in its member included.",
                "schema": {"type": "array", "items": {"type": "string", "enum": list(view.includes)}},
            }
        )  # fmt: skip
    if UPDATED_SINCE in names:
        found.append(
            {
                "name": UPDATED_SINCE, "in": "query", "required": False,
                "description": "Only what was added or changed at or after this day or time. What was withdrawn is no longer in the list.",
                "schema": {"anyOf": [{"type": "string", "format": "date"}, {"type": "string", "format": "date-time"}]},
            }
        )  # fmt: skip
    return found
