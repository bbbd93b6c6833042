"""The files of an item of evidence: read by those who may see the piece, added and removed by its organisation."""

import logging
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Exists, OuterRef
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_http_methods, require_safe

from commitments.files.uploads import CheckedFile
from commitments.forms.fields import FilesForm
from commitments.models import Evidence, EvidenceFile
from commitments.page_parts.evidence import is_insider, posted_version, visible_evidence_or_404
from commitments.page_parts.uploads import look_into
from commitments.permissions import evidence as evidence_permissions
from commitments.reading.consents import PHOTOGRAPH_TAKEN_BACK, standing
from commitments.rules import story_consent
from commitments.services import evidence as services
from commitments.services.evidence import NewFile, note_download
from partners.models import User
from partners.page_parts.sent_once import sent_once
from partners.signed_in import signed_in_person
from vcsportal.common.words import Conflict, Refused

logger = logging.getLogger(__name__)


def never_kept(response: HttpResponse) -> HttpResponse:
    """An answer that may be another one at any moment."""
    response["Cache-Control"] = "no-store"
    return response


def no_room(files: list[CheckedFile]) -> list[str]:
    """Return a sentence for each file that the item has no room for."""
    words = f"An item of evidence can have up to {services.MAX_FILES} files. Remove one first."
    return [f"“{checked.name}” was left out. {words}" for checked in files]


def with_files(write: Callable[[list[NewFile]], Evidence], added: list[NewFile], refused: list[str]) -> Evidence:
    """Save words and files as one. Where the disk takes no file, save the words, and say so in ``refused`` of each file."""
    try:
        return write(added)
    except services.NotStored as reason:
        refused.extend(f"“{new_file.checked.name}” was left out. {reason.sentence}" for new_file in added)
        return write([])


def attach(
    by: User,
    piece: Evidence,
    files: list[CheckedFile],
    caption: str,
    *,
    shows_people: bool = False,
    description: str = "",
) -> list[str]:
    """Attach checked files. Return a sentence for each that the piece has no room for."""
    refused = []
    for checked in files:
        try:
            services.attach_file(
                by=by, at=timezone.now(), evidence=piece, checked=checked, caption=caption, shows_people=shows_people,
                description=description,
            )  # fmt: skip
        except Refused as reason:
            refused.append(f"“{checked.name}” was left out. {reason.sentence}")
    return refused


def _file_or_404(request: HttpRequest, pk: int, file_pk: int) -> Any:
    """Return the file, with ``bare``: whether the public sees no details of its item, as nobody agrees to the story."""
    today = timezone.localdate()
    visible = Evidence.objects.visible_to(request.user).filter(pk=pk)
    bare = Exists(Evidence.objects.without_details(today).filter(pk=OuterRef("evidence")))
    files = EvidenceFile.objects.with_standing(today).annotate(bare=bare).select_related("evidence__organisation")
    return get_object_or_404(files, pk=file_pk, evidence__in=visible)


@require_safe
def evidence_file(request: HttpRequest, pk: int, file_pk: int) -> HttpResponseBase:
    """The bytes. Photographs show in the page; documents are downloaded. ``?size=print`` is the small photograph.

    A photograph whose consent ended is gone for everybody (410), and a file of an item whose story was withdrawn is gone for
    all but its own people and those who review; one for which consent is missing is there for its own
    people and those who review, and for nobody else.
    """
    file = _file_or_404(request, pk, file_pk)
    stands = standing(file)
    insider = is_insider(request.user, file.evidence)
    if file.bare and not insider:
        context = {"piece": file.evidence, "title": story_consent.NO_TITLE, "sentence": story_consent.FILE_WITHHELD}
        return never_kept(render(request, "commitments/evidence_gone.html", context, status=410))
    if stands == "taken_back":
        context = {"piece": file.evidence, "title": file.evidence.title, "sentence": PHOTOGRAPH_TAKEN_BACK}
        return never_kept(render(request, "commitments/evidence_gone.html", context, status=410))
    if stands == "waiting" and not insider:
        raise Http404("Nobody has agreed to this photograph being shown here.")
    small = request.GET.get("size") == "print" and bool(file.print_content)
    published = file.evidence.state == "accepted" and file.evidence.publishable
    private = not published or stands == "waiting" or file.bare
    etag = f'"{file.sha256}{"-print" if small else ""}"'
    response: HttpResponseBase | None = get_conditional_response(request, etag=etag)
    if response is None:
        content = file.print_content if small else file.content
        try:
            opened = content.open("rb")
        except FileNotFoundError:
            logger.error("The bytes of evidence file %s are not where they should be.", file.pk)
            raise Http404("The file is no longer there.") from None
        if private and not small and request.method == "GET":
            note_download(by=request.user, at=timezone.now(), file=file)
        response = FileResponse(
            opened, as_attachment=file.kind != "photograph", filename=file.name, content_type=file.media_type
        )
    response["ETag"] = etag
    if private:
        response["Cache-Control"] = "private, no-cache"
    else:  # it is asked for again each time, as a consent may be withdrawn at any moment
        response["Cache-Control"] = "public, no-cache"
    response["X-Content-Type-Options"] = "nosniff"
    return response


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@sent_once
def add(request: HttpRequest, pk: int) -> HttpResponse:
    """More photographs and documents."""
    piece = visible_evidence_or_404(request, pk)
    person = signed_in_person(request)
    evidence_permissions.check_can_edit_evidence(person, piece)
    form = FilesForm(request.POST, request.FILES) if request.method == "POST" else FilesForm()
    if request.method == "POST":
        kept, refused = look_into(request)
        form.fields["uploads"].required = not refused
        if form.is_valid():
            refused += attach(
                person, piece, kept, form.cleaned_data["caption"], description=form.cleaned_data["description"]
            )
            if not refused:
                messages.success(request, "Added. You can describe each file below.")
                return redirect("commitments:evidence-edit", piece.pk)
        for sentence in refused:
            form.add_error("uploads", sentence)
    status = 422 if form.errors else 200
    return render(request, "commitments/file_form.html", {"piece": piece, "form": form}, status=status)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@sent_once
def remove(request: HttpRequest, pk: int, file_pk: int) -> HttpResponse:
    """Ask once, then remove the file."""
    file = _file_or_404(request, pk, file_pk)
    person = signed_in_person(request)
    evidence_permissions.check_can_edit_evidence(person, file.evidence)
    if request.method == "POST":
        try:
            services.remove_file(by=person, at=timezone.now(), file=file, version=posted_version(request))
        except Conflict as changed:
            messages.warning(request, changed.sentence)
            return redirect(request.path)
        messages.success(request, f"“{file.name}” has been removed.")
        return redirect("commitments:evidence-edit", pk)
    return render(request, "commitments/evidence_confirm.html", {"piece": file.evidence, "file": file, "act": "remove"})
