"""How often the API may be read, lists may be searched and data downloaded: each such answer costs the database several queries."""

from collections.abc import Callable
from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from vcsportal.common import rate_limits
from vcsportal.common.api_problems import problem_response

API_NAMESPACE: Final = "api"
SEARCH_PAGES: Final = frozenset(
    {
        "commitments:commitment-list", "commitments:evidence-list", "partners:organisation-list", "partners:people",
        "reporting:changes", "search",
    }
)  # fmt: skip
"""Pages that search, when something is asked for; without a question they are answered from memory or in few queries."""
DOWNLOADS: Final = frozenset({"dataset-file", "grants-360giving"})
"""Files that are made when they are asked for, from a whole table."""
MINUTE_SECONDS: Final = 60
CSV_READS: Final = 10
"""As how many reads a list as CSV counts, which has all rows instead of a page."""


class ReadLimitMiddleware:
    """Answer 429 with a sentence and ``Retry-After`` to whoever reads the API, searches or downloads data too often.

    A person who has signed in has a limit of their own, everybody else shares one with their address. Settings:
    ``READS_A_MINUTE`` and ``READS_A_MINUTE_SIGNED_IN``; 0 is without a limit. Answers of the API say what is left in
    ``RateLimit-Limit``, ``RateLimit-Remaining`` and ``RateLimit-Reset`` (seconds).
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        allowance: rate_limits.Allowance | None = request.__dict__.get("_reads_left")
        if allowance is not None:
            response.headers["RateLimit-Limit"] = str(allowance.limit)
            response.headers["RateLimit-Remaining"] = str(allowance.remaining)
            response.headers["RateLimit-Reset"] = str(allowance.reset)
        return response

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        match = request.resolver_match
        if match is None or request.method not in {"GET", "HEAD"}:
            return None
        api = match.namespaces[:1] == [API_NAMESPACE]
        searches = request.GET and match.view_name in SEARCH_PAGES
        if not api and not searches and match.view_name not in DOWNLOADS:
            return None
        allowance = _take(request, CSV_READS if api and _is_csv(request) else 1)
        if allowance is None:
            return None
        if api or not allowance.granted:  # pages are kept for others too, and what is left is nobody else's business
            request.__dict__["_reads_left"] = allowance
        return None if allowance.granted else _refuse(request, allowance, api=api)


def refused_by_limit(request: HttpRequest) -> HttpResponse | None:
    """Count one request to the API that is refused before any view; return the answer to whoever made too many."""
    allowance = _take(request, 1)
    return None if allowance is None or allowance.granted else _refuse(request, allowance, api=True)


def _is_csv(request: HttpRequest) -> bool:
    return request.GET.get("format") == "csv" or "text/csv" in request.headers.get("Accept", "")


def _take(request: HttpRequest, cost: int) -> rate_limits.Allowance | None:
    who = rate_limits.asker_key(request)
    most = settings.READS_A_MINUTE_SIGNED_IN if request.user.is_authenticated else settings.READS_A_MINUTE
    if not who or most <= 0:
        return None
    return rate_limits.take("reads", who, limit=most, seconds=MINUTE_SECONDS, cost=min(cost, most))


def _refuse(request: HttpRequest, allowance: rate_limits.Allowance, *, api: bool) -> HttpResponse:
    sentence = (
        f"You have made {allowance.limit} requests within a minute, which is the limit. "
        f"Try again in {allowance.reset} second{'s' if allowance.reset != 1 else ''}."
    )
    if api:
        answer = problem_response(429, sentence)
    else:
        answer = render(request, "wait.html", {"sentence": sentence}, status=429)
    answer.headers["Retry-After"] = str(allowance.reset)
    answer.headers["Cache-Control"] = "no-store"
    return answer
