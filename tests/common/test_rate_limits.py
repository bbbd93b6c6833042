"""How much somebody may ask for in a stretch of time."""

import time

import pytest
from django.core.cache import cache

from vcsportal.common import rate_limits


@pytest.fixture
def at(monkeypatch):
    """Sets the clock, in seconds."""
    cache.clear()

    def set_clock(seconds: float) -> None:
        monkeypatch.setattr(time, "time", lambda: 1_800_000_000 + seconds)

    set_clock(10)
    return set_clock


def test_so_many_and_no_more_until_the_next_stretch(at):
    seen = [rate_limits.take("read", "a", limit=3, seconds=60) for _ in range(4)]
    assert [(one.granted, one.remaining) for one in seen] == [(True, 2), (True, 1), (True, 0), (False, 0)]
    assert {one.limit for one in seen} == {3}
    at(59.9)
    assert not rate_limits.take("read", "a", limit=3, seconds=60).granted
    at(60)
    assert rate_limits.take("read", "a", limit=3, seconds=60).granted


def test_the_seconds_until_it_begins_anew_are_never_too_few(at):
    assert rate_limits.take("read", "a", limit=3, seconds=60).reset == 51
    at(59.5)
    assert rate_limits.take("read", "a", limit=3, seconds=60).reset == 1


def test_everybody_and_every_limit_is_counted_alone(at):
    assert rate_limits.take("read", "a", limit=1, seconds=60).granted
    assert rate_limits.take("read", "b", limit=1, seconds=60).granted
    assert rate_limits.take("draw", "a", limit=1, seconds=60).granted
    assert not rate_limits.take("read", "a", limit=1, seconds=60).granted


def test_what_is_too_much_takes_nothing_away(at):
    assert rate_limits.take("pixels", "a", limit=100, seconds=60, cost=70).remaining == 30
    refused = rate_limits.take("pixels", "a", limit=100, seconds=60, cost=40)
    assert (refused.granted, refused.remaining) == (False, 30)
    assert rate_limits.take("pixels", "a", limit=100, seconds=60, cost=30).granted


def test_a_count_that_was_lost_meanwhile_begins_again(at, monkeypatch):
    monkeypatch.setattr(cache, "add", lambda *given, **more: True)
    assert rate_limits.take("read", "a", limit=2, seconds=60).remaining == 1
    assert rate_limits.take("read", "a", limit=2, seconds=60).remaining == 0
    assert not rate_limits.take("read", "a", limit=2, seconds=60).granted
