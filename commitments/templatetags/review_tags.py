"""Two parts that stand on several pages about an item of evidence or an update: its history, and the internal notes."""

from typing import Any

from django import template
from django.urls import reverse

from commitments.forms.review import NoteForm
from commitments.models import Evidence, ProgressUpdate
from commitments.permissions import can_write_note
from commitments.reading.review import history_of

register = template.Library()


@register.inclusion_tag("components/_history.html")
def whole_history(thing: Evidence | ProgressUpdate, level: str = "3") -> dict[str, Any]:
    """Everything that happened to it, latest first. For its own people and the council's: the page decides that."""
    return {"steps": history_of(thing), "level": level}


@register.inclusion_tag("components/_notes.html", takes_context=True)
def internal_notes(context: dict[str, Any], thing: Evidence | ProgressUpdate, form: Any = None) -> dict[str, Any]:
    """The notes about it and a box for another, for people who may read notes; nothing for anybody else."""
    request = context["request"]
    if not can_write_note(request.user, thing):
        return {"may": False}
    name = "evidence-notes" if isinstance(thing, Evidence) else "update-notes"
    return {
        "may": True,
        "notes": list(thing.notes.select_related("written_by").order_by("-written_at", "-id")),
        "action": reverse(f"commitments:{name}", args=[thing.pk]),
        "note_form": form or NoteForm(auto_id="note_%s"),
        "back": request.get_full_path(),
        "csrf_token": context.get("csrf_token"),
    }
