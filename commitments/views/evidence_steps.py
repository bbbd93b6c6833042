"""Records what was done on a phone: the photograph first, then one question on each screen.

Each step is an ordinary form that saves the draft, so that nothing depends on a session: a closed tab, the Back button or
another telephone find everything that was answered. What was opened when, and the commitment that somebody came from, travel
in the address.
"""

from functools import partial
from typing import Any, Final

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods

from commitments.content.evidence import EvidenceContent, FileDescription
from commitments.forms.evidence_input import content_of
from commitments.forms.evidence_steps import (
    AgreedForm,
    CommitmentsForm,
    EvidenceStepForm,
    FiguresStepForm,
    PhotographsForm,
    WhatForm,
    draft_title,
)
from commitments.models import Evidence, Strategy
from commitments.page_parts.autosave import keep
from commitments.page_parts.evidence import asked_strategy, visible_evidence_or_404
from commitments.page_parts.uploads import look_into
from commitments.permissions import evidence as evidence_permissions
from commitments.reading.consents import standing
from commitments.reading.references import asked_commitments
from commitments.services import consents as consent_services
from commitments.services import evidence as services
from commitments.services.evidence import NewFile, room_for
from commitments.services.working_copies import copy_of, drop_copy, opened
from commitments.views.evidence_conflict import base_of_step, changed_by_nobody_else, step_conflict, unchanged_since
from commitments.views.evidence_edit import kept_as, typed_before
from commitments.views.evidence_files import no_room, with_files
from partners.models import Organisation, User
from partners.signed_in import signed_in_person
from vcsportal.common.dates import spelt_out
from vcsportal.common.pages import form_status, show_refusal
from vcsportal.common.words import Conflict, NotAllowed, Refused

STEP_FORMS: Final[dict[str, type[EvidenceStepForm]]] = {
    "photographs": PhotographsForm,
    "agreed": AgreedForm,
    "what": WhatForm,
    "commitments": CommitmentsForm,
    "people": FiguresStepForm,
}
ASKED_FIGURES: Final = tuple(figure.code for figure in FiguresStepForm.asked_figures)
PLACE: Final = {"photographs": 1, "agreed": 1, "what": 2, "commitments": 3}
ROWS: Final = {
    "what": ("title", "happened_from", "happened_to", "districts", *ASKED_FIGURES, "story"),
    "commitments": ("commitments",),
    "people": (*ASKED_FIGURES, "publishable"),
}
"""What each question changes, as rows of :mod:`commitments.reading.evidence_versions`."""
AFTER: Final = {"photographs": "what", "agreed": "what", "what": "commitments"}
BEFORE: Final = {"agreed": "photographs", "what": "photographs", "commitments": "what"}
SAY_WHO: Final = "Say whether anyone can be recognised in your photographs."
CHANGED: Final = (
    "A colleague has changed this evidence since you opened this page. Look at the photographs again, then answer."
)
HEADINGS: Final = {
    "photographs": "Do you have a photograph?",
    "agreed": "Who has agreed to be shown?",
    "what": "What, when and where?",
    "commitments": "Which commitments is it for?",
    "people": "Can we publish this?",
}


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def begin(request: HttpRequest, step: str = "photographs") -> HttpResponse:
    """The first step of a new piece; or the second, for those without a photograph."""
    person = signed_in_person(request)
    evidence_permissions.check_may_log_evidence(person)
    own = [
        organisation
        for organisation in person.organisations
        if evidence_permissions.can_log_evidence(person, organisation)
    ]
    if not own:
        raise NotAllowed("You don’t belong to an organisation here yet. Ask its lead, or the council, to invite you.")
    strategy = asked_strategy(request)
    if request.POST.get("act") == "keep":
        return keep(request, kept_as(None), None)
    if request.method != "POST":
        begun_at = request.GET.get("opened") or opened(timezone.now())
        initial = {**_typed_before(person, step, None), "opened": begun_at}
        form = STEP_FORMS[step](organisations=own, initial=initial)
        drafts = Evidence.objects.filter(logged_by=person, state="draft", said_by="").order_by("-logged_at", "-id")[:3]
        return _page(request, step, form, drafts=list(drafts) if step == "photographs" else [])
    form = STEP_FORMS[step](request.POST, request.FILES, organisations=own)
    valid = form.is_valid()
    token = form.cleaned_data.get("form_token")
    earlier = Evidence.objects.filter(form_token=token, logged_by=person).first() if token else None
    if earlier is not None:
        return _save(request, earlier, step, form)
    files, refused = look_into(request) if step == "photographs" else ([], [])
    _say(form, refused)
    if not files and not (valid and not refused):
        return _page(request, step, form)
    organisation: Organisation = form.cleaned_data.get("organisation") or own[0]
    today = timezone.localdate()
    chosen = asked_commitments(strategy, request.GET.getlist("commitment"))
    content = EvidenceContent(title=draft_title(today), happened_from=today, commitments=chosen)
    if step == "what":
        content = form.changed(content)
    piece = services.log_evidence(
        by=person, at=timezone.now(), organisation=organisation, content=content, form_token=token
    )
    if step == "photographs":
        return _attached(request, person, piece, form, files)
    drop_copy(by=person, form=kept_as(None))
    return _on(request, piece, step, form)


def _typed_before(person: User, step: str, piece: Evidence | None) -> dict[str, Any]:
    """What was typed and not saved, where there is something to type."""
    return typed_before(copy_of(person, kept_as(piece))) if step == "what" else {}


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def step(request: HttpRequest, pk: int, step: str) -> HttpResponse:
    """One question about a draft, or about what was returned."""
    if step not in STEP_FORMS:
        raise Http404
    piece = visible_evidence_or_404(request, pk)
    person = signed_in_person(request)
    evidence_permissions.check_can_edit_evidence(person, piece)
    if request.POST.get("act") == "keep":
        return keep(request, kept_as(piece), piece.version)
    if request.POST.get("act") == "discard":
        drop_copy(by=person, form=kept_as(piece))
        return redirect(request.get_full_path())
    if request.method != "POST":
        initial = {
            **_typed_before(person, step, piece),
            "opened": request.GET.get("opened", ""),
        }
        if step in ROWS:
            initial = {"base": base_of_step(piece, ROWS[step]), **initial}
        form = _form(request, step, piece, initial=initial)
        return _page(request, step, form, piece)
    return _save(request, piece, step, _form(request, step, piece, request.POST, request.FILES))


def _form(request: HttpRequest, step: str, piece: Evidence, *args: Any, **kwargs: Any) -> EvidenceStepForm:
    if step != "commitments":
        return STEP_FORMS[step](*args, piece=piece, **kwargs)
    strategy = (
        Strategy.objects.filter(commitments__evidence=piece).order_by("id").first()
        or piece.council_chooses_in
        or asked_strategy(request)
    )
    helped = (
        piece.organisation.delivers.lasting()
        .filter(commitment__strategy=strategy)
        .values_list("commitment_id", flat=True)
    )
    return CommitmentsForm(*args, piece=piece, strategy=strategy, helped=helped, **kwargs)


def _save(request: HttpRequest, piece: Evidence, step: str, form: EvidenceStepForm) -> HttpResponse:
    person = signed_in_person(request)
    if step == "agreed" and request.POST.get("then") == "later":
        return _on(request, piece, step, form)
    form.piece = piece
    valid = form.is_valid()
    if step == "photographs":
        files, refused = look_into(request)
        _say(form, refused)
        return _attached(request, person, piece, form, files)
    if not valid or request.POST.get("then") == "look":
        return _page(request, step, form, piece)
    if isinstance(form, AgreedForm):
        return _agreed(request, person, piece, form)
    content = form.changed(content_of(piece))
    if content != content_of(piece):
        try:
            if not _is_newest(person, piece, step, form):
                raise Conflict("A colleague has changed this evidence.")
            services.edit_evidence(by=person, at=timezone.now(), evidence=piece, content=content, version=piece.version)
        except Conflict:
            here = reverse("commitments:evidence-step", args=[piece.pk, step]) + _carried(request)
            return step_conflict(request, piece, form, ROWS[step], here)
        except Refused as reason:
            show_refusal(form, reason)
        if form.errors:
            return _page(request, step, form, piece)
    if step == "what":
        drop_copy(by=person, form=kept_as(piece))
    return _on(request, piece, step, form)


def _is_newest(person: User, piece: Evidence, step: str, form: EvidenceStepForm) -> bool:
    """Whether nobody else has changed what this question changes since the form was drawn.

    Somebody who comes back with the Back button sends the version of before: what they answer last is meant.
    """
    return (
        _read_version(person, piece, form) == piece.version
        or unchanged_since(piece, form, ROWS[step])
        or changed_by_nobody_else(piece, form, person)
    )


def _read_version(person: User, piece: Evidence, form: EvidenceStepForm) -> int:
    """Return the version that the form was drawn with; 0 if that is unknown and somebody else has changed the item."""
    version = form.cleaned_data.get("version")
    if version is None:  # the first page of a new item, gone back to: it was drawn before there was anything to read
        return 0 if piece.history.exclude(by=person).exists() else piece.version
    return int(version)


def _attached(
    request: HttpRequest, person: User, piece: Evidence, form: EvidenceStepForm, files: list[Any]
) -> HttpResponse:
    """Keep the photographs whatever else is the matter. Until it is answered, somebody is taken to be recognisable in them."""
    evidence_permissions.check_can_edit_evidence(person, piece)
    before = set(piece.files.values_list("pk", flat=True))
    answer = form.cleaned_data.get("shows_people")
    caption = form.cleaned_data.get("caption") or ""
    fit, left = room_for(piece, files)
    description = form.cleaned_data.get("description") or ""
    added = [NewFile(upload, caption, answer != "no", description) for upload in fit]
    asked = [FileDescription(pk, shows_people=answer == "yes") for pk in before if str(pk) in _fresh(request)]
    _say(form, no_room(left))
    write = partial(services.edit_evidence, by=person, at=timezone.now(), evidence=piece, content=None)
    refused: list[str] = []
    try:
        version = _read_version(person, piece, form) if asked and answer == "no" else None
        answers = asked if answer else ()
        piece = with_files(lambda new: write(added=new, described=answers, version=version), added, refused)
    except Conflict:  # a photograph that may show people stays back until somebody has looked again
        piece = with_files(lambda new: write(added=new), added, refused)
        form.add_error("shows_people", CHANGED)
    _say(form, refused)
    fresh = [file for file in piece.files.order_by("id") if file.pk not in before or str(file.pk) in _fresh(request)]
    form.seen(piece.version)
    if fresh and not answer and "shows_people" not in form.errors:
        form.add_error("shows_people", SAY_WHO)
    if form.errors:
        return _page(request, "photographs", form, piece, fresh=[file.pk for file in fresh])
    return _on(request, piece, "photographs", form, to="agreed" if _waiting(piece) else "what")


def _fresh(request: HttpRequest) -> set[str]:
    """The photographs that came with an earlier sending of this page and about which a question was left."""
    return set(request.POST.getlist("fresh"))


def _say(form: EvidenceStepForm, sentences: list[str]) -> None:
    for sentence in sentences:
        form.add_error("uploads", sentence)


def _waiting(piece: Evidence) -> list[Any]:
    """Return the photographs that show people who have not been asked for their consent."""
    files = piece.files.filter(kind="photograph").with_standing(timezone.localdate()).order_by("id")
    return [file for file in files if standing(file) == "waiting"]


def _agreed(request: HttpRequest, person: User, piece: Evidence, form: AgreedForm) -> HttpResponse:
    """Write down the agreement to the photographs that the page showed, and to none that a colleague has added since."""
    entered = form.cleaned_data
    waiting = _waiting(piece)
    asked = set(request.POST.getlist("agreed")) or {str(file.pk) for file in waiting if file.added_by_id == person.pk}
    consent_services.record_consents(
        by=person, at=timezone.now(), evidence=piece, files=[file for file in waiting if str(file.pk) in asked],
        given_by=entered["given_by"], given_on=timezone.localdate(), uses=entered["uses"], lasts_until=entered["lasts_until"],
    )  # fmt: skip
    return _on(request, piece, "agreed", form)


def _on(request: HttpRequest, piece: Evidence, step: str, form: EvidenceStepForm, *, to: str = "") -> HttpResponse:
    """Redirect to the next question, to the check page, or back to the evidence where it is to be finished later."""
    if request.POST.get("then") == "stop":
        messages.success(request, "Saved. Continue when it suits you.")
        return redirect(piece)
    carried = _carried(request, written=_written_days(request, step, form))
    following = to or ("" if "check" in request.GET else AFTER.get(step))
    if following:
        return redirect(reverse("commitments:evidence-step", args=[piece.pk, following]) + carried)
    opened_at = request.POST.get("opened", "")
    pairs = [("steps", "1"), ("opened", opened_at), *_written_days(request, step, form)]
    return redirect(reverse("commitments:evidence-submit", args=[piece.pk]) + "?" + urlencode(pairs))


def _written_days(request: HttpRequest, step: str, form: EvidenceStepForm) -> list[tuple[str, str]]:
    """Return the day as it was written, where the portal had to work out which day is meant; the last page says so."""
    if step == "what":
        day, text = form.cleaned_data.get("other_day"), request.POST.get("other_day", "").strip()
        if form.cleaned_data.get("day") == "other" and day and not spelt_out(text, day):
            return [("written", text[:40])]
        return []
    return [("written", text[:40]) for text in request.GET.getlist("written")[:1]]


def _carried(request: HttpRequest, written: list[tuple[str, str]] | None = None) -> str:
    """What travels in the address from step to step."""
    opened_at = request.POST.get("opened") or request.GET.get("opened") or ""
    pairs = [(name, value) for name in ("strategy", "commitment", "check") for value in request.GET.getlist(name)]
    pairs += [("written", text) for text in request.GET.getlist("written")] if written is None else written
    if opened_at:
        pairs.append(("opened", opened_at[:300]))
    return f"?{urlencode(pairs)}" if pairs else ""


def _page(
    request: HttpRequest, step: str, form: EvidenceStepForm, piece: Evidence | None = None, *, fresh: list[int] | None = None,
    drafts: list[Evidence] | None = None,
) -> HttpResponse:  # fmt: skip
    carried = _carried(request)
    if piece is not None:
        here = reverse("commitments:evidence-step", args=[piece.pk, step])
        check = reverse("commitments:evidence-submit", args=[piece.pk]) if "check" in request.GET else ""
        before = BEFORE.get(step)
        back = reverse("commitments:evidence-step", args=[piece.pk, before]) if before else piece.get_absolute_url()
        back = check or back
        skip = reverse("commitments:evidence-step", args=[piece.pk, "what"])
        whole = reverse("commitments:evidence-edit", args=[piece.pk])
    else:
        check = ""
        here = reverse("commitments:evidence-steps" if step == "photographs" else "commitments:evidence-steps-what")
        back = reverse("commitments:evidence-list" if step == "photographs" else "commitments:evidence-steps")
        skip = reverse("commitments:evidence-steps-what")
        whole = reverse("commitments:evidence-new")
    files = list(piece.files.with_standing(timezone.localdate()).order_by("id")) if piece else []
    context = {
        "form": form,
        "piece": piece,
        "step": step,
        "place": PLACE.get(step),
        "changes": bool(check),
        "steps": max(PLACE.values()),
        "heading": form.nouns.reworded(HEADINGS[step]) if isinstance(form, CommitmentsForm) else HEADINGS[step],
        "action": here + carried,
        "back": back + carried,
        "skip": skip + carried,
        "whole": whole + carried,
        "photographs": [file for file in files if file.kind == "photograph" and standing(file) != "taken_back"],
        "fresh": fresh or [],
        "agreed": [file.pk for file in files if file.kind == "photograph" and standing(file) == "waiting"],
        "drafts": drafts or [],
    }
    return render(request, "commitments/evidence_step.html", context, status=form_status(form))
