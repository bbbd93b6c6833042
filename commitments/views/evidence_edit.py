"""Telling what was done: a new piece, and changing one.

The rule is that nothing is lost. A title and a day make a draft. Files can't be put back into a form, so when files come
with a form that is not right yet, they are kept on a draft at once (with the day's date for a title and day that are
missing) and the same page, everything typed still in it, goes on as that draft's own. A form that is sent twice, or again
after the Back button, is known by its token: it makes one piece, and what changed in between is saved to it.
"""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from commitments import permissions, workflow
from commitments.forms.evidence import EvidenceForm, deed_of
from commitments.models import Evidence, Strategy
from commitments.reading.cards import FIGURE_WORDS, where
from commitments.services import evidence as services
from commitments.services.evidence import Deed
from commitments.views.evidence import own_or_404, person_of
from commitments.views.evidence_files import attach, look_into
from partners import roles
from partners.models import Organisation, User
from partners.permissions import check_permission
from vcsportal.common.dates import in_words
from vcsportal.common.words import Conflict, Refused

NOT_CARRIED = {"csrfmiddlewaretoken", "version", "then"}


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Tell us what you did."""
    person = person_of(request)
    check_permission(person, roles.LOG_EVIDENCE, "You need to be a partner or a council officer to log evidence.")
    slug = request.GET.get("strategy")
    strategies = Strategy.objects.all()
    strategy = get_object_or_404(strategies, slug=slug) if slug else strategies.current(timezone.localdate())
    own = [one for one in person.organisations if permissions.can_log(person, one)]
    if not own:
        raise Refused("You don’t belong to an organisation here yet. Ask its lead, or the council, to invite you.")
    if request.method != "POST":
        initial = {"commitments": request.GET.getlist("commitment")}
        return _page(request, EvidenceForm(organisations=own, strategy=strategy, initial=initial))
    form = EvidenceForm(request.POST, request.FILES, organisations=own, strategy=strategy)
    files, refused = look_into(request)
    valid = form.is_valid()
    token = form.cleaned_data.get("form_token")
    earlier = Evidence.objects.filter(form_token=token, logged_by=person).first() if token else None
    if earlier is not None:
        return _save(request, earlier, form, files, refused, version=1)
    if not valid and not files:
        return _page(request, form, refused=refused)
    organisation: Organisation = form.cleaned_data.get("organisation") or getattr(form, "own", None) or own[0]
    today = timezone.localdate()
    deed = form.deed(title=f"Draft of {in_words(today)}", day=today)
    try:
        piece = services.log_evidence(
            by=person, at=timezone.now(), organisation=organisation, deed=deed, form_token=token
        )
    except Refused as reason:
        form.add_error(None, reason.sentence)
        return _page(request, form, refused=refused)
    refused += attach(person, piece, files, form.cleaned_data.get("caption") or "")
    return _after(request, piece, form, refused)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a draft, or what was returned."""
    piece = own_or_404(request, pk)
    strategy = Strategy.objects.filter(commitments__evidence=piece).order_by("id").first()
    strategy = strategy or Strategy.objects.current(timezone.localdate())
    if request.method != "POST":
        permissions.check_can_edit(person_of(request), piece)
        return _page(request, EvidenceForm(organisations=[], strategy=strategy, piece=piece), piece)
    form = EvidenceForm(request.POST, request.FILES, organisations=[], strategy=strategy, piece=piece)
    form.is_valid()
    if request.POST.get("then") == "look":
        return _page(request, form, piece)
    files, refused = look_into(request)
    return _save(request, piece, form, files, refused, version=form.cleaned_data.get("version") or 0)


def _save(
    request: HttpRequest, piece: Evidence, form: EvidenceForm, files: list[Any], refused: list[str], *, version: int
) -> HttpResponse:
    """Save to a piece that is there. Files first: they are kept whatever is the matter with the words."""
    person = person_of(request)
    deed = form.deed(title=piece.title, day=piece.happened_from)
    same = not form.errors and deed_of(piece) == deed
    if not permissions.can_edit(person, piece):
        return redirect(piece) if same else _conflict(request, piece, form, editable=False)
    refused += attach(person, piece, files, form.cleaned_data.get("caption") or "")
    _describe(request, person, piece)
    if form.errors or same:
        return _after(request, piece, form, refused)
    try:
        piece = services.edit_evidence(by=person, at=timezone.now(), evidence=piece, deed=deed, version=version)
    except Conflict:
        return _conflict(request, piece, form, editable=True)
    except Refused as reason:
        form.add_error(None, reason.sentence)
    return _after(request, piece, form, refused)


def _describe(request: HttpRequest, by: User, piece: Evidence) -> None:
    for file in piece.files.order_by("id"):
        caption = request.POST.get(f"caption_{file.pk}")
        if caption is not None and caption.strip()[:250] != file.caption:
            services.describe_file(by=by, at=timezone.now(), file=file, caption=caption[:250])


def _after(request: HttpRequest, piece: Evidence, form: EvidenceForm, refused: list[str]) -> HttpResponse:
    if form.errors or refused:
        return _page(request, form, piece, refused=refused)
    if form.sends:
        return redirect("commitments:evidence-submit", piece.pk)
    messages.success(request, "Saved. You can change it until you send it.")
    return redirect(piece)


def _page(
    request: HttpRequest, form: EvidenceForm, piece: Evidence | None = None, *, refused: list[str] | None = None
) -> HttpResponse:
    """The form, for a new piece or as the one that it has become."""
    for sentence in refused or ():
        form.add_error("uploads", sentence)
    action = ""
    if piece is not None:
        piece.refresh_from_db(fields=["version", "state", "state_reason"])
        action = reverse("commitments:evidence-edit", args=[piece.pk])
        if form.is_bound:
            form.seen(piece.version)
    context = {
        "form": form,
        "piece": piece,
        "action": action,
        "files": list(piece.files.order_by("id")) if piece else [],
        "state": workflow.EVIDENCE_STATE[piece.state] if piece else None,
        "rest_saved": bool(piece and set(form.errors) == {"uploads"}),
    }
    return render(request, "commitments/evidence_form.html", context, status=422 if form.errors else 200)


def _conflict(request: HttpRequest, piece: Evidence, form: EvidenceForm, *, editable: bool) -> HttpResponse:
    """Both versions, side by side; nothing has been written."""
    piece.refresh_from_db()
    theirs, mine = told(deed_of(piece)), told(form.deed(title=form.data.get("title", ""), day=piece.happened_from))
    last = piece.history.select_related("by").newest_first().first()
    context = {
        "piece": piece,
        "state": workflow.EVIDENCE_STATE[piece.state],
        "last": last,
        "by_oneself": last is not None and last.by_id == person_of(request).pk,
        "rows": [(label, theirs[label], mine[label]) for label in theirs if theirs[label] != mine[label]],
        "editable": editable,
        "carried": [
            (name, value) for name, values in request.POST.lists() if name not in NOT_CARRIED for value in values
        ],
    }
    return render(request, "commitments/evidence_conflict.html", context, status=409)


def told(deed: Deed) -> dict[str, str]:
    """Return a deed in words, by the question that it answers."""
    figures = {more.capitalize(): getattr(deed, name) for name, _, more in FIGURE_WORDS}
    return {
        "What you did": deed.title,
        "When it began": in_words(deed.happened_from),
        "When it ended": in_words(deed.happened_to) if deed.happened_to else "",
        "Commitments": ", ".join(one.reference for one in deed.commitments),
        "Where": where([area.name for area in deed.districts]),
        "What happened": deed.story,
        **{label: "" if value is None else f"{value:,}" for label, value in figures.items()},
        "Links": "\n".join(f"{label} {address}".strip() for address, label in deed.links),
        "May be published": "Yes" if deed.publishable else "No",
    }
