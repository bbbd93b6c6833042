"""The directory of organisations, their pages, and changes to them."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from partners import roles
from partners.filters.organisations import OrganisationFilter
from partners.forms.organisations import OrganisationForm
from partners.group_permissions import can_edit_group, can_keep_group
from partners.identifiers import BY_CODE
from partners.kinds import GROUP
from partners.models import Organisation
from partners.page_parts import shown_values
from partners.page_parts.sent_once import sent_once
from partners.permissions import (
    can_edit_organisation,
    can_invite_person,
    can_keep_listing,
    check_can_edit_organisation,
    check_permission_anywhere,
    has_permission_anywhere,
)
from partners.reading.directory import MOST_AT_ONCE, directory_rows, organisations_like, whole_directory
from partners.reading.groups import group_of, group_page, there_are_groups
from partners.reading.profile import profile_of, with_profile
from partners.services.organisations import edit_organisation, register_organisation
from partners.signed_in import signed_in_person
from partners.standings import ENDED, STANDINGS, TAKES_PART
from vcsportal.common import plurals
from vcsportal.common.csv_links import csv_link
from vcsportal.common.pages import GET_OR_POST, active_filters, form_response


@require_safe
def organisation_list(request: HttpRequest) -> HttpResponse:
    """The directory of organisations."""
    everybody = Organisation.objects.by_name().public()
    chosen = OrganisationFilter(request.GET, everybody)
    valid = chosen.is_valid()
    found = chosen.qs if valid else everybody.bodies().exclude(standing=ENDED)
    if set(chosen.standings) <= {TAKES_PART}:  # nobody is only listed, so there is less to choose from
        for name in {"sector", "strand", "standing"} - set(request.GET):
            del chosen.form.fields[name]
    # Without a question, all of a page is read at once: there is nothing to count.
    everything = whole_directory() if not request.GET else None
    page = Paginator(found if everything is None else everything, MOST_AT_ONCE).get_page(request.GET.get("page"))
    count = page.paginator.count
    active = active_filters(chosen.form, request.GET) if valid else []
    return render(
        request,
        "partners/organisation_list.html",
        {
            "form": chosen.form,
            "active": active,
            "counted": plurals.counted(count, "organisation") if count else "No organisation",
            "page_obj": page,
            "csv_url": csv_link("organisation-list", request.GET) if valid and count else "",
            "rows": directory_rows(page.object_list),
            "standings": [
                (standing, plurals.counted(chosen.standings[standing.code], "organisation"))
                for standing in STANDINGS
                if standing.code in chosen.standings
            ],
            "may_add": has_permission_anywhere(request.user, roles.MANAGE_ORGANISATIONS),
            "has_groups": there_are_groups(),
        },
        status=200 if valid else 422,
    )


@require_safe
def organisation(request: HttpRequest, slug: str) -> HttpResponse:
    """One organisation: who they are, where they work, what they contribute."""
    organisation, today = get_object_or_404(with_profile(), slug=slug), timezone.localdate()
    may_keep = can_keep_listing(request.user, organisation)
    if organisation.is_removed and not may_keep:
        return render(request, "partners/organisation_removed.html", status=410)
    is_group = organisation.kind == GROUP
    group = group_of(organisation) if is_group else None
    identifiers = [
        {"label": BY_CODE[identifier.scheme].label, "value": identifier.value}
        for identifier in organisation.identifiers.order_by("scheme", "value")
    ]
    return render(
        request,
        "partners/organisation.html",
        {
            "organisation": organisation,
            "profile": profile_of(organisation),
            "may_keep": may_keep,
            "identifiers": identifiers,
            "group": group_page(group, today) if group else None,
            "may_edit_group": is_group and can_edit_group(request.user),
            "may_keep_seats": group is not None and can_keep_group(request.user, group, today),
            "may_edit": can_edit_organisation(request.user, organisation),
            "may_invite": can_invite_person(request.user, roles.PARTNER_CONTRIBUTOR.code, organisation),
        },
    )


@require_http_methods(GET_OR_POST)
@login_required
def organisation_edit(request: HttpRequest, slug: str) -> HttpResponse:
    """Change an organisation's page."""
    organisation = get_object_or_404(Organisation, slug=slug)
    check_can_edit_organisation(request.user, organisation)
    stale: list[str] = []
    form = OrganisationForm(
        request.POST if request.method == "POST" else None, today=timezone.localdate(), organisation=organisation,
        keeps_listing=can_keep_listing(request.user, organisation),
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            held = Organisation.objects.select_for_update().get(pk=organisation.pk)
            stale = shown_values.changed(request, _rows(held), held.history)
            if not stale:
                edit_organisation(
                    by=signed_in_person(request),
                    at=timezone.now(),
                    organisation=organisation,
                    changes=form.written,
                    districts=form.cleaned_data["districts"],
                    strands=form.chosen_strands,
                    identifiers=form.identifiers,
                )
                messages.success(request, "The page is saved.")
                return redirect(organisation)
        for sentence in stale:
            form.add_error(None, sentence)
        organisation = held
    return _form_page(request, form, organisation, stale)


@require_http_methods(GET_OR_POST)
@login_required
@sent_once
def organisation_new(request: HttpRequest) -> HttpResponse:
    """Add an organisation to the directory."""
    check_permission_anywhere(
        request.user, roles.MANAGE_ORGANISATIONS, "Only an administrator can add an organisation."
    )
    form = OrganisationForm(
        request.POST if request.method == "POST" else None, today=timezone.localdate(), keeps_listing=True
    )
    like: list[Organisation] = []
    if request.method == "POST" and form.is_valid() and not form.cleaned_data["is_none_of_these"]:
        like = organisations_like(form.cleaned_data["name"])
        if like:
            form.add_error(
                "is_none_of_these",
                "The directory has organisations with a name like this. Check whether it is one of them.",
            )
    if request.method == "POST" and form.is_valid():
        made = register_organisation(
            by=signed_in_person(request),
            at=timezone.now(),
            standing=form.cleaned_data["standing"],
            districts=form.cleaned_data["districts"],
            strands=form.chosen_strands or (),
            identifiers=form.identifiers,
            **form.written,
        )
        then = "" if made.is_listed else " You can now invite its people."
        messages.success(request, f"{made.name} is in the directory.{then}")
        return redirect(made)
    return _form_page(request, form, None, like=like)


def _form_page(
    request: HttpRequest, form: OrganisationForm, organisation: Organisation | None, stale: Sequence[str] = (),
    like: Sequence[Organisation] = (),
) -> HttpResponse:  # fmt: skip
    values: dict[str, Any] = {
        "organisation": organisation,
        "like": like,
        "shown": shown_values.carried(request, _rows(organisation), stale) if organisation else "",
    }
    return form_response(request, "partners/organisation_form.html", values, form)


def _rows(organisation: Organisation) -> dict[str, str]:
    """Return what the form shows of an organisation."""
    identifiers = organisation.identifiers.order_by("scheme", "value")
    return {
        "Name": organisation.name,
        "Kind of organisation": organisation.get_kind_display(),
        "Who they are": organisation.description,
        "Website": organisation.website,
        "Email address": organisation.team_mailbox,
        "Telephone": organisation.telephone,
        "Shared by the organisation": "yes" if organisation.contacts_confirmed else "",
        "Former names": ", ".join(organisation.former_name_list),
        "Where these details are from": organisation.source,
        "Checked on": organisation.checked_on.isoformat() if organisation.checked_on else "",
        "Who they serve": ", ".join(strand.words for strand in organisation.strands.in_order()),
        "Where they work": ", ".join(area.name for area in organisation.districts.order_by("name", "id")),
        "Numbers in registers": ", ".join(
            f"{BY_CODE[identifier.scheme].label} {identifier.value}" for identifier in identifiers
        ),
    }
