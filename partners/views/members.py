"""Who belongs to an organisation, for its leads and for administrators."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from partners import roles
from partners.forms.invitations import DomainsForm, RoleEndForm
from partners.invitation_permissions import can_end_membership, can_see_members, check_can_end_membership
from partners.models import Organisation, RoleGrant
from partners.page_parts import shown_values
from partners.page_parts.reauthentication import asks_again
from partners.permissions import check_permission_anywhere, has_permission_anywhere
from partners.services.invitations import set_domains
from partners.services.members import end_membership
from partners.signed_in import signed_in_person
from partners.views.invitations import invitation_line
from vcsportal.common.pages import GET_OR_POST, form_response


def _organisation(request: HttpRequest, slug: str) -> Organisation:
    """Return the organisation, for those who may see who belongs to it."""
    organisation = get_object_or_404(Organisation, slug=slug)
    if not can_see_members(request.user, organisation):
        raise Http404
    return organisation


@require_safe
@login_required
def members(request: HttpRequest, slug: str) -> HttpResponse:
    """The people of an organisation with their roles, and the invitations that are open or ended in the last weeks."""
    found, now = _organisation(request, slug), timezone.now()
    me = signed_in_person(request)
    grants = (
        RoleGrant.objects.current()
        .filter(organisation=found, person__is_active=True)
        .select_related("person", "organisation")
        .order_by("person__name", "person_id", "id")
    )
    listed = found.invitations.select_related("organisation", "invited_by").exclude(state__in=["accepted", "withdrawn"])
    values = {
        "organisation": found,
        "members": [
            {"grant": grant, "role": roles.BY_CODE[grant.role], "may_end": can_end_membership(me, grant)}
            for grant in grants
        ],
        "lines": [
            invitation_line(invitation, now)
            for invitation in listed.filter(Q(role__in=roles.PARTNER_ROLES)).order_by("-invited_at", "-id")[:100]
        ],
        "everybody": has_permission_anywhere(me, roles.MANAGE_PEOPLE),
    }
    return render(request, "partners/members.html", values)


@require_http_methods(GET_OR_POST)
@login_required
@asks_again
def domains(request: HttpRequest, slug: str) -> HttpResponse:
    """Which email addresses are the organisation's own, for administrators."""
    check_permission_anywhere(request.user, roles.MANAGE_PEOPLE, "Only an administrator can change the email domains.")
    organisation = get_object_or_404(Organisation, slug=slug)
    stale: list[str] = []
    form = _domains_of(organisation, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            organisation = Organisation.objects.select_for_update().get(pk=organisation.pk)
            acts = organisation.history.filter(act="email domains set")
            stale = shown_values.changed(request, shown_values.rows_of(_domains_of(organisation)), acts)
            if not stale:
                domains = form.cleaned_data["domains"]
                set_domains(by=signed_in_person(request), at=timezone.now(), organisation=organisation, domains=domains)
                messages.success(request, "The email domains are saved.")
                return redirect("partners:members", organisation.slug)
        for sentence in stale:
            form.add_error(None, sentence)
    values = {
        "organisation": organisation,
        "shown": shown_values.carried(request, shown_values.rows_of(_domains_of(organisation)), stale),
    }
    return form_response(request, "partners/domains.html", values, form)


def _domains_of(organisation: Organisation, data: Any = None) -> DomainsForm:
    return DomainsForm(data, initial={"domains": "\n".join(organisation.email_domains)})


@require_http_methods(GET_OR_POST)
@login_required
@asks_again
def member_end(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """End one role of a member, with a reason."""
    found = _organisation(request, slug)
    grant = get_object_or_404(
        RoleGrant.objects.current().select_related("person", "organisation"), pk=pk, organisation=found
    )
    check_can_end_membership(signed_in_person(request), grant)
    form = RoleEndForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        end_membership(by=signed_in_person(request), at=timezone.now(), grant=grant, reason=form.cleaned_data["reason"])
        messages.success(request, f"{grant.person.name} is no longer {roles.BY_CODE[grant.role].label.lower()} here.")
        own = grant.person_id == request.user.pk
        return redirect("commitments:my-work") if own else redirect("partners:members", found.slug)
    values = {
        "organisation": found,
        "grant": grant,
        "role": roles.BY_CODE[grant.role],
        "own": grant.person_id == request.user.pk,
    }
    return form_response(request, "partners/member_end.html", values, form)
