"""Makes sure that a request of a program changes something only once: a second sending is answered as the first was."""

from datetime import datetime

from partners.models import RepeatedRequest, User


def begin(*, person: User, key: str, digest: str, at: datetime) -> tuple[RepeatedRequest, bool]:
    """Return the record of this key, and whether it is new. The caller holds a transaction.

    A second sending at the same moment waits here until the first is done.
    """
    return RepeatedRequest.objects.get_or_create(person_id=person.pk, key=key, defaults={"digest": digest, "at": at})


def answered(request: RepeatedRequest, *, status: int, answer: str, location: str) -> None:
    """Note what was answered, to answer it again."""
    request.status, request.answer, request.location = status, answer, location
    request.save(update_fields=["status", "answer", "location"])
