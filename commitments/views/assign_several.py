"""Several commitments at once: choose them and what they get, see before and after of each, confirm."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from commitments.forms.assign_several import AssignSeveralForm
from commitments.models import DELIVERY_ROLES, HistoryEntry, Strategy
from commitments.permissions.progress import check_can_manage_commitments
from commitments.queries.assignments import CommitmentChange, assignment_changes
from commitments.services.assign_several import assign_several as assign
from commitments.services.assign_several import hold_changes
from partners.forms.organisation_choice import is_search, unchecked
from partners.page_parts import shown_values
from partners.signed_in import signed_in_person
from vcsportal.common import plurals
from vcsportal.common.dates import in_words
from vcsportal.common.pages import GET_OR_POST, form_response, show_refusal
from vcsportal.common.words import Refused

ROLE_LABELS = dict(DELIVERY_ROLES)


@require_http_methods(GET_OR_POST)
@login_required
def assign_several(request: HttpRequest, slug: str) -> HttpResponse:
    """Give several commitments the same lead, support, partners or due date, after a page that shows what changes."""
    strategy = get_object_or_404(Strategy, slug=slug)
    check_can_manage_commitments(request.user, strategy)
    if request.method != "POST":
        form = AssignSeveralForm(initial={"commitments": _asked(request, strategy)}, strategy=strategy)
        return _form_page(request, strategy, form)
    form = AssignSeveralForm(request.POST, strategy=strategy)
    act = request.POST.get("act", "check")
    if is_search(request):
        unchecked(form)
        return _form_page(request, strategy, form)
    if act == "change":
        return render(request, "commitments/assign_several.html", _values(strategy, form))
    if not form.is_valid():
        return _form_page(request, strategy, form)
    if act != "assign":
        return _check_page(request, strategy, form, [])
    stale: list[str] = []
    try:
        with transaction.atomic():
            seen = hold_changes(strategy, form.cleaned_data["commitments"], form.assignment)
            if not any(seen):
                messages.info(request, "All of this is already in place, so nothing was changed.")
                return redirect("commitments:commitment-list", slug)
            entries = HistoryEntry.objects.filter(commitment__in=[change.commitment for change in seen])
            stale = shown_values.changed(request, _shown(seen), entries)
            if not stale:
                done = assign(
                    by=signed_in_person(request),
                    at=timezone.now(),
                    strategy=strategy,
                    commitments=form.cleaned_data["commitments"],
                    assignment=form.assignment,
                )
    except Refused as refused:
        show_refusal(form, refused)
        return _form_page(request, strategy, form)
    if stale:
        return _check_page(request, strategy, form, stale)
    messages.success(request, f"{strategy.nouns.counted_commitments(len(done))} {plurals.has(len(done))} been changed.")
    return redirect("commitments:commitment-list", slug)


def _asked(request: HttpRequest, strategy: Strategy) -> list[str]:
    """Return the keys of commitments that are ticked at first: those without a lead officer, if the address asks for them."""
    if request.GET.get("without") != "lead":
        return []
    return list(strategy.commitments.filter(lead_officer=None).exclude(status="closed").values_list("key", flat=True))


def _form_page(request: HttpRequest, strategy: Strategy, form: AssignSeveralForm) -> HttpResponse:
    return form_response(request, "commitments/assign_several.html", _values(strategy, form), form)


def _values(strategy: Strategy, form: AssignSeveralForm) -> dict[str, object]:
    crumbs = [
        {"title": strategy.title, "url": strategy.get_absolute_url()},
        {"title": plurals.capital(strategy.nouns.commitments), "url": f"{strategy.get_absolute_url()}commitments/"},
    ]
    return {"strategy": strategy, "form": form, "crumbs": crumbs}


def _check_page(request: HttpRequest, strategy: Strategy, form: AssignSeveralForm, stale: list[str]) -> HttpResponse:
    changes = assignment_changes(form.assignment, form.cleaned_data["commitments"])
    values = {
        **_values(strategy, form),
        "changes": [(change.commitment, _rows(change)) for change in changes if change],
        "same": [change.commitment for change in changes if not change],
        "stale": stale,
        "reason": form.assignment.reason if any(change.dated for change in changes) else "",
        "shown": shown_values.sealed(_shown(changes)),
    }
    return render(request, "commitments/assign_check.html", values, status=409 if stale else 200)


def _shown(changes: list[CommitmentChange]) -> dict[str, str]:
    return {label: words for change in changes for label, words in change.shown.items()}


def _rows(change: CommitmentChange) -> list[dict[str, str]]:
    """Return what changes of one commitment: what it is, before and after."""
    rows = []
    if change.lead[0] != change.lead[1]:
        before, after = (person.name if person else "Nobody" for person in change.lead)
        rows.append({"label": "Lead officer", "before": before, "after": after})
    if set(change.supporting[0]) != set(change.supporting[1]):
        before, after = (", ".join(person.name for person in people) or "Nobody" for people in change.supporting)
        rows.append({"label": "Supporting officers", "before": before, "after": after})
    if change.joining:
        new = [
            f"{partner.organisation.name}, {ROLE_LABELS[partner.role].lower()}"
            + (f" from {in_words(partner.started_on)}" if partner.started_on else "")
            for partner in change.joining
        ]
        now = [organisation.name for organisation in change.helping]
        rows.append(
            {"label": "Delivery partners", "before": "; ".join(now) or "None", "after": "; ".join([*now, *new])}
        )
    if change.dated and change.assignment.due_on:
        day = in_words(change.assignment.due_on)
        rows += [{"label": action.title, "before": "No due date", "after": f"Due on {day}"} for action in change.dated]
    return rows
