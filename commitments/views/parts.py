"""What the doors of a commitment share: finding it, the way back up, a form's answer, who asks."""

from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from commitments import reading
from commitments.models import Commitment
from partners.models import User

GET_OR_POST = ["GET", "HEAD", "POST"]


def find(slug: str, reference: str) -> Commitment:
    """Return the commitment at this address. Everybody may read commitments."""
    return get_object_or_404(
        Commitment.objects.select_related("strategy", "priority", "lead_officer", "status_by"),
        strategy__slug=slug,
        reference=reference,
    )


def crumbs(found: Commitment, *, inside: bool = False) -> list[dict[str, str]]:
    """Return the way back up; ``inside`` adds the commitment's own page."""
    strategy = found.strategy
    way = [
        {"title": strategy.title, "url": strategy.get_absolute_url()},
        {"title": str(found.priority), "url": reading.priority_address(strategy.slug, found.priority.number)},
    ]
    return [*way, {"title": found.reference, "url": found.get_absolute_url()}] if inside else way


def answer(request: HttpRequest, template: str, values: dict[str, Any], form: Any) -> HttpResponse:
    """Return a form's page: 422 when what was sent has errors."""
    return render(request, template, {**values, "form": form}, status=422 if form.is_bound and form.errors else 200)


def me(request: HttpRequest) -> User:
    """Return the person who asks, behind a door that only opens to people who have signed in."""
    return cast(User, request.user)
