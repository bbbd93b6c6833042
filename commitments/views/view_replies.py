"""The council replies to an organisation's view, and changes or withdraws its reply."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from commitments.forms.partner_views import ReplyForm
from commitments.models import Commitment, SectorView
from commitments.page_parts.addresses import find_commitment
from commitments.page_parts.commitment import crumbs
from commitments.permissions.progress import check_can_reply_to_view
from commitments.reading import partner_views as reading
from commitments.rules import status as words
from commitments.services.view_replies import reply_to_view, withdraw_reply
from partners.signed_in import signed_in_person
from vcsportal.common.pages import GET_OR_POST, form_response, show_refusal
from vcsportal.common.words import Conflict, Refused


@login_required
@require_http_methods(GET_OR_POST)
def reply(request: HttpRequest, slug: str, key: str, organisation: str) -> HttpResponse:
    """The reply to the newest view that an organisation gave of a commitment."""
    commitment = find_commitment(slug, key)
    check_can_reply_to_view(request.user, commitment)
    view = _view(commitment, organisation)
    if request.method != "POST":
        return render(request, "commitments/view_reply.html", {**_values(commitment, view), "form": ReplyForm.of(view)})
    standing = reading.standing_reply(view)
    if request.POST.get("act") == "withdraw" and standing is not None:
        withdraw_reply(by=signed_in_person(request), at=timezone.now(), reply=standing)
        messages.success(request, "The reply has been withdrawn. Nobody else can see it.")
        return redirect(f"{commitment.get_absolute_url()}#voices")
    form = ReplyForm(request.POST)
    if form.is_valid():
        try:
            reply_to_view(by=signed_in_person(request), at=timezone.now(), view=view, **form.cleaned_data)
        except Conflict as conflict:
            fresh = _view(commitment, organisation)
            show_refusal(form, conflict)
            form.seen_now(fresh)
            return render(
                request, "commitments/view_reply.html", {**_values(commitment, fresh), "form": form}, status=409
            )
        except Refused as refused:
            show_refusal(form, refused)
        else:
            messages.success(request, f"Your reply to {view.organisation.name} is published next to its view.")
            return redirect(f"{commitment.get_absolute_url()}#voices")
    return form_response(request, "commitments/view_reply.html", _values(commitment, view), form)


def _view(commitment: Commitment, organisation: str) -> SectorView:
    views = SectorView.objects.filter(commitment=commitment, organisation__slug=organisation, withdrawn_at__isnull=True)
    people = ("organisation", "round", "reply__written_by")
    view = views.select_related(*people).order_by("-round__observes_from", "id").first()
    if view is None:
        raise Http404
    return view


def _values(commitment: Commitment, view: SectorView) -> dict[str, Any]:
    return {
        "commitment": commitment,
        "strategy": commitment.strategy,
        "view": view,
        "word": words.of(view.status),
        "councils_word": words.of(commitment.status),
        "standing": reading.standing_reply(view),
        "takes_reply": view.round.state in {"open", "in_review"},
        "crumbs": crumbs(commitment, inside=True),
    }
