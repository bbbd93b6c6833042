"""Who helps to deliver a commitment: now, and earlier."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from commitments.forms.delivery import PartnersForm
from commitments.models import Commitment
from commitments.page_parts.addresses import find_commitment
from commitments.page_parts.commitment import crumbs
from commitments.permissions.progress import check_can_manage_commitment
from commitments.services.delivery import add_delivery_partner, change_delivery_partner
from partners.forms.organisation_choice import data_and_initial, is_search
from partners.page_parts import shown_values
from partners.signed_in import signed_in_person
from vcsportal.common.pages import GET_OR_POST, form_response, show_refusal
from vcsportal.common.words import Refused


@require_http_methods(GET_OR_POST)
@login_required
def delivery(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """Record which organisations help to deliver it, their parts, and from when until when."""
    commitment = find_commitment(slug, key)
    check_can_manage_commitment(request.user, commitment)
    stale: list[str] = []
    form = PartnersForm(commitment=commitment, **data_and_initial(request))
    if request.method == "POST" and not is_search(request) and form.is_valid():
        try:
            stale = _save(request, commitment, form)
        except Refused as refused:
            show_refusal(form, refused)
        else:
            if not stale:
                messages.success(request, "The delivery partners have been saved.")
                return redirect(commitment)
            for sentence in stale:
                form.add_error(None, sentence)
    ended = commitment.delivery_partners.ended().select_related("organisation").order_by("-ended_on", "id")
    values = {
        "commitment": commitment,
        "strategy": commitment.strategy,
        "ended": ended,
        "crumbs": crumbs(commitment, inside=True),
    }
    values["shown"] = shown_values.carried(request, _parts(commitment), stale)
    return form_response(request, "commitments/partners_form.html", values, form)


@transaction.atomic
def _save(request: HttpRequest, commitment: Commitment, form: PartnersForm) -> list[str]:
    """Write all of it, or nothing. Return what has changed since the form was drawn, in sentences; nothing is written then."""
    by, at = signed_in_person(request), timezone.now()
    held = Commitment.objects.select_for_update(of=("self",), no_key=True).get(pk=commitment.pk)
    if stale := shown_values.changed(request, _parts(held), held.history):
        return stale
    for part, now in form.changed:
        change_delivery_partner(by=by, at=at, part=part, **now)
    if newcomer := form.joining:
        add_delivery_partner(
            by=by,
            at=at,
            commitment=commitment,
            organisation=newcomer.organisation,
            role=newcomer.role,
            started_on=newcomer.started_on,
        )
    return []


def _parts(commitment: Commitment) -> dict[str, str]:
    """Return what the form shows: each organisation that helps now, its part, and from when until when."""
    parts = commitment.delivery_partners.select_related("organisation").order_by("organisation__name", "id")
    return {
        part.organisation.name: ", ".join(str(word) for word in (part.role, part.started_on, part.ended_on) if word)
        for part in parts
    }
