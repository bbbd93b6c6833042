"""People and their roles: for administrators, and for leads who invite a colleague."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from partners import roles
from partners.filters.organisations import PersonFilter
from partners.forms.organisations import held_now
from partners.models import Invitation, RoleGrant, User
from partners.page_parts.reauthentication import asks_again
from partners.page_parts.sent_once import sent_once
from partners.permissions import can_recover_second_step, check_permission_anywhere
from partners.services.roles import end_role
from partners.signed_in import signed_in_person
from vcsportal.common import plurals
from vcsportal.common.pages import GET_OR_POST, active_filters

PAGE_SIZE = 50
ADMINISTRATORS_ONLY = "Only an administrator can see and change who takes part."


@require_safe
@login_required
def people(request: HttpRequest) -> HttpResponse:
    """Everybody, with what they do here and when they last came."""
    check_permission_anywhere(request.user, roles.MANAGE_PEOPLE, ADMINISTRATORS_ONLY)
    everybody = User.objects.order_by("name", "id")
    chosen = PersonFilter(request.GET, everybody)
    valid = chosen.is_valid()
    current = Prefetch(
        "role_grants", RoleGrant.objects.current().select_related("organisation").order_by("id"), to_attr="held"
    )
    found = (chosen.qs if valid else everybody).prefetch_related(current)
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    count = page.paginator.count
    return render(
        request,
        "partners/people.html",
        {
            "form": chosen.form,
            "active": active_filters(chosen.form, request.GET) if valid else [],
            "counted": plurals.counted(count, "person") if count else "Nobody",
            "page_obj": page,
            "to_decide": Invitation.objects.waiting().count(),
            "lines": [{"person": person, "roles": [_in_words(grant) for grant in person.held]} for person in page],
        },
        status=200 if valid else 422,
    )


@require_safe
@login_required
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """One person: their roles, and what was done about them."""
    check_permission_anywhere(request.user, roles.MANAGE_PEOPLE, ADMINISTRATORS_ONLY)
    person = get_object_or_404(User, pk=pk)
    history = person.history.select_related("by", "organisation").order_by("-at", "-id")
    items = [
        {
            "at": entry.at,
            "by": entry.by.name if entry.by else "the portal",
            "text": " – ".join(word for word in (entry.act.capitalize(), entry.detail) if word),
            "detail": entry.organisation.name if entry.organisation else "",
        }
        for entry in history[:50]
    ]
    held = [{"grant": grant, "words": _in_words(grant)} for grant in held_now(person)]
    return render(
        request,
        "partners/person.html",
        {"person": person, "held": held, "items": items, "may_recover": can_recover_second_step(request.user, person)},
    )


@require_http_methods(GET_OR_POST)
@login_required
@asks_again
@sent_once
def role_end(request: HttpRequest, pk: int) -> HttpResponse:
    """End one role of a person, after saying what that means."""
    check_permission_anywhere(request.user, roles.MANAGE_PEOPLE, ADMINISTRATORS_ONLY)
    grant = get_object_or_404(RoleGrant.objects.select_related("person", "organisation"), pk=pk)
    if request.method == "POST":
        end_role(by=signed_in_person(request), at=timezone.now(), grant=grant)
        messages.success(request, f"{grant.person.name} is no longer {_in_words(grant)}.")
        return redirect("partners:person", grant.person_id)
    return render(request, "partners/role_end.html", {"grant": grant, "words": _in_words(grant)})


@require_safe
def role_table(request: HttpRequest) -> HttpResponse:
    """What each kind of person may do, in English, from the table that the code itself asks."""
    return render(request, "partners/roles.html", {"roles": roles.ROLES})


def _in_words(grant: RoleGrant) -> str:
    label = roles.BY_CODE[grant.role].label
    if grant.organisation:
        return f"{label}, {grant.organisation.name}"
    return f"{label}: allows nothing until it is given within a group" if roles.BY_CODE[grant.role].within else label
