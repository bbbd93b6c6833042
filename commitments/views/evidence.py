"""Evidence to read: the list, one piece, its files; and the acts that lead it from one state to another."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from commitments.filters.evidence_on_pages import EvidencePageFilter
from commitments.forms.fields import ReasonForm
from commitments.models import CaseStudy, Evidence, Strategy
from commitments.page_parts.evidence import (
    evidence_changes,
    evidence_values,
    is_insider,
    posted_version,
    visible_evidence_or_404,
)
from commitments.page_parts.public_pages import public_page
from commitments.permissions import evidence as evidence_permissions
from commitments.permissions.case_studies import can_write_case_study
from commitments.reading.case_studies import case_study_of, there_are_case_studies
from commitments.reading.evidence_cards import card, counted, read_cards
from commitments.rules import workflow
from commitments.services import evidence as services
from commitments.services.working_copies import note_time
from partners import roles
from partners.models import Organisation, User
from partners.permissions import has_permission_anywhere
from partners.signed_in import signed_in_person
from vcsportal.common import plurals
from vcsportal.common.csv_links import csv_link
from vcsportal.common.dates import with_weekday
from vcsportal.common.long_lists import long_page
from vcsportal.common.pages import active_filters
from vcsportal.common.words import AlreadyDone, Conflict

EVIDENCE_PER_PAGE = 20
WHOSE = {
    "mine": "My organisation’s",
    "all": "All that was sent",
    "published": "Published",
}


def _views_of(person: Any) -> list[str]:
    """Which lists this person may switch between; the first is shown unless another is asked for."""
    offered = []
    if isinstance(person, User) and person.organisations and has_permission_anywhere(person, roles.LOG_EVIDENCE):
        offered.append("mine")
    if has_permission_anywhere(person, roles.SEE_ALL_EVIDENCE):
        offered.insert(0, "all")
    return [*offered, "published"]


@public_page
def evidence_list(request: HttpRequest) -> HttpResponse:
    """Evidence that this person may see, filtered and twenty a page."""
    offered = _views_of(request.user)
    show = request.GET.get("show", offered[0])
    if show not in offered:
        if show in WHOSE and not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        raise Http404
    pieces = Evidence.objects.visible_to(request.user)
    if show == "published":
        pieces = pieces.published()
    elif show == "mine":
        pieces = pieces.filter(organisation__in=[organisation.pk for organisation in request.user.organisations])  # type: ignore[union-attr]  # only somebody signed in comes here
    data = request.GET.copy()
    for name in ("show", "page", "older", "newer"):
        data.pop(name, None)
    unasked = show != "mine" and not any(data.get(name) for name in ("strategy", "priority", "commitment", "round"))
    may_send_rows = _may_send_rows(request.user)
    current = Strategy.objects.current(timezone.localdate()) if unasked or may_send_rows else None
    if unasked and "strategy" not in data and current and current.commitments.exists():
        data["strategy"] = current.slug  # finished strategies are a choice, and never mixed in unasked
    filterset = EvidencePageFilter(data, queryset=pieces.newest_first(), request=request, published=show == "published")
    filter_form = filterset.form
    if show == "published":
        del filter_form.fields["state"]
    if len(filter_form.fields["strategy"].choices.choices) <= 1:
        del filter_form.fields["strategy"]
    valid = filter_form.is_valid()
    found = filterset.qs if valid else Evidence.objects.none()
    page = long_page(found, request.GET, EVIDENCE_PER_PAGE, day="happened_from")
    own: list[Organisation] = request.user.organisations if show == "mine" else []  # type: ignore[union-attr]  # only somebody signed in comes here
    return render(
        request,
        "commitments/evidence_list.html",
        {
            "filterset": filterset,
            "filter_form": filter_form,
            "active": active_filters(filter_form, request.GET) if valid else [],
            "valid": valid,
            "form": None if valid else filter_form,  # the page's error summary
            "page": page,
            "cards": [
                card(piece, state=show != "published") for piece in read_cards(page.keys, today=timezone.localdate())
            ],
            "csv_url": _csv_url(data, show, offered, own) if valid and page.count else "",
            "counted": counted(page.count),
            "of": plurals.join_with_and([organisation.name for organisation in own]),
            "show": show,
            "clear_url": f"?show={show}",
            "switch": [{"code": code, "label": WHOSE[code]} for code in offered] if len(offered) > 1 else [],
            "may_log_evidence": has_permission_anywhere(request.user, roles.LOG_EVIDENCE),
            "may_log_evidence_for_others": evidence_permissions.may_log_evidence_for_others(request.user),
            "rows_url": reverse("commitments:workbooks", args=[current.slug]) if current and may_send_rows else "",
            "case_studies": there_are_case_studies(timezone.localdate()),
            "may_read_consents": evidence_permissions.can_read_consents(request.user),
        },
        status=200 if valid else 422,
    )


def _may_send_rows(person: Any) -> bool:
    """Whether somebody can upload many items of their organisation at once."""
    return (
        isinstance(person, User) and bool(person.organisations) and has_permission_anywhere(person, roles.LOG_EVIDENCE)
    )


def _csv_url(data: QueryDict, show: str, offered: list[str], own: list[Organisation]) -> str:
    """Return the address of these rows as CSV; "" where the API has no list of just these."""
    if show == "mine":
        return csv_link("evidence-list", data, organisation=own[0].slug) if len(own) == 1 else ""
    return csv_link("evidence-list", data) if show == offered[0] else ""


@public_page
def evidence(request: HttpRequest, pk: int) -> HttpResponse:
    """One item in full. Its history and the names in it are for its own organisation and for those who review."""
    piece = visible_evidence_or_404(request, pk)
    insider = is_insider(request.user, piece)
    context = evidence_values(piece, insider=insider)
    context["case_study"] = case_study_of(request.user, piece, timezone.localdate())
    if insider:
        context |= _for_insiders(request, piece)
    return render(request, "commitments/evidence.html", context)


def _for_insiders(request: HttpRequest, piece: Evidence) -> dict[str, Any]:
    person = request.user
    told = CaseStudy.objects.filter(evidence=piece).exists()
    return {
        "insider": True,
        "can_tell_at_length": not told and can_write_case_study(person, piece),
        "own": evidence_permissions.is_own_evidence(person, piece),
        "can_edit_evidence": evidence_permissions.can_edit_evidence(person, piece),
        "can_submit_evidence": evidence_permissions.can_submit_evidence(person, piece),
        "can_withdraw_evidence": evidence_permissions.can_withdraw_evidence(person, piece),
        "can_reopen_evidence": evidence_permissions.can_reopen_evidence(person, piece),
        "can_accept_evidence": evidence_permissions.can_accept_evidence(person, piece),
        "can_use_evidence_again": evidence_permissions.can_use_evidence_again(person, piece),
        "can_record_consents": evidence_permissions.can_record_consents(person, piece),
    }


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def submit(request: HttpRequest, pk: int) -> HttpResponse:
    """Check the answers, then send them to the council."""
    piece = visible_evidence_or_404(request, pk)
    if request.method == "POST":
        at = timezone.now()
        try:
            services.submit_evidence(
                by=signed_in_person(request),
                at=at,
                evidence=piece,
                version=posted_version(request),
                publishable={"yes": True, "no": False}.get(request.POST.get("publishable", "")),
            )
        except Conflict as changed:
            messages.warning(request, changed.sentence)
            return redirect(request.get_full_path())
        except AlreadyDone as done:
            messages.info(request, done.again(request.user))
        else:
            note_time(form_kind="evidence", token=request.POST.get("opened", ""), at=at)
        messages.success(request, "Sent. A council officer will review it, and you will see their decision here.")
        return redirect(piece)
    evidence_permissions.check_can_submit_evidence(request.user, piece)
    context = {**evidence_values(piece), "act": "submit", "form": None, "opened": request.GET.get("opened", "")}
    context["steps"] = "steps" in request.GET
    context["changes"] = evidence_changes(piece, steps=context["steps"], opened=context["opened"])
    if written := request.GET.get("written", "")[:40]:
        context["understood"] = f"You wrote “{written}”. We read it as {with_weekday(piece.happened_from)}."
    return render(request, "commitments/evidence_check.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Withdraw it: its own organisation at once, the council with a reason."""
    piece = visible_evidence_or_404(request, pk)
    person = signed_in_person(request)
    evidence_permissions.check_can_withdraw_evidence(person, piece)
    form = (
        None
        if evidence_permissions.is_own_evidence(person, piece)
        else ReasonForm(request.POST if request.method == "POST" else None)
    )
    if request.method == "POST" and (form is None or form.is_valid()):
        reason = form.cleaned_data["reason"] if form else ""
        try:
            services.withdraw_evidence(
                by=person, at=timezone.now(), evidence=piece, reason=reason, version=posted_version(request)
            )
        except Conflict as changed:
            messages.warning(request, changed.sentence)
            return redirect(piece)
        messages.success(request, f"“{piece.title}” has been withdrawn. It no longer counts.")
        return redirect(piece)
    return _confirm(request, piece, "withdraw", form)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def reopen(request: HttpRequest, pk: int) -> HttpResponse:
    """Reopen withdrawn evidence as a draft."""
    piece = visible_evidence_or_404(request, pk)
    evidence_permissions.check_can_reopen_evidence(signed_in_person(request), piece)
    if request.method == "POST":
        services.reopen_evidence(
            by=signed_in_person(request), at=timezone.now(), evidence=piece, version=posted_version(request)
        )
        messages.success(request, "It is a draft again. Change what you like, then send it.")
        return redirect("commitments:evidence-edit", piece.pk)
    return _confirm(request, piece, "reopen", None)


def _confirm(request: HttpRequest, piece: Evidence, act: str, form: Any) -> HttpResponse:
    context = {"piece": piece, "act": act, "state": workflow.EVIDENCE_STATE[piece.state], "form": form}
    status = 422 if form is not None and form.errors else 200
    return render(request, "commitments/evidence_confirm.html", context, status=status)
