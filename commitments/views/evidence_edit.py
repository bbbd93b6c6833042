"""Records what was done: a new item, and changes to one. Nothing that was entered is lost. A title and a day make a
draft. Files can't be put back into a form, so when files come
with a form that is not right yet, they are kept on a draft at once (with the day's date for a title and day that are
missing) and the same page, everything typed still in it, goes on as that draft's own. A form that is sent twice, or again
after the Back button, is known by its token: it makes one piece, and what changed in between is saved to it.
"""

from contextlib import suppress
from functools import partial
from hashlib import sha256
from typing import Any, Final

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods

from commitments.files.uploads import CheckedFile
from commitments.forms.evidence import EvidenceForm
from commitments.forms.evidence_input import content_of, values_of
from commitments.models import Evidence, EvidenceFile, Strategy, WorkingCopy
from commitments.page_parts.autosave import fields_of, hidden, keep
from commitments.page_parts.evidence import asked_strategy, visible_evidence_or_404
from commitments.page_parts.uploads import look_into
from commitments.permissions import evidence as evidence_permissions
from commitments.reading.consents import standing
from commitments.reading.evidence_versions import NOT_CHOSEN, moment
from commitments.rules import workflow
from commitments.services import evidence as services
from commitments.services.evidence import NewFile, room_for
from commitments.services.working_copies import copy_of, drop_copy, keep_copy
from commitments.views.evidence_conflict import base_of, conflict, own_rows, stored_rows, unchanged_since, with_choices
from commitments.views.evidence_files import no_room, with_files
from partners import roles
from partners.forms.organisation_choice import is_search, unchecked
from partners.models import Organisation, RoleGrant, User
from partners.permissions import check_permission_anywhere, types_for_every_group
from partners.signed_in import signed_in_person
from vcsportal.common.dates import in_words, spelt_out
from vcsportal.common.pages import form_status, show_refusal
from vcsportal.common.words import Conflict, NotAllowed, Refused

SAVED_FROM: Final = "evidence_saved_from"
"""Where the session has the page from which this browser last saved an item: its name, and the version that it made."""


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Tell us what you did."""
    person = signed_in_person(request)
    check_permission_anywhere(
        person, roles.LOG_EVIDENCE, "You need to be a partner or a council officer to log evidence."
    )
    strategy = asked_strategy(request)
    groups = None
    if request.GET.get("for") == "group":
        evidence_permissions.check_may_log_evidence_for_others(person)
        groups = groups_of(person)
    own = [
        organisation
        for organisation in person.organisations
        if evidence_permissions.can_log_evidence(person, organisation)
    ]
    if not own:
        raise NotAllowed("You don’t belong to an organisation here yet. Ask its lead, or the council, to invite you.")
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
    if is_search(request):
        unchecked(form)
        return _page(request, form)
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
    fit, left = room_for(None, files)
    refused += no_room(left)
    content = form.content(title=f"Draft of {in_words(today)}", day=today)
    try:
        log = partial(
            services.log_evidence,
            by=person,
            at=timezone.now(),
            organisation=organisation,
            content=content,
            form_token=token,
        )
        piece = with_files(lambda added: log(added=added), _new_files(fit, form), refused)
    except Refused as reason:
        show_refusal(form, reason)
        return _page(request, form, refused=refused)
    drop_copy(by=person, form=kept_as(None))
    form.seen(piece.version, base=base_of(piece))
    return _after(request, piece, form, refused)


def kept_as(piece: Evidence | None) -> str:
    """The name under which what is typed is kept."""
    return f"evidence:{piece.pk if piece else 'new'}"


def groups_of(person: User) -> QuerySet[Organisation]:
    """Return the groups that this person may record evidence for; the service checks again when it is sent."""
    groups = (
        Organisation.objects.partners()
        .to_name()
        .exclude(pk__in=[organisation.pk for organisation in person.organisations])
    )
    if types_for_every_group(person):
        return groups
    here = RoleGrant.objects.current().filter(organisation__isnull=False)
    return groups.exclude(pk__in=here.values("organisation_id"))


def typed_before(copy: WorkingCopy | None) -> dict[str, Any]:
    """What was typed but neither saved nor sent, as a form's initial values."""
    if copy is None:
        return {}
    several = {"commitments", "districts"}
    kept = {name: value for name, value in copy.fields.items() if name not in {"form_token", "opened", "whose"}}
    return {name: value if name in several else value[-1] for name, value in kept.items() if value}


def _alike(request: HttpRequest) -> dict[str, Any]:
    """What a new piece takes over from one like it; what differs each time is asked again."""
    key = request.GET.get("like", "")
    if not (key.isascii() and key.isdigit() and len(key) < 19):
        return {}
    piece = visible_evidence_or_404(request, int(key))
    if not evidence_permissions.is_own_evidence(request.user, piece):
        raise Http404
    alike = values_of(piece)
    return {name: alike[name] for name in ("title", "commitments", "districts", "publishable")} | {
        "organisation": piece.organisation.slug
    }


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a draft, or what was returned."""
    piece = visible_evidence_or_404(request, pk)
    stored = content_of(piece)
    serves = [commitment.strategy for commitment in stored.commitments]
    strategy = serves[0] if serves else stored.council_chooses_in or Strategy.objects.current(timezone.localdate())
    person = signed_in_person(request)
    if request.POST.get("act") == "keep":
        evidence_permissions.check_can_edit_evidence(person, piece)
        return keep(request, kept_as(piece), piece.version)
    if request.POST.get("act") == "discard":
        drop_copy(by=person, form=kept_as(piece))
        return redirect("commitments:evidence-edit", piece.pk)
    if request.method != "POST":
        evidence_permissions.check_can_edit_evidence(person, piece)
        copy = copy_of(person, kept_as(piece))
        # What was kept is of the version that was open then; without that it is compared as if nothing had been seen.
        seen = {"version": 0, "base": ""} if copy else {}
        initial = {**hidden(person), **seen, **typed_before(copy)}
        form = EvidenceForm(organisations=[], strategy=strategy, piece=piece, stored=stored, initial=initial)
        return _page(request, form, piece, copy=copy)
    sent = with_choices(piece, request.POST)
    form = EvidenceForm(sent, request.FILES, organisations=[], strategy=strategy, piece=piece, stored=stored)
    form.is_valid()
    if request.POST.get("then") == "look":
        return _page(request, form, piece)
    files, refused = look_into(request)
    return _save(request, piece, form, files, refused, version=form.cleaned_data.get("version") or 0)


def _save(
    request: HttpRequest, piece: Evidence, form: EvidenceForm, files: list[CheckedFile], refused: list[str], *, version: int
) -> HttpResponse:  # fmt: skip
    """Save all of the form to an item that is there, or nothing of it. Where only a word is wrong, files are kept."""
    person = signed_in_person(request)
    content, kept = form.content(title=piece.title, day=piece.happened_from), list(piece.files.order_by("id"))
    described = form.described(kept)
    stored = {name: row for name, row in stored_rows(piece, moment(piece)).items() if name not in NOT_CHOSEN}
    own = {name: row for name, row in own_rows(piece, form, None).items() if name not in NOT_CHOSEN}
    same = not form.errors and own == stored
    if not evidence_permissions.can_edit_evidence(person, piece):
        return redirect(piece) if same and not files else conflict(request, piece, form, editable=False)
    fit, left = room_for(piece, files)
    refused += no_room(left)
    added = _new_files(fit, form)
    if not form.errors and same and not added:
        return _after(request, piece, form, refused)
    if form.errors and not added:
        return _after(request, piece, form, refused)  # the version stays the one that was read, so that nothing is lost
    content_to_save = None if form.errors or content_of(piece) == content else content
    described = [] if form.errors else described
    try:
        if version != piece.version and not (unchanged_since(piece, form) or _saved_from_here(request, piece)):
            raise Conflict("A colleague has changed this evidence.")
        if content_to_save or described or added:
            write = partial(
                services.edit_evidence, by=person, at=timezone.now(), evidence=piece, content=content_to_save,
                version=piece.version, described=described,
            )  # fmt: skip
            piece = with_files(lambda new: write(added=new), added, refused)
    except Conflict:
        return _stale(request, piece, form, added, refused)
    except Refused as reason:
        show_refusal(form, reason)
    else:
        form.seen(piece.version, base=base_of(piece))
        request.session[SAVED_FROM] = {str(piece.pk): [_drawn_as(request), piece.version]}
    return _after(request, piece, form, refused)


def _drawn_as(request: HttpRequest) -> str:
    """Return a short name for the page that was sent: the same again after the Back button, another in another window."""
    drawn = request.POST.get("form_token", "") + request.POST.get("base", "")
    return sha256(drawn.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _saved_from_here(request: HttpRequest, piece: Evidence) -> bool:
    """Whether the last change to the item came from this very page, which the Back button has brought up again."""
    return bool(request.session.get(SAVED_FROM, {}).get(str(piece.pk)) == [_drawn_as(request), piece.version])


def _stale(
    request: HttpRequest, piece: Evidence, form: EvidenceForm, added: list[NewFile], left: list[str]
) -> HttpResponse:
    """Show both versions. Files can't be carried along from page to page and replace nothing, so they are added to the
    item."""
    person = signed_in_person(request)
    piece = Evidence.objects.select_related("organisation").get(pk=piece.pk)
    if not evidence_permissions.can_edit_evidence(person, piece):
        return conflict(request, piece, form, editable=False)
    with suppress(Refused):  # more than can be kept as typed; it is on the page
        fields = fields_of(request.POST)
        keep_copy(
            by=person, at=timezone.now(), form=kept_as(piece), fields=fields, seen=form.cleaned_data.get("version")
        )
    if added:
        try:
            services.edit_evidence(by=person, at=timezone.now(), evidence=piece, content=None, added=added)
        except Refused as reason:
            added, left = [], [*left, reason.sentence]
    return conflict(request, piece, form, editable=True, added=len(added), left=left)


def _new_files(files: list[CheckedFile], form: EvidenceForm) -> list[NewFile]:
    entered = form.cleaned_data
    caption, description = entered.get("caption") or "", entered.get("description") or ""
    return [NewFile(file, caption, bool(entered.get("shows_people")), description) for file in files]


def _after(request: HttpRequest, piece: Evidence, form: EvidenceForm, refused: list[str]) -> HttpResponse:
    if form.errors or refused:
        return _page(request, form, piece, refused=refused)
    drop_copy(by=signed_in_person(request), form=kept_as(piece))
    if form.sends:
        day, text = form.cleaned_data["happened_from"], form.data.get("happened_from", "").strip()
        pairs = {
            "opened": form.cleaned_data.get("opened") or "",
            "written": "" if spelt_out(text, day) else text[:40],
        }
        query = urlencode({name: value for name, value in pairs.items() if value})
        check = reverse("commitments:evidence-submit", args=[piece.pk])
        return redirect(f"{check}?{query}" if query else check)
    messages.success(request, "Saved. You can change it until you send it.")
    return redirect(piece)


def _with_standing(file: EvidenceFile, form: EvidenceForm) -> dict[str, Any]:
    stands = standing(file)
    shown = {"is_taken_back": stands == "taken_back", "is_waiting": stands == "waiting"}
    return {"file": file, "about": form.about(file), **shown}


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
    files = list(piece.files.with_standing(timezone.localdate()).order_by("id")) if piece else []
    if piece is not None and not form.is_bound and "base" not in form.initial:
        form.initial["base"] = base_of(piece, content=form.stored, files=files)
    context = {
        "form": form,
        "piece": piece,
        "action": action,
        "copy": copy,
        "files": [_with_standing(file, form) for file in files],
        "steps_query": request.GET.urlencode(),
        "state": workflow.EVIDENCE_STATE[piece.state] if piece else None,
        "rest_saved": bool(piece and set(form.errors) == {"uploads"}),
    }
    return render(request, "commitments/evidence_form.html", context, status=form_status(form))
