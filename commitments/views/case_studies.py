"""Case studies to read: the list with its filters, and one case study with the decision of a second person."""

from typing import Any, Final

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from commitments.filters.case_studies import CaseStudyFilter
from commitments.forms.decisions import DecisionForm
from commitments.models import CaseStudy
from commitments.page_parts.public_pages import public_page
from commitments.permissions import case_studies as permissions
from commitments.reading import case_studies as reading
from commitments.rules import workflow
from commitments.services import case_study_review as services
from partners import roles
from partners.permissions import has_permission_anywhere
from partners.signed_in import signed_in_person
from vcsportal.common import plurals
from vcsportal.common.csv_links import csv_link
from vcsportal.common.pages import GET_OR_POST, active_filters, form_response, show_refusal
from vcsportal.common.words import Conflict, Refused

CASE_STUDIES_PER_PAGE: Final = 20
ACCEPTED: Final = "Accepted. Everyone can read it now."
ACCEPTED_UNSEEN: Final = (
    "Accepted. Only its writers and the council can read it, because its evidence is not published in full."
)
RETURNED: Final = "Returned, with your reason."


@public_page
def case_studies(request: HttpRequest) -> HttpResponse:
    """The list of what is published, twenty to a page; for reviewers and writers also what waits and what they handle."""
    today, show = timezone.localdate(), request.GET.get("show", "")
    rows, offered = _rows(request, show, today)
    data = request.GET.copy()
    data.pop("show", None)
    chosen = CaseStudyFilter(data, rows, request=request)
    form = chosen.form
    if not show:
        del form.fields["state"]
    for name in ("theme", "strategy", "strand", "district"):
        if len(form.fields[name].choices.choices) <= 1 and not request.GET.get(name):
            del form.fields[name]  # a choice of one is none
    valid = form.is_valid()
    found = chosen.qs if valid else CaseStudy.objects.none()
    page = Paginator(found.values_list("evidence", flat=True), CASE_STUDIES_PER_PAGE).get_page(request.GET.get("page"))
    values = {
        "filter_form": form,
        "active": active_filters(form, data) if valid else [],
        "valid": valid,
        "form": None if valid else form,  # the page's error summary
        "page_obj": page,
        "csv_url": csv_link("case-study-list", data) if valid and page.paginator.count and not show else "",
        "counted": plurals.counted(page.paginator.count, "case study", "case studies"),
        "count": page.paginator.count,
        "cards": reading.case_study_cards(list(page), today, person=request.user if show else None),
        "show": show,
        "switch": offered,
        "clear_url": f"{request.path}?show={show}" if show else request.path,
    }
    return render(request, "commitments/case_studies.html", values, status=200 if valid else 422)


def _rows(request: HttpRequest, show: str, today: Any) -> tuple[Any, list[dict[str, str]]]:
    """Return the rows of one list, and the lists that this person may switch between."""
    person = request.user
    offered = [{"code": "", "label": "Published"}]
    if has_permission_anywhere(person, roles.REVIEW_EVIDENCE):
        offered.append({"code": "review", "label": "Waiting for review"})
    if has_permission_anywhere(person, roles.LOG_EVIDENCE):
        offered.append({"code": "handled", "label": "All unpublished case studies I can see"})
    if show not in {option["code"] for option in offered}:
        raise Http404
    if show == "review":
        return CaseStudy.objects.for_reader(person, today).reviewed_by(person).awaiting_review(), offered
    if show == "handled":
        return CaseStudy.objects.for_reader(person, today).filter(handles=True).order_by("-begun_at", "-id"), offered
    return CaseStudy.objects.for_reader(None, today).newest_first(), offered if len(offered) > 1 else []


def find_case_study(request: HttpRequest, pk: int) -> Any:
    """Return the case study of an item of evidence, for its reader, if this person may read it; otherwise raise 404.

    ``is_public`` says whether everyone may read it.
    """
    today = timezone.localdate()
    public = CaseStudy.objects.published(today).filter(pk=OuterRef("pk"))
    rows = CaseStudy.objects.for_reader(request.user, today).annotate(is_public=Exists(public))
    return get_object_or_404(rows.select_related("evidence__organisation", *reading.EACH_TEXT), evidence=pk)


@require_http_methods(GET_OR_POST)
def case_study(request: HttpRequest, pk: int) -> HttpResponse:
    """One case study; for a second person the decision on what was sent, for reviewers the reports that it is in."""
    if request.method != "POST":
        answer: HttpResponse = _read(request, pk=pk)
        return answer
    if not request.user.is_authenticated:
        return redirect_to_login(request.path)
    return _page(request, pk, DecisionForm(request.POST))


@public_page
def _read(request: HttpRequest, pk: int) -> HttpResponse:
    return _page(request, pk, None)


def _page(request: HttpRequest, pk: int, sent: DecisionForm | None) -> HttpResponse:
    found, today, person = find_case_study(request, pk), timezone.localdate(), request.user
    form: DecisionForm | None = None
    if permissions.can_accept_case_study(person, found) or permissions.can_return_case_study(person, found):
        form = sent or DecisionForm(initial={"version": found.version})
    elif sent is not None:
        permissions.check_can_return_case_study(person, found)
    if sent is not None and sent.is_valid():
        try:
            return _decide(request, found, sent.cleaned_data)
        except Conflict as conflict:
            show_refusal(sent, conflict)
            found = find_case_study(request, pk)
            sent.seen(found.version)
        except Refused as refused:
            show_refusal(sent, refused)
    text = found.text_with(found.reads)
    values = {
        "case_study": found,
        "state": workflow.CASE_STUDY_STATE[found.shown_state],
        "is_being_changed": text is not None and found.published_id not in {None, text.pk},
        "is_public": found.is_public,
        "piece": found.evidence,
        "shown": reading.shown_case_study(found, text, today, insider=found.handles),
        "handles": found.handles,
        "reports": _reports(request, found),
        "can_write": permissions.can_write_case_study(person, found.evidence, found),
        "can_withdraw": permissions.can_withdraw_case_study(person, found),
        "can_reopen": permissions.can_reopen_case_study(person, found),
    }
    if form is None:
        return render(request, "commitments/case_study.html", {**values, "form": None})
    return form_response(request, "commitments/case_study.html", values, form)


def _decide(request: HttpRequest, found: CaseStudy, values: dict[str, Any]) -> HttpResponse:
    by, at = signed_in_person(request), timezone.now()
    if values["decision"] == "approve":
        services.accept_case_study(by=by, at=at, case_study=found, version=values["version"])
    else:
        services.return_case_study(by=by, at=at, case_study=found, reason=values["reason"], version=values["version"])
    public = CaseStudy.objects.published(timezone.localdate(at)).filter(pk=found.pk).exists()
    accepted = ACCEPTED if public else ACCEPTED_UNSEEN
    messages.success(request, accepted if values["decision"] == "approve" else RETURNED)
    return redirect(found)


def _reports(request: HttpRequest, found: CaseStudy) -> list[dict[str, Any]]:
    """Return the rounds for whose report the reader may choose it or leave it out, each with whether it is chosen."""
    if not has_permission_anywhere(request.user, roles.REVIEW_EVIDENCE):
        return []
    chosen = set(found.chosen_for.current().values_list("round", flat=True))
    rounds = services.rounds_to_decide(found).select_related("strategy__owner")
    return [
        {"round": round_, "chosen": round_.pk in chosen}
        for round_ in rounds
        if (permissions.can_leave_out_case_study if round_.pk in chosen else permissions.can_choose_case_study)(
            request.user, found, round_
        )
    ]
