"""Pages for what can't be undone: publishing, withdrawing, removing a draft."""

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from partners.models import User
from reporting.permissions import check_can_publish
from reporting.services import sealing
from reporting.views.finding import find_edition


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def publish(request: HttpRequest, pk: int) -> HttpResponse:
    """Say what publishing means, then publish."""
    found = find_edition(request, pk)
    check_can_publish(request.user, found)
    if request.method != "POST":
        return render(request, "reporting/edition_publish.html", {"edition": found})
    sealing.publish_edition(by=cast(User, request.user), at=timezone.now(), edition=found)
    messages.success(request, f"The report for {found.round.slug} is published. Everybody can read it now.")
    return redirect(found)
