"""The public page that says which edition a file or a checksum belongs to, if any."""

from typing import Any

from allauth.core import ratelimit
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_safe

from reporting.forms.sealing import ChecksumForm, FileForm
from reporting.reading.verifying import find_by_checksum, read_checksum
from reporting.sealed.fingerprints import Fingerprints, was_too_large
from vcsportal.common.pages import GET_OR_POST

PAGE = "reporting/verify.html"


@csrf_exempt  # only here: _ask, which reads the form, looks at the token
@require_http_methods(GET_OR_POST)
def verify(request: HttpRequest) -> HttpResponse:
    """Ask for a file or a checksum. What is sent is read as it comes in and never kept; the answer has an address."""
    if request.method == "POST":
        if not ratelimit.consume(request, action="verify_file"):
            return render(request, "reporting/verify_later.html", status=429)
        request.upload_handlers = [Fingerprints(request)]
    response: HttpResponse = _ask(request)
    return response


@csrf_protect
def _ask(request: HttpRequest) -> HttpResponse:
    form: FileForm | ChecksumForm
    if request.method != "POST":
        return render(request, PAGE, _forms(None))
    if "checksum" in request.POST:
        form = ChecksumForm(request.POST)
        if form.is_valid():
            return redirect("reporting:verify-checksum", form.cleaned_data["checksum"])
    else:
        form = FileForm(request.POST, request.FILES, too_large=was_too_large(request))
        if form.is_valid():
            return redirect("reporting:verify-checksum", form.checksum())
    return render(request, PAGE, _forms(form), status=422)


@require_safe
@never_cache
def verify_checksum(request: HttpRequest, checksum: str) -> HttpResponse:
    """Say which edition has this checksum: 200 where one has, 404 where none has or it is no checksum at all."""
    found, wrong = read_checksum(checksum[:500])
    if wrong:
        return render(request, PAGE, {**_forms(None), "asked": True, "wrong": wrong}, status=404)
    if found != checksum:
        return redirect("reporting:verify-checksum", found)
    matches = find_by_checksum(request.user, found, timezone.localdate())
    values = {**_forms(None), "asked": True, "checksum": found, "matches": matches}
    return render(request, PAGE, values, status=200 if matches else 404)


def _forms(sent: FileForm | ChecksumForm | None) -> dict[str, Any]:
    """Return both forms; the one that was sent is called "form" too, as its errors are the page's."""
    return {
        "form": sent,
        "file_form": sent if isinstance(sent, FileForm) else FileForm(),
        "checksum_form": sent if isinstance(sent, ChecksumForm) else ChecksumForm(),
    }
