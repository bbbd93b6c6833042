"""Hands a round's task from one person to another, or back to whoever runs the round to find someone."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from commitments.models import Commitment, Contribution, HistoryEntry, ProgressUpdate, Round, RoundTask
from commitments.permissions.progress import check_can_hand_task
from commitments.services.reminder_emails import tell_successor
from commitments.services.rounds import make_tasks
from partners import roles
from partners.models import Organisation, User
from partners.permissions import has_permission_for, has_permission_here
from vcsportal.common.words import Invalid, NotNow


@transaction.atomic
def hand_task(*, by: User, at: datetime, task: RoundTask, to: User | None, why: str) -> RoundTask:
    """Let somebody else owe what this person owes in the round; reminders to this person stop.

    :param to: None asks whoever runs the round to find somebody: they see it on top of the round's page.
    Raise :class:`Refused` for a stranger to the task, or if ``to`` can't do some of it.
    """
    task = (
        RoundTask.objects.select_for_update(of=("self",))
        .select_related("person", "handed_to", "round__strategy")
        .get(pk=task.pk)
    )
    check_can_hand_task(by, task.person, task.round.strategy)
    if to is not None and to.pk == task.person_id:
        raise Invalid(f"{to.name} has this task already.", field="to")
    if task.round.state == "closed":
        raise NotNow(f"The {task.round.label} round is closed, so there is nothing left to send.")
    updates, contributions = move_owed(person=task.person, to=to, rounds=[task.round])
    if task.handed_at is not None and not (updates or contributions):
        updates, contributions = _found_somebody(task, to)
    task.handed_at, task.handed_to, task.handed_why = at, to, " ".join(why.split())[:300]
    task.save(update_fields=["handed_at", "handed_to", "handed_why"])
    make_tasks(round_=task.round, at=at)
    if to is not None and (updates or contributions):
        tell_successor(at=at, rounds=[task.round], person=task.person, to=to, why=task.handed_why)
    HistoryEntry.objects.create(
        at=at, by=by, act="task_handed", round=task.round, reason=task.handed_why,
        said={
            "from": task.person.name, "to": to.name if to else "", "from_id": task.person_id,
            "update_ids": [update.pk for update in updates], "contribution_ids": [contribution.pk for contribution in contributions],
            "updates": [update.commitment.reference for update in updates],
            "organisations": [contribution.organisation.name for contribution in contributions],
        },
    )  # fmt: skip
    return task


def _found_somebody(task: RoundTask, to: User | None) -> tuple[list[ProgressUpdate], list[Contribution]]:
    """Let ``to`` owe what the person had given back and nobody has taken since. Raise :class:`Refused` where it was handed on."""
    if task.handed_to is not None or to is None:
        who = task.handed_to.name if task.handed_to else task.round.strategy.rounds_run_by
        raise NotNow(f"{task.person.name} has already handed this on to {who}.")
    given = HistoryEntry.objects.filter(act="task_handed", round=task.round, said__from_id=task.person_id)
    entry = given.newest_first().first()
    details = entry.said if entry else {}
    updates = _in_order(
        ProgressUpdate.objects.exclude(state="published").filter(pk__in=details.get("update_ids", []), owed_by=None)
    )
    contributions = list(
        Contribution.objects.filter(pk__in=details.get("contribution_ids", []), owed_by=None, answer="")
        .select_related("organisation")
        .order_by("organisation__sort_name", "id")
    )
    if not (updates or contributions):
        raise NotNow(
            f"Someone has already taken on everything that {task.person.name} handed back, or it has been done."
        )
    _move(updates, contributions, to)
    return updates, contributions


def move_owed(
    *, person: User, to: User | None, rounds: Iterable[Round]
) -> tuple[list[ProgressUpdate], list[Contribution]]:
    """Let ``to`` owe what ``person`` owes in these rounds; return what moved. Part of other services' transactions.

    What was sent and waits goes along: if it is returned, it comes back to whoever answers for it now.
    """
    rounds = list(rounds)
    updates = _in_order(ProgressUpdate.objects.exclude(state="published").filter(round__in=rounds, owed_by=person))
    contributions = list(
        Contribution.objects.filter(round__in=rounds, owed_by=person)
        .select_related("organisation")
        .order_by("organisation__sort_name", "id")
    )
    _move(updates, contributions, to)
    return updates, contributions


def _in_order(updates: QuerySet[ProgressUpdate]) -> list[ProgressUpdate]:
    return list(
        updates.select_related("commitment__strategy").order_by(
            "commitment__priority__number", "commitment__number", "id"
        )
    )


def _move(updates: list[ProgressUpdate], contributions: list[Contribution], to: User | None) -> None:
    if to is not None:
        check_can_take(
            to, [update.commitment for update in updates], [contribution.organisation for contribution in contributions]
        )
    ProgressUpdate.objects.filter(pk__in=[update.pk for update in updates]).update(owed_by=to)
    Contribution.objects.filter(pk__in=[contribution.pk for contribution in contributions]).update(owed_by=to)


def check_can_take(to: User, commitments: Iterable[Commitment], organisations: Iterable[Organisation]) -> None:
    """Raise :class:`Refused` if the person can't do what these ask: commitments an officer, organisations one of theirs."""
    if not to.is_active:
        raise Invalid(f"{to.name} can’t sign in any more, so can’t take this on.", field="to")
    for commitment in commitments:
        if not has_permission_here(to, roles.UPDATE_COMMITMENTS, commitment.strategy):
            raise Invalid(
                f"{commitment.strategy.not_answering(to)}, so can’t take on {commitment.reference}.", field="to"
            )
    for organisation in organisations:
        if not has_permission_for(to, roles.LOG_EVIDENCE, organisation.pk):
            raise Invalid(f"{to.name} does not belong to {organisation.name}, so can’t answer for it.", field="to")
