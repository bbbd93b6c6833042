"""Keeps what an organisation pledges, in its own words: a part in delivering a principle of a charter."""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from commitments.models import Commitment, DeliveryPartner, Signatory
from commitments.permissions.charters import check_can_be_signed, check_can_pledge
from commitments.rules.charters import MAX_PLEDGE_CHARACTERS
from commitments.services.delivery import note_pledge
from commitments.services.locks import lock_commitment, lock_strategy
from commitments.services.round_participants import ask_new_organisations
from commitments.services.signatures import standing_signature
from partners.models import User
from vcsportal.common.markdown import check_text
from vcsportal.common.plain_texts import plain
from vcsportal.common.saving_together import forget_known, held_once, hold_known
from vcsportal.common.words import Conflict, Invalid, NotNow


@transaction.atomic
def set_pledge(
    *, by: User, at: datetime, signatory: Signatory, commitment: Commitment, words: str, was: str | None = None,
    file: str = "", ask: bool = True,
) -> DeliveryPartner | None:  # fmt: skip
    """Keep what a signatory pledges for a principle; no words end the pledge. Return the part that stands now.

    A part in delivering that began as a pledge ends with it; one that the council recorded goes on without.

    :param was: the words that the person saw, on a page or in a spreadsheet; None skips the comparison.
    :param file: the name of the spreadsheet that the words come from, for the history.
    :param ask: whether the open round asks at once who joins it. False where the caller does it once for many.
    Raise :class:`Refused` without the right, for a principle that is closed or of another charter, a signature that has ended
    or too long a text; :class:`Conflict` if someone has changed the pledge since.
    """
    check_can_be_signed(signatory.strategy)
    check_can_pledge(by, signatory.strategy, signatory.organisation)
    if commitment.strategy_id != signatory.strategy_id:
        raise Invalid("This is part of another charter.", field="words")
    lock_strategy(signatory.strategy_id)
    if standing_signature(signatory.strategy_id, signatory.organisation_id) != signatory:
        raise NotNow(f"The signature of {signatory.organisation.name} has ended, so it can’t make pledges.")
    words = check_text(words, field="words")
    if len(words) > MAX_PLEDGE_CHARACTERS:
        raise Invalid(f"Use {MAX_PLEDGE_CHARACTERS:,} characters or fewer.", field="words")
    place, organisation = part_key(commitment.pk, signatory.organisation_id), signatory.organisation_id
    part = held_once(
        place,
        lambda: DeliveryPartner.objects.current().filter(commitment=commitment, organisation=organisation).first(),
    )
    now = part.pledge if part else ""
    if words == now:
        return part
    if was is not None and plain(was) != plain(now):
        raise Conflict("A colleague has changed this pledge since you opened it. Read it, then save yours.")
    if not words and part:
        going_on = _end(by, at, part, timezone.localdate(at), file)
        hold_known({place: going_on})
        return going_on
    if lock_commitment(commitment.pk).status == "closed":
        raise NotNow(f"{commitment} is closed, so it takes no more pledges.")
    before = {"pledge": now}
    part = part or DeliveryPartner(
        commitment=commitment, organisation=signatory.organisation, started_on=timezone.localdate(at), recorded_at=at,
        began_as_pledge=True,
    )  # fmt: skip
    part.pledge = words
    part.save()
    hold_known({place: part})
    note_pledge(by=by, at=at, part=part, was=before, file=file)
    if ask:
        ask_new_organisations(by=by, at=at, strategy_id=signatory.strategy_id)
    return part


def part_key(commitment_id: int, organisation_id: int) -> tuple[str, int, int]:
    """Return the key under which the part that an organisation has now is remembered while rows are saved together."""
    return ("part", commitment_id, organisation_id)


def end_pledges(*, by: User | None, at: datetime, signatory: Signatory, ended_on: date) -> None:
    """End what an organisation pledged, with its signature. Part of the transaction that ends it."""
    parts = DeliveryPartner.objects.current().filter(
        commitment__strategy=signatory.strategy_id, organisation=signatory.organisation_id
    )
    for part in parts.exclude(pledge="").select_related("commitment", "organisation").order_by("id"):
        forget_known(part_key(part.commitment_id, part.organisation_id))
        _end(by, at, part, max(ended_on, part.started_on or ended_on))


def _end(by: User | None, at: datetime, part: DeliveryPartner, day: date, file: str = "") -> DeliveryPartner | None:
    """End a pledge. A part that began with it ends, and its words stay with it; the council's own goes on, and is returned."""
    was = {"pledge": part.pledge}
    if part.began_as_pledge:
        part.ended_on = day
    else:
        part.pledge = ""
    part.save(update_fields=["ended_on", "pledge"])
    note_pledge(by=by, at=at, part=part, was=was, file=file)
    return None if part.began_as_pledge else part
