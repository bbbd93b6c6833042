"""Gives, changes and withdraws the sector's view of a commitment in a round. It needs no approval."""

from datetime import datetime
from typing import Final

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from commitments.models import Commitment, HistoryEntry, ProgressUpdate, Round, SectorView
from commitments.permissions.progress import can_reply_to_view, check_can_give_view
from commitments.rules import status as words
from commitments.rules.kinds import GENERAL, Nouns
from commitments.services.contributions import answer_taken_back, mark_answered
from commitments.services.locks import lock_commitment, lock_round_by_id
from partners.emails.outbox import put_mail
from partners.models import Organisation, User
from vcsportal.common.markdown import check_text
from vcsportal.common.words import Conflict, Invalid, NotNow

MAX_REASON_CHARACTERS: Final = 1000


@transaction.atomic
def give_view(
    *,
    by: User,
    at: datetime,
    commitment: Commitment,
    round_: Round,
    organisation: Organisation,
    status: str,
    reason: str,
    differs: bool,
    version: int | None,
) -> SectorView:
    """Keep how an organisation sees a commitment in a round, and note that it has answered the round.

    :param differs: "we see it differently": the organisation's own word, whatever the two statuses are.
    :param version: the version that the person saw, None for "there was none".
    Raise :class:`Refused` without the right, outside the round's window, for a word that the commitment can't have or a
    missing reason; :class:`Conflict` if a colleague has changed the view since.
    """
    check_can_give_view(by, commitment, organisation)
    view = _begin(by=by, at=at, commitment=commitment, round_=round_, organisation=organisation, version=version)
    check_word(status, ongoing=commitment.ongoing, nouns=commitment.strategy.nouns)
    if not (reason := check_text(reason, field="reason")):
        raise Invalid("Say why you see it this way. Everyone who reads the strategy will see it.", field="reason")
    if len(reason) > MAX_REASON_CHARACTERS:
        raise Invalid(
            f"The reason has {len(reason):,} characters. {MAX_REASON_CHARACTERS:,} is the limit.",
            field="reason",
        )
    was = view.status if view.pk and view.withdrawn_at is None else ""
    view.status, view.reason, view.differs = status, reason, differs
    view.version = view.version + 1 if view.pk else 1
    view.said_at, view.said_by, view.withdrawn_at = at, by, None
    view.save()
    said = {
        "organisation_id": organisation.pk, "name": organisation.name, "differs": differs, "council": commitment.status,
    }  # fmt: skip
    HistoryEntry.objects.create(
        at=at, by=by, act="view", commitment=commitment, round=round_, from_state=was, to_state=status, reason=reason,
        said=said,
    )  # fmt: skip
    mark_answered(by=by, at=at, organisation=organisation, answer="view", strategy_id=commitment.strategy_id)
    _receipt(view=view, to=by, at=at)
    if differs:
        _tell_officers(view=view, at=at)
    return view


@transaction.atomic
def withdraw_view(*, by: User, at: datetime, view: SectorView) -> SectorView:
    """Take a view back: nobody reads it any more, the history keeps it. A second click finds it done already."""
    check_can_give_view(by, view.commitment, view.organisation)
    stored = _begin(
        by=by,
        at=at,
        commitment=view.commitment,
        round_=view.round,
        organisation=view.organisation,
        version=view.version,
    )
    if stored.withdrawn_at is not None:
        return stored
    stored.withdrawn_at = at
    stored.version += 1
    stored.save()
    said = {"organisation_id": view.organisation_id, "name": view.organisation.name}
    HistoryEntry.objects.create(
        at=at, by=by, act="view_withdrawn", commitment=view.commitment, round=view.round, from_state=stored.status,
        said=said,
    )  # fmt: skip
    answer_taken_back(by=by, at=at, organisation=view.organisation, strategy_ids=[view.commitment.strategy_id])
    return stored


def _receipt(*, view: SectorView, to: User, at: datetime) -> None:
    commitment = view.commitment
    values = {
        "view": view,
        "commitment": commitment,
        "organisation": view.organisation,
        "round": view.round,
        "until": view.round.grace_until if timezone.localdate(at) > view.round.closes_on else view.round.closes_on,
        "word": words.of(view.status),
        "councils_word": words.of(commitment.status),
        "path": f"{reverse('commitments:view', args=[commitment.strategy.slug, commitment.key])}?organisation={view.organisation.slug}",
    }
    put_mail(
        key=f"view_receipt:{view.pk}:{view.version}",
        kind="view_receipt",
        to=to,
        template="view_receipt",
        values=values,
        at=at,
    )


def _tell_officers(*, view: SectorView, at: datetime) -> None:
    """Tell the lead officer, the supporting officers and whoever owes the update; once a day for each view."""
    commitment = Commitment.objects.select_related("strategy", "lead_officer").get(pk=view.commitment_id)
    owed = ProgressUpdate.objects.filter(commitment=commitment, round=view.round).select_related("owed_by").first()
    people = [commitment.lead_officer, *commitment.supporting_officers.order_by("id"), owed.owed_by if owed else None]
    values = {
        "reference": commitment.reference,
        "commitment": str(commitment),
        "organisation": view.organisation.name,
        "reason": view.reason,
        "round": view.round,
        "word": words.of(view.status),
        "councils_word": words.of(commitment.status),
        "path": reverse(
            "commitments:view-reply", args=[commitment.strategy.slug, commitment.key, view.organisation.slug]
        ),
    }
    for to in {person.pk: person for person in people if person is not None}.values():
        if can_reply_to_view(to, commitment):
            put_mail(
                key=f"view_differs:{view.pk}:{timezone.localdate(at)}:{to.pk}", kind="view_differs", to=to,
                template="view_differs", values=values, at=at,
            )  # fmt: skip


def check_word(status: str, *, ongoing: bool, nouns: Nouns = GENERAL) -> None:
    """Raise :class:`Refused` for a word that this commitment can't have. What the council said before binds nobody here."""
    words.check_transition("", status, ongoing=ongoing, nouns=nouns)


def _begin(
    *, by: User, at: datetime, commitment: Commitment, round_: Round, organisation: Organisation, version: int | None
) -> SectorView:
    if round_.strategy_id != commitment.strategy_id:
        raise Invalid("This round belongs to another strategy.", field="round")
    # Colleagues wait for one another here. No lock on keys: a round that closes meanwhile points at the commitment.
    lock_commitment(commitment.pk)
    round_ = lock_round_by_id(round_.pk)
    if not round_.takes_updates(timezone.localdate(at)):
        opens, closes = (f"{day.day} {day:%B %Y}" for day in (round_.opens_on, round_.grace_until))
        raise NotNow(f"The {round_.label} round accepts views from {opens} to {closes}, so you can’t send one today.")
    view = (
        SectorView.objects.select_related("said_by")
        .filter(commitment=commitment, round=round_, organisation=organisation)
        .first()
    )
    if (view.version if view else None) != version:
        if view and view.said_by_id == by.pk:
            raise Conflict(
                "You have changed this view in another window. Compare the two versions, then choose what stays."
            )
        who = view.said_by.name if view else "Somebody"
        raise Conflict(
            f"{who} has changed this view while you were writing. Compare the two versions, then choose what stays."
        )
    return view or SectorView(commitment=commitment, round=round_, organisation=organisation)
