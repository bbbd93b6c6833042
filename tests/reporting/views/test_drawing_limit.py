"""Drafts and section previews are drawn in the web process, so they have a limit of their own."""

import threading

import pytest
from django.http import HttpResponse
from django.test import RequestFactory
from django.urls import reverse

from reporting.views import drawing_limit
from tests.factories import make_person

pytestmark = pytest.mark.django_db


def text(answer) -> str:
    return " ".join(answer.content.decode().split())


def addresses(year) -> list[str]:
    of = [year.strategy.slug, year.round.slug]
    return [
        reverse("reporting:report-draft", args=of),
        reverse("reporting:report-section-preview", args=[*of, "foreword"]),
    ]


def test_each_person_has_a_limit_of_their_own_for_drafts_and_previews_together(year, signed_in, settings):
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "draw_draft": "3/m/user"}
    own, other = signed_in(make_person("steering_group")), signed_in(make_person("steering_group"))
    draft, preview = addresses(year)
    assert [own.get(one).status_code for one in (draft, preview, draft)] == [200, 200, 200]
    for one in (draft, preview):
        refused = own.get(one)
        assert (refused.status_code, refused["Retry-After"]) == (429, "60")
        assert "You have opened many drafts in a short time. Try again in a minute." in text(refused)
    assert other.get(draft).status_code == 200


def test_a_process_draws_so_many_at_once_and_no_more(monkeypatch, officer):
    monkeypatch.setattr(drawing_limit, "_places", threading.BoundedSemaphore(drawing_limit.MAX_DRAWINGS_AT_ONCE))
    goes_on, drawing = threading.Event(), threading.Semaphore(0)

    @drawing_limit.drawn_here
    def slow(request) -> HttpResponse:
        drawing.release()
        goes_on.wait(10)
        return HttpResponse("drawn")

    monkeypatch.setattr("allauth.core.internal.ratelimit.consume", lambda request, **more: True)
    request = RequestFactory().get("/")
    request.user = officer
    done: list[int] = []
    threads = [
        threading.Thread(target=lambda: done.append(slow(request).status_code))
        for _ in range(drawing_limit.MAX_DRAWINGS_AT_ONCE)
    ]
    for thread in threads:
        thread.start()
    for _ in threads:
        assert drawing.acquire(timeout=10)
    refused = slow(request)
    assert (refused.status_code, refused["Retry-After"]) == (429, "5")
    assert "Other drafts are being prepared at the moment." in text(refused)
    goes_on.set()
    for thread in threads:
        thread.join(10)
    assert done == [200] * drawing_limit.MAX_DRAWINGS_AT_ONCE
    assert slow(request).status_code == 200, "places are given back"


def test_a_place_is_given_back_where_drawing_fails(monkeypatch, officer):
    monkeypatch.setattr(drawing_limit, "_places", threading.BoundedSemaphore(1))
    monkeypatch.setattr("allauth.core.internal.ratelimit.consume", lambda request, **more: True)

    @drawing_limit.drawn_here
    def broken(request) -> HttpResponse:
        raise ValueError("cannot be drawn")

    request = RequestFactory().get("/")
    request.user = officer
    for _ in range(3):
        with pytest.raises(ValueError, match="cannot be drawn"):
            broken(request)
