"""The parameters of the API: which ones an address takes, and what is refused before anything is read.

Django REST framework and django-filter ignore what they do not know. Here it is 400 with a sentence.
"""

from collections.abc import Iterator
from itertools import islice
from typing import Any, Final

from django_filters.rest_framework import DjangoFilterBackend
from rest_framework import exceptions
from rest_framework.request import Request

from vcsportal.common.api_choices import choice_names
from vcsportal.common.api_csv import FORMAT
from vcsportal.common.api_problems import UNREADABLE
from vcsportal.common.api_refusals import bad
from vcsportal.common.filtering import CHOOSE

MAX_QUERY_CHARACTERS = 4_000
MAX_VALUES_PER_PARAMETER = 100
MAX_CHOICES_NAMED: Final = 40
"""A refusal names no more choices than this."""


class StrictFilters(DjangoFilterBackend):
    """Filters with the pages' own FilterSet, which refuses unknown values. Only lists are filtered."""

    def filter_queryset(self, request: Request, queryset: Any, view: Any) -> Any:
        if view.action != "list":
            return queryset
        filterset_class = self.get_filterset_class(view, queryset)
        known = filterset_names(filterset_class) if filterset_class else set()
        check_names(request, {*view.paginator.parameters, *known, *choice_names(view), FORMAT})
        if not known.intersection(request.query_params) and not getattr(filterset_class, "always_asked", False):
            return queryset  # nothing is asked for, so the choices need not be read
        filterset = self.get_filterset(request, queryset, view)
        if not filterset.is_valid():
            raise exceptions.ValidationError(refusals(filterset.form))
        return filterset.qs


def refusals(form: Any) -> dict[str, list[str]]:
    """Return what is wrong with a FilterSet's form by parameter; where a value is none of the choices, with the choices."""
    return {
        name: [sentence.replace(CHOOSE, _offered(form.fields.get(name))) for sentence in map(str, sentences)]
        for name, sentences in form.errors.items()
    }


def _offered(field: Any) -> str:
    """Return the values that a field offers, in a sentence; the page's own sentence where there are too many to name."""
    values = [str(value) for value in islice(_values(getattr(field, "choices", ())), MAX_CHOICES_NAMED + 1) if value]
    return f"You can use: {', '.join(values)}." if 0 < len(values) <= MAX_CHOICES_NAMED else CHOOSE


def _values(choices: Any) -> Iterator[Any]:
    for value, label in choices:
        if isinstance(label, list | tuple):  # a group of choices
            yield from _values(label)
        else:
            yield value


def filterset_names(filterset_class: Any) -> set[str]:
    """Return the parameters that a FilterSet reads, each end of a range under its own name."""
    names: set[str] = set()
    for name, declared in filterset_class.base_filters.items():
        suffixes = getattr(getattr(declared.field_class, "widget", None), "suffixes", None) or [""]
        names.update(f"{name}_{suffix}" if suffix else name for suffix in suffixes)
    return names


def check_names(request: Request, known: set[str]) -> None:
    """Refuse unknown parameters; the message names them and the known ones."""
    allowed = f"You can use: {', '.join(sorted(known))}." if known else "This address takes no parameters."
    if unknown := [name for name in request.query_params if name not in known]:
        raise exceptions.ValidationError({name: [f"There is no such parameter. {allowed}"] for name in unknown[:10]})


def check_query(request: Request) -> None:
    """Refuse a query string that is too long, has too many values, or contains characters that can't be stored."""
    if len(request.META.get("QUERY_STRING", "")) > MAX_QUERY_CHARACTERS:
        raise exceptions.ValidationError(
            [f"The address is too long. {MAX_QUERY_CHARACTERS:,} characters may follow the “?”."]
        )
    for name, values in request.query_params.lists():
        if len(values) > MAX_VALUES_PER_PARAMETER:
            raise bad(name, f"Give {MAX_VALUES_PER_PARAMETER} values at most.")
        if any("\x00" in text for text in (name, *values)):
            raise exceptions.ValidationError([UNREADABLE])
