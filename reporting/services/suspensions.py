"""Notes that files of published editions are suspended, has a new edition made without what may not be shown, tells people.

The portal does this by itself when consents change, and once an hour for those that run out. It publishes and withdraws
nothing: two people do.
"""

from collections import defaultdict
from datetime import datetime
from functools import partial
from typing import Final

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from partners.emails.outbox import put_mail
from partners.security.events import record_event
from reporting.models import ConsentedContent, Edition, Suspension
from reporting.permissions import who_can_publish
from reporting.reading.suspension import suspended_contents
from reporting.services.editions import request_edition
from reporting.services.sealing import in_words

WHY_SUSPENDED: Final = "A consent that it needs has ended."


def consents_changed(*, evidence: int, at: datetime) -> None:
    """Check the editions that show this item again, after the change of its consents is committed."""
    transaction.on_commit(partial(review_suspensions, at=at, evidence=evidence), robust=True)


@transaction.atomic
def review_suspensions(*, at: datetime, evidence: int | None = None) -> list[Suspension]:
    """Bring suspensions in step with the consents; return those that are in force. Doing it twice changes nothing.

    :param evidence: look only at editions that show this item; None looks at all.
    """
    editions = Edition.objects.public().select_related("round__strategy").defer("facts")
    if evidence is not None:
        editions = editions.filter(pk__in=ConsentedContent.objects.filter(evidence=evidence).values("edition"))
    by_key = {edition.pk: edition for edition in editions.order_by("published_at", "id")}
    held = suspended_contents(by_key.values(), timezone.localdate(at))
    there = {
        suspension.edition_id: suspension
        for suspension in Suspension.objects.select_for_update().filter(edition__in=by_key, lifted_at__isnull=True)
    }
    in_force = []
    for pk, edition in by_key.items():
        suspension = there.get(pk)
        if held[pk] and suspension is None:
            suspension = Suspension.objects.create(edition=edition, at=at)
            record_event("suspended", at=at, subject=in_words(edition), detail=WHY_SUSPENDED)
            _tell(suspension, at=at)
        elif not held[pk] and suspension is not None:
            suspension.lifted_at = at
            suspension.save(update_fields=["lifted_at"])
            record_event("restored", at=at, subject=in_words(edition))
            continue
        if suspension is not None:
            in_force.append(suspension)
    _prepare(in_force, at=at)
    return in_force


def _prepare(suspensions: list[Suspension], *, at: datetime) -> None:
    """See to it that each round's report has a newer edition, made or being made, that shows nothing of the kind."""
    of_round: dict[int, list[Suspension]] = defaultdict(list)
    for suspension in suspensions:
        of_round[suspension.edition.round_id].append(suspension)
    for round_id, those in of_round.items():
        newest = Edition.objects.last_published().filter(round=round_id).defer("facts").first()
        if newest is None or newest.pk not in {suspension.edition_id for suspension in those}:
            continue  # the edition that everybody is meant to read shows nothing of the kind
        replacement = _replacement(newest, at=at) or request_edition(by=None, at=at, round_=newest.round)
        for suspension in those:
            if suspension.replacement_id != replacement.pk:
                suspension.replacement = replacement
                suspension.save(update_fields=["replacement"])


def _replacement(newest: Edition, *, at: datetime) -> Edition | None:
    """Return a draft that was asked for after the newest edition and shows nothing that may not be shown."""
    drafts = list(
        Edition.objects.filter(
            round=newest.round_id, published_at__isnull=True, number__gt=newest.number,
            state__in=["ready", "queued", "running"],
        ).defer("facts").order_by("-number")
    )  # fmt: skip
    held = suspended_contents([draft for draft in drafts if draft.state == "ready"], timezone.localdate(at))
    return next((draft for draft in drafts if not held.get(draft.pk)), None)


def _tell(suspension: Suspension, *, at: datetime) -> None:
    edition = suspension.edition
    for person in who_can_publish(edition.round.strategy):
        put_mail(
            key=f"suspension:{suspension.pk}:{person.pk}", kind="report:suspended", to=person, template="edition_suspended",
            at=at, about=f"suspension:{edition.pk}",
            values={
                "edition": edition, "round": edition.round,
                "edition_url": f"{settings.PORTAL_URL.rstrip('/')}{edition.get_absolute_url()}",
            },
        )  # fmt: skip
