"""Records which organisations help to deliver a commitment. A part is ended, never deleted.

While a round is open, an organisation that comes is asked in it at once, and one that leaves may be asked no longer.
"""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, Final

from django.db import transaction
from django.utils import timezone

from commitments.models import DELIVERY_ROLES, Commitment, DeliveryPartner, HistoryEntry, Strategy
from commitments.permissions.progress import check_can_manage_commitment, check_can_manage_commitments
from commitments.services.files_named import from_file
from commitments.services.locks import lock_commitment, lock_strategy
from commitments.services.round_participants import ask_new_organisations
from partners.kinds import GROUP
from partners.models import Organisation, User
from partners.services.standing import check_can_be_named
from vcsportal.common.dates import in_words
from vcsportal.common.saving_together import write_entry
from vcsportal.common.words import Invalid

STEERS: Final = "{} steers strategies. Choose the member organisations that do the work."


@transaction.atomic
def add_delivery_partner(
    *,
    by: User,
    at: datetime,
    commitment: Commitment,
    organisation: Organisation,
    role: str = "delivers",
    started_on: date | None = None,
) -> DeliveryPartner:
    """Record that an organisation helps to deliver a commitment.

    :param role: a code of ``DELIVERY_ROLES``.
    :param started_on: the first day on which it delivers; None where nobody knows.
    Raise :class:`Refused` without the right, for an organisation that delivers already or has ended, a start in the future, or one that
    returns without a start after its earlier part.
    """
    check_can_manage_commitment(by, commitment)
    _hold(commitment)
    part = DeliveryPartner(
        commitment=commitment, organisation=organisation, role=role, started_on=started_on, recorded_at=at
    )
    check_can_be_named(organisation)
    _check(part, at)
    part.save()
    note_part(by=by, at=at, part=part, was={})
    ask_new_organisations(by=by, at=at, strategy_id=commitment.strategy_id)
    return part


@transaction.atomic
def add_first_partners(
    *, by: User, at: datetime, strategy: Strategy, parts: Iterable[tuple[Commitment, Organisation]]
) -> None:
    """Record the delivery partners of commitments of one strategy that have none yet, as :func:`add_delivery_partner` does.

    Nobody knows since when they help. Few queries for all of them. Raise :class:`Refused` without the right, for a group, and
    for an organisation that has ended or was removed.
    """
    check_can_manage_commitments(by, strategy)
    lock_strategy(strategy.pk)
    rows = [
        DeliveryPartner(commitment=commitment, organisation=organisation, recorded_at=at)
        for commitment, organisation in parts
    ]
    names: dict[int, list[Organisation]] = {}
    entries = []
    for row in rows:
        if row.organisation.kind == GROUP:
            raise Invalid(STEERS.format(row.organisation.name), field="organisation")
        check_can_be_named(row.organisation)
        now = names.setdefault(row.commitment_id, [])
        now.append(row.organisation)
        said = {
            "part": {"organisation": row.organisation_id, "name": row.organisation.name, **_days(row)}, "was": {},
            "partners": [[partner.name, row.role] for partner in now], "organisations": [partner.pk for partner in now],
        }  # fmt: skip
        entries.append(HistoryEntry(at=at, by=by, act="assign", commitment=row.commitment, said=said))
    if not rows:
        return
    DeliveryPartner.objects.bulk_create(rows)
    HistoryEntry.objects.bulk_create(entries)
    ask_new_organisations(by=by, at=at, strategy_id=strategy.pk)


@transaction.atomic
def change_delivery_partner(
    *, by: User, at: datetime, part: DeliveryPartner, role: str, started_on: date | None, ended_on: date | None
) -> DeliveryPartner:
    """Change what is recorded of an organisation's part: its role, its first day, the day on which it ended.

    :param ended_on: the first day on which it no longer delivers, today at the latest; None while it does.
    Raise :class:`Refused` as :func:`add_delivery_partner` does, and where the days are not in order.
    """
    check_can_manage_commitment(by, part.commitment)
    _hold(part.commitment)
    part = DeliveryPartner.objects.select_related("commitment", "organisation").get(pk=part.pk)
    was = _days(part)
    part.role, part.started_on, part.ended_on = role, started_on, ended_on
    if _days(part) == was:
        return part
    _check(part, at)
    if ended_on is None:
        part.began_as_pledge = False  # the council has recorded it now, so it outlives its pledge
    part.save(update_fields=["role", "started_on", "ended_on", "began_as_pledge"])
    note_part(by=by, at=at, part=part, was=was)
    ask_new_organisations(by=by, at=at, strategy_id=part.commitment.strategy_id)
    return part


def end_delivery_partner(*, by: User, at: datetime, part: DeliveryPartner, ended_on: date) -> DeliveryPartner:
    """Record that an organisation delivers no longer, from ``ended_on`` on. Raise as :func:`change_delivery_partner`."""
    return change_delivery_partner(
        by=by, at=at, part=part, role=part.role, started_on=part.started_on, ended_on=ended_on
    )


@transaction.atomic
def set_partners(
    *, by: User, at: datetime, commitment: Commitment, partners: Iterable[tuple[Organisation, str]]
) -> None:
    """Record who helps to deliver from today on, each with its role: whoever is missing ends today, whoever is new starts today."""
    check_can_manage_commitment(by, commitment)
    today = timezone.localdate(at)
    wanted = {organisation.pk: (organisation, role) for organisation, role in partners}
    _hold(commitment)
    current = {partner.organisation_id: partner for partner in _current(commitment)}
    for key, part in current.items():
        if key not in wanted:
            end_delivery_partner(by=by, at=at, part=part, ended_on=today)
    for key, (organisation, role) in wanted.items():
        if known := current.get(key):
            change_delivery_partner(by=by, at=at, part=known, role=role, started_on=known.started_on, ended_on=None)
        else:
            add_delivery_partner(
                by=by, at=at, commitment=commitment, organisation=organisation, role=role, started_on=today
            )


def _hold(commitment: Commitment) -> None:
    """Let nobody else change who delivers it until the transaction ends, and no round open or close meanwhile."""
    lock_strategy(commitment.strategy_id)
    lock_commitment(commitment.pk)


def _current(commitment: Commitment) -> list[DeliveryPartner]:
    parts = DeliveryPartner.objects.current().filter(commitment=commitment)
    return list(parts.select_related("commitment", "organisation").order_by("organisation__sort_name", "id"))


def _check(part: DeliveryPartner, at: datetime) -> None:
    """Raise :class:`Refused` for a part that cannot be recorded so."""
    today, name, reference = timezone.localdate(at), part.organisation.name, part.commitment.reference
    if part.role not in dict(DELIVERY_ROLES):
        raise Invalid(f"Choose the role of {name} from the list.", field="role")
    if part.organisation.kind == GROUP:
        raise Invalid(STEERS.format(name), field="organisation")
    if part.started_on and part.started_on > today:
        raise Invalid(f"The day {name} started is in the future. Record it once it has started.", field="started_on")
    if part.ended_on and part.ended_on > today:
        raise Invalid(f"The day {name} stopped is in the future. Record it once it has stopped.", field="ended_on")
    if part.started_on and part.ended_on and part.ended_on < part.started_on:
        raise Invalid(
            f"{name} started on {in_words(part.started_on)}, so it can’t have stopped on {in_words(part.ended_on)}.",
            field="ended_on",
        )
    others = DeliveryPartner.objects.lasting().filter(commitment=part.commitment, organisation=part.organisation)
    for other in others.exclude(pk=part.pk).order_by("ended_on", "id"):
        if other.ended_on is None and part.ended_on is None:
            raise Invalid(f"{name} already helps to deliver {reference}.", field="organisation")
        if other.ended_on and part.ended_on is None and part.started_on is None:
            raise Invalid(
                f"{name} helped to deliver {reference} until {in_words(other.ended_on)}. "
                "Enter the day it started again.",
                field="started_on",
            )
        if _overlap(part, other):
            raise Invalid(
                f"{name} helped to deliver {reference} {_span(other)}. The two periods can’t overlap.",
                field="started_on",
            )


def _overlap(part: DeliveryPartner, other: DeliveryPartner) -> bool:
    first, second = sorted([part, other], key=lambda part: (part.started_on or date.min, part.ended_on or date.max))
    return (first.ended_on or date.max) > (second.started_on or date.min)


def _span(part: DeliveryPartner) -> str:
    since = f"from {in_words(part.started_on)} " if part.started_on else ""
    return f"{since}until {in_words(part.ended_on)}" if part.ended_on else f"{since}and still does"


def _days(part: DeliveryPartner) -> dict[str, Any]:
    return {
        "role": part.role,
        "started_on": part.started_on.isoformat() if part.started_on else "",
        "ended_on": part.ended_on.isoformat() if part.ended_on else "",
    }


def note_part(*, by: User | None, at: datetime, part: DeliveryPartner, was: dict[str, Any]) -> None:
    """Keep in the history what changed and who delivers from now on, by key: names change."""
    now = _current(part.commitment)
    everyone = {
        "partners": [[partner.organisation.name, partner.role] for partner in now],
        "organisations": [partner.organisation_id for partner in now],
    }
    _note(by, at, part, {"part": _said(part), "was": was, **everyone})


def note_pledge(*, by: User | None, at: datetime, part: DeliveryPartner, was: dict[str, Any], file: str = "") -> None:
    """Keep in the history what changed of a pledge. The other signatories of a charter, who may be thousands, are not named."""
    _note(by, at, part, {"part": _said(part), "was": was, **from_file(file)})


def _said(part: DeliveryPartner) -> dict[str, Any]:
    pledge = {"pledge": part.pledge} if part.pledge else {}
    return {"organisation": part.organisation_id, "name": part.organisation.name, **_days(part), **pledge}


def _note(by: User | None, at: datetime, part: DeliveryPartner, said: dict[str, Any]) -> None:
    write_entry(HistoryEntry(at=at, by=by, act="assign", commitment_id=part.commitment_id, said=said))
