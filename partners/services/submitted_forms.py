"""Makes sure that a form creates something only once: a second sending of the same form leads to what the first one
created."""

from datetime import datetime
from uuid import UUID

from partners.models import SubmittedForm, User


def begin(*, token: UUID, digest: str, person: User | None, at: datetime) -> tuple[SubmittedForm, bool]:
    """Return the record of this form, and whether it is the first one. The caller holds a transaction.

    A second sending at the same moment waits here until the first is done.
    """
    return SubmittedForm.objects.get_or_create(token=token, digest=digest, defaults={"person": person, "at": at})


def accepted(form: SubmittedForm, *, result: str) -> None:
    """Note to where its sender was led."""
    form.result = result[:2000]
    form.save(update_fields=["result"])


def not_accepted(form: SubmittedForm) -> None:
    """Forget it: it made nothing, and may be sent again."""
    form.delete()
