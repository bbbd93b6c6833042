"""Two parts that stand on several pages about an item of evidence or an update: its history, and the internal notes."""

from typing import Any

from django import template
from django.urls import reverse

from commitments.forms.review import NoteForm
from commitments.models import CaseStudy, Engagement, Evidence, Note, ProgressUpdate, Response
from commitments.permissions.progress import can_write_note
from commitments.reading.review import history_of

register = template.Library()


@register.inclusion_tag("components/_history.html")
def whole_history(
    thing: Evidence | CaseStudy | ProgressUpdate | Response | Engagement, level: str = "3"
) -> dict[str, Any]:
    """Everything that happened to it, latest first. For its own people and the council's: the page decides that."""
    return {"steps": history_of(thing), "level": level}


@register.simple_tag(takes_context=True)
def notes_about(context: dict[str, Any], thing: Evidence | ProgressUpdate) -> list[Note]:
    """Return the notes about it, latest first, for people who may read notes; none for anybody else."""
    if not can_write_note(context["request"].user, thing):
        return []
    return list(thing.notes.select_related("written_by").order_by("-written_at", "-id"))


@register.inclusion_tag("components/_notes_to_read.html")
def notes_to_read(notes: list[Note]) -> dict[str, Any]:
    """Notes above the decision that they bear on."""
    return {"notes": notes}


@register.inclusion_tag("components/_notes.html", takes_context=True)
def internal_notes(
    context: dict[str, Any], thing: Evidence | ProgressUpdate, form: Any = None, above: list[Note] | None = None
) -> dict[str, Any]:
    """The notes about it and a box for another, for people who may read notes; nothing for anybody else.

    :param above: the notes that the page shows above a decision; they are not shown here again.
    """
    request = context["request"]
    if not can_write_note(request.user, thing):
        return {"may": False}
    name = "evidence-notes" if isinstance(thing, Evidence) else "update-notes"
    return {
        "may": True,
        "listed": not above,
        "notes": notes_about(context, thing) if above is None else above,
        "action": reverse(f"commitments:{name}", args=[thing.pk]),
        "note_form": form or NoteForm(auto_id="note_%s"),
        "back": request.get_full_path(),
        "csrf_token": context.get("csrf_token"),
    }
