"""Cancels an edition that is being made."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from partners.signed_in import signed_in_person
from reporting.permissions import check_can_request
from reporting.services import editions as services
from reporting.views.edition_lookup import find_edition
from vcsportal.common import clock
from vcsportal.common.words import Refused


@require_POST
@login_required
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Cancel it; if it was finished before the button was pressed, its page shows the outcome."""
    edition = find_edition(request, pk)
    check_can_request(request.user, edition.round.strategy)
    try:
        services.cancel_edition(by=signed_in_person(request), at=clock.now(), edition=edition)
    except Refused as refused:
        messages.warning(request, refused.sentence)
    return redirect(edition)
