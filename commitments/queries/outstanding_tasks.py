"""What everyone still has to do in some rounds, including as a deputy, for the emails that ask for it. Four queries for
any number of people."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from commitments.models import Contribution, ProgressUpdate, Round
from commitments.models.about_strategy import AboutStrategy
from commitments.queries.signatories import signature_asked
from partners import roles
from partners.models import Deputy, RoleGrant, User
from partners.permissions import OfStrategy, grants_allow

OutstandingTasks = dict[tuple[int, int], list["OutstandingTask"]]
"""By round and person, what this person is asked for."""
_Need = tuple[str, int | OfStrategy]  # a permission, and the organisation or the strategy for which it is needed
OwnTasks = dict[tuple[int, int], list[tuple[_Need, tuple[str, str, str, str, int]]]]
"""By round and person, what is their own to do: what they need for it, and the values of an :class:`OutstandingTask`."""


@dataclass(frozen=True, slots=True)
class OutstandingTask:
    """One thing to do: the update of a commitment, or what an organisation did (then ``reference`` and ``key`` are empty).

    ``signatory`` is the key of the signature that a charter asks an organisation to reaffirm, 0 for everything else.
    ``for_whom`` is the person whose task it is, where the one who is asked covers for them.
    """

    reference: str
    title: str
    state: str
    key: str = ""
    signatory: int = 0
    for_whom: str = ""


def outstanding_tasks(rounds: Iterable[Round], today: date) -> tuple[OutstandingTasks, dict[int, User]]:
    """Return what each person owes in each round, and these people by their number.

    Only people who can still sign in and do what they owe, in the role that it needs: updates as one of the people of the
    strategy's owner, answers as one of the organisation; the same for whoever covers. Once a window is over only what was begun can still be sent.
    """
    asked_in = [round_.pk for round_ in rounds]
    own: OwnTasks = defaultdict(list)
    updates = (
        ProgressUpdate.objects.unsent()
        .filter(round__in=asked_in, owed_by__isnull=False)
        .exclude(round__state="in_review", state="expected")
        .order_by("commitment__priority__number", "commitment__number", "id")
    )
    rows: Iterable[tuple[Any, ...]] = updates.values_list(
        "round_id", "owed_by_id", "commitment__reference", "commitment__short_title", "state", "commitment__key",
        "commitment__strategy__owner", "commitment__strategy__owner__kind", "commitment__strategy__supported_by",
        "commitment__strategy__steered_by",
    )  # fmt: skip
    for round_id, person, reference, title, state, key, *strategy in rows:
        need = (roles.UPDATE_COMMITMENTS, AboutStrategy(*strategy))
        own[round_id, person].append((need, (reference, title, state, key, 0)))
    contributions = Contribution.objects.filter(round__in=asked_in, answer="", owed_by__isnull=False).order_by(
        "organisation__sort_name", "id"
    )
    signed = contributions.annotate(signatory=signature_asked())
    for round_id, person, organisation, name, signatory in signed.values_list(
        "round_id", "owed_by_id", "organisation_id", "organisation__name", "signatory"
    ):
        own[round_id, person].append(((roles.LOG_EVIDENCE, organisation), ("", name, "", "", signatory)))
    return share_out(own, today)


def share_out(own: OwnTasks, today: date) -> tuple[OutstandingTasks, dict[int, User]]:
    """Return who is asked for what: people for what is theirs, and those who cover for them on this day, as far as they
    can sign in and do it. Two queries.
    """
    stand_in = _deputies({person for _round, person in own}, today)
    asked = {person for _round, person in own} | {cover.deputy_id for found in stand_in.values() for cover in found}
    people, able = _who_can_come(asked)
    owing: OutstandingTasks = defaultdict(list)
    for (round_id, person), things in own.items():
        if mine := [OutstandingTask(*thing) for need, thing in things if may(able[person], need)]:
            owing[round_id, person][:0] = mine
        for cover in stand_in.get(person, ()):
            if theirs := [thing for need, thing in things if may(able[cover.deputy_id], need)]:
                owing[round_id, cover.deputy_id] += [
                    OutstandingTask(*thing, for_whom=cover.person.name) for thing in theirs
                ]
    return dict(owing), people


def _deputies(people: Iterable[int], today: date) -> dict[int, list[Deputy]]:
    found: dict[int, list[Deputy]] = defaultdict(list)
    standing = Deputy.objects.standing(today).filter(person__in=people).select_related("person")
    for cover in standing.order_by("person__name", "id"):
        found[cover.person_id].append(cover)
    return found


def may(grants: Iterable[RoleGrant], need: _Need) -> bool:
    """Whether one of these roles, which are current, allows what a task needs."""
    code, where = need
    if isinstance(where, int):
        return any(code in grant.may and grant.organisation_id == where for grant in grants)
    return grants_allow(grants, code, where)


def _who_can_come(people: Iterable[int]) -> tuple[dict[int, User], dict[int, list[RoleGrant]]]:
    """Return those who can sign in and hold a role, and the roles that each holds."""
    grants = (
        RoleGrant.objects.current()
        .filter(person__in=people, person__is_active=True)
        .select_related("person", "organisation")
    )
    found: dict[int, User] = {}
    held: dict[int, list[RoleGrant]] = defaultdict(list)
    for grant in grants.order_by("id"):
        found[grant.person_id] = grant.person
        held[grant.person_id].append(grant)
    return found, held


def owed_by(person_id: int, round_: Round) -> list[OutstandingTask]:
    """Return what one person owes in one round, whether or not they can still come. Two queries."""
    updates = (
        ProgressUpdate.objects.unsent()
        .filter(round=round_, owed_by=person_id)
        .order_by("commitment__priority__number", "commitment__number", "id")
        .values_list("commitment__reference", "commitment__short_title", "state", "commitment__key")
    )
    organisations = Contribution.objects.filter(round=round_, answer="", owed_by=person_id).order_by(
        "organisation__sort_name", "id"
    )
    signed = organisations.annotate(signatory=signature_asked()).values_list("organisation__name", "signatory")
    return [OutstandingTask(*thing) for thing in updates] + [
        OutstandingTask("", name, "", signatory=signatory) for name, signatory in signed
    ]
