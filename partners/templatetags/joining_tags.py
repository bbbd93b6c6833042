"""What My tasks shows administrators of requests to take part."""

from typing import Any

from django import template
from django.urls import reverse
from django.utils import timezone

from partners.models import JoiningRequest
from partners.services.joining import can_answer_joining_requests
from vcsportal.common.dates import in_words

register = template.Library()
MAXIMUM_COUNTED = 20


@register.inclusion_tag("partners/_joining_tasks.html", takes_context=True)
def joining_tasks(context: template.Context) -> dict[str, Any]:
    """Show requests that nobody has answered to administrators, the longest-waiting first; one query for them, none for others."""
    if not can_answer_joining_requests(context["request"].user):
        return {}
    found = JoiningRequest.objects.waiting().select_related("organisation")[:MAXIMUM_COUNTED]
    return {"tasks": [_task(asked) for asked in found]}


def _task(asked: JoiningRequest) -> dict[str, str]:
    return {
        "title": asked.organisation.name,
        "url": reverse("partners:joining-request", args=[asked.pk]),
        "hint": f"Received on {in_words(timezone.localdate(asked.received_at))}.",
        "word": "To answer",
    }
