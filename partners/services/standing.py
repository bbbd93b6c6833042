"""The status of organisations in the directory: they begin to take part, end, or are only listed.

Each change writes history. Nothing is deleted: what was recorded of an organisation stays under its name.
"""

from datetime import date, datetime
from typing import Final

from django.db import connection, transaction
from django.utils import timezone

from partners.models import Organisation, User
from partners.permissions import check_can_keep_listing
from partners.services.history import write_history
from partners.standings import ENDED, LISTED, TAKES_PART
from vcsportal.common.words import Invalid, NotNow

_SUCCESSIONS: Final = 5_400_540
"""A lock of the database (advisory): two successions at once could lead in a circle that neither of them sees."""


@transaction.atomic
def begin_taking_part(*, by: User | None, at: datetime, organisation: Organisation) -> Organisation:
    """Let a listed organisation take part, as part of inviting its people. One that takes part already stays as it is.

    The caller has asked whether ``by`` may invite. Raise :class:`NotNow` for one that has ended or was removed.
    """
    held = _held(organisation)
    if held.has_ended:
        raise NotNow(f"{held.name} has ended, so nobody can be invited to it.")
    if held.is_removed:
        raise NotNow(f"{held.name} was removed from the directory. Restore it first.")
    if held.standing != TAKES_PART:
        held.standing = TAKES_PART
        held.save(update_fields=["standing"])
        write_history(at, by, "takes part", organisation=held)
    organisation.standing = held.standing
    return held


@transaction.atomic
def end_organisation(
    *,
    by: User | None,
    at: datetime,
    organisation: Organisation,
    ended_on: date | None,
    succeeded_by: Organisation | None,
) -> Organisation:
    """Say that an organisation has ended, or correct what was said of that. ``by=None`` is the portal's own loader.

    :param ended_on: its last day, if anyone knows; not in the future.
    :param succeeded_by: the organisation that replaced it. That one may have ended since; nobody succeeds themselves.
    Raise :class:`Refused` without the right, and while people act for it or an invitation is open.
    """
    if by is not None:
        check_can_keep_listing(by, organisation)
    held = _held(organisation)
    if held.role_grants.current().exists():  # also of those without access, who may get it back
        raise NotNow(f"People still have roles at {held.name}. End their roles first, then record that it has ended.")
    if held.invitations.open().exists():
        raise NotNow(f"There is an open invitation to {held.name}. Withdraw it first.")
    if ended_on is not None and ended_on > timezone.localdate(at):
        raise Invalid("This day is in the future. Enter today or an earlier date.", field="ended_on")
    if succeeded_by is not None:
        _check_no_circle(held, succeeded_by)
    if (held.standing, held.ended_on, held.succeeded_by_id) == (
        ENDED,
        ended_on,
        succeeded_by.pk if succeeded_by else None,
    ):
        return held
    held.standing, held.ended_on, held.succeeded_by = ENDED, ended_on, succeeded_by
    if by is not None:
        held.mark_changed_by_hand(["standing"], timezone.localdate(at))
    held.save(update_fields=["standing", "ended_on", "succeeded_by", "changed_by_hand"])
    words = [f"on {ended_on:%Y-%m-%d}" if ended_on else "", f"succeeded by {succeeded_by}" if succeeded_by else ""]
    write_history(at, by, "ended", organisation=held, detail=", ".join(filter(None, words)))
    return held


@transaction.atomic
def list_only(*, by: User, at: datetime, organisation: Organisation) -> Organisation:
    """Let an organisation without people be listed only: one that ended by mistake, or no longer takes part.

    Raise :class:`Refused` without the right, while people act for it or are invited, and for a strategy's owner or supporter.
    """
    check_can_keep_listing(by, organisation)
    held = _held(organisation)
    if held.owns_strategies or held.supports_strategies:
        raise NotNow(f"{held.name} owns or supports a strategy, so it takes part.")
    if held.role_grants.current().exists() or held.invitations.open().exists():
        raise NotNow(f"People have roles at {held.name}, or have been invited, so it takes part.")
    if held.standing != LISTED:
        held.standing, held.ended_on, held.succeeded_by = LISTED, None, None
        held.mark_changed_by_hand(["standing"], timezone.localdate(at))
        held.save(update_fields=["standing", "ended_on", "succeeded_by", "changed_by_hand"])
        write_history(at, by, "listed", organisation=held)
    return held


def check_can_be_named(organisation: Organisation, field: str = "organisation") -> None:
    """Raise :class:`Invalid` where nothing new can be recorded about an organisation: it has ended, or was removed.

    A listed one may be named in what others record; what it does itself, or is asked, needs it to take part.
    """
    if organisation.has_ended or organisation.is_removed:
        what = "has ended" if organisation.has_ended else "was removed from the directory"
        raise Invalid(f"{organisation.name} {what}, so nothing new can be recorded for it.", field=field)


def _held(organisation: Organisation) -> Organisation:
    return Organisation.objects.select_for_update(of=("self",)).select_related("succeeded_by").get(pk=organisation.pk)


def _check_no_circle(organisation: Organisation, successor: Organisation) -> None:
    """Raise :class:`Invalid` where the successors of the successor lead back to the organisation."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_SUCCESSIONS])
    links = dict(Organisation.objects.filter(succeeded_by__isnull=False).values_list("pk", "succeeded_by"))
    place: int | None = successor.pk
    while place is not None:
        if place == organisation.pk:
            raise Invalid(
                f"{organisation.name} can’t be succeeded by itself, or by an organisation that it succeeded. Choose another.",
                field="succeeded_by",
            )
        place = links.get(place)
