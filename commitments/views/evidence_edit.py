"""Telling what was done: a new piece, and changing one.

The rule is that nothing is lost. A title and a day make a draft. Files can't be put back into a form, so when files come
with a form that is not right yet, they are kept on a draft at once (with the day's date for a title and day that are
missing) and the same page, everything typed still in it, goes on as that draft's own. A form that is sent twice, or again
after the Back button, is known by its token: it makes one piece, and what changed in between is saved to it.
"""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods

from commitments import permissions, workflow
from commitments.forms.deeds import deed_of, values_of
from commitments.forms.evidence import EvidenceForm
from commitments.models import Evidence, Strategy, WorkingCopy
from commitments.models.evidence import SAID_HOW
from commitments.reading.cards import FIGURE_WORDS, where
from commitments.reading.consents import standing
from commitments.services import evidence as services
from commitments.services.evidence import Deed
from commitments.services.writing import copy_of, drop_copy
from commitments.views.evidence import asked_strategy, own_or_404, person_of
from commitments.views.evidence_files import attach, look_into
from commitments.views.typed import hidden, keep
from partners import roles
from partners.models import Organisation, RoleGrant, User
from partners.permissions import check_permission, has_permission
from vcsportal.common.dates import in_words
from vcsportal.common.languages import name_of
from vcsportal.common.words import Conflict, Refused

NOT_CARRIED = {"csrfmiddlewaretoken", "version", "then", "whose"}


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Tell us what you did."""
    person = person_of(request)
    check_permission(person, roles.LOG_EVIDENCE, "You need to be a partner or a council officer to log evidence.")
    strategy = asked_strategy(request)
    groups = None
    if request.GET.get("for") == "group":
        permissions.check_may_log_for(person)
        groups = groups_of(person)
    own = [one for one in person.organisations if permissions.can_log(person, one)]
    if not own:
        raise Refused("You don’t belong to an organisation here yet. Ask its lead, or the council, to invite you.")
    if request.POST.get("act") == "keep":
        return keep(request, kept_as(None), None)
    if request.POST.get("act") == "discard":
        drop_copy(by=person, form=kept_as(None))
        return redirect(request.get_full_path())
    if request.method != "POST":
        initial = {"commitments": request.GET.getlist("commitment"), **_alike(request), **hidden(person)}
        copy = copy_of(person, kept_as(None))
        initial |= typed_before(copy)
        form = EvidenceForm(organisations=own, strategy=strategy, initial=initial, groups=groups)
        return _page(request, form, copy=copy)
    form = EvidenceForm(request.POST, request.FILES, organisations=own, strategy=strategy, groups=groups)
    files, refused = look_into(request)
    valid = form.is_valid()
    token = form.cleaned_data.get("form_token")
    earlier = Evidence.objects.filter(form_token=token, logged_by=person).first() if token else None
    if earlier is not None:
        return _save(request, earlier, form, files, refused, version=1)
    told_whole = groups is None or not {"organisation", "said_by", "said_how"} & set(form.errors)
    if not valid and not (files and told_whole):
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
    drop_copy(by=person, form=kept_as(None))
    refused += _attach(person, piece, files, form)
    return _after(request, piece, form, refused)


def kept_as(piece: Evidence | None) -> str:
    """The name under which what is typed is kept."""
    return f"evidence:{piece.pk if piece else 'new'}"


def groups_of(person: User) -> QuerySet[Organisation]:
    """For whom this person may type what they were told; the service asks again when it is sent."""
    groups = Organisation.objects.partners().exclude(pk__in=[one.pk for one in person.organisations])
    if has_permission(person, roles.REVIEW_EVIDENCE):
        return groups
    here = RoleGrant.objects.current().filter(organisation__isnull=False)
    return groups.exclude(pk__in=here.values("organisation_id"))


def typed_before(copy: WorkingCopy | None) -> dict[str, Any]:
    """What was typed and neither saved nor sent, as a form's initial values."""
    if copy is None:
        return {}
    several = {"commitments", "districts"}
    kept = {name: said for name, said in copy.fields.items() if name not in {"form_token", "opened", "whose"}}
    return {name: said if name in several else said[-1] for name, said in kept.items() if said}


def _alike(request: HttpRequest) -> dict[str, Any]:
    """What a new piece takes over from one like it; what differs each time is asked again."""
    key = request.GET.get("like", "")
    if not (key.isascii() and key.isdigit() and len(key) < 19):
        return {}
    piece = own_or_404(request, int(key))
    if not permissions.is_own(request.user, piece):  # type: ignore[arg-type]
        raise Http404
    alike = values_of(piece)
    return {name: alike[name] for name in ("title", "commitments", "districts", "publishable")} | {
        "organisation": piece.organisation.slug
    }


def _attach(by: User, piece: Evidence, files: list[Any], form: EvidenceForm) -> list[str]:
    said = form.cleaned_data
    return attach(by, piece, files, said.get("caption") or "", shows_people=bool(said.get("shows_people")))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a draft, or what was returned."""
    piece = own_or_404(request, pk)
    strategy = Strategy.objects.filter(commitments__evidence=piece).order_by("id").first()
    strategy = strategy or Strategy.objects.current(timezone.localdate())
    person = person_of(request)
    if request.POST.get("act") == "keep":
        permissions.check_can_edit(person, piece)
        return keep(request, kept_as(piece), piece.version)
    if request.POST.get("act") == "discard":
        drop_copy(by=person, form=kept_as(piece))
        return redirect("commitments:evidence-edit", piece.pk)
    if request.method != "POST":
        permissions.check_can_edit(person, piece)
        copy = copy_of(person, kept_as(piece))
        initial = {**hidden(person), **typed_before(copy)}
        form = EvidenceForm(organisations=[], strategy=strategy, piece=piece, initial=initial)
        return _page(request, form, piece, copy=copy)
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
    refused += _attach(person, piece, files, form)
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
        caption, page = request.POST.get(f"caption_{file.pk}"), request.POST.get(f"page_{file.pk}")
        asked, ticked = (f"{name}_{file.pk}" in request.POST for name in ("asked_people", "people"))
        services.describe_file(
            by=by, at=timezone.now(), file=file, caption=None if caption is None else caption[:250],
            page=None if page is None else page[:40], shows_people=ticked if asked else None,
        )  # fmt: skip


def _after(request: HttpRequest, piece: Evidence, form: EvidenceForm, refused: list[str]) -> HttpResponse:
    if form.errors or refused:
        return _page(request, form, piece, refused=refused)
    drop_copy(by=person_of(request), form=kept_as(piece))
    if form.sends:
        opened_at = form.cleaned_data.get("opened")
        check = reverse("commitments:evidence-submit", args=[piece.pk])
        return redirect(f"{check}?{urlencode({'opened': opened_at})}" if opened_at else check)
    messages.success(request, "Saved. You can change it until you send it.")
    return redirect(piece)


def _page(
    request: HttpRequest, form: EvidenceForm, piece: Evidence | None = None, *, refused: list[str] | None = None,
    copy: WorkingCopy | None = None,
) -> HttpResponse:  # fmt: skip
    """The form, for a new piece or as the one that it has become."""
    for sentence in refused or ():
        form.add_error("uploads", sentence)
    action = ""
    if piece is not None:
        action = reverse("commitments:evidence-edit", args=[piece.pk])
        if form.is_bound:
            piece.refresh_from_db(fields=["version", "state", "state_reason"])
            form.seen(piece.version)
    files = list(piece.files.with_standing(timezone.localdate()).order_by("id")) if piece else []
    context = {
        "form": form,
        "piece": piece,
        "action": action,
        "copy": copy,
        "files": [{"file": file, "stands": standing(file)} for file in files],
        "steps_query": request.GET.urlencode(),
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
        "Language": name_of(deed.language),
        **{label: "" if value is None else f"{value:,}" for label, value in figures.items()},
        "Links": "\n".join(" ".join(filter(None, (label, address, page))) for address, label, page in deed.links),
        "Who told it": " ".join(filter(None, (deed.said_by, dict(SAID_HOW).get(deed.said_how, "").lower()))),
        "May be published": "Yes" if deed.publishable else "No",
    }
