"""Makes people and things for tests, reaching every state through the services."""

from contextlib import suppress
from dataclasses import asdict, replace
from datetime import date, datetime, timedelta
from hashlib import sha256
from itertools import count
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone

from commitments.content.evidence import EvidenceContent
from commitments.content.updates import UpdateContent
from commitments.models import Commitment, Evidence, Priority, ProgressUpdate, Round, Strategy
from commitments.services import evidence as evidence_services
from commitments.services.progress import submit_update
from commitments.services.strategy_ties import keep_ties
from commitments.services.update_approval import approve_update
from partners.models import Appointment, Area, Organisation, PartnershipGroup, Seat, User
from partners.services.organisations import register_organisation
from partners.services.roles import add_person_with_role
from reporting.facts import checksum, from_json
from reporting.formats import FORMATS
from reporting.models import ConsentedContent, Edition, Face, Proposal, Withdrawal
from reporting.production.citations import consented
from reporting.reading.report_texts import needed
from reporting.services import publishing, sealing
from reporting.services.texts import save_text

PASSWORD = "a-long-enough-password-42"
_numbers = count(1)


def make_organisation(name: str = "", kind: str = "charity", **extra: Any) -> Organisation:
    return register_organisation(
        by=None, at=timezone.now(), name=name or f"Helping Hands {next(_numbers)}", kind=kind, **extra
    )


def make_council() -> Organisation:
    """The council, as tests know it."""
    return make_organisation("Oxfordshire County Council", "public_body", slug="oxfordshire-county-council")


def make_person(role: str = "", organisation: Organisation | None = None, name: str = "") -> User:
    """A person who can sign in with :data:`PASSWORD`; without a role, a person who may do nothing."""
    number = next(_numbers)
    name = name or f"Person {number}"
    email = f"person{number}@example.org"
    if role == "steering_group" and organisation is None:
        organisation = steering_group()
    if role:
        person = add_person_with_role(
            by=None, at=timezone.now(), email=email, name=name, role=role, organisation=organisation
        )
    else:
        person = User.objects.create_user(email, name=name, joined_at=timezone.now())
    person.set_password(PASSWORD)
    person.save(update_fields=["password"])
    return person


def steering_group() -> Organisation:
    """The group that steers every strategy of which nothing else is said; the same one each time."""
    group = Organisation.objects.filter(kind="partnership_group", slug="the-alliance").first()
    return group or make_organisation("The Alliance", "partnership_group", slug="the-alliance")


def make_group(
    organisation: Organisation,
    *,
    secretary: User | None = None,
    until: date | None = None,
    parent: PartnershipGroup | None = None,
) -> PartnershipGroup:
    """A group of this organisation with one seat, of a secretary, which the person has held since last year.

    :param until: the first day on which the person holds it no longer.
    """
    group = PartnershipGroup.objects.create(organisation=organisation, parent=parent)
    seat = Seat.objects.create(group=group, number=1, title="Secretary", is_secretary=True)
    if secretary is not None:
        starts_on = timezone.localdate() - timedelta(days=365)
        Appointment.objects.create(seat=seat, person=secretary, starts_on=starts_on, until=until)
    return group


def make_area(name: str = "Cherwell", gss_code: str = "E07000177") -> Area:
    return Area.objects.get_or_create(gss_code=gss_code, defaults={"name": name, "kind": "district"})[0]


def make_strategy(
    owner: Organisation,
    *,
    slug: str = "our-strategy",
    shape: tuple[int, ...] = (2, 2),
    opens_first: bool = True,
    steered_by: Organisation | None = None,
    supported_by: Organisation | None = None,
) -> Strategy:
    """A small strategy; the last commitment of each priority is an ongoing commitment.

    It is steered by the group of :func:`steering_group` where nothing else is said.
    """
    today = timezone.localdate()
    strategy = Strategy.objects.create(
        slug=slug, title=f"Strategy {slug}", vision="A strong sector.", source="Made for a test.",
        starts_on=date(today.year - 3, 4, 1), ends_on=date(today.year + 2, 3, 31), owner=owner,
        reports_to="The Alliance", reports_to_short="Alliance", opens_first=opens_first,
        steered_by=steered_by or steering_group(), supported_by=supported_by,
    )  # fmt: skip
    keep_ties(
        by=None, at=timezone.now(), organisations=[owner.pk, *([supported_by.pk] if supported_by is not None else [])]
    )
    priorities = Priority.objects.bulk_create(
        Priority(strategy=strategy, number=number, title=f"Priority number {number}")
        for number in range(1, len(shape) + 1)
    )
    Commitment.objects.bulk_create(
        Commitment(
            strategy=strategy, priority=priority, number=c, reference=f"{priority.number}.{c}",
            key=f"thing-{priority.number}-{c}", ongoing=c == size and size > 1,
            wording=f"Do the thing called {priority.number}.{c} for everybody", short_title=f"Thing {priority.number}.{c}",
        )
        for priority, size in zip(priorities, shape, strict=True)
        for c in range(1, size + 1)
    )  # fmt: skip
    return strategy


def make_round(strategy: Strategy, *, years_ago: int = 0, open_now: bool = True) -> Round:
    """A round; ``years_ago=0`` with ``open_now`` is the one that takes updates today. It asks nothing of anybody yet."""
    today = timezone.localdate() - timedelta(days=365 * years_ago)
    ends = today - timedelta(days=10) if open_now else today - timedelta(days=120)
    running = open_now and not years_ago
    return Round.objects.create(
        strategy=strategy, slug=f"{ends.year - 1}-{ends.year % 100:02}", observes_from=ends - timedelta(days=364),
        observes_to=ends, opens_on=ends + timedelta(days=1), closes_on=ends + timedelta(days=60),
        grace_until=ends + timedelta(days=67), state="open" if running else "closed", closings=0 if running else 1,
    )  # fmt: skip


def publish_update(
    *, by: User, at: datetime, commitment: Commitment, round_: Round, content: UpdateContent, version: int | None = None
) -> ProgressUpdate:
    """An update that ``by`` sent and somebody else approved at the same moment."""
    approver = User.objects.filter(email="approver@example.org").first() or add_person_with_role(
        by=None, at=at, email="approver@example.org", name="April Approver", role="administrator"
    )
    mine = Round.objects.filter(pk=round_.pk)
    was = mine.values_list("state", flat=True).get()
    mine.update(state="open")  # what was said in a round that is over was said while it was open
    update = submit_update(by=by, at=at, commitment=commitment, round_=round_, content=content, version=version)
    mine.update(state=was)
    return approve_update(by=approver, at=at, update=update)


def make_evidence_content(*commitments: Commitment, **changes: Any) -> EvidenceContent:
    content = EvidenceContent(
        title="Ran a drop-in for new volunteers",
        happened_from=timezone.localdate() - timedelta(days=40),
        story="We met **every week** in the hall.",
        commitments=commitments,
        people_reached=24,
        publishable=True,
    )
    return replace(content, **changes)


def make_evidence(
    by: User, *commitments: Commitment, state: str = "draft", officer: User | None = None, at: datetime | None = None,
    organisation: Organisation | None = None, **changes: Any,
) -> Evidence:  # fmt: skip
    """An item of evidence in the state asked for. States past "submitted" need ``officer``."""
    at = at or timezone.now()
    piece = evidence_services.log_evidence(
        by=by,
        at=at,
        organisation=organisation or by.organisations[0],
        content=make_evidence_content(*commitments, **changes),
    )
    if state in {"submitted", "accepted", "returned"}:
        piece = evidence_services.submit_evidence(by=by, at=at, evidence=piece)
    if state in {"accepted", "returned"}:
        assert officer is not None, "an officer is needed to review"
    if state == "accepted" and officer:
        piece = evidence_services.accept_evidence(by=officer, at=at, evidence=piece)
    if state == "returned" and officer:
        piece = evidence_services.return_evidence(by=officer, at=at, evidence=piece, reason="Please say where.")
    if state == "withdrawn":
        piece = evidence_services.withdraw_evidence(by=by, at=at, evidence=piece)
    return piece


def make_edition(
    *,
    round_: Round,
    by: User,
    state: str = "ready",
    facts: Any = None,
    published: bool = False,
    content: bytes = b"%PDF-1.7\n",
    at: Any = None,
    **more: Any,
) -> Edition:
    """An edition in a state that a worker would have to reach; a ready one has a real small file for each face.

    Sealing comes last, as it does in life: afterwards the database refuses every change.
    """
    at = at or timezone.now()
    number = more.pop("number", 0) or Edition.objects.filter(round=round_).count() + 1
    made = Edition(round=round_, number=number, requested_at=at, requested_by=by, state=state, **more)
    if state == "ready":
        made.facts = {} if facts is None else facts
        made.facts_sha256, made.finished_at = checksum(made.facts), at
        made.done = made.total = len(FORMATS)
    made.save()
    if state == "ready":
        for about in FORMATS:
            pages, words = (31, content) if about.code == "pdf" else (None, f"{about.code} {made.pk}".encode())
            face = Face(edition=made, code=about.code, size=len(words), pages=pages, sha256=sha256(words).hexdigest())
            name = f"reports/{made.pk}/1-{face.sha256[:16]}.{about.extension}"
            face.content.save(name, ContentFile(words), save=False)
            face.save()
        with suppress(ValueError):  # facts that are nobody's
            for one in consented(from_json(made.facts)):
                ConsentedContent.objects.create(edition=made, **{**asdict(one), "photographs": list(one.photographs)})
    if published:
        seal(made, by=by, at=at)
    made.refresh_from_db()
    return made


def seal(edition: Edition, *, by: User, at: Any) -> None:
    """Publish an edition whatever it is like, as the database lets two people do."""
    proposal = Proposal.objects.create(edition=edition, act="publish", proposed_at=at, proposed_by=second_person())
    proposal.outcome, proposal.decided_at, proposal.decided_by = "confirmed", at, by
    proposal.save()
    sealing.seal(by=by, at=at, edition=edition)


def second_person() -> User:
    """Somebody else who may publish reports."""
    there = User.objects.filter(email="proposer@example.org").first()
    return there or add_person_with_role(
        by=None, at=timezone.now(), email="proposer@example.org", name="Pip Proposer", role="administrator"
    )


def fill_in_header(round_: Round, by: User) -> None:
    """Write every line that the committee paper can't be published without."""
    for section in sorted(needed(round_)):
        save_text(by=by, at=timezone.now(), round_=round_, section=section, text="Written", version=None)


def publish_edition(*, by: User, at: datetime, edition: Edition) -> Edition:
    """An edition that somebody else proposed and ``by`` confirmed; both read every warning. Its round was closed before that."""
    edition = Edition.objects.filter(pk=edition.pk).first() or edition
    mine = Round.objects.filter(pk=edition.round_id)
    was = mine.values("state", "closings").get()
    mine.update(state="closed", closings=max(was["closings"], 1))
    try:
        with transaction.atomic():
            ready = publishing.readiness_for(by, edition, at) if edition.state == "ready" else None
            codes = {one.code for one in ready.warnings} if ready else set()
            made = publishing.propose_publication(
                by=second_person(), at=at, edition=edition, acknowledged=codes, reason="It is complete enough."
            )
            publishing.confirm_proposal(by=by, at=at, proposal=made, acknowledged=codes)
    finally:
        mine.update(**was)
    return Edition.objects.get(pk=edition.pk)


def withdraw_edition(*, by: User, at: datetime, edition: Edition, reason: str) -> Withdrawal:
    """The withdrawal of an edition that somebody else proposed and ``by`` confirmed."""
    with transaction.atomic():
        made = publishing.propose_withdrawal(by=second_person(), at=at, edition=edition, reason=reason)
        publishing.confirm_proposal(by=by, at=at, proposal=made)
    return Withdrawal.objects.get(edition=edition.pk)
