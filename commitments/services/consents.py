"""The ledger of consents: who agreed to be shown, and who no longer does. Nothing is deleted; a withdrawal is recorded
next to the consent."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Protocol

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from commitments.models import CaseStudy, CaseStudyQuotation, Consent, Evidence, EvidenceFile, HistoryEntry, WorkingCopy
from commitments.models.case_studies import case_study_form
from commitments.models.consent import CONSENT_USES
from commitments.permissions.evidence import check_can_record_consents
from commitments.services.evidence_transitions import check_version, raise_version
from partners.models import User
from vcsportal.common.words import AlreadyDone, Conflict, Invalid, NotNow

USE_NAMES = dict(CONSENT_USES)


class Listener(Protocol):
    """What an upper floor does once the consents of an item of evidence have changed; ``evidence`` is the item's key."""

    def __call__(self, *, evidence: int, at: datetime) -> None: ...


_listeners: list[Listener] = []


def when_changed(listener: Listener) -> None:
    """Let an upper floor hear of every change, inside its transaction."""
    if listener not in _listeners:
        _listeners.append(listener)


@transaction.atomic
def record_consent(
    *, by: User, at: datetime, evidence: Evidence, given_by: str, given_on: date, uses: Iterable[str],
    file: EvidenceFile | None = None, quotation: CaseStudyQuotation | None = None, lasts_until: date | None = None,
) -> Consent:  # fmt: skip
    """Record that someone agreed to a photograph or a quotation being shown or, without either, to the story and its case study.

    A photograph for which somebody was asked shows people. The newest word of each person counts.
    """
    uses = [code for code in USE_NAMES if code in set(uses)]
    today = timezone.localdate(at)
    evidence = _held(evidence)
    check_can_record_consents(by, evidence)
    _check_belongs(evidence, file, quotation)
    if not given_by.strip():
        raise Invalid("Say who agreed. The public never sees it.", field="given_by")
    if not uses:
        raise Invalid("Say what they agreed to.", field="uses")
    if given_on > today:
        raise Invalid("The day on which they agreed is in the future.", field="given_on")
    if lasts_until is not None and lasts_until < today:
        raise Invalid("The end date has already passed. Leave it blank if there is none.", field="lasts_until")
    made = Consent.objects.create(
        evidence=evidence, file=file, quotation=quotation, given_by=given_by.strip(), given_on=given_on, uses=uses, lasts_until=lasts_until,
        recorded_at=at, recorded_by=by,
    )  # fmt: skip
    if file is not None and not file.shows_people:
        file.shows_people = True
        file.save(update_fields=["shows_people"])
    _history(by=by, at=at, evidence=evidence, act="consent", reason=f"For {_what(evidence, file, quotation)}")
    return made


@transaction.atomic
def record_consents(
    *, by: User, at: datetime, evidence: Evidence, files: Iterable[EvidenceFile], given_by: str, given_on: date,
    uses: Iterable[str], lasts_until: date | None = None,
) -> list[Consent]:  # fmt: skip
    """Write down one agreement for several photographs, all or none. Arguments and errors as in :func:`record_consent`."""
    uses = list(uses)
    return [
        record_consent(
            by=by, at=at, evidence=evidence, file=file, given_by=given_by, given_on=given_on, uses=uses,
            lasts_until=lasts_until,
        )
        for file in files
    ]  # fmt: skip


@transaction.atomic
def withdraw_consent(*, by: User, at: datetime, consent: Consent, why: str = "") -> Consent:
    """Withdraw a consent: the photograph, story or quotation is removed from every page and left out of new reports."""
    evidence = _held(consent.evidence)
    consent = Consent.objects.select_for_update(of=("self",)).select_related("file", "quotation").get(pk=consent.pk)
    consent.evidence = evidence
    check_can_record_consents(by, consent.evidence)
    if consent.withdrawn_at is not None:
        raise AlreadyDone(
            "This consent has already been withdrawn.",
            thing=reverse("commitments:consents", args=[evidence.pk]),
            what="consent",
            past="withdrawn",
            at=consent.withdrawn_at,
            by=consent.withdrawn_by,
        )
    consent.withdrawn_at, consent.withdrawn_by, consent.withdrawn_why = at, by, why.strip()[:300]
    consent.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawn_why"])
    what = _what(evidence, consent.file, consent.quotation)
    _history(by=by, at=at, evidence=consent.evidence, act="consent_withdrawn", reason=f"For {what}")
    if consent.quotation is not None:
        forget_typed_quotations(evidence)
    return consent


@transaction.atomic
def take_down(
    *, by: User, at: datetime, evidence: Evidence, asked_by: str, file: EvidenceFile | None = None,
    quotation: CaseStudyQuotation | None = None, why: str = "",
) -> Consent:  # fmt: skip
    """Remove a photograph, story or quotation from every page because someone asks who was never asked; a refusal is recorded."""
    evidence = _held(evidence)
    check_can_record_consents(by, evidence)
    _check_belongs(evidence, file, quotation)
    if not asked_by.strip():
        raise Invalid("Say who has asked for this. The public never sees it.", field="asked_by")
    made = Consent.objects.create(
        evidence=evidence, file=file, quotation=quotation, given_by=asked_by.strip(), given_on=timezone.localdate(at),
        uses=[], recorded_at=at, recorded_by=by, withdrawn_at=at, withdrawn_by=by, withdrawn_why=why.strip()[:300],
    )  # fmt: skip
    _history(by=by, at=at, evidence=evidence, act="consent_withdrawn", reason=f"For {_what(evidence, file, quotation)}")
    if quotation is not None:
        forget_typed_quotations(evidence)
    return made


@transaction.atomic
def mark_people(*, by: User, at: datetime, file: EvidenceFile, shows_people: bool, version: int | None) -> EvidenceFile:
    """Say whether somebody can be recognised in a photograph, at any time; if so, it needs their consent to be shown.

    :param version: the item's version that the person read. It is not asked for to set the tick, which keeps a photograph
        back; to remove it, raise :class:`Conflict` without the version, or with one that is no longer the item's.
    """
    evidence = _held(file.evidence)
    file = EvidenceFile.objects.select_for_update(of=("self",)).get(pk=file.pk)
    file.evidence = evidence
    check_can_record_consents(by, evidence)
    if not shows_people and version is None:
        raise Conflict("Open the page again and look at the photograph before you say that nobody can be recognised.")
    if not shows_people:
        check_version(evidence, version)
    if file.kind != "photograph":
        raise Invalid("This is asked of photographs only.", field="shows_people")
    if file.shows_people == shows_people:
        return file
    if not shows_people and file.consents.exists():
        raise NotNow("Someone’s consent is recorded for this photograph, so it does show people.")
    file.shows_people = shows_people
    file.save(update_fields=["shows_people"])
    words = "Someone can be recognised in" if shows_people else "Nobody can be recognised in"
    _history(by=by, at=at, evidence=file.evidence, act="people", reason=f"{words} {file.name}")
    return file


def _held(evidence: Evidence) -> Evidence:
    """Return it as it is now, held until the transaction ends: nobody takes a photograph off it meanwhile."""
    held = Evidence.objects.select_for_update(of=("self",), no_key=True).select_related("organisation")
    return held.get(pk=evidence.pk)


def forget_typed_quotations(evidence: Evidence) -> None:
    """Remove the quotation from what people are typing into the case study of an item: nobody may read it any more."""
    for copy in WorkingCopy.objects.select_for_update().filter(form=case_study_form(evidence.pk)):
        copy.fields = {name: text for name, text in copy.fields.items() if name not in {"quotation", "said_by"}}
        copy.save(update_fields=["fields"])


def _check_belongs(evidence: Evidence, file: EvidenceFile | None, quotation: CaseStudyQuotation | None = None) -> None:
    if quotation is not None:
        if file is not None or quotation.case_study.evidence_id != evidence.pk:
            raise Invalid("This quotation is from another case study.", field="quotation")
        return
    if file is not None and (file.evidence_id != evidence.pk or file.kind != "photograph"):
        raise Invalid("Consent is for a photograph of this item of evidence, or for its story.", field="file")
    if file is not None and not EvidenceFile.objects.filter(pk=file.pk).exists():
        raise NotNow("This photograph has been removed, so there is nothing to agree to.")
    if file is None and not evidence.story and not CaseStudy.objects.filter(evidence=evidence).exists():
        raise NotNow("This evidence has no story and no case study yet, so there is nothing to agree to.")


def _what(evidence: Evidence, file: EvidenceFile | None, quotation: CaseStudyQuotation | None) -> str:
    if quotation is not None:
        return "the quotation"
    if file is not None:
        return f"the photograph {file.name}"
    return "the story" if evidence.story else "the case study"


def _history(*, by: User, at: datetime, evidence: Evidence, act: str, reason: str) -> None:
    """Who agreed is not named here: the ledger alone says it."""
    state = evidence.state
    raise_version(evidence)
    HistoryEntry.objects.create(
        at=at, by=by, act=act, evidence=evidence, from_state=state, to_state=state, reason=reason
    )
    for listener in _listeners:
        listener(evidence=evidence.pk, at=at)
