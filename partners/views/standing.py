"""Whether an organisation is only listed or has ended, and its removal from the directory."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from partners.forms.directory import RemovalForm, StandingForm
from partners.forms.organisation_choice import data_and_initial, is_search
from partners.models import Organisation
from partners.page_parts import shown_values
from partners.permissions import check_can_keep_listing
from partners.reading.what_keeps import what_keeps
from partners.services import standing as services
from partners.services.removal import remove_listing, restore_listing
from partners.signed_in import signed_in_person
from partners.standings import ENDED
from vcsportal.common.dates import in_words
from vcsportal.common.pages import GET_OR_POST, form_response, show_refusal
from vcsportal.common.words import Refused


@require_http_methods(GET_OR_POST)
@login_required
def standing(request: HttpRequest, slug: str) -> HttpResponse:
    """Say that an organisation is only listed, or has ended, and what replaced it."""
    organisation = get_object_or_404(Organisation.objects.select_related("succeeded_by"), slug=slug)
    check_can_keep_listing(request.user, organisation)
    initial = {
        "standing": organisation.standing,
        "ended_on": in_words(organisation.ended_on) if organisation.ended_on else "",
        "succeeded_by": organisation.succeeded_by.slug if organisation.succeeded_by else "",
    }
    form = StandingForm(**data_and_initial(request, initial), organisation=organisation)
    stale: list[str] = []
    if request.method == "POST" and not is_search(request) and form.is_valid():
        data = form.cleaned_data
        try:
            with transaction.atomic():
                held = (
                    Organisation.objects.select_for_update(of=("self",))
                    .select_related("succeeded_by")
                    .get(pk=organisation.pk)
                )
                if not (stale := shown_values.changed(request, _rows(held), held.history)):
                    _save(request, held, data)
        except Refused as refused:
            show_refusal(form, refused)
        else:
            if not stale:
                messages.success(request, "Saved.")
                return redirect(organisation)
        for sentence in stale:
            form.add_error(None, sentence)
        organisation = held
    values = {
        "organisation": organisation, "shown": shown_values.carried(request, _rows(organisation), stale),
        "still_named": what_keeps(organisation),
    }  # fmt: skip
    return form_response(request, "partners/standing_form.html", values, form)


def _save(request: HttpRequest, organisation: Organisation, data: dict[str, object]) -> None:
    me, now = signed_in_person(request), timezone.now()
    if data["standing"] == ENDED:
        ended_on, succeeded_by = data["ended_on"], data["succeeded_by"]
        services.end_organisation(
            by=me, at=now, organisation=organisation, ended_on=ended_on, succeeded_by=succeeded_by  # type: ignore[arg-type]  # of the form
        )  # fmt: skip
    else:
        services.list_only(by=me, at=now, organisation=organisation)


def _rows(organisation: Organisation) -> dict[str, str]:
    """Return what the form shows."""
    return {
        "Is it listed, or has it ended?": organisation.standing_of.label,
        "Its last day": in_words(organisation.ended_on) if organisation.ended_on else "",
        "Which organisation replaced it?": organisation.succeeded_by.name if organisation.succeeded_by else "",
    }


@require_http_methods(GET_OR_POST)
@login_required
def removal(request: HttpRequest, slug: str) -> HttpResponse:
    """Remove an organisation from the directory at its request, or put it back."""
    organisation = get_object_or_404(Organisation, slug=slug)
    check_can_keep_listing(request.user, organisation)
    restores = request.method == "POST" and request.POST.get("act") == "restore"
    form = RemovalForm(request.POST if request.method == "POST" and not restores else None)
    if request.method == "POST" and (restores or form.is_valid()):
        me, now = signed_in_person(request), timezone.now()
        try:
            if restores:
                restore_listing(by=me, at=now, organisation=organisation)
                sentence = (
                    f"{organisation.name} is in the directory again. Its details were erased, so enter them again."
                )
            else:
                remove_listing(by=me, at=now, organisation=organisation, why=form.cleaned_data["why"])
                sentence = f"{organisation.name} was removed from the directory, and its details were erased."
        except Refused as refused:
            if restores:
                raise
            show_refusal(form, refused, beside="why")
        else:
            messages.success(request, sentence)
            return redirect(organisation)
    values = {"organisation": organisation, "still_named": what_keeps(organisation, removing=True)}
    return form_response(request, "partners/removal_form.html", values, form)
