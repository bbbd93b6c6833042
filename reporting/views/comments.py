"""What is said of a draft, section by section: say it, resolve it with an answer, open it again."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from partners import roles
from partners.page_parts.sent_once import sent_once
from partners.permissions import strategies_where
from partners.signed_in import signed_in_person
from reporting.forms.report_texts import AnswerForm, CommentForm
from reporting.models import Comment
from reporting.permissions import check_can_comment, check_can_write
from reporting.services import comments as services
from reporting.views.report_section import SectionVisit, find_section_visit, section_page, section_visit
from vcsportal.common.pages import show_refusal
from vcsportal.common.words import Refused


@require_POST
@login_required
@sent_once
def report_comment(request: HttpRequest, slug: str, name: str, section: str) -> HttpResponse:
    """Comment on a section."""
    visit = find_section_visit(request, slug, name, section)
    check_can_comment(request.user, visit.round.strategy)
    form = CommentForm(request.POST, auto_id="comment_%s")
    if form.is_valid():
        try:
            services.add_comment(
                by=signed_in_person(request),
                at=timezone.now(),
                round_=visit.round,
                section=visit.section.key,
                words=form.cleaned_data["words"],
            )
        except Refused as refused:
            show_refusal(form, refused, beside="words")
        else:
            messages.success(request, "Your comment has been saved. It stays open until someone answers it.")
            return _back(visit)
    return section_page(visit, remark=form)


@require_POST
@login_required
@sent_once
def report_comment_resolve(request: HttpRequest, pk: int) -> HttpResponse:
    """Resolve a comment, with an answer if there is something to say."""
    comment, visit = _find(request, pk)
    check_can_write(request.user, visit.round.strategy)
    form = AnswerForm(request.POST, auto_id=f"answer_{pk}_%s")
    if form.is_valid():
        services.resolve_comment(
            by=signed_in_person(request), at=timezone.now(), comment=comment, answer=form.cleaned_data["answer"]
        )
        messages.success(request, "The comment has been resolved. People can still read it.")
        return _back(visit)
    return section_page(visit, answering=(comment, form))


@require_POST
@login_required
@sent_once
def report_comment_reopen(request: HttpRequest, pk: int) -> HttpResponse:
    """Open a resolved comment again."""
    comment, visit = _find(request, pk)
    check_can_comment(request.user, visit.round.strategy)
    services.reopen_comment(by=signed_in_person(request), comment=comment)
    messages.success(request, "The comment is open again.")
    return _back(visit)


def _find(request: HttpRequest, pk: int) -> tuple[Comment, SectionVisit]:
    """Return it with the visit of its section, for those who see drafts; to others it is not there."""
    own = strategies_where(request.user, roles.SEE_UNPUBLISHED_REPORTS, "round__strategy")
    comment = get_object_or_404(Comment.objects.filter(own).select_related("round__strategy__owner"), pk=pk)
    return comment, section_visit(request, comment.round, comment.section)


def _back(visit: SectionVisit) -> HttpResponse:
    return redirect(f"{visit.url()}#comments")
