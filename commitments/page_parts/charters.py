"""What views about a charter's signatories share."""

from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404

from commitments.models import Signatory, Strategy
from commitments.permissions.charters import may_record_signatures
from partners import roles
from partners.permissions import has_permission_anywhere
from vcsportal.common.words import NotAllowed


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
