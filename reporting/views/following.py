"""Following by email: the form, the page that asks the mailbox itself, stopping, and how many follow what."""

from typing import Final

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from partners import roles
from partners.permissions import check_permission_anywhere
from reporting.forms.following import FollowForm
from reporting.models import Follow, Follower
from reporting.reading import followed
from reporting.services import following
from reporting.services.following_emails import address_to_stop, follow_behind, follower_behind
from vcsportal.common import clock
from vcsportal.common.pages import GET_OR_POST, form_response
from vcsportal.common.rate_limits import asker_key, take

MOST_BY_VISITOR: Final = (10, 3_600)
"""Requests by one visitor in so many seconds. The portal's own limit is there for a crowd of robots."""
MOST_IN_PORTAL: Final = (500, 86_400)
MOST_EMAILS: Final = (3, 86_400)
"""Emails to one address that ask to confirm: a stranger could enter somebody else's."""
TOO_MANY: Final = "We have just received several requests from the same place, so this one was not saved. Please try again in an hour."
ONLY_ADMINISTRATORS: Final = "Only administrators see how many people follow by email."


@require_http_methods(GET_OR_POST)
@never_cache
def follow(request: HttpRequest) -> HttpResponse:
    """Ask for updates by email. What comes back is the same for every address."""
    at, sent = clock.now(), request.method == "POST"
    about = (request.POST if sent else request.GET).get("about", "")[:500]
    form = FollowForm(
        request.POST if sent else None,
        at=at,
        initial={"about": about},
        topics=followed.topics_to_choose(about, timezone.localdate(at)),
    )
    if sent and form.is_valid():
        if _within_limits(request):
            email = form.cleaned_data["email"]
            confirm = _take("follow-email", email.casefold(), MOST_EMAILS)
            following.ask_to_follow(at=at, email=email, topic=form.chosen, confirm=confirm)
            return redirect("following:follow-sent")
        form.add_error("email", TOO_MANY)
        response = form_response(request, "reporting/follow.html", {}, form)
        response.status_code = 429
        return response
    return form_response(request, "reporting/follow.html", {}, form)


@require_safe
def follow_sent(request: HttpRequest) -> HttpResponse:
    """Say that an email is on its way, without its address."""
    return render(request, "reporting/follow_sent.html", {"days": following.CONFIRM_WITHIN.days})


@require_http_methods(GET_OR_POST)
@never_cache
def confirm(request: HttpRequest, signed: str) -> HttpResponse:
    """Confirm from the mailbox. Opening the page changes nothing: programs that check emails open every link in them."""
    try:
        key = follow_behind(signed)
    except ValueError:
        raise Http404("There is nothing to confirm at this address.") from None
    at = clock.now()
    asked = Follow.objects.filter(pk=key).select_related(*followed.ABOUT).first()
    if asked is not None and request.method == "POST" and following.confirm_follow(at=at, follow=asked):
        return redirect(request.path)
    if asked is None or (asked.confirmed_at is None and not following.can_confirm(asked, at)):
        return render(request, "reporting/follow_ended.html", status=410)
    values = {
        "topic": followed.topic_of(asked),
        "is_confirmed": asked.confirmed_at is not None,
        "stop_url": address_to_stop(asked.follower_id),
    }
    return render(request, "reporting/follow_confirm.html", values)


@csrf_exempt  # a mail program sends it, and the signed address is the proof
@require_http_methods(GET_OR_POST)
@never_cache
def stop(request: HttpRequest, signed: str) -> HttpResponse:
    """Stop the emails: everything, or one of several things. A mail program's own button (RFC 8058) stops everything."""
    try:
        key = follower_behind(signed)
    except ValueError:
        raise Http404("There is nothing to stop at this address.") from None
    follower = Follower.objects.filter(pk=key).first()
    if follower is not None and request.method == "POST":
        only = request.POST.get("only", "")
        number = int(only) if only.isascii() and only.isdigit() and len(only) < 19 else None
        if number is not None or not only:
            following.stop_following(at=clock.now(), follower=follower, only=number)
        return redirect(request.path)
    topics = followed.topics_of(follower) if follower is not None else []
    return render(request, "reporting/follow_stop.html", {"topics": topics})


@require_safe
@login_required
def counts(request: HttpRequest) -> HttpResponse:
    """How many people follow what by email. Nobody reads who they are."""
    check_permission_anywhere(request.user, roles.MANAGE_PEOPLE, ONLY_ADMINISTRATORS)
    return render(request, "reporting/follow_counts.html", followed.counts())


def _within_limits(request: HttpRequest) -> bool:
    visitor = asker_key(request)
    return (not visitor or _take("follow", visitor, MOST_BY_VISITOR)) and _take("follow-all", "", MOST_IN_PORTAL)


def _take(name: str, who: str, limit: tuple[int, int]) -> bool:
    return take(name, who, limit=limit[0], seconds=limit[1]).granted
