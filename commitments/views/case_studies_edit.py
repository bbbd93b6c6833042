"""Case studies to write, withdraw and reopen, and to choose for the report of a round."""

from datetime import date
from typing import Any, Final

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from commitments.content.case_studies import CaseStudyContent
from commitments.forms.case_studies import CaseStudyForm, CaseStudyWithdrawForm
from commitments.models import CaseStudy, CaseStudyText, Evidence
from commitments.models.case_studies import case_study_form
from commitments.page_parts import autosave
from commitments.page_parts.evidence import posted_version, visible_evidence_or_404
from commitments.permissions import case_studies as permissions
from commitments.reading.case_studies import headline_of, text_to_change, without_ended_quotation
from commitments.services.case_studies import (
    check_story_stands,
    reopen_case_study,
    save_case_study,
    submit_case_study,
    withdraw_case_study,
)
from commitments.services.case_study_review import choose_case_study, leave_out_case_study, rounds_to_decide
from commitments.services.working_copies import copy_of, drop_copy, keep_copy
from commitments.views.case_studies import find_case_study
from partners.forms.organisation_choice import unchecked
from partners.models import Strand, User
from partners.signed_in import signed_in_person
from vcsportal.common.pages import GET_OR_POST, form_response, show_refusal
from vcsportal.common.words import Conflict, Refused

SAVED: Final = "The draft is saved. Only your own people can see it."
SAVED_FOR_OTHERS: Final = "The draft is saved. Only you and the organisation’s own people can see it."
SENT: Final = "Sent. A council officer will review it, and you will see their decision here."
WITHDRAWN: Final = "The case study has been withdrawn. Nobody else can see it."
REOPENED: Final = "The case study is a draft again."
CHOSEN: Final = "It will be printed in full in the report for {}."
LEFT_OUT: Final = "It will not be in the report for {}."


@require_http_methods(GET_OR_POST)
@autosave.autosaved
def write(request: HttpRequest, pk: int) -> HttpResponse:
    """Write a case study about an item of evidence; saved as it is typed."""
    person, piece = signed_in_person(request), visible_evidence_or_404(request, pk)
    there = (
        CaseStudy.objects.filter(evidence=piece).select_related("newest__written_by", "evidence__organisation").first()
    )
    permissions.check_can_write_case_study(person, piece, there)
    check_story_stands(piece, timezone.localdate())
    if (answered := _kept(request, person, piece, there)) is not None:
        return answered
    form, copy = _form(request, person, piece, there)
    if copy:
        unchecked(form)
    elif form.is_bound and form.is_valid():
        send = request.POST.get("act") != "save"
        service = submit_case_study if send else save_case_study
        version = form.cleaned_data["version"]
        try:
            made = service(by=person, at=timezone.now(), evidence=piece, content=form.content, version=version)
        except Conflict as conflict:
            show_refusal(form, conflict)
            form.seen(CaseStudy.objects.values_list("version", flat=True).get(evidence=piece))
        except Refused as refused:
            show_refusal(form, refused, stay=True)
        else:
            saved = SAVED_FOR_OTHERS if permissions.writes_for_others(person, piece) else SAVED
            messages.success(request, SENT if send else saved)
            return redirect(made)
    values = {
        "piece": piece,
        "case_study": there,
        "copy": copy,
        "signed": autosave.hidden(person),
        "for_others": permissions.writes_for_others(person, piece),
    }
    return form_response(request, "commitments/case_study_form.html", values, form)


def _form(
    request: HttpRequest, person: User, piece: Evidence, there: CaseStudy | None
) -> tuple[CaseStudyForm, object | None]:
    """Return the form with what was sent, with what was typed and not sent, or with what is saved."""
    today = timezone.localdate()
    text, may_quote = text_to_change(person, piece, today)
    asked: dict[str, Any] = {
        "strands": _offered(text, today),
        "for_others": permissions.writes_for_others(person, piece),
    }
    if request.method == "POST":
        return CaseStudyForm(request.POST, **asked), None
    if copy := copy_of(person, case_study_form(piece.pk)):
        copy.fields = without_ended_quotation(copy.fields, piece, today)
        return CaseStudyForm(autosave.copy_as_data(copy), **asked), copy
    if there is None or text is None:
        withheld = Evidence.objects.withheld(today).filter(pk=piece.pk).exists()
        story = "" if withheld else piece.story
        initial: dict[str, Any] = {"headline": piece.title[:120], "what_was_done": story[:1_500]}
        initial["version"] = there.version if there else 0
        return CaseStudyForm(initial=initial, **asked), None
    content = CaseStudyContent.of(text, may_quote=may_quote)
    return CaseStudyForm(initial={**CaseStudyForm.initial_of(content), "version": there.version}, **asked), None


def _offered(text: CaseStudyText | None, today: date) -> Any:
    """Return the strands in use, and those that the text names although they are no longer offered."""
    offered = Q(pk__in=Strand.objects.in_use(today).values("pk"))
    if text is not None:
        offered |= Q(pk__in=text.strands.values("pk"))
    return Strand.objects.filter(offered).in_order()


def _kept(request: HttpRequest, person: User, piece: Evidence, there: CaseStudy | None) -> HttpResponse | None:
    """Keep what is being typed, give it up, or take in what was sent after the session had ended."""
    act, name, seen = request.POST.get("act", ""), case_study_form(piece.pk), there.version if there else 0
    today = timezone.localdate()
    if act == "keep":
        typed = without_ended_quotation(autosave.fields_of(request.POST), piece, today)
        return autosave.keep(request, name, seen, typed)
    if act == "discard":
        drop_copy(by=person, form=name)
        return redirect(request.path)
    if request.method != "POST" and (fields := autosave.held(request)):
        typed = without_ended_quotation(fields, piece, today)
        keep_copy(by=person, at=timezone.now(), form=name, fields=typed, seen=seen)
    return None


@login_required
@require_http_methods(GET_OR_POST)
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Withdraw a case study from every page and from new reports."""
    person, found = signed_in_person(request), find_case_study(request, pk)
    permissions.check_can_withdraw_case_study(person, found)
    own = not permissions.writes_for_others(person, found.evidence)
    data = request.POST if request.method == "POST" else None
    form = CaseStudyWithdrawForm(data, own=own, initial={"version": found.version})
    if form.is_bound and form.is_valid():
        values = {"reason": form.cleaned_data["reason"], "version": form.cleaned_data["version"]}
        try:
            withdraw_case_study(by=person, at=timezone.now(), case_study=found, **values)
        except Refused as refused:
            show_refusal(form, refused)
        else:
            messages.success(request, WITHDRAWN)
            return redirect(found.evidence)
    return form_response(
        request, "commitments/case_study_withdraw.html", {"case_study": found, "headline": headline_of(found)}, form
    )


@require_POST
@login_required
def reopen(request: HttpRequest, pk: int) -> HttpResponse:
    """Reopen a withdrawn case study."""
    found = find_case_study(request, pk)
    reopen_case_study(
        by=signed_in_person(request), at=timezone.now(), case_study=found, version=posted_version(request)
    )
    messages.success(request, REOPENED)
    return redirect("commitments:case-study-write", pk)


@require_POST
@login_required
def choose(request: HttpRequest, pk: int) -> HttpResponse:
    """Print it in the report of a round, or leave it out after all."""
    found, person, at = find_case_study(request, pk), signed_in_person(request), timezone.now()
    asked = request.POST.get("round", "")
    rounds = rounds_to_decide(found).select_related("strategy__owner")
    round_ = get_object_or_404(rounds, pk=int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 10 else 0)
    if request.POST.get("act") == "remove":
        leave_out_case_study(by=person, at=at, case_study=found, round_=round_)
        messages.success(request, LEFT_OUT.format(round_.label))
    else:
        choose_case_study(by=person, at=at, case_study=found, round_=round_)
        messages.success(request, CHOSEN.format(round_.label))
    return redirect(found)
