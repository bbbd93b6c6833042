"""The search through the API: the same results as on its page."""

from typing import Final

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import exceptions
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from vcsportal.common.api_filters import check_names, check_query
from vcsportal.common.api_refusals import bad
from vcsportal.common.long_lists import MAX_COUNTED
from vcsportal.common.word_search import words_in
from vcsportal.search.forms import SearchForm
from vcsportal.search.results import KINDS, MAX_QUERY_CHARACTERS, find, show
from vcsportal.search.serializers import SearchAnswer
from vcsportal.search.suggestions import suggestions

ON_A_PAGE: Final = 20
SHOWN_OF_EACH: Final = 3
LAST_PAGE: Final = MAX_COUNTED // ON_A_PAGE
PARAMETERS: Final = {"q", "kind", "page"}
_CODES: Final = ", ".join(kind.code for kind in KINDS)


class SearchDoor(APIView):
    """What everyone may read that has all the words of `q`, by kind.

    Without `kind` each kind shows its three best results; with it, 20 on a page. A word is found by its beginning, its English stem,
    and written as one word or two. What is not published is found by nobody, signed in or not.
    """

    permission_classes = [AllowAny]

    @extend_schema(
        operation_id="search_everything",
        parameters=[
            OpenApiParameter("q", str, description=f"The words, {MAX_QUERY_CHARACTERS} characters at most."),
            OpenApiParameter("kind", str, enum=[kind.code for kind in KINDS], description="Only things of this kind."),
            OpenApiParameter(
                "page",
                {"type": "integer", "minimum": 1, "maximum": LAST_PAGE},
                description="The number of the page of one kind; the first is 1.",
            ),
        ],
        responses=SearchAnswer,
    )  # fmt: skip
    def get(self, request: Request) -> Response:
        check_query(request)
        check_names(request, PARAMETERS)
        form = _checked(request)
        query, code, today = form.cleaned_data["q"], form.cleaned_data["kind"], timezone.localdate()
        first, last = _window(request, code)
        found = find(query, today)
        chosen = [of_kind for of_kind in found if code in ("", of_kind.kind.code)]
        shown = show(query, [(of_kind.kind, of_kind.keys[:MAX_COUNTED][first:last]) for of_kind in chosen], today)
        kinds = [
            {
                "kind": of_kind.kind.code,
                "label": of_kind.kind.several,
                "count": of_kind.count,
                "more": of_kind.has_more,
                "results": hits,
            }
            for of_kind, hits in zip(chosen, shown, strict=True)
        ]
        suggested = suggestions(query, today) if query and not found else []
        return Response(SearchAnswer({"words": words_in(query), "kinds": kinds, "suggestions": suggested}).data)


def _checked(request: Request) -> SearchForm:
    form = SearchForm(request.query_params)
    if not form.is_valid():
        faults = {name: [str(sentence) for sentence in sentences] for name, sentences in form.errors.items()}
        if "kind" in faults:
            faults["kind"] = [f"There is no such kind. You can use: {_CODES}."]
        raise exceptions.ValidationError(faults)
    return form


def _window(request: Request, code: str) -> tuple[int, int]:
    """Return from where to where the results are shown."""
    text = request.query_params.get("page", "")
    if not code:
        if text:
            raise bad("page", "Pages are of one kind. Give a kind too.")
        return 0, SHOWN_OF_EACH
    if text and not (text.isascii() and text.isdigit() and len(text) < 4 and 1 <= int(text) <= LAST_PAGE):
        raise bad("page", f"Give a whole number from 1 to {LAST_PAGE}.")
    first = (int(text or 1) - 1) * ON_A_PAGE
    return first, first + ON_A_PAGE
