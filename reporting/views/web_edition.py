"""The report as a page: at its permanent address, edition by edition, with its photographs. First of all its faces."""

import hashlib
from typing import Any, cast

from django.conf import settings
from django.core.files.storage import default_storage
from django.db.models.functions import Coalesce
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_cache_control, patch_vary_headers
from django.views.decorators.http import require_safe

from commitments.models import EvidenceFile, Round
from commitments.reading.public_version import build, is_steady
from reporting.models import Edition
from reporting.permissions import can_download, sees_drafts
from reporting.reading import round_editions, web_edition
from reporting.reading.dataset import data_block, dataset_of
from reporting.reading.editions_with_evidence import HELD, first_in_facts
from reporting.reading.suspension import suspended_content
from reporting.sealed.comparing import AlteredFile
from reporting.services.integrity import note_facts_altered
from reporting.services.openings import note_opening
from reporting.views import withdrawn as withdrawn_views
from reporting.views.downloads import never_kept
from reporting.views.edition_lookup import find_edition

DAY_SECONDS = 24 * 60 * 60
OTHER_FORMATS = ("pdf", "docx")


def _round(slug: str, name: str) -> Round:
    return get_object_or_404(Round.objects.select_related("strategy__owner"), strategy__slug=slug, slug=name)


@require_safe
def report(request: HttpRequest, slug: str, name: str, easy: bool = False) -> HttpResponse:
    """The report of a round: the edition published last. The address stays; a newer edition takes the older one's place.

    :param easy: its easy summary, which has a permanent address too.
    """
    round_ = _round(slug, name)
    editions = round_editions.of_round(round_.pk)
    newest = round_editions.newest(editions)
    if newest is None:
        return _not_there(request, round_, editions)
    newest.round = round_
    return _page(request, newest, newest, easy=easy)


@require_safe
def edition_read(request: HttpRequest, pk: int, easy: bool = False) -> HttpResponse:
    """One edition as a page, or its easy summary, for whoever may see it. The address stays with the edition."""
    edition = find_edition(request, pk)
    if edition.state != "ready":
        return render(request, "reporting/no_file.html", {"edition": edition}, status=404)
    return _page(request, edition, round_editions.newest(round_editions.of_round(edition.round_id)), easy=easy)


def _not_there(request: HttpRequest, round_: Round, editions: list[Edition]) -> HttpResponse:
    """Say that there is no report of the round: none yet (404), or none any longer, as every edition is withdrawn
    (410)."""
    sees_all = sees_drafts(request.user, round_.strategy)
    drafts = Edition.objects.filter(round=round_, published_at__isnull=True).defer("facts").newest_first()
    others = Edition.objects.public().filter(round__strategy=round_.strategy_id).defer("facts").select_related("round")
    values = {
        "round": round_,
        "strategy": round_.strategy,
        "withdrawn": editions,
        "drafts": list(drafts) if sees_all else [],
        "others": {edition.round.label: edition for edition in others.order_by("round__observes_from", "published_at")},
    }
    return render(request, "reporting/twin_none.html", values, status=410 if editions else 404)


def _is_stranger(request: HttpRequest) -> bool:
    return settings.SESSION_COOKIE_NAME not in request.COOKIES and "messages" not in request.COOKIES


def _page(request: HttpRequest, edition: Edition, newest: Edition | None, *, easy: bool) -> HttpResponse:
    """Draw an edition; strangers, whose pages hold nothing of their own, get 304 while nothing in it has changed."""
    if not can_download(request.user, edition):
        return withdrawn_views.gone(request, edition, newest)
    try:
        return _drawn(request, edition, newest, easy=easy)
    except ValueError:
        return render(request, "reporting/twin_unreadable.html", {"edition": edition}, status=404)
    except AlteredFile:
        note_facts_altered(at=timezone.now(), edition=edition)
        return never_kept(render(request, "reporting/altered.html", {"edition": edition, "what": ""}, status=503))


def _drawn(request: HttpRequest, edition: Edition, newest: Edition | None, *, easy: bool) -> HttpResponse:
    withdrawn = getattr(edition, "withdrawal", None)
    gone = web_edition.taken_back(edition, timezone.localdate())
    of, after = edition.round.strategy, newest.pk if newest else None
    said = (
        edition.facts_sha256,
        sorted(gone.files),
        sorted(gone.stories),
        after,
        of.title,
        of.owner.name,
    )
    etag = f'"{hashlib.sha256(repr((said, request.path, build())).encode()).hexdigest()[:32]}"'
    shared = _is_stranger(request) and is_steady()
    response = get_conditional_response(request, etag=etag) if shared else None
    if response is None:
        suspended = suspended_content(edition, timezone.localdate()) if gone.anything else frozenset()
        values: dict[str, Any] = {
            "edition": edition,
            "strategy": of,
            "page": web_edition.easy_of(edition.pk, edition.facts_sha256, build())
            if easy
            else web_edition.page_of(edition.pk, edition.facts_sha256, gone, build()),
            "withdrawn": withdrawn,
            "newest": newest,
            "read_url": round_editions.read_at(edition, after),
            "easy_url": round_editions.easy_at(edition, after),
            "files": round_editions.files(edition, ("easy",) if easy else OTHER_FORMATS, suspended),
            "address": _whole(round_editions.permanent(edition)),
            "dataset": ""
            if easy or withdrawn or not edition.published_at
            else data_block(dataset_of(edition, suspended)),
            "cited": _whole(reverse("reporting:edition-read", args=[edition.pk])),
        }
        response = render(request, f"reporting/{'easy' if easy else 'twin'}.html", values)
    if request.method == "GET" and not easy:
        note_opening(by=request.user, at=timezone.now(), edition=edition)
    if shared:
        response.headers["ETag"] = etag
        patch_vary_headers(response, ["Cookie"])
        patch_cache_control(response, no_cache=True)
    else:
        patch_cache_control(response, private=True, no_cache=True)
    return response


def _whole(path: str) -> str:
    return f"{settings.PORTAL_URL.rstrip('/')}{path}"


def _photograph_s_file(pk: int, note: int, place: int) -> str:
    """Return the file of a photograph as an edition's facts name it, without reading all the facts; "" for none."""
    asked = f"(@.number == {int(note)}).photographs[{int(place) - 1}].file"
    named: Any = Coalesce(*(first_in_facts(f"$.{held}[*] ? {asked}") for held in HELD))
    file_name = Edition.objects.filter(pk=pk).values_list(named, flat=True).first()
    return file_name if isinstance(file_name, str) else ""


@require_safe
def photograph(request: HttpRequest, pk: int, note: int, place: int) -> HttpResponseBase:
    """A photograph of an edition, for whoever may see the edition: only those that its facts name, while all agree to it."""
    edition = find_edition(request, pk)
    if not can_download(request.user, edition):
        return withdrawn_views.gone(request, edition)
    name = _photograph_s_file(pk, note, place) if note < 1_000_000 and 0 < place < 1000 else ""
    shown = EvidenceFile.objects.showable(timezone.localdate(), use="report").filter(print_content=name)
    if not name or not shown.exists():
        raise Http404("There is no such photograph.")
    etag = f'"{hashlib.sha256(name.encode()).hexdigest()[:32]}"'  # a file is never written twice under one name
    response = cast("HttpResponseBase | None", get_conditional_response(request, etag=etag))
    if response is None:
        try:
            response = FileResponse(default_storage.open(name), content_type="image/jpeg")
        except FileNotFoundError:
            raise Http404("The photograph is no longer there.") from None
    response["ETag"] = etag
    # A browser that has shown it keeps it for a day; others on the way keep nothing, as it may be taken back.
    patch_cache_control(response, private=True, max_age=DAY_SECONDS)
    response["X-Content-Type-Options"] = "nosniff"
    return response
