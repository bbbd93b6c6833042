"""Complaints about personal data: anyone makes one without an account; administrators follow and close them."""

import uuid
from typing import Any, Final

from allauth.core import ratelimit
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core import signing
from django.core.paginator import Paginator
from django.db.models import F
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from partners.forms.complaints import ComplaintForm, ComplaintStepForm
from partners.models import Complaint
from partners.page_parts.sent_once import sent_once
from partners.services import complaints
from partners.signed_in import signed_in_person
from vcsportal.common.pages import GET_OR_POST, form_response, show_refusal
from vcsportal.common.words import Refused

PAGE_SIZE: Final = 30
_signer: Final = signing.Signer(salt="partners.complaint-received")


@require_http_methods(GET_OR_POST)
@never_cache
def complain(request: HttpRequest) -> HttpResponse:
    """The form. It works without an account, without cookies of ours but the form's own, and without JavaScript."""
    form = ComplaintForm(request.POST if request.method == "POST" else None, initial={"form_token": uuid.uuid4()})
    if request.method == "POST" and form.is_valid():
        if form.from_a_program:
            return redirect("privacy")
        key = form.cleaned_data["email"].lower() or form.cleaned_data["contact"]
        if not ratelimit.consume(request, action="complain", key=key):
            return render(request, "partners/complaint_later.html", status=429)
        data = {name: form.cleaned_data[name] for name in ("name", "email", "contact", "words")}
        made = complaints.receive_complaint(at=timezone.now(), token=form.cleaned_data["form_token"], **data)
        return redirect("partners:complaint-received", _signer.sign(str(made.pk)))
    values = {"officer_email": settings.PORTAL_DATA_PROTECTION_EMAIL, "controller": settings.PORTAL_DATA_CONTROLLER}
    return form_response(request, "partners/complain.html", values, form)


@require_safe
@never_cache
def complaint_received(request: HttpRequest, signed: str) -> HttpResponse:
    """The acknowledgement: the number, the day, and what happens next. It repeats nothing that was written."""
    try:
        pk = int(_signer.unsign(signed))
    except (signing.BadSignature, ValueError):
        raise Http404("There is no complaint at this address.") from None
    complaint = get_object_or_404(Complaint, pk=pk)
    values = {
        "complaint": complaint,
        "due": complaints.due_on(complaint),
        "controller": settings.PORTAL_DATA_CONTROLLER,
        "officer_email": settings.PORTAL_DATA_PROTECTION_EMAIL,
    }
    return render(request, "partners/complaint_received.html", values)


@require_safe
@login_required
@never_cache
def complaint_list(request: HttpRequest) -> HttpResponse:
    """Every complaint, the open ones first."""
    complaints.check_can_see_complaints(request.user)
    in_order = Complaint.objects.order_by(F("closed_at").desc(nulls_first=True), "-received_at", "-id")
    page = Paginator(in_order, PAGE_SIZE).get_page(request.GET.get("page"))
    return render(
        request, "partners/complaints.html", {"page_obj": page, "tasks": [_task(complaint) for complaint in page]}
    )


def _task(complaint: Complaint) -> dict[str, Any]:
    received = timezone.localtime(complaint.received_at)
    word = "Closed" if complaint.closed_at else "Open" if complaint.acknowledged_at else "To acknowledge"
    return {"complaint": complaint, "received": received, "word": word, "due": complaints.due_on(complaint)}


@require_http_methods(GET_OR_POST)
@login_required
@never_cache
@sent_once
def complaint(request: HttpRequest, pk: int) -> HttpResponse:
    """One complaint, what was done about it, and a form to record more."""
    complaints.check_can_see_complaints(request.user)
    complaint = get_object_or_404(Complaint, pk=pk)
    form = ComplaintStepForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            complaints.record_step(
                by=signed_in_person(request), at=timezone.now(), complaint=complaint, **form.cleaned_data
            )
        except Refused as refused:
            show_refusal(form, refused, beside="words")
        else:
            messages.success(request, "Recorded.")
            return redirect("partners:complaint", complaint.pk)
    steps = complaint.steps.select_related("by").order_by("at", "id")
    items = [
        {"at": step.at, "by": step.by.name, "text": step.get_kind_display(), "detail": step.words} for step in steps
    ]
    values = {"complaint": complaint, "items": items, "due": complaints.due_on(complaint)}
    return form_response(request, "partners/complaint.html", values, form)
