"""What every part of the API shares: how an endpoint answers, refuses, filters and pages. It imports no app.

Django REST framework and django-filter ignore what they do not know and answer 500 to some of what they can't read.
Here each of those is 400 with a sentence.
"""

import logging
from collections.abc import Callable
from functools import partial
from typing import Any, ClassVar

from django.conf import settings
from django.core.exceptions import BadRequest, SuspiciousOperation
from django.core.paginator import Page, Paginator
from django.db import DataError
from django.http import Http404
from django.urls import reverse
from django_filters.rest_framework import DjangoFilterBackend
from rest_framework import exceptions
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.pagination import PageNumberPagination
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import remove_query_param, replace_query_param
from rest_framework.views import exception_handler
from rest_framework.viewsets import GenericViewSet

from vcsportal.common.api_access import SignedInToWrite
from vcsportal.common.api_choices import Changes, Choices, Related, choice_names, read_choices
from vcsportal.common.api_csv import FORMAT, CsvList, csv_list
from vcsportal.common.api_problems import MEDIA_TYPE, problem_members
from vcsportal.common.database_faults import unavailable
from vcsportal.common.words import AlreadyDone, Invalid, Refused

logger = logging.getLogger(__name__)
MAX_QUERY_CHARACTERS = 4_000
MAX_VALUES_PER_PARAMETER = 100
NOT_FOUND = "There is nothing at this address, or you do not have access to it."
SIGN_IN = "Sign in to the portal first. You need to be signed in to change something."
UNREADABLE = "The request contains a value that can't be read."


def portal_url(path: str) -> str:
    """Return an absolute address. It comes from the settings: a request's Host header may be anybody's invention."""
    return f"{settings.PORTAL_URL}{path}"


def api_url(rest: str) -> str:
    """Return the absolute address of something in the API."""
    return f"{settings.PORTAL_URL}{reverse('api:root')}{rest}"


def answer_exception(exc: Exception, context: dict[str, Any]) -> Response | None:
    """Answer with a problem document, which has ``errors`` by field where something was not valid."""
    response = _answer_plainly(exc, context)
    if response is not None:
        response.data = problem_members(response.status_code, **response.data)
        response.content_type = MEDIA_TYPE
        request = context["request"]  # also where a list was asked for as CSV, or in a format that there is not
        request.accepted_renderer, request.accepted_media_type = JSONRenderer(), JSONRenderer.media_type
    return response


def _answer_plainly(exc: Exception, context: dict[str, Any]) -> Response | None:
    if isinstance(exc, Refused):
        again = exc.again(context["request"].user) if isinstance(exc, AlreadyDone) else ""
        errors = {"errors": {exc.field: [exc.sentence]}} if isinstance(exc, Invalid) and exc.field else {}
        return Response({"detail": again or exc.sentence, **errors}, status=exc.api_status)
    if why := unavailable(exc):
        logger.warning("Answered with 503: %s", exc)
        return Response({"detail": why.sentence}, status=503, headers={"Retry-After": str(why.retry_after)})
    if isinstance(exc, SuspiciousOperation | BadRequest | DataError):
        return Response({"detail": UNREADABLE}, status=400)
    if isinstance(exc, Http404):
        exc = exceptions.NotFound(NOT_FOUND)
    elif isinstance(exc, exceptions.NotAuthenticated):
        exc = _with_header(exceptions.NotAuthenticated(SIGN_IN), exc)
    elif sentence := _own_sentence(exc, context):
        exc.detail = sentence  # type: ignore[attr-defined]  # it is one of the framework’s exceptions
    response = exception_handler(exc, context)
    if response is not None and isinstance(exc, exceptions.ValidationError):
        response.data = _faults(exc.detail)
    return response


def _own_sentence(exc: Exception, context: dict[str, Any]) -> str:
    """Return what to say instead of the framework's own words; "" where these will do."""
    if isinstance(exc, exceptions.MethodNotAllowed):
        takes = ", ".join(context["view"].allowed_methods)
        return f"This address does not take {str(context['request'].method)[:20]}. It takes: {takes}."
    if isinstance(exc, exceptions.UnsupportedMediaType):
        return "Send JSON, with the content type application/json."
    if isinstance(exc, exceptions.NotAcceptable):
        return "The answer can be had as application/json, and a list also as text/csv."
    return ""


def _with_header(new: exceptions.NotAuthenticated, old: exceptions.NotAuthenticated) -> exceptions.NotAuthenticated:
    new.__dict__["auth_header"] = getattr(old, "auth_header", None)
    return new


def _faults(detail: Any) -> dict[str, Any]:
    """Return in one sentence what is wrong, and by field where the fields are known."""
    if isinstance(detail, list):
        return {"detail": " ".join(str(sentence) for sentence in detail)}
    general = detail.pop("non_field_errors", [])
    if not detail:
        return {"detail": " ".join(str(sentence) for sentence in general)}
    names = ", ".join(detail)
    return {"detail": " ".join([*map(str, general), f"Look again at: {names}."]), "errors": detail}


def bad(field: str, sentence: str) -> exceptions.ValidationError:
    """Return the refusal of one field or parameter."""
    return exceptions.ValidationError({field: [sentence]})


class PlainCount(Paginator):  # type: ignore[type-arg]  # Django’s takes no type argument when it runs
    """Counts plain rows, and fetches columns only for the rows of one page."""

    def __init__(self, rows: Any, per_page: int, *, columns: Callable[[Any], Any]) -> None:
        super().__init__(rows, per_page)
        self.columns = columns

    def page(self, number: Any) -> Any:
        number = self.validate_number(number)
        first = (number - 1) * self.per_page
        return Page(self.columns(self.object_list)[first : first + self.per_page], number, self)


class KeyedRows(Paginator):  # type: ignore[type-arg]  # Django’s takes no type argument when it runs
    """For lists that are never long: reads all keys, so that nothing is counted, and by these the rows of one page.

    The door returns the rows in the list's own order.
    """

    def __init__(self, rows: Any, per_page: int, *, rows_with_keys: Callable[[list[int]], list[Any]]) -> None:
        super().__init__(list(rows.values_list("pk", flat=True)), per_page)
        self.rows_with_keys = rows_with_keys

    def page(self, number: Any) -> Any:
        keys = super().page(number)
        return Page(self.rows_with_keys(list(keys)), keys.number, self)


class Pages(PageNumberPagination):
    """Numbered pages of at most 100 items. A larger page is refused rather than shortened."""

    parameters: ClassVar = frozenset({"page", "page_size"})
    page_size = 50
    max_page_size = 100
    last_page = 1_000_000
    page_size_query_param = "page_size"
    page_query_description = "The number of the page; the first is 1."
    page_size_query_description = f"How many items on a page, {max_page_size} at most."
    last_page_strings = ()
    invalid_page_message = "There is no such page."

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any] | None:
        keyed = getattr(view, "rows_with_keys", None)
        paginator: Any = (
            partial(KeyedRows, rows_with_keys=keyed) if keyed else partial(PlainCount, columns=view.columns)
        )
        self.django_paginator_class = paginator
        return super().paginate_queryset(queryset, request, view)

    def get_page_size(self, request: Request) -> int:
        return self._number(request, "page_size", most=self.max_page_size) or self.page_size

    def get_page_number(self, request: Request, paginator: Any) -> int:
        return self._number(request, "page", most=self.last_page) or 1

    def _number(self, request: Request, name: str, *, most: int) -> int | None:
        text = request.query_params.get(name, "")
        if not text:
            return None
        if not (text.isascii() and text.isdigit() and len(text) < 8 and 1 <= int(text) <= most):
            raise bad(name, f"Give a whole number from 1 to {most}.")
        return int(text)

    page: Any
    request: Any

    def get_next_link(self) -> str | None:
        return self._link(self.page.next_page_number()) if self.page.has_next() else None

    def get_previous_link(self) -> str | None:
        return self._link(self.page.previous_page_number()) if self.page.has_previous() else None

    def _link(self, number: int) -> str:
        url = portal_url(self.request.get_full_path())
        return remove_query_param(url, "page") if number == 1 else replace_query_param(url, "page", number)

    def get_paginated_response_schema(self, schema: Any) -> dict[str, Any]:
        made = super().get_paginated_response_schema(schema)
        made["required"] = ["count", "next", "previous", "results"]
        for part in made["properties"].values():
            part.pop("example", None)
            if part.pop("nullable", False):  # the framework still says it as OpenAPI 3.0 did
                part["type"] = [part["type"], "null"]
        return made


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
            raise exceptions.ValidationError({name: list(sentences) for name, sentences in filterset.errors.items()})
        return filterset.qs


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


class Door(GenericViewSet[Any]):
    """The base of every endpoint: JSON, open for reading, signed in for writing, and strict about parameters."""

    permission_classes = [SignedInToWrite]
    pagination_class = Pages
    filter_backends = [StrictFilters]
    item_parameters: Any = frozenset()
    """What may be asked of one thing, or of an act."""

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        check_query(request)
        if self.action != "list":
            check_names(request, self.item_parameters)

    def get_serializer_context(self) -> dict[str, Any]:
        return {**super().get_serializer_context(), "api_root": api_url("")}

    def filter_queryset(self, queryset: Any) -> Any:
        found = super().filter_queryset(queryset)
        return found if self.action == "list" else self.columns(found)

    def columns(self, queryset: Any) -> Any:
        """Return the rows with just what an answer says. It comes after the filters, which need plain rows."""
        return queryset


class ReadDoor(ListModelMixin, RetrieveModelMixin, Door):
    """A list and its single items.

    :cvar includes: the related things that may come with an answer, by the names under which they are asked for.
    :cvar changes: how it is known which rows have changed since a time; None where it is not.
    """

    includes: ClassVar[dict[str, Related]] = {}
    changes: ClassVar[Changes | None] = None
    choices: Choices

    @property
    def item_parameters(self) -> Any:
        return choice_names(self) if self.action == "retrieve" else frozenset()

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if self.action in {"list", "retrieve"}:
            self.choices = read_choices(request, self)

    def filter_queryset(self, queryset: Any) -> Any:
        found = super().filter_queryset(queryset)
        if self.action == "list" and self.choices.since is not None and self.changes is not None:
            return found.filter(self.changes.condition(self.choices.since))
        return found

    def prepared(self, rows: Any) -> Any:
        """Return the rows of one page with what no column of theirs says."""
        return rows

    def get_renderers(self) -> Any:
        return [*super().get_renderers(), *([CsvList()] if self.action == "list" else [])]

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Any:
        found = self.filter_queryset(self.get_queryset())
        if request.accepted_renderer.format == CsvList.format:
            return csv_list(self, found)
        page = self.prepared(self.paginate_queryset(found))
        response = self.get_paginated_response(self.choices.apply(self, self.get_serializer(page, many=True).data))
        links = [(response.data[name], rel) for name, rel in (("next", "next"), ("previous", "prev"))]
        if led := ", ".join(f'<{address}>; rel="{rel}"' for address, rel in links if address):
            response.headers["Link"] = led
        return response

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return Response(self.choices.apply(self, [self.get_serializer(self.get_object()).data])[0])
