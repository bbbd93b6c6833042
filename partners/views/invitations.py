"""Invitations: making them, deciding about those that wait, sending them again, and answering one's own."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from partners import roles
from partners.email_domains import domain_of, is_everybodys
from partners.forms.invitations import InvitationDecisionForm, InvitationForm
from partners.forms.organisation_choice import data_and_initial
from partners.invitation_permissions import can_manage_invitation
from partners.invitation_states import EXPIRED, STATE
from partners.models import Invitation, Mail, User
from partners.page_parts.reauthentication import asks_again
from partners.page_parts.sent_once import sent_once
from partners.permissions import (
    can_invite_person,
    check_permission_anywhere,
    has_permission_anywhere,
    signs_in_by_password,
)
from partners.services import invitations
from partners.signed_in import signed_in_person
from vcsportal.common.pages import GET_OR_POST, form_response, show_refusal
from vcsportal.common.words import NotAllowed, Refused

PAGE_SIZE = 50
ACTS = ("approve", "refuse", "send_again", "withdraw")
TROUBLES = ("bounced", "refused", "given_up")


def _manages_people(request: HttpRequest) -> bool:
    return has_permission_anywhere(request.user, roles.MANAGE_PEOPLE)


def tag_of(invitation: Invitation, now: datetime) -> Any:
    """The state to show: a sent invitation whose time is over has expired."""
    return EXPIRED if invitation.has_expired(now) else STATE[invitation.state]


@require_http_methods(GET_OR_POST)
@login_required
@asks_again(only=_manages_people)
@sent_once
def invite_person(request: HttpRequest) -> HttpResponse:
    """Invite somebody to take part, or somebody who does to another role."""
    me = signed_in_person(request)
    everybody = _manages_people(request)
    if not everybody and not any(
        can_invite_person(me, roles.PARTNER_CONTRIBUTOR.code, organisation) for organisation in me.organisations
    ):
        raise NotAllowed("Only an administrator or a partner lead can invite people.")
    form = InvitationForm(**data_and_initial(request, _asked_for(request)), by=me)
    if form.is_bound and form.is_valid():
        data = {name: form.cleaned_data[name] for name in ("name", "email", "role", "organisation")}
        try:
            made = invitations.invite(by=me, at=timezone.now(), **data)
        except Refused as refused:
            show_refusal(form, refused)
        else:
            if made.state == "sent":
                messages.success(
                    request, f"The invitation to {made.email} is on its way. They can accept it until its last day."
                )
            else:
                messages.success(
                    request,
                    f"The invitation to {made.email} waits for an administrator, as the address is outside the known "
                    "email domains of the organisation. It is sent once an administrator approves it.",
                )
            if everybody or made.organisation is None:
                return redirect("partners:invitations")
            return redirect("partners:members", made.organisation.slug)
    return form_response(request, "partners/invite.html", {"everybody": everybody}, form)


def _asked_for(request: HttpRequest) -> dict[str, object]:
    slug, email = request.GET.get("organisation", ""), request.GET.get("email", "")
    wanted: dict[str, object] = {"email": email[:254], "name": request.GET.get("name", "")[:150]}
    if slug:
        wanted["organisation"] = slug[:80]
        role = request.GET.get("role", "")
        wanted["role"] = role if role in roles.BY_CODE else roles.PARTNER_CONTRIBUTOR.code
    return wanted


@require_safe
@login_required
def invitation_list(request: HttpRequest) -> HttpResponse:
    """For administrators: what waits for a decision, what is not answered yet, and what became of the rest."""
    check_permission_anywhere(request.user, roles.MANAGE_PEOPLE, "Only an administrator can see every invitation.")
    now = timezone.now()
    related = Invitation.objects.select_related("organisation", "invited_by")
    rest = related.exclude(state="waiting").order_by("-invited_at", "-id")
    page = Paginator(rest, PAGE_SIZE).get_page(request.GET.get("page"))
    values = {
        "waiting": [invitation_line(invitation, now) for invitation in related.waiting()],
        "lines": [invitation_line(invitation, now) for invitation in page],
        "page_obj": page,
    }
    return render(request, "partners/invitations.html", values)


def invitation_line(invitation: Invitation, now: datetime) -> dict[str, Any]:
    """Return a line of _invitation_lines.html. ``works`` says whether the invitation can be answered."""
    return {
        "invitation": invitation,
        "tag": tag_of(invitation, now),
        "works": invitation.is_sent and not invitation.has_expired(now),
    }


@require_http_methods(GET_OR_POST)
@login_required
@asks_again(only=_manages_people)
def invitation(request: HttpRequest, pk: int) -> HttpResponse:
    """One invitation, for administrators and for leads of its organisation: decide, send again, withdraw."""
    me, now = signed_in_person(request), timezone.now()
    invitation = get_object_or_404(
        Invitation.objects.select_related("organisation", "invited_by", "settled_by", "sent_by"), pk=pk
    )
    if not can_manage_invitation(me, invitation):
        raise Http404
    decides = _manages_people(request)
    domain = domain_of(invitation.email)
    form = InvitationDecisionForm(
        request.POST if request.method == "POST" else None,
        domain="" if is_everybodys(domain) else domain, organisation=invitation.organisation,
    )  # fmt: skip
    if request.method == "POST" and request.POST.get("act") not in ACTS:
        return redirect("partners:invitation", invitation.pk)
    if request.method == "POST" and form.is_valid():
        try:
            sentence = _act(request.POST.get("act", ""), me, now, invitation, form)
        except Refused as refused:
            show_refusal(form, refused)
        else:
            messages.success(request, sentence)
            return redirect("partners:invitation", invitation.pk)
    mail = Mail.objects.filter(about=f"invitation:{invitation.pk}").order_by("-made_at", "-id").first()
    values = {
        "invitation": invitation,
        "tag": tag_of(invitation, now),
        "expired": invitation.has_expired(now),
        "decides": decides and invitation.state == "waiting",
        "trouble": mail if decides and mail and mail.state in TROUBLES else None,
    }
    return form_response(request, "partners/invitation.html", values, form)


def _act(act: str, me: User, now: datetime, invitation: Invitation, form: InvitationDecisionForm) -> str:
    match act:
        case "approve":
            remember = bool(form.cleaned_data.get("remember"))
            invitations.approve(by=me, at=now, invitation=invitation, remember_domain=remember)
            return f"Approved. The invitation to {invitation.email} is on its way."
        case "refuse":
            invitations.refuse(by=me, at=now, invitation=invitation, reason=form.cleaned_data["reason"])
            return "Not approved. No email was sent to the address."
        case "send_again":
            invitations.send_again(by=me, at=now, invitation=invitation)
            return f"The invitation to {invitation.email} is on its way again."
        case _:
            invitations.withdraw(by=me, at=now, invitation=invitation)
            return "The invitation is withdrawn. It can no longer be accepted."


@require_http_methods(GET_OR_POST)
@login_required
def invitation_answer(request: HttpRequest, pk: int) -> HttpResponse:
    """One's own invitation: what it is, and whether to accept it."""
    me, now = signed_in_person(request), timezone.now()
    invitation = get_object_or_404(
        Invitation.objects.select_related("organisation", "invited_by").exclude(state="waiting"), pk=pk, email=me.email
    )
    role = roles.BY_CODE[invitation.role]
    match request.POST.get("act") if request.method == "POST" else "":
        case "accept":
            invitations.accept(by=me, at=now, invitation=invitation)
            messages.success(request, f"You have accepted. Your role now: {invitation.as_what}.")
            changed = User.objects.get(pk=me.pk)  # with the new role
            if signs_in_by_password(changed) and not changed.has_usable_password():
                return redirect("account_set_password")
            return redirect("commitments:my-work")
        case "decline":
            invitations.decline(by=me, at=now, invitation=invitation)
            messages.success(request, "You have declined the invitation.")
            return redirect("commitments:my-work")
    if request.method == "POST":
        return redirect("partners:invitation-answer", invitation.pk)
    expired = invitation.has_expired(now)
    open_ = invitation.is_sent and not expired
    values = {"invitation": invitation, "role": role, "open": open_, "expired": expired, "tag": tag_of(invitation, now)}
    return render(request, "partners/invitation_answer.html", values)
