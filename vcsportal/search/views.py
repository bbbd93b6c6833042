"""The page of the search: one box, and what was found by kind."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from commitments.models import Strategy
from commitments.rules.kinds import shared_nouns
from vcsportal.common.long_lists import MAX_COUNTED
from vcsportal.common.word_search import words_in
from vcsportal.search.forms import SearchForm
from vcsportal.search.results import KINDS, FoundKind, find, show
from vcsportal.search.suggestions import suggestions

SHOWN_OF_EACH: Final = 3
ON_A_PAGE: Final = 20


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Find what anyone may read. The same for everybody who asks."""
    nouns = shared_nouns(Strategy.objects.order_by().values_list("kind", flat=True).distinct())
    labels = {kind.code: nouns.reworded(kind.several) for kind in KINDS}
    form = SearchForm(request.GET)
    today = timezone.localdate()
    valid = form.is_valid()
    query, code = (form.cleaned_data["q"], form.cleaned_data["kind"]) if valid else ("", "")
    found = find(query, today)
    chosen = [of_kind for of_kind in found if code in ("", of_kind.kind.code)]
    values: dict[str, Any] = {
        "form": form if not valid else None, "search_form": form, "query": query, "asked": request.GET.get("q", "") if valid else "",
        "kinds": _kinds(query, found, code, labels), "chips": _chips(query, code, labels), "nouns": nouns, "total": _total(chosen), "on_search_page": True,
        "suggestions": _suggested(query, today) if query and not found else [],
        "code": code,
    }  # fmt: skip
    if code and chosen:
        page = Paginator(chosen[0].keys[:MAX_COUNTED], ON_A_PAGE).get_page(request.GET.get("page"))
        [hits] = show(query, [(chosen[0].kind, list(page.object_list))], today)
        values |= {"parts": [_part(query, chosen[0], hits, labels, alone=True)], "page_obj": page}
    else:
        shown = show(query, [(of_kind.kind, of_kind.keys[:SHOWN_OF_EACH]) for of_kind in chosen], today)
        values["parts"] = [_part(query, of_kind, hits, labels) for of_kind, hits in zip(chosen, shown, strict=True)]
    return render(request, "pages/search.html", values, status=200 if valid else 422)


def search_url(query: str, kind: str = "") -> str:
    """Return the address of a search."""
    asked = QueryDict(mutable=True)
    asked.update({"q": query, **({"kind": kind} if kind else {})})
    return f"{reverse('search')}?{asked.urlencode()}"


def _part(
    query: str, found: FoundKind, hits: list[Any], labels: Mapping[str, str], *, alone: bool = False
) -> dict[str, Any]:
    more = "" if alone or len(found.keys) <= SHOWN_OF_EACH else search_url(query, found.kind.code)
    return {
        "code": found.kind.code,
        "label": labels[found.kind.code],
        "number": found.number,
        "hits": hits,
        "more_url": more,
        "is_capped": found.has_more,
    }


def _kinds(query: str, found: list[FoundKind], code: str, labels: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return the kinds that have something, each with its number and the address that shows it alone."""
    return [
        {
            "label": labels[of_kind.kind.code], "number": of_kind.number, "url": search_url(query, of_kind.kind.code),
            "current": of_kind.kind.code == code,
        }
        for of_kind in found
    ]  # fmt: skip


def _suggested(query: str, today: date) -> list[dict[str, str]]:
    return [{"words": words, "url": search_url(words)} for words in suggestions(query, today)]


def _chips(query: str, code: str, labels: Mapping[str, str]) -> list[dict[str, str]]:
    """Return the words and the kind that are asked for, each with the address of the search without it."""
    words = words_in(query)
    chips = [
        {"label": f"“{word}”", "url": search_url(" ".join(words[:place] + words[place + 1 :]), code)}
        for place, word in enumerate(words)
    ]
    if code:
        chips.append({"label": labels[code], "url": search_url(query)})
    return chips


def _total(chosen: list[FoundKind]) -> dict[str, Any]:
    more = any(of_kind.has_more for of_kind in chosen)
    return {"count": MAX_COUNTED if more else sum(of_kind.count for of_kind in chosen), "more": more}
