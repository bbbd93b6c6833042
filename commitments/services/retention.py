"""How long what people type, send and agree to is kept: this floor's rows of the retention table, and what is kept for
the record."""

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from commitments.models import (
    Consent,
    Evidence,
    EvidenceFile,
    HistoryEntry,
    PlanUpload,
    TimeTaken,
    UploadedWorkbook,
    WorkingCopy,
)
from commitments.services.point_retention import POINT_RULES
from partners import roles
from partners.emails.outbox import put_mail
from partners.models import RoleGrant, User
from partners.services.retention import delete_rows
from vcsportal.common.retention import Rule

WARNED_AFTER_DAYS: Final = 335
"""Days without a change after which the owner of a draft that was never sent is warned."""

_cited: list[Callable[[], QuerySet[Any]]] = []


def cited_by(lister: Callable[[], QuerySet[Any]]) -> None:
    """Let an upper floor list the keys of evidence that something published rests on."""
    if lister not in _cited:
        _cited.append(lister)


def _working_copies(cutoff: datetime) -> QuerySet[WorkingCopy]:
    return WorkingCopy.objects.filter(kept_at__lt=cutoff)


def _uploaded_workbooks(cutoff: datetime) -> QuerySet[UploadedWorkbook]:
    return UploadedWorkbook.objects.filter(uploaded_at__lt=cutoff)


def _times_taken(cutoff: datetime) -> QuerySet[TimeTaken]:
    return TimeTaken.objects.filter(sent_on__lt=timezone.localdate(cutoff))


def _plan_uploads(cutoff: datetime) -> QuerySet[PlanUpload]:
    return PlanUpload.objects.filter(uploaded_at__lt=cutoff)


def _unused_drafts(cutoff: datetime) -> QuerySet[Evidence]:
    """Drafts whose owner was warned before ``cutoff`` and that nobody has touched since."""
    touched = HistoryEntry.objects.filter(evidence=OuterRef("pk"), at__gt=OuterRef("warned_at"))
    drafts = Evidence.objects.filter(state="draft", submitted_at__isnull=True, warned_at__lt=cutoff)
    return drafts.filter(~Exists(touched))


def _remove_drafts(drafts: Sequence[Evidence], at: datetime) -> None:
    for draft in drafts:
        files = list(draft.files.all())
        draft.consents.all().delete()
        draft.notes.all().delete()
        draft.links.all().delete()
        draft.files.all().delete()
        with connection.cursor() as cursor:
            cursor.execute("SELECT portal_erase_history_of_draft(%s)", [draft.pk])
        draft.delete()
        _erase_bytes(files)


def _withdrawn_evidence(cutoff: datetime) -> QuerySet[Evidence]:
    """Withdrawn items with files or a name of who told it, not touched since ``cutoff``, on which nothing published rests."""
    touched = HistoryEntry.objects.filter(evidence=OuterRef("pk"), at__gte=cutoff)
    there = EvidenceFile.objects.filter(evidence=OuterRef("pk"), erased_at__isnull=True)
    items = Evidence.objects.filter(~Exists(touched), state="withdrawn", logged_at__lt=cutoff)
    items = items.filter(Exists(there)) | items.exclude(said_by="")
    for lister in _cited:
        items = items.exclude(pk__in=lister())
    return items


def _strip_withdrawn(items: Sequence[Evidence], at: datetime) -> None:
    """Erase files and who told it. A file for which a consent is recorded keeps its row, without bytes."""
    for item in items:
        files = list(item.files.filter(erased_at__isnull=True))
        item.files.filter(consents__isnull=False).update(erased_at=at)
        item.files.filter(erased_at__isnull=True).delete()
        item.said_by, item.said_how = "", ""
        item.save(update_fields=["said_by", "said_how"])
        HistoryEntry.objects.create(
            at=at, by=None, act="erase", evidence=item, from_state=item.state, to_state=item.state,
            reason="Files, and the name of who reported it, were erased under the retention table.",
        )  # fmt: skip
        _erase_bytes(files)


def ended_consents(cutoff: datetime) -> QuerySet[Consent]:
    """Return each person's newest words that were withdrawn, or ran out, before ``cutoff``."""
    ended = Q(withdrawn_at__lt=cutoff) | Q(lasts_until__lt=_day_before(cutoff))
    return Consent.objects.newest_words().filter(ended)


def _photographs(cutoff: datetime) -> QuerySet[EvidenceFile]:
    """Photographs that show somebody whose consent ended before ``cutoff``."""
    there = EvidenceFile.objects.filter(kind="photograph", erased_at__isnull=True)
    return there.filter(Exists(ended_consents(cutoff).filter(file=OuterRef("pk"))))


def _day_before(cutoff: datetime) -> date:
    """A consent that lasts until a day ends at that day's end, which is when keeping begins."""
    return timezone.localdate(cutoff) - timedelta(days=1)


def _erase_photographs(files: Sequence[EvidenceFile], at: datetime) -> None:
    EvidenceFile.objects.filter(pk__in=[file.pk for file in files]).update(erased_at=at)
    for file in files:
        state = file.evidence.state
        HistoryEntry.objects.create(
            at=at, by=None, act="erase", evidence=file.evidence, from_state=state, to_state=state,
            reason="A photograph was erased, because a consent to show it was withdrawn or had expired.",
        )  # fmt: skip
    _erase_bytes(files)


def _old_consents(cutoff: datetime) -> QuerySet[Consent]:
    """Consents that ended before ``cutoff`` and still name who gave them."""
    ended = Consent.objects.filter(withdrawn_at__lt=cutoff) | Consent.objects.filter(
        lasts_until__lt=_day_before(cutoff)
    )
    return ended.exclude(given_by__startswith=UNNAMED)


UNNAMED: Final = "Person whose name was erased"


def _unname_consents(consents: Sequence[Consent], at: datetime) -> None:
    """Take the name out of everything the same person agreed to of the same photograph or story.

    They stay one person, so that the newest of their answers still counts.
    """
    for consent in consents:
        same = Consent.objects.filter(
            evidence=consent.evidence_id, file=consent.file_id, given_by__iexact=consent.given_by
        )
        first = same.order_by("pk").values_list("pk", flat=True).first()
        same.update(given_by=f"{UNNAMED} ({first})", withdrawn_why="")


def _erase_bytes(files: Sequence[EvidenceFile]) -> None:
    """Last in the transaction: if it is not kept, the rows are due again; a row never says "erased" of bytes that are there."""
    for file in files:
        for field in (file.content, file.print_content):
            if field:
                default_storage.delete(str(field.name))  # what the disk refuses undoes the rows too


@transaction.atomic
def warn_of_unused_drafts(*, at: datetime) -> int:
    """Email the owners of drafts that nobody has changed for long; return how many drafts. Each draft is warned of once."""
    days = int(settings.RETENTION_DAYS.get("draft_evidence_warning", WARNED_AFTER_DAYS))
    before = at - timedelta(days=days)
    last = HistoryEntry.objects.filter(evidence=OuterRef("pk")).order_by("-at").values("at")[:1]
    drafts = Evidence.objects.filter(state="draft", submitted_at__isnull=True, logged_at__lt=before)
    drafts = drafts.annotate(touched_at=Subquery(last)).exclude(touched_at__gte=before)
    unwarned = drafts.filter(warned_at__isnull=True) | drafts.filter(warned_at__lt=Subquery(last))
    found = list(unwarned.select_related("logged_by", "organisation").select_for_update(of=("self",))[:200])
    for draft in found:
        draft.warned_at = at
        draft.save(update_fields=["warned_at"])
        for person in _owners(draft):
            put_mail(
                key=f"draft_unused:{draft.pk}:{draft.version}:{person.pk}", kind="draft_unused", to=person,
                template="draft_unused", at=at,
                values={
                    "draft": draft, "days": rule("draft_evidence").kept_for,
                    "url": f"{settings.PORTAL_URL.rstrip('/')}{draft.get_absolute_url()}",
                },
            )  # fmt: skip
    return len(found)


def _owners(draft: Evidence) -> list[User]:
    """Whoever logged it; where their access has ended, the leads of its organisation."""
    if draft.logged_by.is_active:
        return [draft.logged_by]
    leads = RoleGrant.objects.current().filter(organisation=draft.organisation_id, role=roles.PARTNER_LEAD.code)
    return list(User.objects.filter(is_active=True, pk__in=leads.values("person")).order_by("id"))


def rule(code: str) -> Rule:
    """Return one of this floor's rules."""
    return next(rule for rule in RULES if rule.code == code)


RULES: Final = (
    Rule(
        "working_copies", "Text typed into a form and not sent",
        "So that nobody loses what they were writing when a connection or a session ends. Only they can see it.",
        30, "after it was last changed", "It is deleted.",
        ("commitments.WorkingCopy",), _working_copies, delete_rows,
    ),
    Rule(
        "uploaded_workbooks", "Spreadsheets that were uploaded, before they are saved",
        "So that people can look through what a file would change. Only they can see it. What they save is kept like anything typed into the portal.",
        7, "after the file was uploaded", "It is deleted.",
        ("commitments.UploadedWorkbook",), _uploaded_workbooks, delete_rows,
    ),
    Rule(
        "times_taken", "How long forms took to fill in, without saying who filled them in",
        "To tell people how long a form usually takes.", 730, "after the form was sent", "It is deleted.",
        ("commitments.TimeTaken",), _times_taken, delete_rows,
    ),
    Rule(
        "plan_uploads", "Action plans uploaded to create a strategy, and the people to be invited to it",
        "So that they can be matched and checked in several sittings. Only the person who uploaded one can see its rows.",
        30, "after it was uploaded", "It is deleted. The strategy created from it stays.",
        ("commitments.PlanUpload",), _plan_uploads, delete_rows,
    ),
    Rule(
        "draft_evidence", "Drafts of evidence that were never sent",
        "So that people can finish them. Their owner is warned by email once a draft has not changed for 335 days.",
        30, "after that email", "The draft is deleted, with its photographs, documents and history.",
        ("commitments.Evidence", "commitments.EvidenceFile", "commitments.EvidenceLink"), _unused_drafts, _remove_drafts,
    ),
    Rule(
        "withdrawn_evidence", "Files of evidence that was withdrawn, and the name of the person who reported it",
        "In case it was withdrawn by mistake. Evidence that a published report refers to is kept.",
        365, "after it was withdrawn",
        "Photographs, documents and the name are erased. What the organisation wrote stays in its history.",
        ("commitments.Evidence", "commitments.EvidenceFile"), _withdrawn_evidence, _strip_withdrawn,
    ),
    Rule(
        "photographs", "Photographs after a consent to show them was withdrawn or expired",
        "In case a consent was recorded as withdrawn by mistake. Nobody can see them in the meantime.",
        90, "after the consent ended", "The photograph is erased. The record of consents stays.",
        ("commitments.EvidenceFile",), _photographs, _erase_photographs,
    ),
    Rule(
        "consents", "Records of consent: who agreed to be shown, and to what",
        "To prove that someone agreed, or that the portal stopped showing them when they no longer did.",
        2_190, "after the consent ended", "The name is erased. The record that someone agreed, and when this ended, stays.",
        ("commitments.Consent",), _old_consents, _unname_consents,
    ),
    *POINT_RULES,
)  # fmt: skip

KEPT: Final = {
    "commitments.HistoryEntry": "Who did what, and when: anyone should be able to see how the strategy’s record came about. It is never changed; names are removed with the account.",
    "commitments.Strategy": "What was adopted.",
    "commitments.Priority": "What was adopted.",
    "commitments.Commitment": "What was promised, and which officer leads on it now.",
    "commitments.FormerReference": "The numbers that a commitment has had.",
    "commitments.Action": "What is done towards a commitment, and who does it.",
    "commitments.ActionDueDateChange": "Why a due date moved. It is never changed.",
    "commitments.DeliveryPartner": "Which organisations deliver what.",
    "commitments.Indicator": "What is counted. It is not about people.",
    "commitments.IndicatorTarget": "Targets. They are not about people.",
    "commitments.IndicatorValue": "The figures of each round, and who entered and approved them. Only the people who enter and approve figures can see small numbers for a strand.",
    "commitments.Round": "When each round of reporting ran.",
    "commitments.RoundTask": "Who was asked in a round, and who they passed it on to.",
    "commitments.Contribution": "What each organisation answered in a round.",
    "commitments.ProgressUpdate": "What was reported about a commitment, and who wrote and approved it. It is published.",
    "commitments.FrozenStanding": "What a published report is based on. It is never changed.",
    "commitments.Response": "What an organisation responded to a recommendation, and who wrote and approved it. It is published.",
    "commitments.Signatory": "Which organisation signed a charter, since when and in which post, never a name; and who recorded it. It is published.",
    "commitments.Reaffirmation": "That a signatory still stands by a charter, and what it said it has done. It is published.",
    "commitments.SourcedFigure": "Figures about the county and about money, each with its date and source. They are about areas and groups of people, never about one person.",
    "commitments.SourcedValue": "What each source says of a figure. Only the people responsible for the strategy can see small numbers for a strand.",
    "commitments.Award": "Grants and contracts. Their recipients are organisations, never people.",
    "commitments.CaseStudy": "Which items of evidence have a case study, and who accepted it. It is published.",
    "commitments.CaseStudyText": "What was written in a case study, and who wrote it. It is never changed.",
    "commitments.CaseStudyQuotation": "What someone said, with a post or a few words in place of their name. It is shown only while they agree to it.",
    "commitments.CaseStudyChoice": "Which case studies were chosen for which report, and who chose them.",
    "commitments.Engagement": "Which meetings and consultations took place, what was asked and said, and who wrote it up. Those who attended are organisations and posts, never names.",
    "commitments.Risk": "What could go wrong, what is being done about it, and who recorded it. It is published.",
    "commitments.RiskAssessment": "Who assessed a risk, how high, and when. It is never changed.",
    "commitments.RiskReview": "Who reviewed a risk, and in which round.",
    "commitments.SectorView": "How a partner organisation sees a commitment. It is published.",
    "commitments.ViewReply": "What the council replied. It is published.",
    "commitments.Note": "The council’s internal notes on updates and evidence, as part of the record of the decision.",
}
