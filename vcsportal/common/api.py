"""The bases of every endpoint of the API: who may ask, and how a list and its single items are answered. It imports no app."""

from typing import Any, ClassVar

from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from vcsportal.common.api_access import SignedInToWrite
from vcsportal.common.api_addresses import api_url
from vcsportal.common.api_choices import Changes, Choices, Related, choice_names, read_choices
from vcsportal.common.api_csv import CsvList, csv_list
from vcsportal.common.api_filters import StrictFilters, check_names, check_query
from vcsportal.common.api_input import check_content_type
from vcsportal.common.api_pages import Pages


class Door(GenericViewSet[Any]):
    """The base of every endpoint: JSON, open for reading, signed in for writing, and strict about parameters."""

    permission_classes = [SignedInToWrite]
    pagination_class = Pages
    filter_backends = [StrictFilters]
    item_parameters: Any = frozenset()
    """What may be asked of one thing, or of an act."""

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        if self.action is None:  # nobody is asked to sign in for what nobody can do
            self.http_method_not_allowed(request)
        super().initial(request, *args, **kwargs)
        check_content_type(request)
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


class ListDoor(ListModelMixin, Door):
    """A list, as JSON and as CSV.

    :cvar includes: the related things that may come with an answer, by the names under which they are asked for.
    :cvar changes: how it is known which rows have changed since a time; None where it is not.
    """

    includes: ClassVar[dict[str, Related]] = {}
    changes: ClassVar[Changes | None] = None
    choices: Choices

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


class ReadDoor(RetrieveModelMixin, ListDoor):
    """A list and its single items."""

    @property
    def item_parameters(self) -> Any:
        return choice_names(self) if self.action == "retrieve" else frozenset()

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return Response(self.choices.apply(self, [self.get_serializer(self.get_object()).data])[0])
