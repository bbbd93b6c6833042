"""Removes a draft, after a page that says what will be lost."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from partners.signed_in import signed_in_person
from reporting.permissions import check_can_discard
from reporting.services import sealing
from reporting.views.edition_lookup import find_edition
from vcsportal.common.pages import GET_OR_POST


@require_http_methods(GET_OR_POST)
@login_required
def discard(request: HttpRequest, pk: int) -> HttpResponse:
    """Say what is lost, then remove a draft."""
    edition = find_edition(request, pk)
    check_can_discard(request.user, edition)
    if request.method != "POST":
        return render(request, "reporting/edition_discard.html", {"edition": edition})
    sealing.discard_edition(by=signed_in_person(request), at=timezone.now(), edition=edition)
    messages.success(request, f"Edition {edition.number} of {edition.round.label} is removed.")
    return redirect("reporting:edition-list")
