"""Pages for what can't be undone: publishing, withdrawing, removing a draft. Each says what will happen before it does."""

from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from partners.models import User
from reporting.faces import FACES
from reporting.forms.sealing import WithdrawForm
from reporting.models import Edition
from reporting.permissions import check_can_discard, check_can_publish, check_can_withdraw
from reporting.services import sealing
from reporting.views.finding import find_edition
from vcsportal.common.pages import GET_OR_POST, answer
from vcsportal.common.words import Refused


@require_http_methods(GET_OR_POST)
@login_required
def publish(request: HttpRequest, pk: int) -> HttpResponse:
    """Say what publishing means and what will be sealed, then publish."""
    found = find_edition(request, pk)
    check_can_publish(request.user, found)
    wrong = ""
    if request.method == "POST":
        try:
            sealing.publish_edition(by=cast(User, request.user), at=timezone.now(), edition=found)
        except Refused as refused:
            wrong = refused.sentence
        else:
            messages.success(request, f"The report for {found.round.slug} is published. Everybody can read it now.")
            return redirect(found)
    values = {"edition": found, "faces": _faces(found), "wrong": wrong}
    return render(request, "reporting/edition_publish.html", values, status=422 if wrong else 200)


def _faces(edition: Edition) -> list[dict[str, Any]]:
    made = {face.code: face for face in edition.faces.all()}
    return [{"label": about.label, "face": made.get(about.code)} for about in FACES]


@require_http_methods(GET_OR_POST)
@login_required
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Say what withdrawing means, ask why, then withdraw."""
    found = find_edition(request, pk)
    check_can_withdraw(request.user, found)
    form = WithdrawForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        sealing.withdraw_edition(
            by=cast(User, request.user), at=timezone.now(), edition=found, reason=form.cleaned_data["reason"]
        )
        messages.success(request, f"The report for {found.round.slug} is withdrawn. It stays listed, with your reason.")
        return redirect(found)
    return answer(request, "reporting/edition_withdraw.html", {"edition": found}, form)


@require_http_methods(GET_OR_POST)
@login_required
def discard(request: HttpRequest, pk: int) -> HttpResponse:
    """Say what is lost, then remove a draft."""
    found = find_edition(request, pk)
    check_can_discard(request.user, found)
    if request.method != "POST":
        return render(request, "reporting/edition_discard.html", {"edition": found})
    sealing.discard_edition(by=cast(User, request.user), at=timezone.now(), edition=found)
    messages.success(request, f"Edition {found.number} of {found.round.slug} is removed.")
    return redirect("reporting:edition-list")
