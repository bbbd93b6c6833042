"""“Tell the council something”: the form for anybody, and the page on which whoever sent it follows the answer."""

import uuid
from typing import Final
from urllib.parse import urlsplit

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import Resolver404, resolve
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from commitments.content.points import SentPoint
from commitments.forms.tell_us import TellUsForm
from commitments.models import Commitment, Point, Strategy
from commitments.services.point_emails import address_to_follow, point_followed
from commitments.services.receiving_points import send_point, was_sent_before
from partners.models import Organisation
from vcsportal.common.pages import GET_OR_POST, form_response, show_refusal
from vcsportal.common.rate_limits import asker_key, take
from vcsportal.common.words import Refused

MOST_BY_VISITOR: Final = (5, 3_600)
"""Points that one visitor sends in so many seconds. The portal's own limit is there for a crowd of robots."""
MOST_IN_PORTAL: Final = (300, 86_400)
MOST_EMAILS: Final = (3, 86_400)
"""Confirmations to one address: a stranger could enter somebody else's."""
TOO_MANY: Final = (
    "We have just received several messages from the same place, so this one was not sent. Your words are still here: send "
    "them again in an hour."
)
SENT_BEFORE: Final = "You have already sent this message. We have it, and did not receive it a second time."
PUBLIC_PARTS: Final = frozenset(
    {"", "accessibility", "commitments", "cookies", "evidence", "help", "organisations", "privacy", "reports", "strategies", "you-said"}
)  # fmt: skip
"""The first parts of the addresses that a message may be about. Others, such as a link from an email, could let somebody in."""


@require_http_methods(GET_OR_POST)
@never_cache
def tell_us(request: HttpRequest) -> HttpResponse:
    """The form. It works without an account and without JavaScript. What it is about is read when it opens."""
    at = timezone.now()
    sent = request.method == "POST"
    page = shown_page(request.POST.get("page", "")) if sent else page_of(request)
    organisation = organisation_of(page)
    initial = {"form_token": uuid.uuid4(), "page": page, "kind": request.GET.get("kind", "") if organisation else ""}
    form = TellUsForm(
        request.POST if sent else None, at=at, initial=initial, about_organisation=organisation is not None
    )
    status = None
    if sent and form.is_valid():
        if not _within_limits(request):
            form.add_error("words", TOO_MANY)
            status = 429
        else:
            email = form.cleaned_data["email"]
            confirm = bool(email) and _take("tell-us-email", email.lower(), MOST_EMAILS)
            try:
                content, token = _content(form), form.cleaned_data["form_token"]
                before = was_sent_before(token=token, content=content)
                point = send_point(at=at, token=token, content=content, confirm=confirm)
            except Refused as refused:
                show_refusal(form, refused, beside="words")
            else:
                if before:
                    messages.info(request, SENT_BEFORE)
                return redirect(address_to_follow(point))
    values = {"page": shown_page(form["page"].value() or ""), "organisation": organisation}
    response = form_response(request, "commitments/tell_us.html", values, form)
    if status:
        response.status_code = status
    return response


@require_safe
@never_cache
def point_followed_page(request: HttpRequest, signed: str) -> HttpResponse:
    """What became of a point, for whoever holds its link. It repeats nothing that was written, but what is published."""
    try:
        pk = point_followed(signed)
    except ValueError:
        raise Http404("There is no message at this address.") from None
    point = get_object_or_404(Point.objects.select_related("became_commitment__strategy", "decided_at"), pk=pk)
    has_email = hasattr(point, "contact") and bool(point.contact.email)
    return render(request, "commitments/point_followed.html", {"point": point, "has_email": has_email})


def page_of(request: HttpRequest) -> str:
    """Return the path of the page from which the form was opened, as far as a message may be about it; else ""."""
    if given := request.GET.get("page", ""):
        return shown_page(given)
    came_from = urlsplit(request.headers.get("Referer", ""))
    return shown_page(came_from.path) if came_from.netloc == request.get_host() else ""


def shown_page(path: str) -> str:
    """Return a path of one of our public pages as it is, and "" for anything else."""
    if not path.startswith("/") or path.startswith("//") or ":" in path or len(path) > 500:
        return ""
    if path.strip("/").split("/")[0] not in PUBLIC_PARTS:
        return ""
    try:
        resolve(path)
    except Resolver404:
        return ""
    return path


def _content(form: TellUsForm) -> SentPoint:
    values = form.cleaned_data
    page = shown_page(values["page"])
    strategy, commitment = _about(page)
    return SentPoint(
        **{name: values[name] for name in ("kind", "words", "about_words", "district", "name", "group_name", "email")},
        about_page=page, strategy=strategy, commitment=commitment, about_organisation=organisation_of(page),
    )  # fmt: skip


def _about(page: str) -> tuple[Strategy | None, Commitment | None]:
    """Return the strategy and the commitment that a page is about, so that their own people answer."""
    parts = page.strip("/").split("/")
    if len(parts) < 2 or parts[0] != "strategies":
        return None, None
    strategy = Strategy.objects.filter(slug=parts[1]).first()
    if strategy is None or len(parts) < 4 or parts[2] != "commitments":
        return strategy, None
    return strategy, Commitment.objects.filter(strategy=strategy, key=parts[3]).select_related("strategy").first()


def organisation_of(page: str) -> Organisation | None:
    """Return the organisation whose page in the directory this is; None for any other page."""
    parts = page.strip("/").split("/")
    if len(parts) != 2 or parts[0] != "organisations":
        return None
    return Organisation.objects.public().filter(slug=parts[1]).first()


def _within_limits(request: HttpRequest) -> bool:
    visitor = asker_key(request)
    return (not visitor or _take("tell-us", visitor, MOST_BY_VISITOR)) and _take("tell-us-all", "", MOST_IN_PORTAL)


def _take(name: str, who: str, limit: tuple[int, int]) -> bool:
    return take(name, who, limit=limit[0], seconds=limit[1]).granted
