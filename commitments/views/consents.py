"""Who agreed to be shown: recorded, shown to the organisation and the council, and withdrawn when someone asks."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import BigIntegerField, Q
from django.db.models.fields.json import KT
from django.db.models.functions import Cast
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from commitments.forms.consents import ConsentForm, TakeDownForm, WithdrawConsentForm
from commitments.models import CaseStudy, CaseStudyQuotation, Consent, Evidence, EvidenceFile, HistoryEntry
from commitments.page_parts.evidence import posted_version, visible_evidence_or_404
from commitments.permissions import evidence as evidence_permissions
from commitments.reading import consents as reading
from commitments.services import consents as services
from partners.page_parts.sent_once import sent_once
from partners.signed_in import signed_in_person
from vcsportal.common.pages import form_status, show_refusal
from vcsportal.common.words import Conflict, Refused


def _kept_or_refused(request: HttpRequest, pk: int) -> Evidence:
    piece = visible_evidence_or_404(request, pk)
    evidence_permissions.check_can_record_consents(signed_in_person(request), piece)
    return piece


def _photograph(request: HttpRequest, piece: Evidence) -> EvidenceFile | None:
    """The photograph that the address names; without a name it is about the story and its case study."""
    key = request.GET.get("file", "")
    if not key:
        return None
    if not (key.isascii() and key.isdigit() and len(key) < 19):
        raise Http404
    files = EvidenceFile.objects.with_standing(timezone.localdate()).filter(evidence=piece, kind="photograph")
    return get_object_or_404(files, pk=int(key))


def _quotations(request: HttpRequest, piece: Evidence) -> Any:
    """Return the quotations that its case study has, or has had while someone was asked about them; for whoever does not write
    the case study, only those of texts that were sent.
    """
    told = CaseStudy.objects.filter(evidence=piece)
    drafts = told.drafts_read_by(request.user)
    sent = HistoryEntry.objects.filter(case_study__in=told, act="case_submit", said__has_key="text")
    ever_sent = Q(texts__in=sent.values_list(Cast(KT("said__text"), BigIntegerField())))
    used = Q(texts__in=told.values("sent")) | Q(texts__in=told.values("published"))
    used |= Q(texts__in=drafts.values("newest"))
    asked = Q(consents__isnull=False) & (ever_sent | Q(case_study__in=drafts))
    return CaseStudyQuotation.objects.filter(used | asked, case_study__in=told).distinct().order_by("id")


def _quotation(request: HttpRequest, piece: Evidence) -> CaseStudyQuotation | None:
    """The quotation that the address asks for, or None."""
    key = request.GET.get("quotation")
    if key is None:
        return None
    if not (key.isascii() and key.isdigit() and len(key) < 10):
        raise Http404
    found: CaseStudyQuotation = get_object_or_404(_quotations(request, piece), pk=int(key))
    return found


@login_required
@require_safe
def consents(request: HttpRequest, pk: int) -> HttpResponse:
    """All consents for one item: its story, its photographs, the quotation of its case study, and the editions that include what was withdrawn."""
    piece = _kept_or_refused(request, pk)
    today = timezone.localdate()
    files = list(piece.files.filter(kind="photograph").with_standing(today).order_by("id"))
    words = list(piece.consents.order_by("-recorded_at", "-id"))
    held = reading.holders(piece)
    of_story = [consent for consent in words if consent.file_id is None and consent.quotation_id is None]
    told = reading.told_in_words(piece, request.user, today)
    parts = [{**_part(None, of_story, held, today), "told": told}] if told else []
    parts += [_part(file, [consent for consent in words if consent.file_id == file.pk], held, today) for file in files]
    parts += [
        _part(None, [consent for consent in words if consent.quotation_id == quotation.pk], held, today, quotation)
        for quotation in _quotations(request, piece)
    ]
    return render(request, "commitments/consents.html", {"piece": piece, "parts": parts})


def _part(
    file: Any,
    words: list[Consent],
    held: list[reading.ConsentHolding],
    today: Any,
    quotation: CaseStudyQuotation | None = None,
) -> dict[str, Any]:
    """The story, a photograph or a quotation, with each person's words about it, the newest first."""
    newest: set[str] = set()
    rows: list[dict[str, Any]] = []
    for consent in words:
        rows.append(
            {
                "consent": consent,
                "state": reading.state_of(consent, today),
                "uses": reading.uses_in_words(consent.uses),
                "can_withdraw_consent": consent.withdrawn_at is None and consent.given_by.casefold() not in newest,
                "replaced": consent.given_by.casefold() in newest,
            }
        )
        newest.add(consent.given_by.casefold())
    now = [row for row in rows if not row["replaced"]]
    if quotation is not None:
        gone = any(reading.has_ended(row["consent"], today) for row in now)
        agreed = bool(now) and all("portal" in row["consent"].uses for row in now)
        stands = "taken_back" if gone else "shown" if agreed else "waiting"
        holding = [edition for edition in held if edition.quotation]
    elif file is not None:
        stands = reading.standing(file)
        holding = [edition for edition in held if str(file.print_content or file.content) in edition.files]
    else:
        gone = any(reading.has_ended(row["consent"], today) for row in now)
        stands = "taken_back" if gone else "shown" if all("portal" in row["consent"].uses for row in now) else "waiting"
        holding = [edition for edition in held if edition.story]
    taken_back = stands == "taken_back"
    return {
        "file": file,
        "quotation": quotation,
        "query": f"?quotation={quotation.pk}" if quotation else f"?file={file.pk}" if file else "",
        "rows": rows,
        "is_taken_back": taken_back,
        "is_waiting": stands == "waiting",
        "holding": holding if taken_back else [],
    }


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@sent_once
def consent_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Record that someone agreed."""
    piece = _kept_or_refused(request, pk)
    file, quotation = _photograph(request, piece), _quotation(request, piece)
    initial = {"given_by": request.GET.get("again", "")[:200], "given_on": timezone.localdate()}
    sent = request.POST if request.method == "POST" else None
    form = ConsentForm(sent, initial=initial, quoted=quotation is not None)
    if request.method == "POST" and form.is_valid():
        try:
            services.record_consent(
                by=signed_in_person(request), at=timezone.now(), evidence=piece, file=file, quotation=quotation,
                **form.cleaned_data,
            )  # fmt: skip
        except Refused as reason:
            show_refusal(form, reason)
        else:
            messages.success(request, "The consent has been recorded.")
            return redirect("commitments:consents", piece.pk)
    return _form_page(request, piece, file, form, "new", quotation=quotation)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@sent_once
def take_down(request: HttpRequest, pk: int) -> HttpResponse:
    """Someone who was never asked asks not to be shown."""
    piece = _kept_or_refused(request, pk)
    file, quotation = _photograph(request, piece), _quotation(request, piece)
    form = TakeDownForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            services.take_down(
                by=signed_in_person(request), at=timezone.now(), evidence=piece, file=file, quotation=quotation,
                **form.cleaned_data,
            )  # fmt: skip
        except Refused as reason:
            show_refusal(form, reason)
        else:
            return _taken(request, piece)
    return _form_page(request, piece, file, form, "take_down", quotation=quotation)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@sent_once
def consent_withdraw(request: HttpRequest, pk: int, consent_pk: int) -> HttpResponse:
    """Withdraw a consent."""
    piece = _kept_or_refused(request, pk)
    consent = get_object_or_404(piece.consents.select_related("file", "quotation"), pk=consent_pk)
    form = WithdrawConsentForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        if consent.withdrawn_at is None:  # the second tap of a double one changes nothing
            why = form.cleaned_data["why"]
            services.withdraw_consent(by=signed_in_person(request), at=timezone.now(), consent=consent, why=why)
        return _taken(request, piece)
    return _form_page(request, piece, consent.file, form, "withdraw", consent, quotation=consent.quotation)


def _taken(request: HttpRequest, piece: Evidence) -> HttpResponse:
    messages.success(request, "Consent withdrawn. It is no longer on any page, and new reports will not show it.")
    return redirect("commitments:consents", piece.pk)


def _form_page(
    request: HttpRequest,
    piece: Evidence,
    file: EvidenceFile | None,
    form: Any,
    act: str,
    consent: Consent | None = None,
    quotation: CaseStudyQuotation | None = None,
) -> HttpResponse:
    told = reading.told_in_words(piece, request.user, timezone.localdate()) or "the story"
    context = {
        "piece": piece, "file": file, "form": form, "act": act, "consent": consent, "quotation": quotation,
        "of": "the quotation" if quotation else file.name if file else told,
        "it": "The quotation" if quotation else "The photograph" if file else told,
    }  # fmt: skip
    ended = (
        quotation is not None
        and CaseStudyQuotation.objects.filter(pk=quotation.pk).ended(timezone.localdate()).exists()
    )
    context["gone"] = ended or bool(file is not None and getattr(file, "ended", False))
    return render(request, "commitments/consent_form.html", context, status=form_status(form))


@login_required
@require_POST
@sent_once
def people(request: HttpRequest, pk: int, file_pk: int) -> HttpResponse:
    """Say whether somebody can be recognised in a photograph."""
    piece = _kept_or_refused(request, pk)
    file = get_object_or_404(piece.files.filter(kind="photograph"), pk=file_pk)
    shows = request.POST.get("shows_people") == "yes"
    try:
        services.mark_people(
            by=signed_in_person(request),
            at=timezone.now(),
            file=file,
            shows_people=shows,
            version=posted_version(request),
        )
    except Conflict as reason:
        messages.warning(request, reason.sentence)
        return redirect("commitments:consents", piece.pk)
    if shows:
        messages.success(request, f"Nobody else can see “{file.name}” until you record who agreed.")
    else:
        messages.success(request, f"“{file.name}” can now be shown, as nobody can be recognised in it.")
    return redirect("commitments:consents", piece.pk)


@login_required
@require_safe
def ledger(request: HttpRequest) -> HttpResponse:
    """All consents, for those who look after them."""
    evidence_permissions.check_can_read_consents(signed_in_person(request))
    show = request.GET.get("show", "soon")
    if show not in reading.LEDGER_FILTERS:
        raise Http404
    lines, count = reading.ledger(timezone.localdate(), show)
    context = {
        "lines": lines,
        "count": count,
        "most": reading.MAX_LEDGER_LINES,
        "show": show,
        "label": reading.LEDGER_FILTERS[show],
        "switch": list(reading.LEDGER_FILTERS.items()),
    }
    return render(request, "commitments/consent_ledger.html", context)
