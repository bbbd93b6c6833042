"""Downloads of an edition's files."""

from typing import cast

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import add_never_cache_headers, get_conditional_response, patch_cache_control
from django.views.decorators.http import require_safe

from reporting.formats import FORMAT_BY_CODE
from reporting.permissions import can_download
from reporting.reading.file_names import file_name
from reporting.reading.suspension import WHY, is_suspended, suspended_content
from reporting.sealed.comparing import NOT_THERE, AlteredFile
from reporting.services import integrity
from reporting.services.openings import note_download, note_opening
from reporting.views.edition_lookup import find_edition
from reporting.views.withdrawn import gone


@require_safe
def download(request: HttpRequest, pk: int, code: str) -> HttpResponseBase:
    """One face of an edition, as a file with a name that says what it is."""
    edition = find_edition(request, pk)
    if not can_download(request.user, edition):
        return gone(request, edition)
    face, about = edition.face(code), FORMAT_BY_CODE.get(code)
    if face is None or about is None:
        return render(request, "reporting/no_file.html", {"edition": edition}, status=404)
    if erasure := getattr(face, "erasure", None):
        values = {"edition": edition, "what": about.label, "erased_at": erasure.at, "sha256": face.sha256}
        return never_kept(render(request, "reporting/erased.html", values, status=410))
    if is_suspended(about, suspended_content(edition, timezone.localdate()), edition.codes):
        values = {"edition": edition, "what": about.label, "why": WHY}
        return never_kept(render(request, "reporting/suspended.html", values, status=451))
    try:  # before a browser is told that its copy is still the right one, too
        file = integrity.open_for_reader(at=timezone.now(), face=face)
    except AlteredFile as altered:
        if edition.published_at is None and altered.trouble == NOT_THERE:
            return render(request, "reporting/no_file.html", {"edition": edition}, status=404)
        return never_kept(
            render(request, "reporting/altered.html", {"edition": edition, "what": about.label}, status=503)
        )
    etag = f'"{face.sha256}"'
    response = cast("HttpResponseBase | None", get_conditional_response(request, etag=etag))
    if response is None:
        name = file_name(edition, about)
        response = FileResponse(file, as_attachment=True, filename=name, content_type=about.media_type)
        response["ETag"] = etag
        if request.method == "GET":
            note_download(by=request.user, at=timezone.now(), edition=edition, file_name=name)
    else:
        file.close()
    if request.method == "GET":
        note_opening(by=request.user, at=timezone.now(), edition=edition)
    for_all = edition.published_at and not hasattr(edition, "withdrawal")
    patch_cache_control(response, no_cache=True, **({"public": True} if for_all else {"private": True}))
    return response


def never_kept(response: HttpResponse) -> HttpResponse:
    """Prevent caches from storing an answer that is only true for the moment."""
    add_never_cache_headers(response)
    return response
