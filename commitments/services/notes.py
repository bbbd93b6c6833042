"""Write an internal note about an update or an item of evidence."""

from datetime import datetime

from django.db import transaction

from commitments.models import Evidence, Note, ProgressUpdate
from commitments.permissions.progress import check_can_write_note
from partners.models import User
from vcsportal.common.markdown import check_text
from vcsportal.common.words import Invalid


@transaction.atomic
def write_note(*, by: User, at: datetime, about: Evidence | ProgressUpdate, text: str) -> Note:
    """Keep a note for the council's people, under the writer's name; it is never changed.

    It leaves no line in the thing's history: a partner reads that history, and notes are not for partners.
    """
    check_can_write_note(by, about)
    text = check_text(text)
    if not text:
        raise Invalid("Write the note first.", field="text")
    note = Note(text=text, written_at=at, written_by=by)
    if isinstance(about, Evidence):
        note.evidence = about
    else:
        note.update = about
    note.save()
    return note
