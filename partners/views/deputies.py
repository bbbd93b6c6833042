"""Who covers for a colleague: named by themselves, or by an administrator."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from partners.forms.deputies import DeputyForm
from partners.models import Deputy, User
from partners.page_parts.sent_once import sent_once
from partners.permissions import can_name_deputy
from partners.services.deputies import end_deputy, name_deputy, possible_deputies
from partners.signed_in import signed_in_person
from vcsportal.common.form_fields import rows_field
from vcsportal.common.pages import GET_OR_POST, form_response, show_refusal
from vcsportal.common.words import Refused


def _person(request: HttpRequest, pk: int) -> User:
    me = signed_in_person(request)
    person = get_object_or_404(User, pk=pk)
    if not can_name_deputy(me, person):
        raise Http404  # nobody learns who else is here
    return person


@require_http_methods(GET_OR_POST)
@login_required
@sent_once
def deputies(request: HttpRequest, pk: int) -> HttpResponse:
    """See who covers for a person, and name a deputy."""
    me, person, at = signed_in_person(request), _person(request, pk), timezone.now()
    form = DeputyForm(request.POST if request.method == "POST" else None, people=possible_deputies(person))
    if request.method == "POST" and form.is_valid():
        try:
            made = name_deputy(by=me, at=at, person=person, **form.cleaned_data)
        except Refused as refused:
            show_refusal(form, refused)
        else:
            whom = "you" if me == person else person.name
            messages.success(request, f"{made.deputy.name} is now covering for {whom}.")
            return redirect("partners:deputies", person.pk)
    standing = (
        Deputy.objects.filter(person=person, ended_at__isnull=True)
        .exclude(until_on__lt=timezone.localdate(at))
        .select_related("deputy")
        .order_by("from_on", "id")
    )
    values = {
        "person": person,
        "own": me == person,
        "standing": list(standing),
        "some": rows_field(form, "deputy").queryset,
    }
    return form_response(request, "partners/deputies.html", values, form)


@require_POST
@login_required
@sent_once
def deputy_end(request: HttpRequest, pk: int, deputy_pk: int) -> HttpResponse:
    """End a colleague's cover."""
    person = _person(request, pk)
    deputy = get_object_or_404(Deputy.objects.select_related("deputy", "person"), pk=deputy_pk, person=person)
    end_deputy(by=signed_in_person(request), at=timezone.now(), deputy=deputy)
    messages.success(request, f"{deputy.deputy.name} is no longer covering.")
    return redirect("partners:deputies", person.pk)
