"""How long drafts of reports, and what was said of them, are kept: this floor's rows of the table, and what stays."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from django.db.models import Exists, OuterRef, Q, QuerySet

from partners.retention import delete_rows
from reporting.models import Citation, Comment, Edition, EditionOpening
from reporting.services.sealing import remove_draft, remove_files
from vcsportal.common.retention import Rule


def cited_evidence() -> QuerySet[Any]:
    """Return the keys of evidence that a published edition refers to."""
    return Citation.objects.filter(edition__published_at__isnull=False).values("evidence")


def _superseded_drafts(cutoff: datetime) -> QuerySet[Edition]:
    """Drafts, failures and cancelled ones asked for before ``cutoff`` for which a later edition of the round was published."""
    later = Edition.objects.filter(
        round=OuterRef("round"), number__gt=OuterRef("number"), published_at__isnull=False, published_at__lt=cutoff
    )
    drafts = Edition.objects.filter(published_at__isnull=True).exclude(state__in=["queued", "running"])
    return drafts.filter(Exists(later)).defer("facts")


def _remove_drafts(drafts: Sequence[Edition], at: datetime) -> None:
    remove_files([name for draft in drafts for name in remove_draft(draft)])


def _resolved_comments(cutoff: datetime) -> QuerySet[Comment]:
    return Comment.objects.filter(Q(resolved_at__lt=cutoff))


def _openings(cutoff: datetime) -> QuerySet[EditionOpening]:
    return EditionOpening.objects.filter(last_at__lt=cutoff)


RULES: Final = (
    Rule(
        "draft_editions", "Drafts of reports that a published edition has replaced",
        "To compare a new report with its last drafts.", 90, "after the later edition was published",
        "The draft is deleted, with its files.",
        ("reporting.Edition", "reporting.Face"), _superseded_drafts, _remove_drafts,
    ),
    Rule(
        "report_comments", "Comments on draft reports",
        "To show how a comment was answered while the report’s decisions can be questioned.",
        1_095, "after the comment was resolved", "The comment and its answer are deleted.",
        ("reporting.Comment",), _resolved_comments, delete_rows,
    ),
    Rule(
        "openings", "Who opened a report before it was published",
        "So that the people who publish it know whether the steering group has read it.",
        730, "after the person last opened it", "It is deleted.",
        ("reporting.EditionOpening",), _openings, delete_rows,
    ),
)  # fmt: skip

KEPT: Final = {
    "reporting.Edition": "Published reports. They are the council’s record and never change; see what is said above of their files.",
    "reporting.Face": "The files of published reports.",
    "reporting.Citation": "Which evidence a report refers to. It names nobody.",
    "reporting.Withdrawal": "Why a published report is no longer offered. It is public.",
    "reporting.Proposal": "Which two people published or withdrew a report.",
    "reporting.Suspension": "When files of a report were suspended. It names nobody.",
    "reporting.ConsentedContent": "Which evidence a report shows. It names nobody.",
    "reporting.ReportText": "The texts of the report, and who wrote them last.",
    "reporting.TextVersion": "Earlier versions of the report’s texts, and who wrote them. They are never changed.",
}
