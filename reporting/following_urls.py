"""Addresses for following what is published: feeds and calendars, below the pages that they are of, and emails."""

from django.urls import URLPattern, path

from commitments.page_parts.addresses import by_key
from reporting.views import calendars, feeds, following

app_name = "following"

ONE_STRATEGY = "strategies/<slug:slug>/"
ONE_COMMITMENT = f"{ONE_STRATEGY}commitments/<str:key>/"
ONE_ORGANISATION = "organisations/<slug:slug>/"
urlpatterns: list[URLPattern] = [
    path("feed.atom", feeds.everything, name="feed"),
    path(f"{ONE_STRATEGY}feed.atom", feeds.strategy, name="strategy-feed"),
    path(f"{ONE_COMMITMENT}feed.atom", by_key(feeds.commitment), name="commitment-feed"),
    path(f"{ONE_ORGANISATION}feed.atom", feeds.organisation, name="organisation-feed"),
    path(f"{ONE_STRATEGY}calendar.ics", calendars.strategy, name="strategy-calendar"),
    path(f"{ONE_ORGANISATION}calendar.ics", calendars.group, name="group-calendar"),
    path("calendars/<str:secret>.ics", calendars.own, name="own-calendar"),
    path("follow/", following.follow, name="follow"),
    path("follow/sent/", following.follow_sent, name="follow-sent"),
    path("follow/confirm/<str:signed>/", following.confirm, name="confirm"),
    path("follow/stop/<str:signed>/", following.stop, name="stop"),
    path("people/followers/", following.counts, name="counts"),
]
