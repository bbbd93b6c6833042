"""Writes, sends, approves and returns the response of an addressee. The owner's decides whether progress is asked for."""

from datetime import date, datetime
from typing import Any, Final

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from commitments.content.responses import ResponseContent
from commitments.models import HistoryEntry, Response
from commitments.permissions.responses import (
    can_write_response,
    check_can_approve_response,
    check_can_return_response,
    check_can_write_response,
)
from commitments.rules import stances, workflow
from commitments.services.locks import lock_commitment
from commitments.services.round_participants import ask_newcomers
from commitments.services.update_transitions import ask_no_longer
from partners.emails.outbox import put_mail
from partners.models import User
from vcsportal.common.markdown import check_text
from vcsportal.common.words import Conflict, Invalid

MAX_WORDS_CHARACTERS: Final = 5_000
MAX_WHERE_CHARACTERS: Final = 200


@transaction.atomic
def save_response(
    *, by: User, at: datetime, response: Response, content: ResponseContent, version: int | None = None
) -> Response:
    """Save a draft, which may be unfinished. Colleagues who may write it see it too.

    :param version: the version that the person saw; None skips the comparison.
    Raise :class:`Refused` without the right, once it is sent or published, or for texts that are too long;
    :class:`Conflict` if somebody has saved it since.
    """
    response = _hold(by, response, version)
    return _written(by, at, response, _checked(content, today=timezone.localdate(at)), "response_save")


@transaction.atomic
def submit_response(
    *, by: User, at: datetime, response: Response, content: ResponseContent, version: int | None = None
) -> Response:
    """Send it to a second person. Arguments and errors as in :func:`save_response`; stance and words are needed."""
    response = _hold(by, response, version)
    content = _checked(content, today=timezone.localdate(at))
    if not content.stance:
        raise Invalid("Choose a response.", field="stance")
    if not content.words:
        raise Invalid(
            "Say what will be done, or why it will not be. Everyone can read it once it is approved.", field="words"
        )
    response.submitted_at, response.submitted_by = at, by
    return _written(by, at, response, content, "response_submit")


@transaction.atomic
def approve_response(*, by: User, at: datetime, response: Response, version: int | None = None) -> Response:
    """Publish a response that was sent. The owner's acceptance, of all or a part, opens progress: an open round asks at once.

    Raise :class:`Refused` for whoever wrote it, or where it does not wait; :class:`Conflict` if it has changed since
    ``version`` was read.
    """
    response = _lock(response)
    check_can_approve_response(by, response)
    _compare(response, version)
    response.given_at, response.given_by = at, by
    _move(by, at, response, "response_approve", said=_said(response))
    _keep_in_step(by, at, response)
    return response


@transaction.atomic
def return_response(*, by: User, at: datetime, response: Response, reason: str, version: int | None = None) -> Response:
    """Send it back with a reason, which its writer gets by email. One that was published is no longer public.

    Errors as in :func:`approve_response`; the reason is needed.
    """
    response = _lock(response)
    check_can_return_response(by, response)
    _compare(response, version)
    if not (reason := check_text(reason, field="reason")):
        raise Invalid("Say what needs to change. Whoever wrote it will read it.", field="reason")
    sender, was_public = response.submitted_by, response.is_given
    response.given_at = response.given_by = response.submitted_at = response.submitted_by = None
    response.state_reason = reason
    _move(by, at, response, "response_return", reason=reason)
    _keep_in_step(by, at, response)
    if sender is not None and sender.pk != by.pk and sender.is_active and can_write_response(sender, response):
        put_mail(
            key=f"response-returned:{response.pk}:{response.version}:{sender.pk}", kind="response_returned", to=sender,
            template="response_returned", at=at,
            values={
                "by": by, "response": response, "commitment": response.commitment, "reason": reason, "was_public": was_public,
                "way_back": settings.PORTAL_URL + response.get_absolute_url(),
            },
        )  # fmt: skip
    return response


def _lock(response: Response) -> Response:
    """Return it as it is now, held with its commitment until the transaction ends."""
    lock_commitment(response.commitment_id)
    held = Response.objects.select_for_update(of=("self",), no_key=True)
    return held.select_related("commitment__strategy__owner", "organisation", "submitted_by", "saved_by").get(
        pk=response.pk
    )


def _hold(by: User, response: Response, version: int | None) -> Response:
    response = _lock(response)
    check_can_write_response(by, response)
    _compare(response, version)
    return response


def _compare(response: Response, version: int | None) -> None:
    if version is not None and version != response.version:
        who = response.saved_by.name if response.saved_by else "Somebody"
        raise Conflict(f"{who} has changed this response since you opened it. Read it again, then decide.")


def _checked(content: ResponseContent, *, today: date) -> ResponseContent:
    content = content.tidy()
    if content.stance and content.stance not in stances.BY_CODE:
        raise Invalid("Choose one of the responses on the page.", field="stance")
    for name, length, limit in (
        ("words", len(content.words), MAX_WORDS_CHARACTERS),
        ("decided_where", len(content.decided_where), MAX_WHERE_CHARACTERS),
    ):
        if length > limit:
            raise Invalid(f"This has {length:,} characters. {limit:,} is the limit.", field=name)
    if content.decided_on and content.decided_on > today:
        raise Invalid(
            "A decision can’t have been made in the future. Leave the date blank until it is made.", field="decided_on"
        )
    return content


def _written(by: User, at: datetime, response: Response, content: ResponseContent, act: str) -> Response:
    response.stance, response.words = content.stance, content.words
    response.decided_where, response.decided_on = content.decided_where, content.decided_on
    response.saved_at, response.saved_by = at, by
    if act == "response_submit":
        response.state_reason = ""
    _move(by, at, response, act, said=_said(response))
    return response


def _said(response: Response) -> dict[str, Any]:
    day = response.decided_on.isoformat() if response.decided_on else ""
    return {
        "addressee": response.addressee, "stance": response.stance, "words": response.words,
        "decided_where": response.decided_where, "decided_on": day,
    }  # fmt: skip


def _move(
    by: User, at: datetime, response: Response, act: str, *, reason: str = "", said: dict[str, Any] | None = None
) -> None:
    step, was = workflow.RESPONSE_ACT[act], response.state
    workflow.check_act(step, was, what="response", thing=response)
    response.state = step.to
    response.version += 1
    response.save()
    HistoryEntry.objects.create(
        at=at, by=by, act=act, commitment=response.commitment, response=response, from_state=was, to_state=step.to,
        reason=reason, said=said or {},
    )  # fmt: skip


def _keep_in_step(by: User, at: datetime, response: Response) -> None:
    """Open or close progress as the owner's response says, and ask or no longer ask in an open round."""
    if not response.is_owners:
        return
    commitment, waited = response.commitment, response.commitment.awaits_response
    commitment.owner_response = response.public_stance.code
    commitment.save(update_fields=["owner_response"])
    if commitment.awaits_response and not waited:
        ask_no_longer(commitment)
    elif waited and not commitment.awaits_response:
        ask_newcomers(by=by, at=at, strategy_id=commitment.strategy_id)
