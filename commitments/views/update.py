"""The update of a round: write, check, send; confirm what is still true; take back what was sent.

Every page of the way is one POST further. What was written travels in hidden fields, so that nothing depends on the
session, on JavaScript or on being first; what is typed is kept on the way, so that nothing depends on the browser either.
"""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from commitments import status as words
from commitments import update_questions
from commitments.forms.figures import FiguresForm
from commitments.forms.updates import ConfirmForm, UpdateForm
from commitments.models import Commitment
from commitments.page_parts import autosave
from commitments.page_parts.addresses import find_commitment
from commitments.permissions import check_can_update_commitment
from commitments.reading import update_form as reading
from commitments.services.progress import check_unchanged, not_open
from commitments.services.update_approval import take_back_update
from commitments.services.update_submission import save_draft, send_confirmation, send_update
from commitments.services.working_copies import drop_copy, keep_copy
from commitments.views import update_pages as pages
from commitments.views.update_pages import Desk
from partners.signed_in import signed_in_person
from vcsportal.common.pages import GET_OR_POST
from vcsportal.common.words import Conflict, Refused

WRITING = {"check", "send", "save", "change"}


def _desk(request: HttpRequest, commitment: Commitment, asked: str = "") -> Desk:
    return Desk(request, commitment, reading.place(commitment, timezone.localdate(), asked=asked))


@require_http_methods(GET_OR_POST)
@autosave.words_kept
def update(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """The update of the round that is open today, wherever it stands."""
    commitment = find_commitment(slug, key)
    check_can_update_commitment(request.user, commitment)
    # A form that was opened in another round keeps its round, so that somebody is told when it has closed meanwhile.
    desk = _desk(request, commitment, request.POST.get("round", ""))
    if request.method != "POST":
        return _opened(desk)
    act = request.POST.get("act", "check")
    if act == "keep":
        return autosave.keep(request, desk.name, desk.version)
    if act == "discard":
        drop_copy(by=desk.person, form=desk.name)
        messages.success(request, "What you had typed is gone.")
        return _again(desk)
    if desk.where.round is None:
        return _too_late(desk)
    if act == "take_back":
        return _take_back(desk)
    if act == "confirm":
        return _confirm(desk)
    return _written(desk, act if act in WRITING else "check")


def _again(desk: Desk) -> HttpResponse:
    return redirect("commitments:update", desk.commitment.strategy.slug, desk.commitment.key)


def _receipt(desk: Desk) -> HttpResponse:
    return redirect("commitments:update-sent", desk.commitment.strategy.slug, desk.commitment.key)


def _opened(desk: Desk) -> HttpResponse:
    where = desk.where
    if where.round is not None and (fields := autosave.held(desk.request)):
        keep_copy(by=desk.person, at=timezone.now(), form=desk.name, fields=fields, seen=desk.version)
    copies = reading.kept_copies(desk.person, desk.commitment)
    if where.stored is not None and where.state in {"submitted", "published"}:
        return pages.state_page(desk, where.stored, copies)
    if where.round is None or not where.takes:
        sentence = not_open(where.round) if where.round else ""
        return pages.closed_page(desk, copies, sentence=sentence)
    copy = next((one for one in copies if one.form == desk.name), None)
    form, figures = pages.blank_forms(desk, copy)
    return pages.form_page(desk, form, figures, copy=copy, fresh=True)


def _too_late(desk: Desk) -> HttpResponse:
    """What was sent can't be taken: keep it, say so, and show it."""
    fields = autosave.fields_of(desk.request.POST)
    if any(text.strip() for name, _label in reading.UPDATE_FIELDS[1:] for text in fields.get(name, [])):
        keep_copy(by=desk.person, at=timezone.now(), form=desk.name, fields=fields, seen=desk.version)
    copies = reading.kept_copies(desk.person, desk.commitment)
    sentence = not_open(desk.where.round) if desk.where.round else ""
    return pages.closed_page(desk, copies, sentence=sentence, status=422)


def _written(desk: Desk, act: str) -> HttpResponse:
    data, found = desk.request.POST, desk.commitment
    if not desk.where.takes and desk.where.state not in {"submitted", "published"}:
        return _too_late(desk)
    if act == "change":
        form, figures = pages.forms_with(desk, data)
        return pages.form_page(desk, form, figures)
    form = UpdateForm(data, commitment=found, whole=act != "save", evidence=desk.rests.offered)
    figures = FiguresForm(found, desk.round, data)
    if form.is_valid() & figures.is_valid():
        try:
            return _go_on(desk, form, figures, act)
        except Conflict as conflict:
            return _conflict(desk, form, figures, act, conflict)
        except Refused as refused:
            form.add_error(None, refused.sentence)
    return pages.form_page(desk, form, figures)


def _go_on(desk: Desk, form: UpdateForm, figures: FiguresForm, act: str) -> HttpResponse:
    version, now = form.cleaned_data["version"], timezone.now()
    if act == "save":
        save_draft(
            by=desk.person,
            at=now,
            commitment=desk.commitment,
            round_=desk.round,
            said=form.said,
            version=version,
            cites=form.cited,
            form=desk.name,
            left=autosave.fields_of(desk.request.POST) if figures and figures.entries else None,
        )
        messages.success(desk.request, "The draft is saved. Nobody but the council’s own people can see it.")
        return _again(desk)
    check_unchanged(desk.where.stored, version, by=desk.person)
    asked = desk.questions(form.said.status, figures, figures.entries)
    if act == "check" or {question.code for question in asked} - form.shown_questions:
        keep_copy(by=desk.person, at=now, form=desk.name, fields=autosave.fields_of(desk.request.POST), seen=version)
        return pages.answers_page(desk, form, figures, asked)
    send_update(
        by=desk.person,
        at=now,
        commitment=desk.commitment,
        round_=desk.round,
        said=form.said,
        version=version,
        answers=update_questions.answered(asked, form.answers),
        cites=form.cited,
        replaces=form.cleaned_data["replaces"],
        figures=figures.entries if figures else (),
        form=desk.name,
        opened=desk.request.POST.get("opened", ""),
    )
    return _receipt(desk)


def _conflict(desk: Desk, form: UpdateForm, figures: FiguresForm, act: str, conflict: Conflict) -> HttpResponse:
    desk = _desk(desk.request, desk.commitment, desk.round.slug)
    stored = desk.where.stored
    mine = stored is not None and stored.saved_by_id == desk.person.pk and reading.said_of(stored) == form.said.tidy()
    if mine and stored and (act, stored.state) in {("send", "submitted"), ("save", "draft"), ("save", "returned")}:
        return _receipt(desk) if act == "send" else _again(desk)  # the second click of two
    fields = autosave.fields_of(desk.request.POST)
    keep_copy(by=desk.person, at=timezone.now(), form=desk.name, fields=fields, seen=form.cleaned_data["version"])
    return pages.conflict_page(desk, form, figures, act, conflict)


def _confirm(desk: Desk) -> HttpResponse:
    before = desk.where.before
    asked = desk.questions(before.status, FiguresForm(desk.commitment, desk.round)) if before else ()
    form = ConfirmForm(desk.request.POST, questions=asked)
    if not form.is_valid():
        messages.warning(desk.request, "Something in what was sent can’t be read. Try again.")
        return _again(desk)
    try:
        send_confirmation(
            by=desk.person,
            at=timezone.now(),
            commitment=desk.commitment,
            round_=desk.round,
            version=form.cleaned_data["version"],
            answers=update_questions.answered(asked, form.answers),
            form=desk.name,
            opened=desk.request.POST.get("opened", ""),
        )
    except Conflict:
        desk = _desk(desk.request, desk.commitment, desk.round.slug)
        stored = desk.where.stored
        if stored and stored.state == "submitted" and stored.submitted_by_id == desk.person.pk and stored.confirms_id:
            return _receipt(desk)  # the second click of two
        who = stored.saved_by.name if stored and stored.saved_by else "Somebody"
        messages.warning(
            desk.request, f"{who} has written this update meanwhile, so nothing was sent. This is how it stands."
        )
        return _again(desk)
    except Refused as refused:
        messages.warning(desk.request, refused.sentence)
        return _again(desk)
    return _receipt(desk)


def _take_back(desk: Desk) -> HttpResponse:
    stored = desk.where.stored
    if stored and stored.state == "submitted":
        try:
            take_back_update(by=desk.person, at=timezone.now(), update=stored)
            messages.success(desk.request, "The update is a draft again. Change it, then send it.")
        except Refused as refused:  # somebody approved or returned it in the same moment
            messages.warning(desk.request, refused.sentence)
    return _again(desk)


@require_safe
@login_required
def update_sent(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """The receipt: it is sent, what happens next, and what this person owes next."""
    commitment = find_commitment(slug, key)
    check_can_update_commitment(request.user, commitment)
    desk = _desk(request, commitment)
    if desk.where.round is None or desk.where.state != "submitted":
        return _again(desk)
    values = {
        **pages.shared(desk),
        "next_owed": reading.next_owed(signed_in_person(request), desk.round),
        "said_status": words.of(desk.where.stored.status) if desk.where.stored else None,
    }
    return render(request, "commitments/update_sent.html", values)
