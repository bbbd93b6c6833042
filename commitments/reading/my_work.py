"""What a person has to do in open rounds, and how long it takes. A few queries, whatever the number of rows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from commitments.models import (
    CaseStudy,
    Commitment,
    Contribution,
    DeliveryPartner,
    Evidence,
    EvidenceFile,
    IndicatorValue,
    ProgressUpdate,
    Response,
    Round,
    SectorView,
)
from commitments.models.writers import without_case_studies_of, without_evidence_of, without_updates_of
from commitments.queries import form_times
from commitments.queries.signatories import signature_asked
from commitments.reading.point_tasks import POINT_COLUMNS, points_to_answer
from commitments.rules.charters import MINUTES_TO_REAFFIRM
from commitments.rules.kinds import shared_nouns
from partners import roles
from partners.models import Deputy, User
from partners.permissions import has_permission_anywhere, organisations_for, strategies_where
from vcsportal.common import plurals
from vcsportal.common.json_columns import list_column
from vcsportal.common.prepared_queries import PreparedQuery

MAX_SHOWN: Final = 100
STATE_ORDER: Final = ("returned", "draft", "expected")


@dataclass(frozen=True, slots=True)
class OwedUpdate:
    """One update that is not sent. ``whose`` is set where the person only covers."""

    commitment: Commitment
    round: Round
    state: str
    reason: str = ""
    whose: User | None = None


@dataclass(frozen=True, slots=True)
class OwedAnswer:
    """What an organisation is asked: what it did, or whether it still stands by the charter that it signed with the signature
    of this key. ``whose`` as above.
    """

    contribution: Contribution
    whose: User | None = None
    signatory: int = 0


@dataclass(frozen=True, slots=True)
class OutstandingWork:
    """Everything that somebody owes in the rounds that run, for themselves and for those they cover for."""

    updates: tuple[OwedUpdate, ...] = ()
    answers: tuple[OwedAnswer, ...] = ()
    paces: Mapping[str, form_times.FormTime] = field(default_factory=dict)

    @property
    def to_do(self) -> int:
        """How many things are owed."""
        return len(self.updates) + len(self.answers)

    @property
    def minutes(self) -> float:
        """How long all of it takes, from what people really took."""
        told = sum(len(things) * self.paces[form].minutes for form, things in self._forms if things)
        return told + MINUTES_TO_REAFFIRM * sum(1 for answer in self.answers if answer.signatory)

    @property
    def _forms(self) -> tuple[tuple[str, Sequence[OwedUpdate | OwedAnswer]], ...]:
        """What is written in which form; a signature is reaffirmed with one tap, in none."""
        return ("update", self.updates), ("evidence", [answer for answer in self.answers if not answer.signatory])

    @property
    def guessed(self) -> bool:
        """Whether some of the time is a guess, as too little has been measured yet."""
        forms = [form for form, things in self._forms if things]
        return any(self.paces[form].seconds is None for form in forms)

    @property
    def budget(self) -> str:
        """``3 commitments, about 6 minutes``. Nothing for nothing."""
        nouns = shared_nouns(update.commitment.strategy.kind for update in self.updates)
        words = [
            _counted(len(self.updates), nouns.commitment),
            _counted(len(self.answers), "question for your organisation"),
        ]
        what = " and ".join(filter(None, words))
        return f"{what}, {form_times.about(self.minutes)}" if what else ""

    @property
    def sentence(self) -> str:
        """``You have 3 updates to send, about 15 minutes.`` for the line on the front page; "" if there is nothing to send."""
        if not self.to_do:
            return ""
        words = [_counted(len(self.updates), "update"), _counted(len(self.answers), "answer")]
        return f"You have {' and '.join(filter(None, words))} to send, {form_times.about(self.minutes)}."


def _counted(count: int, what: str) -> str:
    return plurals.counted(count, what) if count else ""


def owed_updates(person: User, today: date, *, stands_in: bool = False) -> OutstandingWork:
    """Return what the person owes today: what was returned first, then the round that closes first, the longest silent on top.

    :param stands_in: also the updates due from the people that this person covers for; one more query.
    """
    officer = has_permission_anywhere(person, roles.UPDATE_COMMITMENTS)
    partner = has_permission_anywhere(person, roles.LOG_EVIDENCE)
    if not (officer or partner):
        return OutstandingWork()
    others = {}
    if stands_in:
        others = {cover.person_id: cover.person for cover in _STOOD_IN_FOR(deputy=person.pk, today=today)}
    updates = _updates(person, today, others) if officer else ()
    answers = _answers(person, today, others) if partner else ()
    return OutstandingWork(updates, answers, form_times.of(("update", "evidence")) if updates or answers else {})


def _updates(person: User, today: date, others: Mapping[int, User]) -> tuple[OwedUpdate, ...]:
    updates = (
        ProgressUpdate.objects.unsent()
        .filter(Q(round__state="open", round__grace_until__gte=today) | Q(round__state="in_review", state__in=["draft", "returned"]))
        .filter(strategies_where(person, roles.UPDATE_COMMITMENTS, "commitment__strategy"))
        .filter(owed_by__in=[person.pk, *others])
        .select_related("round", "commitment__strategy")
        .order_by("round__closes_on", "commitment__priority__number", "commitment__number", "id")
    )  # fmt: skip
    owed = [OwedUpdate(update.commitment, update.round, update.state, update.state_reason, others.get(update.owed_by_id or 0)) for update in updates]  # fmt: skip
    return tuple(sorted(owed, key=_most_pressing))


def _most_pressing(owed: OwedUpdate) -> tuple[bool, bool, date, int, float]:
    spoken = owed.commitment.status_at
    silent_since = spoken.timestamp() if spoken else 0.0
    return (
        owed.whose is not None,
        owed.state != "returned",
        owed.round.closes_on,
        STATE_ORDER.index(owed.state),
        silent_since,
    )


def _answers(person: User, today: date, others: Mapping[int, User]) -> tuple[OwedAnswer, ...]:
    own = [organisation.pk for organisation in organisations_for(person, roles.LOG_EVIDENCE)]
    found = _ANSWERS(people=[person.pk, *others], organisations=own, today=today)
    return tuple(OwedAnswer(row, others.get(row.owed_by_id or 0), getattr(row, "signatory_id", 0)) for row in found)


def _owed_answers(people: list[int], organisations: list[int], today: date) -> QuerySet[Contribution]:
    # Where nobody is asked by name, whoever belongs to the organisation may answer.
    asked = Q(owed_by__in=people) | Q(owed_by__isnull=True)
    return (
        Contribution.objects.filter(asked, answer="", round__state__in=["open", "in_review"])
        .filter(organisation__in=organisations)
        .filter(Q(round__state="in_review") | Q(round__grace_until__gte=today))
        .annotate(signatory_id=signature_asked())
        .select_related("round__strategy", "organisation")
        .order_by("round__closes_on", "organisation__sort_name", "id")
    )


_ANSWERS: Final = PreparedQuery(_owed_answers)
_STOOD_IN_FOR: Final = PreparedQuery(
    lambda deputy, today: Deputy.objects.standing(today).filter(deputy=deputy).select_related("person").order_by("id")
)


def views_to_give(person: User) -> list[tuple[Commitment, Round]]:
    """Return the commitments of open rounds of which the person's organisation may still give its view. Two queries."""
    leads = [organisation.pk for organisation in organisations_for(person, roles.GIVE_VIEW)]
    if not leads:
        return []
    rounds = {round_.strategy_id: round_ for round_ in _OPEN_ROUNDS()}
    found = _WITHOUT_VIEW(
        rounds=[round_.pk for round_ in rounds.values()], strategies=list(rounds), organisations=leads
    )
    return [(commitment, rounds[commitment.strategy_id]) for commitment in found]


def _without_view(rounds: list[int], strategies: list[int], organisations: list[int]) -> QuerySet[Commitment]:
    given = SectorView.objects.filter(round__in=rounds, organisation__in=organisations, withdrawn_at=None)
    parts = DeliveryPartner.objects.current().filter(
        organisation__in=organisations, commitment__strategy__in=strategies
    )
    return (
        Commitment.objects.filter(pk__in=parts.values("commitment"))
        .exclude(pk__in=given.values("commitment"))
        .select_related("strategy")
        .only("reference", "short_title", "key", "strategy__slug", "strategy__kind")
        .order_by("strategy__starts_on", "strategy_id", "priority__number", "number", "id")[:MAX_SHOWN]
    )


_OPEN_ROUNDS: Final = PreparedQuery(lambda: Round.objects.open())
_WITHOUT_VIEW: Final = PreparedQuery(_without_view)


def open_evidence(person: User) -> list[Evidence]:
    """Return what the person's organisations were sent back or have begun, what was returned first. One query.

    Each has ``undescribed``: the keys of its photographs that have no description yet, in the order in which they were added.
    """
    order = {"returned": 0, "draft": 1}
    found = _UNSENT(organisations=[organisation.pk for organisation in organisations_for(person, roles.LOG_EVIDENCE)])
    return sorted(found, key=lambda piece: order[piece.state])


def _undescribed() -> ArraySubquery:
    photographs = EvidenceFile.objects.filter(
        evidence=OuterRef("pk"), kind="photograph", description="", erased_at__isnull=True
    )
    return ArraySubquery(photographs.order_by("id").values("pk"))


_UNSENT: Final = PreparedQuery(
    lambda organisations: (
        Evidence.objects.filter(organisation__in=organisations, state__in=["returned", "draft"])
        .select_related("organisation")
        .only("title", "state", "state_reason", "organisation__name")
        .annotate(undescribed=_undescribed())
        .order_by("logged_at", "id")[:MAX_SHOWN]
    )
)


def waiting_for(person: User, today: date | None = None, **also: Any) -> dict[str, Any]:
    """Return how much waits for the person to read, by kind: ``evidence``, ``figures``, ``updates``. One query.

    ``responses`` counts what is to be written or approved of them, whoever does it.

    :param today: gives the points that are the person's to answer as well: ``points``, a list for
        :func:`commitments.reading.point_tasks.point_tasks`.
    :param also: columns that are read along under their names, such as lists of other things to do.
    """
    waiting: dict[str, QuerySet[Any]] = {}
    if has_permission_anywhere(person, roles.REVIEW_EVIDENCE):
        waiting["evidence"] = without_evidence_of(person, Evidence.objects.reviewed_by(person).awaiting_review())
        waiting["case_studies"] = without_case_studies_of(
            person, CaseStudy.objects.reviewed_by(person).awaiting_review()
        )
        waiting["figures"] = IndicatorValue.objects.judged_by(person).proposed().exclude(entered_by=person.pk)
    if has_permission_anywhere(person, roles.APPROVE_UPDATES):
        waiting["updates"] = without_updates_of(
            person, ProgressUpdate.objects.approved_by_person(person).awaiting_approval()
        )
        waiting["responses"] = Response.objects.handled_by(person).exclude(state="given")
    columns: dict[str, Any] = {name: _count_of(rows) for name, rows in waiting.items()}
    if today is not None:
        columns["points"] = list_column(points_to_answer(person, today), **POINT_COLUMNS)
    columns.update(also)
    if not columns:
        return {}
    found = User.objects.filter(pk=person.pk).values_list(*columns.values()).get()
    return dict(zip(columns, found, strict=True))


def _count_of(rows: QuerySet[Any]) -> Coalesce:
    """Return the number of rows as a part of another query."""
    whole = rows.order_by().annotate(all=Value(1)).values("all").annotate(count=Count("pk")).values("count")
    return Coalesce(Subquery(whole), 0)


def open_case_studies(person: User, today: date) -> list[CaseStudy]:
    """Return the case studies that the person's organisations were sent back or have begun, what was returned first. One query.

    Those whose story nobody agrees to any more can't be finished, so they are left out.
    """
    order = {"returned": 0, "draft": 1}
    found = _UNSENT_CASE_STUDIES(
        organisations=[organisation.pk for organisation in organisations_for(person, roles.LOG_EVIDENCE)], today=today
    )
    return sorted(found, key=lambda case_study: order[case_study.state])


_UNSENT_CASE_STUDIES: Final = PreparedQuery(
    lambda organisations, today: (
        CaseStudy.objects.filter(evidence__organisation__in=organisations, state__in=["returned", "draft"])
        .exclude(Exists(Evidence.objects.without_details(today).filter(pk=OuterRef("evidence"))))
        .select_related("newest")
        .order_by("begun_at", "id")[:MAX_SHOWN]
    )
)


def without_lead(today: date) -> list[Commitment]:
    """Return the commitments without a lead officer that await no response, in strategies that run on ``today``."""
    return list(
        Commitment.objects.open_to_progress()
        .filter(lead_officer__isnull=True, strategy__starts_on__lte=today, strategy__ends_on__gte=today)
        .select_related("strategy")
        .order_by("strategy__starts_on", "strategy_id", "priority__number", "number", "id")[:MAX_SHOWN]
    )
