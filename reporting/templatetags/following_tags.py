"""How to follow what a page is about: for programs in its head, and for people."""

from typing import Any

from django import template
from django.urls import reverse

from commitments.models import Commitment, Strategy
from commitments.reading import topics
from partners.kinds import GROUP
from partners.models import Organisation

register = template.Library()
Thing = Strategy | Commitment | Organisation


@register.inclusion_tag("components/_feed_link.html")
def feed_link(thing: Thing) -> dict[str, str]:
    """Let programs find the feed of what a page is about. A commitment's strategy has to be read with it."""
    topic = _topic(thing)
    return {"feed_url": _address(topic, "feed"), "feed_title": topic.title}


@register.inclusion_tag("components/_follow.html")
def follow_links(thing: Thing, what: str) -> dict[str, Any]:
    """Lead to the feed, the calendar and the emails about it.

    :param what: what it is called on its page, such as “this commitment”.
    """
    topic = _topic(thing)
    values = {"what": what, "topic_code": topic.code, "feed_url": _address(topic, "feed")}
    if isinstance(thing, Strategy):
        return {**values, "calendar_url": _address(topic, "calendar"), "calendar_has": "rounds, due dates and meetings"}
    if isinstance(thing, Organisation) and thing.kind == GROUP:
        url = reverse("following:group-calendar", args=[thing.slug])
        return {**values, "calendar_url": url, "calendar_has": "meetings"}
    return values


def _topic(thing: Thing) -> topics.Topic:
    if isinstance(thing, Strategy):
        return topics.of_strategy(thing)
    return topics.of_commitment(thing) if isinstance(thing, Commitment) else topics.of_organisation(thing)


def _address(topic: topics.Topic, what: str) -> str:
    kind, *parts = topic.code.split("/")
    return reverse(f"following:{kind}-{what}", args=parts)
