"""Log evidence and lead it through its states."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from commitments import workflow
from commitments.files.uploads import CheckedFile
from commitments.models import Commitment, Evidence, EvidenceFile, EvidenceLink, HistoryEntry
from commitments.permissions import (
    check_can_accept,
    check_can_edit,
    check_can_log,
    check_can_log_for,
    check_can_reopen,
    check_can_return,
    check_can_submit,
    check_can_use_again,
    check_can_withdraw,
    is_own,
    may_log_for,
)
from commitments.services.contributions import mark_answered
from partners.models import Area, Organisation, User
from partners.outbox import put_mail
from vcsportal.common.markdown import check_text
from vcsportal.common.words import Conflict, Refused

MAX_FILES = 10


@dataclass(frozen=True, slots=True)
class Deed:
    """What an organisation did: the content of one piece of evidence. Figures are numbers or None, never 0 for unknown."""

    title: str
    happened_from: date
    story: str = ""
    happened_to: date | None = None
    commitments: tuple[Commitment, ...] = ()
    districts: tuple[Area, ...] = ()
    people_reached: int | None = None
    volunteers: int | None = None
    hours: int | None = None
    publishable: bool = False
    links: tuple[tuple[str, ...], ...] = ()  # (url, label) or (url, label, the page that shows it)
    said_by: str = ""  # who told it, where somebody else typed it
    said_how: str = ""  # a code of commitments.models.evidence.SAID_HOW


@transaction.atomic
def log_evidence(
    *, by: User, at: datetime, organisation: Organisation, deed: Deed, form_token: UUID | None = None
) -> Evidence:
    """Keep a new draft. The same ``form_token`` again returns the piece that it made the first time.

    Raise :class:`Refused` if the person may not log for the organisation, or something in the deed can't be. Whoever logs
    for a group that is not their own names who told it, and how.
    """
    typed_by = ""
    if by.belongs_to(organisation.pk) or not may_log_for(by):
        check_can_log(by, organisation)
    else:
        check_can_log_for(by, organisation)
        if not (deed.said_by.strip() and deed.said_how):
            raise Refused(
                "Say who told you, and how. Only your own people, the group and the council will see the name."
            )
        typed_by = _typist(by)
    if form_token is not None:
        made, new = Evidence.objects.get_or_create(
            form_token=form_token,
            defaults={
                "organisation": organisation,
                "logged_at": at,
                "logged_by": by,
                "title": deed.title,
                "happened_from": deed.happened_from,
            },
        )
        if not new:
            if made.organisation_id != organisation.pk or made.logged_by_id != by.pk:
                raise Refused("This form has been sent already. Open “Log evidence” again to begin another.")
            return made
    else:
        made = Evidence(organisation=organisation, logged_at=at, logged_by=by)
    _write(made, deed, at=at)
    _history(by=by, at=at, evidence=made, act="log", was="", more={"typed_by": typed_by} if typed_by else None)
    return made


def _typist(by: User) -> str:
    """The organisation for which somebody types what a group told; it stays in the history, whoever moves on."""
    own = sorted(by.organisations, key=lambda one: (one.kind != "infrastructure_body", one.pk))
    return own[0].name if own else ""


@transaction.atomic
def edit_evidence(*, by: User, at: datetime, evidence: Evidence, deed: Deed, version: int | None = None) -> Evidence:
    """Change a draft or returned piece. Raise :class:`Conflict` if a colleague saved since ``version``."""
    evidence = _locked(evidence)
    check_can_edit(by, evidence)
    if version is not None and version != evidence.version:
        raise Conflict(
            "A colleague has saved this evidence while you were writing. Both versions are below: choose what stays."
        )
    evidence.version += 1
    _write(evidence, deed, at=at)
    _history(by=by, at=at, evidence=evidence, act="edit", was=evidence.state)
    return evidence


@transaction.atomic
def attach_file(
    *, by: User, at: datetime, evidence: Evidence, checked: CheckedFile, caption: str = "", shows_people: bool = False
) -> EvidenceFile:
    """Add a file that :func:`commitments.files.uploads.check_upload` has looked into. The same bytes again are the same file.

    :param shows_people: somebody can be recognised in the photograph; it is then shown only with their consent.
    """
    evidence = _locked(evidence)
    check_can_edit(by, evidence)
    if there := evidence.files.filter(sha256=checked.sha256).order_by("id").first():
        return there
    if evidence.files.count() >= MAX_FILES:
        raise Refused(f"A piece of evidence holds {MAX_FILES} files at most. Remove one first.")
    kept = EvidenceFile(
        evidence=evidence, kind=checked.kind, name=checked.name, caption=caption.strip(), media_type=checked.media_type,
        size=len(checked.content), sha256=checked.sha256, added_at=at, added_by=by,
        shows_people=shows_people and checked.kind == "photograph",
    )  # fmt: skip
    stem = f"evidence/{evidence.pk}/{checked.sha256[:20]}"
    kept.content.save(f"{stem}{checked.suffix}", ContentFile(checked.content), save=False)
    if checked.print_content:
        kept.print_content.save(f"{stem}-print.jpg", ContentFile(checked.print_content), save=False)
    kept.save()
    return kept


@transaction.atomic
def describe_file(
    *, by: User, at: datetime, file: EvidenceFile, caption: str | None = None, page: str | None = None,
    shows_people: bool | None = None,
) -> EvidenceFile:  # fmt: skip
    """Say what a file shows, on which page, and whether somebody can be recognised in it. None leaves it as it is."""
    evidence = _locked(file.evidence)
    check_can_edit(by, evidence)
    stored = EvidenceFile.objects.select_for_update(of=("self",)).filter(pk=file.pk).first()
    if stored is None:
        return file  # a colleague has removed it meanwhile
    file = stored
    was = (file.caption, file.page, file.shows_people)
    if caption is not None:
        file.caption = caption.strip()
    if page is not None and file.kind == "document":
        file.page = page.strip()
    if shows_people is not None and file.kind == "photograph":
        file.shows_people = shows_people
    if was != (file.caption, file.page, file.shows_people):
        file.save(update_fields=["caption", "page", "shows_people"])
        reason = f"Described the file {file.name}: {file.caption}"
        _history(by=by, at=at, evidence=evidence, act="edit", was=evidence.state, reason=reason)
    return file


@transaction.atomic
def remove_file(*, by: User, at: datetime, file: EvidenceFile) -> None:
    """Take a file off a draft or returned piece; the bytes go once the row has gone."""
    evidence = _locked(file.evidence)
    check_can_edit(by, evidence)
    if file.consents.exists():
        raise Refused(
            f"Somebody’s consent is written down for “{file.name}”, so the record of it has to stay. Take the consent back "
            "instead: the photograph then goes from every page."
        )
    names = [str(field.name) for field in (file.content, file.print_content) if field]
    storage = file.content.storage
    file.delete()
    _history(by=by, at=at, evidence=evidence, act="edit", was=evidence.state, reason=f"Removed the file {file.name}")

    def delete_bytes() -> None:
        for name in names:
            storage.delete(name)

    transaction.on_commit(delete_bytes)


@transaction.atomic
def submit_evidence(*, by: User, at: datetime, evidence: Evidence) -> Evidence:
    """Send it to the council for review."""
    evidence = _locked(evidence)
    check_can_submit(by, evidence)
    if not evidence.commitments.exists():
        raise Refused("Choose at least one commitment that this evidence is for, then send it.")
    evidence.submitted_at, evidence.submitted_by = at, by
    sent = _move(by=by, at=at, evidence=evidence, act="submit")
    for strategy in sorted(set(evidence.commitments.values_list("strategy_id", flat=True))):
        mark_answered(by=by, at=at, organisation=evidence.organisation, answer="evidence", strategy_id=strategy)
    return sent


@transaction.atomic
def accept_evidence(*, by: User, at: datetime, evidence: Evidence, version: int | None = None) -> Evidence:
    """Let it count. Raise :class:`Conflict` if it has changed since ``version``, which the officer read."""
    evidence = _locked(evidence)
    check_can_accept(by, evidence)
    _check_version(evidence, version)
    evidence.accepted_at, evidence.accepted_by = at, by
    return _move(by=by, at=at, evidence=evidence, act="accept")


@transaction.atomic
def return_evidence(*, by: User, at: datetime, evidence: Evidence, reason: str, version: int | None = None) -> Evidence:
    """Send it back with a reason that its organisation sees. Raise :class:`Conflict` as :func:`accept_evidence` does."""
    evidence = _locked(evidence)
    check_can_return(by, evidence)
    _check_version(evidence, version)
    if not reason.strip():
        raise Refused("Say what needs to change. The partner will read it.")
    evidence = _move(by=by, at=at, evidence=evidence, act="return", reason=check_text(reason))
    if evidence.submitted_by is not None:
        put_mail(
            key=f"evidence-returned:{evidence.pk}:{evidence.version}",
            kind="evidence_returned",
            to=evidence.submitted_by,
            template="evidence_returned",
            values={
                "evidence": evidence,
                "reason": evidence.state_reason,
                "way_back": settings.PORTAL_URL + reverse("commitments:evidence-edit", args=[evidence.pk]),
            },
            at=at,
        )
    return evidence


@transaction.atomic
def withdraw_evidence(*, by: User, at: datetime, evidence: Evidence, reason: str = "") -> Evidence:
    """Take it back. The council gives a reason when it withdraws a partner's evidence."""
    evidence = _locked(evidence)
    check_can_withdraw(by, evidence)
    if not is_own(by, evidence) and not reason.strip():
        raise Refused("Say why it is withdrawn. The partner will read it.")
    return _move(by=by, at=at, evidence=evidence, act="withdraw", reason=check_text(reason))


@transaction.atomic
def reopen_evidence(*, by: User, at: datetime, evidence: Evidence) -> Evidence:
    """Take up a withdrawn piece again, as a draft."""
    evidence = _locked(evidence)
    check_can_reopen(by, evidence)
    return _move(by=by, at=at, evidence=evidence, act="reopen")


@transaction.atomic
def use_again(*, by: User, at: datetime, evidence: Evidence, commitments: Iterable[Commitment]) -> Evidence:
    """Let accepted evidence count for further commitments of the same strategy. What it was accepted for stays."""
    evidence = _locked(evidence)
    check_can_use_again(by, evidence)
    there = list(evidence.commitments.in_order())
    more = [one for one in commitments if one not in there]
    if not more:
        raise Refused("Choose a commitment that it does not serve yet.")
    if {one.strategy_id for one in more} != {one.strategy_id for one in there}:
        raise Refused("Choose commitments of the same strategy.")
    evidence.commitments.add(*more)
    evidence.version += 1
    evidence.save(update_fields=["version"])
    references = ", ".join(one.reference for one in more)
    _history(by=by, at=at, evidence=evidence, act="use_again", was=evidence.state, reason=f"For {references} too")
    return evidence


def _locked(evidence: Evidence) -> Evidence:
    return Evidence.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=evidence.pk)


def _check_version(evidence: Evidence, version: int | None) -> None:
    if version is not None and version != evidence.version:
        raise Conflict("This evidence has changed since you opened it. Read it again, then decide.")


def _write(evidence: Evidence, deed: Deed, *, at: datetime) -> None:
    if not deed.title.strip():
        raise Refused("Say what you did, in one line.")
    if deed.happened_to and deed.happened_to < deed.happened_from:
        raise Refused("The day it ended comes before the day it began.")
    if deed.happened_from > timezone.localdate(at):
        raise Refused("Evidence is of what has happened already. The date is in the future.")
    if len({commitment.strategy_id for commitment in deed.commitments}) > 1:
        raise Refused("Choose commitments of one strategy.")
    if bool(deed.said_by.strip()) != bool(deed.said_how):
        raise Refused("Say who told you, and how.")
    for field in ("happened_from", "happened_to", "people_reached", "volunteers", "hours", "publishable", "said_how"):
        setattr(evidence, field, getattr(deed, field))
    evidence.said_by = deed.said_by.strip()
    evidence.title, evidence.story = deed.title.strip(), check_text(deed.story)
    evidence.save()
    evidence.commitments.set(deed.commitments)
    evidence.districts.set(deed.districts)
    _set_links(evidence, deed.links)


def _set_links(evidence: Evidence, links: Iterable[tuple[str, ...]]) -> None:
    whole = [(url, label, *(page or [""])) for url, label, *page in links]
    if [(link.url, link.label, link.page) for link in evidence.links.order_by("id")] == whole:
        return
    evidence.links.all().delete()
    EvidenceLink.objects.bulk_create(
        [EvidenceLink(evidence=evidence, url=url, label=label, page=page) for url, label, page in whole]
    )


def _move(*, by: User, at: datetime, evidence: Evidence, act: str, reason: str = "") -> Evidence:
    step = workflow.EVIDENCE_ACT[act]
    was = evidence.state
    workflow.check_act(step, was)
    evidence.state, evidence.state_reason = step.to, reason
    if step.to != "accepted":
        evidence.accepted_at = evidence.accepted_by = None
    evidence.version += 1
    evidence.save()
    _history(by=by, at=at, evidence=evidence, act=act, was=was, reason=reason)
    return evidence


def _history(
    *,
    by: User,
    at: datetime,
    evidence: Evidence,
    act: str,
    was: str,
    reason: str = "",
    more: dict[str, str] | None = None,
) -> None:
    said = {"title": evidence.title, "story": evidence.story} if act in {"log", "edit"} else {}
    said |= more or {}
    HistoryEntry.objects.create(
        at=at, by=by, act=act, evidence=evidence, from_state=was, to_state=evidence.state, reason=reason, said=said
    )
