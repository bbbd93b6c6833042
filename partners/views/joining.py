"""“Is this you?”: anyone asks for an organisation of the directory to take part; administrators answer."""

import uuid
from typing import Final

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Case, Value, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from partners.email_domains import domain_of, is_known
from partners.forms.directory import JoiningAnswerForm, JoiningForm
from partners.models import JoiningRequest, Organisation, User
from partners.page_parts.reauthentication import asks_again
from partners.services import joining
from partners.signed_in import signed_in_person
from vcsportal.common.pages import GET_OR_POST, form_response, show_refusal
from vcsportal.common.rate_limits import asker_key, take
from vcsportal.common.words import Refused

PAGE_SIZE: Final = 30
MOST_BY_VISITOR: Final = (5, 3_600)
"""Requests that one visitor sends in so many seconds. The portal's own limit is there for a crowd of robots."""
MOST_IN_PORTAL: Final = (100, 86_400)
MOST_EMAILS: Final = (3, 86_400)
"""Confirmations to one address: a stranger could enter someone else's."""
TOO_MANY: Final = (
    "We have just received several requests from the same place, so this one was not sent. What you wrote is still here: send "
    "it again in an hour."
)


@require_http_methods(GET_OR_POST)
@never_cache
def ask_to_take_part(request: HttpRequest, slug: str) -> HttpResponse:
    """The form. It works without an account and without JavaScript."""
    organisation = get_object_or_404(Organisation.objects.public(), slug=slug)
    person = request.user if isinstance(request.user, User) else None
    sent = request.method == "POST"
    refused = ""
    try:
        joining.check_can_be_joined(organisation)
    except Refused as reason:
        if sent:
            raise
        refused = reason.sentence
    form = JoiningForm(request.POST if sent else None, person=person, initial={"form_token": uuid.uuid4()})
    status = None
    if sent and form.is_valid():
        if form.from_a_program:
            return redirect("partners:joining-sent", organisation.slug)
        if not _within_limits(request):
            form.add_error(None, TOO_MANY)
            status = 429
        else:
            content, token = form.content, form.cleaned_data["form_token"]
            try:
                confirm = take(
                    "joining-email", content.email.lower(), limit=MOST_EMAILS[0], seconds=MOST_EMAILS[1]
                ).granted
                joining.ask_to_take_part(
                    by=person,
                    at=timezone.now(),
                    token=token,
                    organisation=organisation,
                    content=content,
                    confirm=confirm,
                )
            except Refused as reason:
                show_refusal(form, reason)
            else:
                return redirect("partners:joining-sent", organisation.slug)
    values = {"organisation": organisation, "refused": refused}
    response = form_response(request, "partners/joining.html", values, form)
    if status:
        response.status_code = status
    return response


def _within_limits(request: HttpRequest) -> bool:
    visitor = asker_key(request)
    own = not visitor or take("joining", visitor, limit=MOST_BY_VISITOR[0], seconds=MOST_BY_VISITOR[1]).granted
    return own and take("joining-all", "", limit=MOST_IN_PORTAL[0], seconds=MOST_IN_PORTAL[1]).granted


@require_safe
@never_cache
def joining_sent(request: HttpRequest, slug: str) -> HttpResponse:
    """What happens next. It repeats nothing that was written, and says the same to everyone."""
    organisation = get_object_or_404(Organisation.objects.public(), slug=slug)
    return render(request, "partners/joining_sent.html", {"organisation": organisation})


@require_safe
@login_required
@never_cache
def joining_requests(request: HttpRequest) -> HttpResponse:
    """Every request, those that wait first."""
    joining.check_can_answer_joining_requests(request.user)
    waiting = Case(When(state="waiting", then=Value(0)), default=Value(1))
    in_order = JoiningRequest.objects.select_related("organisation").order_by(waiting, "-received_at", "-id")
    page = Paginator(in_order, PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "partners/joining_requests.html", {"page_obj": page})


@require_http_methods(GET_OR_POST)
@login_required
@never_cache
@asks_again
def joining_request(request: HttpRequest, pk: int) -> HttpResponse:
    """One request: who asks, and the answer."""
    joining.check_can_answer_joining_requests(request.user)
    asked = get_object_or_404(
        JoiningRequest.objects.select_related("organisation", "settled_by", "invitation", "person"), pk=pk
    )
    form = JoiningAnswerForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        me, now = signed_in_person(request), timezone.now()
        try:
            if request.POST.get("act") == "agree":
                joining.agree_to_joining(by=me, at=now, request=asked)
                sentence = f"{asked.organisation.name} takes part. The invitation to {joining.address_to_invite(asked)} is on its way."
            else:
                joining.decline_joining(by=me, at=now, request=asked, reason=form.cleaned_data["reason"])
                sentence = "Declined. The reason is on its way by email."
        except Refused as reason:
            show_refusal(form, reason)
        else:
            messages.success(request, sentence)
            return redirect("partners:joining-requests")
    email = asked.person.email if asked.is_waiting and asked.person else asked.email
    values = {
        "asked": asked,
        "email": email,
        "own_address": bool(email) and is_known(email, asked.organisation.email_domains),
        "domain": domain_of(email),
    }
    return form_response(request, "partners/joining_request.html", values, form)
