"""The council's reply to an organisation's view: written, changed, withdrawn. Whoever gave the view gets an email."""

from datetime import datetime
from typing import Final

from django.db import transaction

from commitments.models import HistoryEntry, SectorView, ViewReply
from commitments.permissions.progress import can_give_view, check_can_reply_to_view
from commitments.services.locks import lock_commitment, lock_round_by_id
from partners.emails.outbox import put_mail
from partners.models import User
from vcsportal.common.markdown import check_text
from vcsportal.common.words import Conflict, Invalid, NotNow

MAX_REPLY_CHARACTERS: Final = 1000
VIEW_CHANGED: Final = "The view was changed or withdrawn while you were writing. Read it again, then send your reply."


@transaction.atomic
def reply_to_view(
    *, by: User, at: datetime, view: SectorView, text: str, view_version: int, version: int | None
) -> ViewReply:
    """Write the council's reply to a view, or change it. It stands beside the view at once, in later reports too.

    :param view_version: the version of the view that the person read.
    :param version: the version of the reply that the person saw, None for "there was none".
    Raise :class:`Refused` without the right, without words, or once the round is closed; :class:`Conflict` if the view or
    the reply has changed since. The same words again change nothing.
    """
    check_can_reply_to_view(by, view.commitment)
    view = _held(view)
    reply = ViewReply.objects.filter(view=view).select_related("written_by").first()
    if not (text := check_text(text)):
        raise Invalid("Enter a reply.", field="text")
    if len(text) > MAX_REPLY_CHARACTERS:
        raise Invalid(
            f"The reply must be {MAX_REPLY_CHARACTERS:,} characters or fewer. You have used {len(text):,}.",
            field="text",
        )
    if reply and reply.withdrawn_at is None and (reply.text, reply.view_version) == (text, view_version):
        return reply  # the second click of two
    if view.withdrawn_at is not None or view.version != view_version:
        raise Conflict(VIEW_CHANGED)
    if (reply.version if reply else None) != version:
        who = reply.written_by.name if reply else "Somebody"
        raise Conflict(f"{who} has changed this reply while you were writing. Read it, then decide what to keep.")
    reply = reply or ViewReply(view=view, version=0)
    reply.text, reply.view_version, reply.version = text, view_version, reply.version + 1
    reply.written_at, reply.written_by, reply.withdrawn_at = at, by, None
    reply.save()
    _history(by, at, view, "view_reply", text)
    _tell(at, view, reply)
    return reply


@transaction.atomic
def withdraw_reply(*, by: User, at: datetime, reply: ViewReply) -> ViewReply:
    """Withdraw a reply: nobody reads it any more, the history keeps it. Errors as in :func:`reply_to_view`."""
    check_can_reply_to_view(by, reply.view.commitment)
    view = _held(reply.view)
    stored = ViewReply.objects.get(pk=reply.pk)
    if stored.withdrawn_at is not None:
        return stored
    if stored.version != reply.version:
        raise Conflict("This reply has been changed since you opened it. Read it, then decide.")
    stored.withdrawn_at, stored.version = at, stored.version + 1
    stored.save(update_fields=["withdrawn_at", "version"])
    _history(by, at, view, "reply_withdrawn", stored.text)
    return stored


def _held(view: SectorView) -> SectorView:
    """Return the view as it is now, kept so until the transaction ends. Raise :class:`Refused` where its round is closed."""
    lock_commitment(view.commitment_id)  # the same order of locks everywhere
    round_ = lock_round_by_id(view.round_id)
    if round_.state not in {"open", "in_review"}:
        raise NotNow(f"The {round_.label} round is closed, so its views and replies can no longer be changed.")
    people = ("commitment__strategy", "round", "organisation", "said_by")
    return SectorView.objects.select_for_update(of=("self",)).select_related(*people).get(pk=view.pk)


def _history(by: User, at: datetime, view: SectorView, act: str, text: str) -> None:
    said = {"organisation_id": view.organisation_id, "name": view.organisation.name, "view_version": view.version}
    HistoryEntry.objects.create(
        at=at, by=by, act=act, commitment=view.commitment, round=view.round, reason=text, said=said
    )


def _tell(at: datetime, view: SectorView, reply: ViewReply) -> None:
    to = view.said_by
    if not (to.is_active and can_give_view(to, view.commitment, view.organisation)):
        return
    values = {
        "words": reply.text,
        "reference": view.commitment.reference,
        "commitment": str(view.commitment),
        "organisation": view.organisation.name,
        "round": view.round,
        "path": view.commitment.get_absolute_url() + "#voices",
    }
    put_mail(
        key=f"view_replied:{reply.pk}:{reply.version}", kind="view_replied", to=to, template="view_replied",
        values=values, at=at,
    )  # fmt: skip
