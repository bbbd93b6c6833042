"""The answer for a withdrawn edition: 410 Gone, with the reason, to everybody who can no longer read it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from reporting.models import Edition
from reporting.reading import round_editions


def gone(request: HttpRequest, edition: Edition, newest: Edition | None = None) -> HttpResponse:
    """Say when and why the edition was withdrawn, and which one to read instead.

    :param newest: the round's newest public edition where the caller has it already.
    """
    newest = newest or round_editions.newest(round_editions.of_round(edition.round_id))
    values = {"edition": edition, "withdrawn": edition.withdrawal, "newest": newest, "closed": True}
    return render(request, "reporting/twin_withdrawn.html", values, status=410)
