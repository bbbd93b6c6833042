"""What views about a charter's signatories share."""

from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404

from commitments.models import Round, Signatory, Strategy
from commitments.permissions.charters import may_record_signatures
from commitments.reading.charters import charter_rounds
from commitments.rules.charters import is_asked
from partners import roles
from partners.permissions import has_permission_anywhere
from vcsportal.common.words import NotAllowed, NotNow


def find_charter(slug: str) -> Strategy:
    """Return the charter of this address. Raise ``Http404`` for a strategy that nobody signs."""
    strategy = get_object_or_404(Strategy.objects.select_related("owner", "supported_by"), slug=slug)
    if not strategy.kind_of.signed:
        raise Http404
    return strategy


def find_signatory(pk: int) -> Signatory:
    """Return a signature with whatever says whose it is. Everyone may read that it is there."""
    related = ("strategy__owner", "strategy__supported_by", "organisation")
    return get_object_or_404(Signatory.objects.select_related(*related), pk=pk)


def check_may_sign_or_record(person: Any, strategy: Strategy) -> None:
    """Refuse people who can neither sign for an organisation nor record what one told them."""
    if not (has_permission_anywhere(person, roles.SIGN_CHARTERS) or may_record_signatures(person, strategy)):
        raise NotAllowed("Only a lead of an organisation can sign for it. Ask one of your organisation’s leads.")


def round_to_answer(signatory: Signatory, slug: str) -> Round:
    """Return the round in which the signatory is asked.

    :param slug: the round that a task, an email or the API names; "" for the newest that asks it.
    Raise :class:`NotNow` while there is none, ``Http404`` for a round that is not of this charter or has not opened.
    """
    name = signatory.organisation.name
    if signatory.ended_on is not None:
        raise NotNow(f"The signature of {name} has ended. It can sign again.")
    rounds = charter_rounds(signatory.strategy)
    if slug and not (rounds := [round_ for round_ in rounds if round_.slug == slug]):
        raise Http404
    if slug and rounds[0].is_closed:
        raise NotNow(
            f"The {rounds[0].label} round has closed, so it takes no more replies. If we are asking you again, it is in My tasks."
        )
    running = [round_ for round_ in rounds if not round_.is_closed]
    if not running:
        raise NotNow(
            f"We are not asking anyone about “{signatory.strategy.title}” at the moment. We will ask again in the next round."
        )
    asks = next((round_ for round_ in running if is_asked(signatory.signed_on, round_.opens_on)), None)
    if asks is None:
        raise NotNow(f"{name} signed after this round opened, so it will first be asked in the next one.")
    return asks
