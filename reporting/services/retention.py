"""How long drafts of reports, and what was said of them, are kept: this floor's rows of the table, and what stays."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from django.core.files.storage import default_storage
from django.db.models import Exists, OuterRef, Q, QuerySet

from commitments.services.retention import ended_consents
from partners.services.retention import delete_rows
from reporting.formats import ALL, CASE_STUDIES, DETAILS, FORMAT_BY_CODE, PHOTOGRAPHS, STORIES
from reporting.models import (
    Citation,
    Comment,
    ConsentedContent,
    DataSnapshot,
    Edition,
    EditionOpening,
    Face,
    FaceErasure,
    Follow,
)
from reporting.services.following import stop_following
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


def _suspended_files(cutoff: datetime) -> QuerySet[Face]:
    """Files of published editions, withdrawn ones too, that show what somebody has not agreed to since before ``cutoff``."""
    ended = list(ended_consents(cutoff).select_related("file"))
    photographs = {str(consent.file.print_content.name) for consent in ended if consent.file is not None}
    stories = {consent.evidence_id for consent in ended if consent.file is None and consent.quotation_id is None}
    quotations = {consent.quotation_id for consent in ended if consent.quotation_id is not None}
    rows = ConsentedContent.objects.filter(
        edition__published_at__isnull=False, evidence__in={consent.evidence_id for consent in ended}
    )
    kinds: dict[int, set[str]] = defaultdict(set)
    for row in rows:
        withdrawn = row.evidence in stories
        if photographs & set(row.photographs) or (withdrawn and row.photographs):
            kinds[row.edition_id].add(PHOTOGRAPHS)
        if row.case_study and (withdrawn or row.quotation in quotations):
            kinds[row.edition_id].add(CASE_STUDIES)
        if withdrawn and row.story:
            kinds[row.edition_id].add(STORIES)
        if withdrawn and row.details:
            kinds[row.edition_id].add(DETAILS)
    codes: dict[int, set[str]] = defaultdict(set)
    for edition, code in Face.objects.filter(edition__in=kinds).values_list("edition", "code"):
        codes[edition].add(code)
    faces = Face.objects.filter(edition__in=kinds, erasure__isnull=True)
    showing = [face.pk for face in faces if _shown(face, codes[face.edition_id]) & kinds[face.edition_id]]
    return Face.objects.filter(pk__in=showing)


def _shown(face: Face, codes: set[str]) -> frozenset[str]:
    return FORMAT_BY_CODE[face.code].shown(codes) if face.code in FORMAT_BY_CODE else ALL


def _erase_files(faces: Sequence[Face], at: datetime) -> None:
    """The bytes go last: if the transaction is not kept, the file is due again."""
    FaceErasure.objects.bulk_create([FaceErasure(face=face, at=at) for face in faces])
    for face in faces:
        default_storage.delete(str(face.content.name))


def _resolved_comments(cutoff: datetime) -> QuerySet[Comment]:
    return Comment.objects.filter(Q(resolved_at__lt=cutoff))


def _snapshots(cutoff: datetime) -> QuerySet[DataSnapshot]:
    return DataSnapshot.objects.filter(made_at__lt=cutoff)


def _remove_snapshots(snapshots: Sequence[DataSnapshot], at: datetime) -> None:
    """The bytes go last: if the transaction is not kept, the snapshot is due again."""
    DataSnapshot.objects.filter(pk__in=[snapshot.pk for snapshot in snapshots]).delete()
    for snapshot in snapshots:
        default_storage.delete(str(snapshot.content.name))


def _openings(cutoff: datetime) -> QuerySet[EditionOpening]:
    return EditionOpening.objects.filter(last_at__lt=cutoff)


def _unconfirmed_follows(cutoff: datetime) -> QuerySet[Follow]:
    return Follow.objects.filter(confirmed_at__isnull=True, asked_at__lt=cutoff)


def _forget_unconfirmed(follows: Sequence[Follow], at: datetime) -> None:
    """Delete what nobody confirmed, and the address where nothing else is followed from it."""
    for follow in follows:
        stop_following(at=at, follower=follow.follower, only=follow.pk)


RULES: Final = (
    Rule(
        "published_files", "Files of published reports that show a photograph or story whose consent has ended",
        "In case the consent was recorded as withdrawn by mistake. The files are suspended in the meantime, so nobody can download them.",
        90, "after the consent ended",
        "These files are erased. The report’s page, which leaves out what was withdrawn, its data and its checksums stay.",
        ("reporting.Face",), _suspended_files, _erase_files,
    ),
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
    Rule(
        "data_snapshots", "Daily copies of the published data",
        "So that anyone can see what was published on a day. They name no people, and leave out what people may withdraw, such as stories.",
        365, "after the copy was made", "The copy is deleted.",
        ("reporting.DataSnapshot",), _snapshots, _remove_snapshots,
    ),
    Rule(
        "unconfirmed_followers", "Email addresses that someone entered to follow something, and that were never confirmed",
        "To send the email that asks to confirm.", 7, "after they were last entered",
        "The address is deleted, and erased from the emails that were sent to it.",
        ("reporting.Follow", "reporting.Follower"), _unconfirmed_follows, _forget_unconfirmed,
    ),
)  # fmt: skip

KEPT: Final = {
    "reporting.Edition": "Published reports. They are the council’s record and never change; for their files, see above.",
    "reporting.Face": "The files of published reports.",
    "reporting.Citation": "Which evidence a report refers to. It names nobody.",
    "reporting.FaceErasure": "When a file of a report was erased. It names nobody.",
    "reporting.Withdrawal": "Why a published report is no longer available. It is public.",
    "reporting.Proposal": "Which two people published or withdrew a report.",
    "reporting.Suspension": "When files of a report were suspended. It names nobody.",
    "reporting.ConsentedContent": "Which evidence a report shows. It names nobody.",
    "reporting.ReportText": "The texts of the report, and who wrote them last.",
    "reporting.Follower": "Email addresses of people who follow something by email. They are encrypted, and deleted when the person stops.",
    "reporting.Follow": "What they follow. It is deleted with the address.",
    "reporting.TextVersion": "Earlier versions of the report’s texts, and who wrote them. They are never changed.",
}
