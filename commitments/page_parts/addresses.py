"""Addresses of commitments: by their key, or by a reference that was printed before the strategy was revised.

An address with a reference leads on to the commitment that has always had it. Where several have had it, a page names
each with its days, as nobody can know which of them was meant.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, Final, cast

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import ResolverMatch, reverse

from commitments.models import Commitment, Strategy
from commitments.reading.references import holdings, keys_of
from vcsportal.common.prepared_queries import PreparedQuery

View = Callable[..., HttpResponse]


class NoSuchKey(Http404):
    """No commitment of the strategy has this key. It may be a reference."""


_COMMITMENT: Final = PreparedQuery(
    lambda slug, key: Commitment.objects.select_related("strategy", "priority", "lead_officer", "status_by").filter(
        strategy__slug=slug, key=key
    )
)


def find_commitment(slug: str, key: str, among: PreparedQuery | QuerySet[Commitment] | None = None) -> Commitment:
    """Return the commitment with this key. Everybody may read commitments. Raise :class:`NoSuchKey` where there is none.

    :param among: the commitments to look among, or the query for ``slug`` and ``key`` that finds it; one with what most pages
        show of it unless something else is asked.
    """
    if isinstance(among, QuerySet):
        found = list(among.filter(strategy__slug=slug, key=key))
    else:
        found = (among or _COMMITMENT)(slug=slug, key=key)
    if not found:
        raise NoSuchKey
    commitment: Commitment = found[0]
    return commitment


def by_key(view: View) -> View:
    """Let a view that finds its commitment with :func:`find_commitment` be reached by a reference, too.

    Where one commitment has ever had the reference, reading leads on to its address and what was sent is taken; where
    several have, the answer is 300 and a page that names them, and nothing is written.
    """

    @wraps(view)
    def answer(request: HttpRequest, slug: str, key: str, **more: Any) -> HttpResponse:
        try:
            return view(request, slug=slug, key=key, **more)
        except NoSuchKey:
            held = holdings(slug, key)
            keys = keys_of(held)
            if not keys:
                raise
            if len(keys) > 1:
                return _each(request, slug, key, held)
            if request.method not in {"GET", "HEAD"}:
                return view(request, slug=slug, key=keys[0], **more)
            return redirect(_with_key(request, keys[0]))

    return answer


def _with_key(request: HttpRequest, key: str) -> str:
    match = cast(ResolverMatch, request.resolver_match)
    path = reverse(match.view_name, kwargs={**match.kwargs, "key": key})
    query = request.META.get("QUERY_STRING", "")
    return f"{path}?{query}" if query else path


def _each(request: HttpRequest, slug: str, reference: str, held: list[Any]) -> HttpResponse:
    strategy = get_object_or_404(Strategy, slug=slug)
    values = {
        "strategy": strategy,
        "reference": reference,
        "sent": request.method not in {"GET", "HEAD"},
        "held": [
            {"holding": holding, "url": reverse("commitments:commitment", args=[slug, holding.key])} for holding in held
        ],
        "crumbs": [{"title": strategy.title, "url": strategy.get_absolute_url()}],
    }
    return render(request, "commitments/reference_choice.html", values, status=300)
