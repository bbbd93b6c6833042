"""The update of a round: write, check, send; confirm what is still true; withdraw what was sent.

Every page of the way is one POST further. What was written travels in hidden fields, so that nothing depends on the
session, on JavaScript or on being first; what is typed is kept on the way, so that nothing depends on the browser either.
"""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from commitments.forms.figures import FiguresForm
from commitments.forms.updates import ConfirmUnchangedForm, UpdateForm
from commitments.models import Commitment
from commitments.page_parts import autosave
from commitments.page_parts.addresses import find_commitment
from commitments.permissions.progress import check_can_update_commitment
from commitments.reading import update_form as reading
from commitments.rules import status as words
from commitments.rules import update_questions
from commitments.services.progress import check_not_empty, check_unchanged, not_open
from commitments.services.update_approval import take_back_update
from commitments.services.update_submission import save_draft, send_confirmation, send_update
from commitments.services.working_copies import drop_copy, keep_copy
from commitments.views import update_pages as pages
from commitments.views.update_pages import UpdatePage
from partners.signed_in import signed_in_person
from vcsportal.common.pages import GET_OR_POST, show_refusal
from vcsportal.common.words import Conflict, Invalid, Refused

WRITING = {"check", "send", "save", "change"}


def _page(request: HttpRequest, commitment: Commitment, asked: str = "") -> UpdatePage:
    return UpdatePage(request, commitment, reading.place(commitment, timezone.localdate(), asked=asked))


@require_http_methods(GET_OR_POST)
@autosave.autosaved
def update(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """The update of the round that is open today, wherever it stands."""
    commitment = find_commitment(slug, key)
    check_can_update_commitment(request.user, commitment)
    # A form that was opened in another round keeps its round, so that somebody is told when it has closed meanwhile.
    page = _page(request, commitment, request.POST.get("round", ""))
    if request.method != "POST":
        return _opened(page)
    act = request.POST.get("act", "check")
    if act == "keep":
        return autosave.keep(request, page.name, page.version)
    if act == "discard":
        drop_copy(by=page.person, form=page.name)
        messages.success(request, "What you typed has been discarded.")
        return _again(page)
    if page.where.round is None:
        return _too_late(page)
    if act == "take_back":
        return _take_back(page)
    if act == "confirm":
        return _confirm(page)
    return _written(page, act if act in WRITING else "check")


def _again(page: UpdatePage) -> HttpResponse:
    return redirect("commitments:update", page.commitment.strategy.slug, page.commitment.key)


def _receipt(page: UpdatePage) -> HttpResponse:
    return redirect("commitments:update-sent", page.commitment.strategy.slug, page.commitment.key)


def _opened(page: UpdatePage) -> HttpResponse:
    where = page.where
    if where.round is not None and (fields := autosave.held(page.request)):
        keep_copy(by=page.person, at=timezone.now(), form=page.name, fields=fields, seen=page.version)
    copies = reading.kept_copies(page.person, page.commitment)
    if where.stored is not None and where.state in {"submitted", "published"}:
        return pages.state_page(page, where.stored, copies)
    if where.round is None or not where.takes:
        sentence = not_open(where.round) if where.round else ""
        return pages.closed_page(page, copies, sentence=sentence)
    copy = next((copy for copy in copies if copy.form == page.name), None)
    form, figures = pages.blank_forms(page, copy)
    return pages.form_page(page, form, figures, copy=copy, fresh=True)


def _too_late(page: UpdatePage) -> HttpResponse:
    """What was sent can't be taken: keep it, say so, and show it."""
    fields = autosave.fields_of(page.request.POST)
    if any(text.strip() for name, _label in reading.UPDATE_FIELDS[1:] for text in fields.get(name, [])):
        keep_copy(by=page.person, at=timezone.now(), form=page.name, fields=fields, seen=page.version)
    copies = reading.kept_copies(page.person, page.commitment)
    sentence = not_open(page.where.round) if page.where.round else ""
    return pages.closed_page(page, copies, sentence=sentence, status=409)


def _written(page: UpdatePage, act: str) -> HttpResponse:
    data, found = page.request.POST, page.commitment
    if not page.where.takes and page.where.state not in {"submitted", "published"}:
        return _too_late(page)
    if act == "change":
        form, figures = pages.forms_with(page, data)
        return pages.form_page(page, form, figures)
    form = UpdateForm(data, commitment=found, whole=act != "save", evidence=page.rests.offered)
    figures = FiguresForm(found, page.round, data)
    if form.is_valid() & figures.is_valid():
        try:
            return _go_on(page, form, figures, act)
        except Conflict as conflict:
            return _conflict(page, form, figures, act, conflict)
        except Refused as refused:
            show_refusal(form, refused, stay=True)
            return pages.form_page(page, form, figures, fresh="narrative" in form.errors)
    return pages.form_page(page, form, figures)


def _go_on(page: UpdatePage, form: UpdateForm, figures: FiguresForm, act: str) -> HttpResponse:
    version, now = form.cleaned_data["version"], timezone.now()
    if act == "save":
        save_draft(
            by=page.person,
            at=now,
            commitment=page.commitment,
            round_=page.round,
            content=form.content,
            version=version,
            cites=form.cited,
            form=page.name,
            left=autosave.fields_of(page.request.POST)
            if (figures and figures.entries) or form.proposed_measure
            else None,
        )
        messages.success(page.request, "The draft is saved. Only the strategy’s own people can see it.")
        return _again(page)
    check_unchanged(page.where.stored, version, by=page.person)
    check_not_empty(form.content.tidy(), something_else=bool(form.cited or figures.entries))
    asked = page.questions(form.content.status, figures, figures.entries)
    if act == "check" or {question.code for question in asked} - form.shown_questions:
        keep_copy(by=page.person, at=now, form=page.name, fields=autosave.fields_of(page.request.POST), seen=version)
        return pages.answers_page(page, form, figures, asked)
    send_update(
        by=page.person,
        at=now,
        commitment=page.commitment,
        round_=page.round,
        content=form.content,
        version=version,
        answers=update_questions.answered(asked, form.answers),
        cites=form.cited,
        replaces=form.cleaned_data["replaces"],
        figures=figures.entries if figures else (),
        success_measure=form.proposed_measure,
        form=page.name,
        opened=page.request.POST.get("opened", ""),
    )
    return _receipt(page)


def _conflict(page: UpdatePage, form: UpdateForm, figures: FiguresForm, act: str, conflict: Conflict) -> HttpResponse:
    page = _page(page.request, page.commitment, page.round.slug)
    stored = page.where.stored
    mine = (
        stored is not None
        and stored.saved_by_id == page.person.pk
        and reading.content_of(stored) == form.content.tidy()
    )
    if mine and stored and (act, stored.state) in {("send", "submitted"), ("save", "draft"), ("save", "returned")}:
        return _receipt(page) if act == "send" else _again(page)  # the second click of two
    fields = autosave.fields_of(page.request.POST)
    keep_copy(by=page.person, at=timezone.now(), form=page.name, fields=fields, seen=form.cleaned_data["version"])
    return pages.conflict_page(page, form, figures, act, conflict)


def _confirm(page: UpdatePage) -> HttpResponse:
    before = page.where.before
    asked = page.questions(before.status, FiguresForm(page.commitment, page.round)) if before else ()
    form = ConfirmUnchangedForm(page.request.POST, commitment=page.commitment, questions=asked)
    if not form.is_valid():
        if "success_measure" in form.errors and page.where.can_confirm(page.commitment):
            return _unconfirmed(page, form)
        messages.warning(page.request, "Something in what was sent can’t be read. Try again.")
        return _again(page)
    try:
        send_confirmation(
            by=page.person,
            at=timezone.now(),
            commitment=page.commitment,
            round_=page.round,
            version=form.cleaned_data["version"],
            answers=update_questions.answered(asked, form.answers),
            form=page.name,
            opened=page.request.POST.get("opened", ""),
            success_measure=form.proposed_measure,
        )
    except Conflict:
        page = _page(page.request, page.commitment, page.round.slug)
        stored = page.where.stored
        if stored and stored.state == "submitted" and stored.submitted_by_id == page.person.pk and stored.confirms_id:
            return _receipt(page)  # the second click of two
        who = stored.saved_by.name if stored and stored.saved_by else "Somebody"
        messages.warning(
            page.request,
            f"{who} has written this update in the meantime, so nothing was sent. This is their version.{_unsaved(form)}",
        )
        return _again(page)
    except Refused as refused:
        if isinstance(refused, Invalid) and refused.field == "success_measure":
            show_refusal(form, refused)
            return _unconfirmed(page, form)
        messages.warning(page.request, f"{refused.sentence}{_unsaved(form)}")
        return _again(page)
    return _receipt(page)


def _unsaved(form: ConfirmUnchangedForm) -> str:
    """Return a sentence with the success measure that was typed and is not saved, so that it can be copied; "" for none."""
    words = form.proposed_measure
    stop = "" if words.endswith((".", "!", "?")) else "."
    return f" Your success measure is not saved: “{words}”{stop}" if words else ""


def _unconfirmed(page: UpdatePage, confirm: ConfirmUnchangedForm) -> HttpResponse:
    """Nothing was sent: show what is wrong with the proposed success measure beside it, with all that was typed."""
    form, figures = pages.blank_forms(page, None)
    return pages.form_page(page, form, figures, fresh=True, confirm=confirm)


def _take_back(page: UpdatePage) -> HttpResponse:
    stored = page.where.stored
    if stored and stored.state == "submitted":
        try:
            take_back_update(by=page.person, at=timezone.now(), update=stored)
            messages.success(page.request, "The update is a draft again. Change it, then send it.")
        except Refused as refused:  # somebody approved or returned it in the same moment
            messages.warning(page.request, refused.sentence)
    return _again(page)


@require_safe
@login_required
def update_sent(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """The receipt: it is sent, what happens next, and what this person owes next."""
    commitment = find_commitment(slug, key)
    check_can_update_commitment(request.user, commitment)
    page = _page(request, commitment)
    if page.where.round is None or page.where.state != "submitted":
        return _again(page)
    values = {
        **pages.shared(page),
        "next_owed": reading.next_owed(signed_in_person(request), page.round),
        "said_status": words.of(page.where.stored.status) if page.where.stored else None,
    }
    return render(request, "commitments/update_sent.html", values)
