"""Internal notes about an item of evidence or an update: read them on a page of their own, add one."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods

from commitments.forms.review import NoteForm
from commitments.models import Evidence, ProgressUpdate
from commitments.permissions.progress import check_can_write_note
from commitments.services.notes import write_note
from partners.page_parts.sent_once import sent_once
from partners.signed_in import signed_in_person
from vcsportal.common.pages import GET_OR_POST, form_response, show_refusal
from vcsportal.common.words import Refused


@login_required
@require_http_methods(GET_OR_POST)
@sent_once
def evidence_notes(request: HttpRequest, pk: int) -> HttpResponse:
    """The notes about an item of evidence."""
    piece = get_object_or_404(Evidence.objects.visible_to(request.user), pk=pk)
    return _notes(request, piece, piece.title, piece.get_absolute_url())


@login_required
@require_http_methods(GET_OR_POST)
@sent_once
def update_notes(request: HttpRequest, pk: int) -> HttpResponse:
    """The notes about an update."""
    updates = ProgressUpdate.objects.visible_to(request.user).select_related("commitment__strategy", "round")
    update = get_object_or_404(updates, pk=pk)
    title = f"{update.commitment}, {update.round.label}"
    return _notes(request, update, title, reverse("commitments:approval", args=[pk]))


def _notes(request: HttpRequest, thing: Evidence | ProgressUpdate, title: str, page: str) -> HttpResponse:
    check_can_write_note(signed_in_person(request), thing)
    asked = request.POST.get("back", "")
    local = asked.startswith("/") and url_has_allowed_host_and_scheme(asked, allowed_hosts=None)
    back = asked if local else page
    form = NoteForm(request.POST if request.method == "POST" else None, auto_id="note_%s")
    if request.method == "POST" and form.is_valid():
        try:
            write_note(by=signed_in_person(request), at=timezone.now(), about=thing, text=form.cleaned_data["text"])
        except Refused as refused:
            show_refusal(form, refused, beside="text")
        else:
            messages.success(request, "The note has been saved. Only council staff can read it.")
            return redirect(f"{back}#notes")
    return form_response(request, "commitments/notes.html", {"thing": thing, "title": title, "page_url": page}, form)
