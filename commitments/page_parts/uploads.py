"""The files that come with a request: looked into, within what their person may upload in a minute."""

from functools import partial
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from commitments.files.budget import Budget
from commitments.files.dangerous_content import Dangerous
from commitments.files.uploads import CheckedFile, check_upload, safe_name, too_big
from commitments.services import evidence as services
from partners.models import User
from partners.signed_in import signed_in_person
from vcsportal.common import rate_limits
from vcsportal.common.even_if_refused import even_if_refused
from vcsportal.common.upload_handlers import MAX_FILES_PER_REQUEST, NO_ROOM, TOO_MANY, left_out
from vcsportal.common.words import Refused


def look_into(request: HttpRequest) -> tuple[list[CheckedFile], list[str]]:
    """Return the files of a request that may be kept, and a sentence for each that can't.

    No more are looked into than an item of evidence can have, and no longer than the settings ``UPLOAD_…`` allow.
    """
    kept: list[CheckedFile] = []
    refused = [why_left_out(name, why) for name, why in left_out(request)]
    budget = budget_of(request)
    for upload in request.FILES.getlist("uploads"):
        if len(kept) == services.MAX_FILES:
            refused.append(f"“{safe_name(upload.name or '', '')}” was left out. {services.NO_ROOM}")
            continue
        try:
            kept.append(look_into_file(request, upload, budget))
        except Refused as reason:
            refused.append(reason.sentence)
    return kept, refused


def budget_of(request: HttpRequest) -> Budget:
    """Return what the files of a request may still cost."""
    return Budget(partial(_spend, signed_in_person(request)))


def look_into_file(request: HttpRequest, upload: Any, budget: Budget) -> CheckedFile:
    """Return a file as it may be kept. Raise :class:`Refused` for one that can't be; a dangerous one is a security event."""
    try:
        return check_upload(upload.name or "", upload.read(settings.UPLOAD_MAX_BYTES + 1), budget)
    except Dangerous as reason:
        note = partial(services.note_refused, by=signed_in_person(request), at=timezone.now(), sentence=reason.sentence)
        even_if_refused(request, note)
        raise


def _spend(person: User, pixels: int) -> bool:
    """Take pixels from what this person may upload in a minute."""
    most = settings.UPLOAD_MAX_PIXELS_A_MINUTE
    return rate_limits.take("pixels", f"person {person.pk}", limit=most, seconds=60, cost=pixels).granted


def why_left_out(name: str, why: str) -> str:
    """Return a sentence for a file that was discarded while the request was read."""
    shown = safe_name(name, "")
    if why == TOO_MANY:
        return f"“{shown}” was left out: you can add up to {MAX_FILES_PER_REQUEST} files at once."
    return f"“{shown}” was left out. {services.DISK_FULL}" if why == NO_ROOM else too_big(shown)
