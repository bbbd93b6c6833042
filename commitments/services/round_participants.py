"""Asks in an open round whoever joins it: an organisation, a commitment, an organisation's first person.

Who leaves without having delivered in the period that the round observes is no longer asked. The days until late updates are no longer accepted count too; once the window is over nobody
new is asked, and opening the round again asks them.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from commitments.models import Contribution, HistoryEntry, Round
from commitments.queries.round_organisations import (
    delivery_asked_about,
    email_topic,
    organisations_asked,
    people_who_answer,
)
from commitments.rules.reminders import ASKING_KINDS
from commitments.services.locks import lock_strategy
from commitments.services.reminder_emails import tell_newcomers
from commitments.services.rounds import ask_for_updates, ask_organisations, make_tasks
from partners.emails.outbox import drop
from partners.models import User
from vcsportal.common.changing_many import change_many


def ask_all_newcomers(*, at: datetime) -> None:
    """Ask whoever came, in every open round, however they came. The portal's calendar calls it, again and again."""
    for strategy in Round.objects.open().order_by("strategy").values_list("strategy", flat=True).distinct():
        ask_newcomers(by=None, at=at, strategy_id=strategy)


@transaction.atomic
def ask_newcomers(*, by: User | None, at: datetime, strategy_id: int) -> None:
    """Ask for the updates of commitments that are new, and do what :func:`ask_new_organisations` does."""
    for round_ in _held_open(strategy_id, at):
        ask_for_updates(round_)
    ask_new_organisations(by=by, at=at, strategy_id=strategy_id)


@transaction.atomic
def ask_new_organisations(*, by: User | None, at: datetime, strategy_id: int) -> None:
    """Match who the open round asks to who delivers the strategy now, and email those who are newly asked.

    An organisation without people is asked once its first person has come; a task that was handed back to the
    administrators stays with them. What was answered is kept, whoever leaves. Call it inside the transaction in which
    the organisations change; doing it twice changes nothing.
    """
    for round_ in _held_open(strategy_id, at):
        _let_go(by, at, round_)
        new = [*ask_organisations(round_), *_find_people(round_)]
        make_tasks(round_=round_, at=at)
        came = Contribution.objects.filter(pk__in=[contribution.pk for contribution in new]).select_related(
            "organisation", "owed_by"
        )
        newcomers = list(came.order_by("organisation__sort_name", "id"))
        HistoryEntry.objects.bulk_create(
            HistoryEntry(
                at=at, by=by, act="organisation_joined", round=round_,
                said={"organisation": newcomer.organisation.name, "to": newcomer.owed_by.name if newcomer.owed_by else ""},
            )
            for newcomer in newcomers
        )  # fmt: skip
        parts = delivery_asked_about(round_).filter(
            organisation__in=[newcomer.organisation_id for newcomer in newcomers]
        )
        in_order = parts.select_related("commitment").order_by(
            "commitment__priority__number", "commitment__number", "id"
        )
        delivers: dict[int, list[str]] = defaultdict(list)
        for part in in_order:
            delivers[part.organisation_id].append(str(part.commitment))
        tell_newcomers(at=at, round_=round_, asked=newcomers, delivers=delivers)


def _held_open(strategy_id: int, at: datetime) -> list[Round]:
    """Return the round that takes answers on the day, if there is one, kept as it is until the transaction ends."""
    lock_strategy(strategy_id)  # no round opens or closes meanwhile
    rounds = Round.objects.open().filter(strategy=strategy_id, grace_until__gte=timezone.localdate(at))
    return list(rounds.select_related("strategy").order_by("id"))


def _let_go(by: User | None, at: datetime, round_: Round) -> None:
    """Ask no longer whoever does not deliver any more and has not answered."""
    left = Contribution.objects.filter(round=round_, answer="").exclude(organisation__in=organisations_asked(round_))
    gone = list(left.select_related("organisation").order_by("id"))
    if not gone:
        return
    Contribution.objects.filter(pk__in=[contribution.pk for contribution in gone]).delete()
    HistoryEntry.objects.bulk_create(
        HistoryEntry(
            at=at, by=by, act="organisation_left", round=round_, said={"organisation": contribution.organisation.name}
        )
        for contribution in gone
    )
    drop(
        about=email_topic(round_),
        kinds=ASKING_KINDS,
        people=_owing_nothing(round_, {contribution.owed_by_id for contribution in gone if contribution.owed_by_id}),
    )


def _owing_nothing(round_: Round, people: Iterable[int]) -> set[int]:
    unsent = round_.updates.unsent().filter(owed_by__in=people).values_list("owed_by", flat=True)
    unanswered = round_.contributions.filter(answer="", owed_by__in=people).values_list("owed_by", flat=True)
    return set(people) - set(unsent) - set(unanswered)


def _find_people(round_: Round) -> list[Contribution]:
    """Ask the first person of organisations in which nobody could be asked; return what changed."""
    given_back: set[int] = set()
    for said in HistoryEntry.objects.filter(round=round_, act="task_handed").values_list("said", flat=True):
        given_back |= set(said.get("contribution_ids", []))
    waiting = Contribution.objects.filter(round=round_, answer="", owed_by__isnull=True).exclude(pk__in=given_back)
    unasked = list(waiting.order_by("id"))
    people = people_who_answer([contribution.organisation_id for contribution in unasked])
    found = [contribution for contribution in unasked if contribution.organisation_id in people]
    for contribution in found:
        contribution.owed_by_id = people[contribution.organisation_id]
    change_many(found, ["owed_by"])
    return found
