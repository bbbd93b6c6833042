"""The table of strands, which administrators keep."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from partners import roles
from partners.forms.strands import StrandForm
from partners.models import Strand
from partners.page_parts.sent_once import sent_once
from partners.permissions import check_permission_anywhere
from partners.services.strands import NOT_YOURS, add_strand, edit_strand, end_strand
from partners.signed_in import signed_in_person
from vcsportal.common.pages import GET_OR_POST, form_response, show_refusal
from vcsportal.common.words import Refused


@require_safe
@login_required
def strand_list(request: HttpRequest) -> HttpResponse:
    """All strands, and those that have ended."""
    check_permission_anywhere(request.user, roles.MANAGE_ORGANISATIONS, NOT_YOURS)
    strands = list(Strand.objects.select_related("source").in_order())
    today = timezone.localdate()
    values = {
        "strands": [strand for strand in strands if strand.is_in_use(today)],
        "ended": [strand for strand in strands if not strand.is_in_use(today)],
    }
    return render(request, "partners/strands.html", values)


@require_http_methods(GET_OR_POST)
@login_required
@sent_once
def strand_new(request: HttpRequest) -> HttpResponse:
    """Add a strand."""
    check_permission_anywhere(request.user, roles.MANAGE_ORGANISATIONS, NOT_YOURS)
    form = StrandForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            add_strand(by=signed_in_person(request), at=timezone.now(), content=form.content)
        except Refused as refused:
            show_refusal(form, refused)
        else:
            messages.success(request, "The strand has been added.")
            return redirect("partners:strands")
    return form_response(request, "partners/strand_form.html", {"strand": None}, form)


@require_http_methods(GET_OR_POST)
@login_required
def strand_edit(request: HttpRequest, code: str) -> HttpResponse:
    """Change what is said of a strand, or end it."""
    check_permission_anywhere(request.user, roles.MANAGE_ORGANISATIONS, NOT_YOURS)
    strand = get_object_or_404(Strand.objects.select_related("source"), code=code)
    form = StrandForm(request.POST if request.method == "POST" else None, initial=StrandForm.initial_of(strand))
    if request.method == "POST" and form.is_valid():
        by, at, version = signed_in_person(request), timezone.now(), form.cleaned_data["version"]
        try:
            if "end" in request.POST:
                end_strand(by=by, at=at, strand=strand, version=version)
            else:
                edit_strand(by=by, at=at, strand=strand, content=form.content, version=version)
        except Refused as refused:
            show_refusal(form, refused)
        else:
            messages.success(request, "The strand has been saved.")
            return redirect("partners:strands")
    return form_response(request, "partners/strand_form.html", {"strand": strand}, form)
