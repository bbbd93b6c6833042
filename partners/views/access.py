"""Ending a person's access, and giving it back."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from partners import roles
from partners.forms.organisations import AccessForm
from partners.models import User
from partners.page_parts.reauthentication import asks_again
from partners.page_parts.sent_once import sent_once
from partners.permissions import check_can_end_access, check_permission_anywhere
from partners.services.access import end_access, restore_access
from partners.signed_in import signed_in_person
from vcsportal.common.pages import GET_OR_POST, form_response


@require_http_methods(GET_OR_POST)
@login_required
@asks_again
@sent_once
def access(request: HttpRequest, pk: int) -> HttpResponse:
    """Say what ending (or giving back) means, ask why, and do it."""
    check_permission_anywhere(
        request.user, roles.MANAGE_PEOPLE, "Only an administrator can see and change who takes part."
    )
    person = get_object_or_404(User, pk=pk)
    me = signed_in_person(request)
    if person.is_active:
        check_can_end_access(me, person)
    form = AccessForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        # The page says which of the two it was, so that a second click does not undo the first.
        ends = request.POST.get("act") == "end"
        act = end_access if ends else restore_access
        act(by=me, at=timezone.now(), person=person, reason=form.cleaned_data["reason"])
        messages.success(request, f"{person.name} {'can no longer sign in' if ends else 'can sign in again'}.")
        return redirect("partners:person", person.pk)
    return form_response(request, "partners/access.html", {"person": person}, form)
