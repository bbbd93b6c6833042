"""Signing a charter, recording that one was signed elsewhere, reaffirming, pledging, and ending a signature."""

from typing import Final

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from commitments.forms.charters import EndForm, PledgesForm, ReaffirmForm, RecordForm, SignForm
from commitments.models import Commitment, Reaffirmation, Round, Signatory, Strategy
from commitments.page_parts.charters import find_charter, find_signatory, round_to_answer
from commitments.permissions.charters import (
    ONLY_RECORDERS,
    check_can_end_signature,
    check_can_pledge,
    check_can_reaffirm,
    may_record_signatures,
)
from commitments.reading.charters import pledges_made
from commitments.services.charters import end_signature, record_signature, sign_charter
from commitments.services.pledges import set_pledge
from commitments.services.reaffirming import reaffirm
from partners import roles
from partners.forms.organisation_choice import data_and_initial
from partners.page_parts.sent_once import sent_once
from partners.permissions import has_permission_for, organisations_for
from partners.signed_in import signed_in_person
from vcsportal.common.pages import GET_OR_POST, form_response, show_refusal
from vcsportal.common.words import NotAllowed, Refused

ONLY_LEADS: Final = "Only a lead of an organisation can sign for it. Ask one of your organisation’s leads."


@require_http_methods(GET_OR_POST)
@login_required
@sent_once
def sign(request: HttpRequest, slug: str) -> HttpResponse:
    """Sign for one's own organisation: one tap, and the post of whoever signs, if they like."""
    strategy, person = find_charter(slug), signed_in_person(request)
    own = organisations_for(person, roles.SIGN_CHARTERS)
    if not own:
        raise NotAllowed(ONLY_LEADS)
    signed = set(
        Signatory.objects.current().filter(strategy=strategy, organisation__in=own).values_list("organisation", flat=True)
    )  # fmt: skip
    unsigned = [organisation for organisation in own if organisation.pk not in signed]
    if not unsigned:
        return redirect(_after(strategy))
    data = request.POST if request.method == "POST" else None
    form = SignForm(data, organisations=unsigned, initial={"organisation": request.GET.get("organisation", "")})
    if data is not None and form.is_valid():
        try:
            signatory = sign_charter(
                by=person, at=timezone.now(), strategy=strategy, organisation=form.organisation,
                signed_as=form.cleaned_data["signed_as"],
            )  # fmt: skip
        except Refused as refused:
            show_refusal(form, refused)
        else:
            messages.success(request, f"Thank you. {signatory.organisation.name} has signed “{strategy.title}”.")
            return redirect(_after(strategy))
    principles = Commitment.objects.filter(strategy=strategy).exclude(status="closed").in_order()
    return form_response(
        request,
        "commitments/sign.html",
        {"strategy": strategy, "only": unsigned[0] if len(unsigned) == 1 else None, "principles": list(principles)},
        form,
    )


@require_http_methods(GET_OR_POST)
@login_required
@sent_once
def signature_record(request: HttpRequest, slug: str) -> HttpResponse:
    """Record that an organisation signed at a meeting, by letter or by telephone."""
    strategy, person = find_charter(slug), signed_in_person(request)
    if not may_record_signatures(person, strategy):
        raise NotAllowed(ONLY_RECORDERS)
    form = RecordForm(**data_and_initial(request))
    if form.is_bound and form.is_valid():
        try:
            signatory = record_signature(
                by=person, at=timezone.now(), strategy=strategy, organisation=form.cleaned_data["organisation"],
                signed_on=form.cleaned_data["signed_on"], told_how=form.cleaned_data["told_how"],
                signed_as=form.cleaned_data["signed_as"],
            )  # fmt: skip
        except Refused as refused:
            show_refusal(form, refused)
        else:
            messages.success(request, f"The signature of {signatory.organisation.name} has been recorded.")
            return redirect("commitments:signatories", strategy.slug)
    return form_response(request, "commitments/signature_record.html", {"strategy": strategy}, form)


@require_http_methods(GET_OR_POST)
@login_required
@sent_once
def signature_reaffirm(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that the organisation still stands by it. My tasks sends the tap alone; the page takes a sentence as well."""
    person, signatory = signed_in_person(request), find_signatory(pk)
    check_can_reaffirm(person, signatory)
    round_ = round_to_answer(signatory, request.GET.get("round", ""))
    records = not has_permission_for(person, roles.LOG_EVIDENCE, signatory.organisation_id)
    said = Reaffirmation.objects.filter(signatory=signatory, round=round_).first()
    initial = {"words": said.words if said else "", "version": said.version if said else 0}
    data = request.POST if request.method == "POST" else None
    form = ReaffirmForm(data, initial=initial, organisation=signatory.organisation.name, records=records)
    if data is not None and form.is_valid():
        entered = form.cleaned_data
        words = entered["words"] if "words" in data else None  # one tap in My tasks sends none
        try:
            reaffirm(
                by=person, at=timezone.now(), signatory=signatory, round_=round_, words=words,
                told_how=entered.get("told_how", ""), version=entered["version"] if "version" in data else None,
            )  # fmt: skip
        except Refused as refused:
            show_refusal(form, refused, stay=True)
        else:
            messages.success(request, _thanks(signatory, round_))
            return redirect(_next(signatory, records=records))
    values = {"signatory": signatory, "strategy": signatory.strategy, "round": round_, "records": records, "said": said}
    return form_response(request, "commitments/signature_reaffirm.html", values, form)


@require_http_methods(GET_OR_POST)
@login_required
@sent_once
def signature_end(request: HttpRequest, pk: int) -> HttpResponse:
    """Withdraw one's own organisation's signature, or record that one has ended."""
    person, signatory = signed_in_person(request), find_signatory(pk)
    check_can_end_signature(person, signatory)
    records = not has_permission_for(person, roles.SIGN_CHARTERS, signatory.organisation_id)
    form = EndForm(request.POST if request.method == "POST" else None, records=records)
    if form.is_bound and form.is_valid():
        try:
            end_signature(
                by=person, at=timezone.now(), signatory=signatory, why=form.cleaned_data["why"],
                ended_on=form.cleaned_data.get("ended_on"),
            )  # fmt: skip
        except Refused as refused:
            show_refusal(form, refused)
        else:
            messages.success(
                request, f"The signature of {signatory.organisation.name} has ended. It can sign again at any time."
            )
            return redirect("commitments:signatories", signatory.strategy.slug)
    signed_today = signatory.signed_on == timezone.localdate()
    values = {
        "signatory": signatory, "strategy": signatory.strategy, "records": records, "signed_today": signed_today,
    }  # fmt: skip
    return form_response(request, "commitments/signature_end.html", values, form)


@require_http_methods(GET_OR_POST)
@login_required
def pledges(request: HttpRequest, pk: int) -> HttpResponse:
    """Say what the organisation pledges, in its own words."""
    person, signatory = signed_in_person(request), find_signatory(pk)
    check_can_pledge(person, signatory.strategy, signatory.organisation)
    principles = list(Commitment.objects.filter(strategy=signatory.strategy).exclude(status="closed").in_order())
    stands = pledges_made(signatory.strategy).filter(organisation=signatory.organisation)
    pledged = dict(stands.values_list("commitment_id", "pledge"))
    form = PledgesForm(request.POST if request.method == "POST" else None, principles=principles, pledged=pledged)
    if form.is_bound and form.is_valid():
        try:
            with transaction.atomic():
                for principle, words, was in form.pledges:
                    set_pledge(
                        by=person, at=timezone.now(), signatory=signatory, commitment=principle, words=words, was=was
                    )
        except Refused as refused:
            show_refusal(form, refused, stay=True)
        else:
            messages.success(request, "Your pledges have been saved. Everyone can read them.")
            return redirect("commitments:signatories", signatory.strategy.slug)
    values = {"signatory": signatory, "strategy": signatory.strategy}
    return form_response(request, "commitments/pledges.html", values, form)


def _thanks(signatory: Signatory, round_: Round) -> str:
    return (
        f"Thank you. We have recorded that {signatory.organisation.name} still stands by “{signatory.strategy.title}” "
        f"in {round_.label}."
    )


def _next(signatory: Signatory, *, records: bool) -> str:
    if records:
        return reverse("commitments:signatories", args=[signatory.strategy.slug])
    return reverse("commitments:my-work")


def _after(strategy: Strategy) -> str:
    return reverse("commitments:glance", args=[strategy.slug]) + "#signed"
