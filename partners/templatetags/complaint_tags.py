"""What My tasks shows administrators of complaints about personal data."""

from typing import Any

from django import template
from django.urls import reverse
from django.utils import timezone

from partners.models import Complaint
from partners.services.complaints import can_see_complaints, due_on
from vcsportal.common.dates import in_words

register = template.Library()
MAXIMUM_COUNTED = 20


@register.inclusion_tag("partners/_complaint_tasks.html", takes_context=True)
def complaint_tasks(context: template.Context) -> dict[str, Any]:
    """Show complaints without an outcome to administrators, the longest-waiting first; one query for them, none for others."""
    if not can_see_complaints(context["request"].user):
        return {}
    found = Complaint.objects.filter(closed_at__isnull=True).order_by("received_at", "id")[:MAXIMUM_COUNTED]
    return {"tasks": [_task(complaint) for complaint in found]}


def _task(complaint: Complaint) -> dict[str, str]:
    received = f"Received on {in_words(timezone.localdate(complaint.received_at))}."
    late = "" if complaint.acknowledged_at else f" Acknowledge it by {in_words(due_on(complaint))}."
    return {
        "title": f"Complaint {complaint.pk} about personal data",
        "url": reverse("partners:complaint", args=[complaint.pk]),
        "hint": received + late,
        "word": "Open" if complaint.acknowledged_at else "To acknowledge",
    }
