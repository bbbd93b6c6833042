"""Logs evidence and changes its state. Its files, and the decisions of officers, have their own modules."""

from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from commitments.content.evidence import EvidenceContent, FileDescription
from commitments.models import Commitment, Evidence, EvidenceLink
from commitments.models.evidence import MAX_REFERENCE_CHARACTERS, ONE_OF_A_REFERENCE
from commitments.permissions.evidence import (
    check_can_edit_evidence,
    check_can_log_evidence,
    check_can_log_evidence_for,
    check_can_reopen_evidence,
    check_can_submit_evidence,
    check_can_use_evidence_again,
    check_can_withdraw_evidence,
    is_own_evidence,
    may_log_evidence_for_others,
)
from commitments.rules.evidence_figures import FIGURE_CODES
from commitments.rules.kinds import shared_nouns
from commitments.services.contributions import answer_taken_back, mark_answered
from commitments.services.evidence_files import (
    DISK_FULL,
    MAX_FILES,
    NO_ROOM,
    NewFile,
    NotStored,
    add_files,
    attach_file,
    describe,
    describe_file,
    note_added,
    note_download,
    note_refused,
    remove_file,
    room_for,
)
from commitments.services.evidence_review import accept_evidence, return_evidence
from commitments.services.evidence_transitions import check_version, history, lock_evidence, move, raise_version
from commitments.services.files_named import from_file
from partners.models import Organisation, User
from partners.services.standing import check_can_be_named
from vcsportal.common.languages import check_language
from vcsportal.common.lookalikes import check_link
from vcsportal.common.markdown import check_text
from vcsportal.common.saving_together import held_once, hold_known, write_entries
from vcsportal.common.words import Invalid, NotNow

__all__ = [
    "DISK_FULL",
    "MAX_FILES",
    "NO_ROOM",
    "NewFile",
    "NotStored",
    "accept_evidence",
    "attach_file",
    "check_content",
    "describe_file",
    "edit_evidence",
    "log_evidence",
    "note_download",
    "note_refused",
    "reference_key",
    "remove_file",
    "reopen_evidence",
    "return_evidence",
    "room_for",
    "submit_evidence",
    "use_again",
    "withdraw_evidence",
]


@transaction.atomic
def log_evidence(
    *, by: User, at: datetime, organisation: Organisation, content: EvidenceContent, form_token: UUID | None = None,
    added: Iterable[NewFile] = (), reference: str = "", file: str = "",
) -> Evidence:  # fmt: skip
    """Keep a new draft, with the files that came with it. The same ``form_token`` again returns the piece that it made the first time.

    :param reference: what the organisation calls it in a system of its own; "" without one.
    :param file: the name of the spreadsheet that it comes from, for the history.
    Raise :class:`Refused` if the person may not log for the organisation, or something in the content can't be. Whoever logs
    for a group that is not their own names who told it, and how. Of a listed organisation others may tell; of one that has ended nobody.
    """
    typed_by = ""
    if by.belongs_to(organisation.pk) or not may_log_evidence_for_others(by):
        check_can_log_evidence(by, organisation)
        if organisation.is_listed:
            raise NotNow(
                f"{organisation.name} is only listed in the directory. It can log evidence once it takes part."
            )
    else:
        check_can_log_evidence_for(by, organisation)
        if not (content.said_by.strip() and content.said_how):
            raise Invalid(
                "Say who told you, and how. Only your own people, the group and the council will see the name.",
                field="said_by",
            )
        typed_by = _typist(by)
    check_can_be_named(organisation)
    if form_token is not None:
        made, new = Evidence.objects.get_or_create(
            form_token=form_token,
            defaults={
                "organisation": organisation,
                "logged_at": at,
                "logged_by": by,
                "title": content.title,
                "happened_from": content.happened_from,
            },
        )
        if not new:
            if made.organisation_id != organisation.pk or made.logged_by_id != by.pk:
                raise NotNow("This form has been sent already. Open “Log evidence” again to begin another.")
            return made
    else:
        made = Evidence(organisation=organisation, logged_at=at, logged_by=by)
    made.reference = _free_reference(organisation, reference, made)
    _write(made, content, at=at)
    if made.reference:
        hold_known({reference_key(organisation.pk, made.reference): made.pk})
    more = {**({"typed_by": typed_by} if typed_by else {}), **from_file(file)}
    history(by=by, at=at, evidence=made, act="log", was="", more=more)
    if added := list(added):
        add_files(by=by, at=at, evidence=made, new=added)
    return made


def reference_key(organisation_id: int, reference: str) -> tuple[str, int, str]:
    """Return the key under which rows that are saved together hold which item has this reference."""
    return "evidence reference", organisation_id, reference


def _free_reference(organisation: Organisation, reference: str, made: Evidence) -> str:
    """Return a reference as it is stored. Raise :class:`NotNow` if another item of the organisation has it."""
    tidy = " ".join(reference.split())
    if len(tidy) > MAX_REFERENCE_CHARACTERS:
        raise Invalid(f"This reference is longer than {MAX_REFERENCE_CHARACTERS} characters.", field="reference")
    if not tidy:
        return ""
    there = held_once(
        reference_key(organisation.pk, tidy),
        lambda: Evidence.objects.filter(organisation=organisation, reference=tidy).values_list("pk", flat=True).first(),
    )
    if there not in (None, made.pk):
        raise _logged_already(organisation, tidy)
    return tidy


def _logged_already(organisation: Organisation, reference: str) -> NotNow:
    return NotNow(f"{organisation.name} has already logged evidence with the reference “{reference}”.")


def _typist(by: User) -> str:
    """The organisation for which somebody types what a group told; it stays in the history, whoever moves on."""
    own = sorted(
        by.organisations, key=lambda organisation: (organisation.kind != "infrastructure_body", organisation.pk)
    )
    return own[0].name if own else ""


@transaction.atomic
def edit_evidence(
    *, by: User, at: datetime, evidence: Evidence, content: EvidenceContent | None, version: int | None = None,
    described: Iterable[FileDescription] = (), added: Iterable[NewFile] = (),
) -> Evidence:  # fmt: skip
    """Change a draft or returned item: its words, what is said about its files, and files added, all or nothing.

    :param content: the words; None leaves them as they are.
    :param version: the version that the person read; None skips the comparison.
    Raise :class:`Conflict` if anything about the item has changed since ``version``; nothing is written then.
    """
    evidence = lock_evidence(evidence)
    check_can_edit_evidence(by, evidence)
    check_version(evidence, version)
    changed = content is not None
    if content is not None:
        before = _strategies(evidence)
        _write(evidence, content, at=at)
        history(by=by, at=at, evidence=evidence, act="edit", was=evidence.state)
        if moved_from := before - _strategies(evidence):
            answer_taken_back(by=by, at=at, organisation=evidence.organisation, strategy_ids=moved_from)
    for said in described:
        changed |= describe(by=by, at=at, evidence=evidence, said=said)
    for file in add_files(by=by, at=at, evidence=evidence, new=added):
        note_added(by=by, at=at, evidence=evidence, name=file.name)
        changed = True
    if changed:
        raise_version(evidence)
    return evidence


@transaction.atomic
def submit_evidence(
    *, by: User, at: datetime, evidence: Evidence, version: int | None = None, publishable: bool | None = None
) -> Evidence:
    """Send it to the council for review.

    :param publishable: whether it may be published, where that is answered on sending; None leaves what was answered.
    Raise :class:`Conflict` if it has changed since ``version``, which was read.
    """
    evidence = lock_evidence(evidence)
    check_can_submit_evidence(by, evidence)
    check_version(evidence, version)
    if evidence.council_chooses_in_id is None and not evidence.commitments.exists():
        raise Invalid(
            "Choose at least one commitment that this evidence is for, or let the council choose. Then send it.",
            field="commitments",
        )
    if publishable is not None:
        evidence.publishable = publishable
    evidence.submitted_at, evidence.submitted_by = at, by
    sent = move(by=by, at=at, evidence=evidence, act="submit")
    for strategy in sorted(_strategies(evidence)):
        mark_answered(by=by, at=at, organisation=evidence.organisation, answer="evidence", strategy_id=strategy)
    return sent


@transaction.atomic
def withdraw_evidence(
    *, by: User, at: datetime, evidence: Evidence, reason: str = "", version: int | None = None
) -> Evidence:
    """Take it back; if it was all that its organisation sent in a round that runs, the organisation is asked again.

    The council gives a reason when it withdraws a partner's evidence. Raise :class:`Conflict` if it has changed since
    ``version``, which was read.
    """
    evidence = lock_evidence(evidence)
    check_can_withdraw_evidence(by, evidence)
    check_version(evidence, version)
    if not is_own_evidence(by, evidence) and not reason.strip():
        raise Invalid("Say why it is withdrawn. The partner will read it.", field="reason")
    withdrawn = move(by=by, at=at, evidence=evidence, act="withdraw", reason=check_text(reason, field="reason"))
    answer_taken_back(by=by, at=at, organisation=evidence.organisation, strategy_ids=_strategies(evidence))
    return withdrawn


@transaction.atomic
def reopen_evidence(*, by: User, at: datetime, evidence: Evidence, version: int | None = None) -> Evidence:
    """Take up a withdrawn item again, as a draft. Raise :class:`Conflict` if it has changed since ``version``."""
    evidence = lock_evidence(evidence)
    check_can_reopen_evidence(by, evidence)
    check_version(evidence, version)
    return move(by=by, at=at, evidence=evidence, act="reopen")


@transaction.atomic
def use_again(*, by: User, at: datetime, evidence: Evidence, commitments: Iterable[Commitment]) -> Evidence:
    """Let accepted evidence count for further commitments of the same strategy. What it was accepted for stays."""
    evidence = lock_evidence(evidence)
    check_can_use_evidence_again(by, evidence)
    there = list(evidence.commitments.select_related("strategy").in_order())
    more = [commitment for commitment in commitments if commitment not in there]
    nouns = shared_nouns({commitment.strategy.kind for commitment in there})
    if not more:
        raise Invalid(f"Choose {nouns.a_commitment} that it is not already for.", field="commitments")
    if {commitment.strategy_id for commitment in more} != {commitment.strategy_id for commitment in there}:
        raise Invalid(f"Choose {nouns.commitments} of the same {nouns.strategy}.", field="commitments")
    evidence.commitments.add(*more)
    raise_version(evidence)
    references = ", ".join(commitment.reference for commitment in more)
    history(by=by, at=at, evidence=evidence, act="use_again", was=evidence.state, reason=f"For {references} too")
    return evidence


def _strategies(evidence: Evidence) -> set[int]:
    chosen = set(evidence.commitments.values_list("strategy_id", flat=True))
    if evidence.council_chooses_in_id is not None:
        chosen.add(evidence.council_chooses_in_id)
    return chosen


def check_content(content: EvidenceContent, *, today: date) -> None:
    """Raise :class:`Invalid` for what no item of evidence can say. No query."""
    if not content.title.strip():
        raise Invalid("Say what you did, in one line.", field="title")
    if content.happened_to and content.happened_to < content.happened_from:
        raise Invalid("The end date is before the start date.", field="happened_to")
    if content.happened_from > today:
        raise Invalid(
            "This date is in the future. Evidence is about something that has already happened.", field="happened_from"
        )
    if len({commitment.strategy_id for commitment in content.commitments}) > 1:
        raise Invalid("Choose commitments of one strategy.", field="commitments")
    if bool(content.said_by.strip()) != bool(content.said_how):
        raise Invalid("Say who told you, and how.", field="said_by")
    check_language(content.language)
    check_text(content.story, field="story")


def _write(evidence: Evidence, content: EvidenceContent, *, at: datetime) -> None:
    check_content(content, today=timezone.localdate(at))
    evidence.council_chooses_in = None if content.commitments else content.council_chooses_in
    for field in ("happened_from", "happened_to", *FIGURE_CODES, "publishable", "said_how"):
        setattr(evidence, field, getattr(content, field))
    evidence.said_by, evidence.language = content.said_by.strip(), check_language(content.language)
    evidence.title, evidence.story = content.title.strip(), check_text(content.story, field="story")
    new = evidence.pk is None
    if evidence.reference:
        _save_with_reference(evidence)
    else:
        evidence.save()
    if new:
        _relate(evidence, content)
    else:
        evidence.commitments.set(content.commitments)
        evidence.districts.set(content.districts)
        _set_links(evidence, content.links)


def _save_with_reference(evidence: Evidence) -> None:
    try:
        with transaction.atomic():
            evidence.save()
    except IntegrityError as error:
        if ONE_OF_A_REFERENCE not in str(error):
            raise
        raise _logged_already(evidence.organisation, evidence.reference) from error  # somebody logged it in this moment


def _relate(evidence: Evidence, content: EvidenceContent) -> None:
    """Write what a new item is for, where it was and its links, without asking what is there."""
    chosen, places = Evidence.commitments.through, Evidence.districts.through
    chosen.objects.bulk_create([chosen(evidence=evidence, commitment=each) for each in content.commitments])
    write_entries([places(evidence=evidence, area=each) for each in content.districts])
    for url, *_ in content.links:
        check_link(url, field="links")
    write_entries(_links(evidence, content.links))


def _set_links(evidence: Evidence, links: Iterable[tuple[str, ...]]) -> None:
    whole = [(url, label, *(page or [""])) for url, label, *page in links]
    if [(link.url, link.label, link.page) for link in evidence.links.order_by("id")] == whole:
        return
    there = set(evidence.links.values_list("url", flat=True))
    for url, _, _ in whole:
        if url not in there:
            check_link(url, field="links")
    evidence.links.all().delete()
    EvidenceLink.objects.bulk_create(_links(evidence, whole))


def _links(evidence: Evidence, links: Iterable[tuple[str, ...]]) -> list[EvidenceLink]:
    return [EvidenceLink(evidence=evidence, url=url, label=label, page="".join(page)) for url, label, *page in links]
