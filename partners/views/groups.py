"""Groups: all of them as a tree, and what is said about one."""

from typing import Final

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from partners.forms.groups import GroupForm
from partners.forms.organisation_choice import data_and_initial, is_search
from partners.group_permissions import can_edit_group, check_can_edit_group
from partners.kinds import GROUP
from partners.models import Organisation
from partners.page_parts import shown_values
from partners.reading.groups import count_groups, group_of, group_tree
from partners.services.groups import keep_group
from partners.signed_in import signed_in_person
from vcsportal.common import plurals
from vcsportal.common.csv_links import csv_link
from vcsportal.common.pages import GET_OR_POST, form_response, show_refusal
from vcsportal.common.words import Refused

TREES_AT_ONCE: Final = 25
"""How many groups that are in no other group stand on one page, each with its sub-groups."""


@require_safe
def group_list(request: HttpRequest) -> HttpResponse:
    """The groups, each with its sub-groups below it."""
    today = timezone.localdate()
    top = group_tree(today)
    page = Paginator(top, TREES_AT_ONCE).get_page(request.GET.get("page"))
    values = {
        "page_obj": page,
        "csv_url": csv_link("group-list", None, on=today.isoformat()) if top else "",
        "counted": plurals.counted(count_groups(top), "group"),
        "may_add": can_edit_group(request.user),
    }
    return render(request, "partners/group_list.html", values)


@require_http_methods(GET_OR_POST)
@login_required
def group_edit(request: HttpRequest, slug: str) -> HttpResponse:
    """Say what a group is, where it belongs and whether it meets."""
    organisation = get_object_or_404(Organisation, slug=slug)
    check_can_edit_group(request.user)
    if organisation.kind != GROUP:
        raise Http404("Only a partnership or group has this page.")
    group, stale = group_of(organisation), list[str]()
    initial = GroupForm.initial_of(group)
    form = GroupForm(organisation=organisation, **data_and_initial(request, initial))
    if request.method == "POST" and not is_search(request) and form.is_valid():
        try:
            with transaction.atomic():
                Organisation.objects.select_for_update().get(pk=organisation.pk)
                stale = shown_values.changed(request, _rows(organisation), organisation.history)
                if not stale:
                    by, at = signed_in_person(request), timezone.now()
                    keep_group(by=by, at=at, organisation=organisation, changes=form.changes)
        except Refused as refused:
            show_refusal(form, refused)
        else:
            if not stale:
                messages.success(request, "The group has been saved.")
                return redirect(organisation)
            for sentence in stale:
                form.add_error(None, sentence)
    values = {
        "organisation": organisation,
        "group": group,
        "shown": shown_values.carried(request, _rows(organisation), stale),
    }
    return form_response(request, "partners/group_form.html", values, form)


def _rows(organisation: Organisation) -> dict[str, str]:
    """Return what the form shows of a group, as texts by their labels."""
    fields = GroupForm.base_fields
    shown = GroupForm.initial_of(group_of(organisation))
    labels = {"parent": "It is a sub-group of", "supported_by": "It is supported by"}
    return {
        labels.get(name) or str(fields[name].label).removesuffix(" (optional)"): str(value or "")
        for name, value in shown.items()
    }
