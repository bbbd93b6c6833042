"""Open comments on drafts, and who answers them: whoever wrote the section last or, if nobody has, the administrators."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet

from commitments.models import Round
from partners import roles
from partners.kinds import PUBLIC_BODY
from partners.models import RoleGrant, User
from partners.people_with_permission import owners_grants, supporters_grants
from partners.permissions import (
    has_permission_anywhere,
    has_permission_here,
    reaches_every_strategy,
    strategies_where,
)
from reporting.models import Comment, ReportText
from reporting.services.texts import sections_of

_EVERYWHERE = [role.code for role in roles.ROLES if roles.WRITE_REPORT in role.may and not role.within]


@dataclass(frozen=True, slots=True)
class OpenComments:
    """A section with its number of open comments, for the person who answers them."""

    round: Round
    section: str
    label: str
    count: int


def who_answers(round_: Round, section: str) -> list[User]:
    """Return whoever wrote the section last and may still write, else the administrators."""
    text = ReportText.objects.filter(round=round_, section=section).select_related("changed_by").first()
    if text is not None and has_permission_here(text.changed_by, roles.WRITE_REPORT, round_.strategy):
        return [text.changed_by]
    keepers = RoleGrant.objects.current().filter(role__in=_EVERYWHERE)
    return list(User.objects.filter(pk__in=keepers.values("person"), is_active=True).order_by("id"))


def comments_for(person: User, round_: Round | None = None) -> list[Comment]:
    """Return the open comments that a person answers, in one report or in all, in the order in which they were made. One query."""
    if not has_permission_anywhere(person, roles.WRITE_REPORT):
        return []
    mine = Q(Exists(_texts().filter(changed_by=person)))
    if reaches_every_strategy(person, roles.WRITE_REPORT):
        mine |= Q(~Exists(_texts().filter(_written_by_its_writers())))
    own = strategies_where(person, roles.WRITE_REPORT, "round__strategy")
    comments = Comment.objects.filter(own, mine, resolved_at__isnull=True)
    if round_ is not None:
        comments = comments.filter(round=round_)
    return list(comments.select_related("said_by", "round__strategy").order_by("said_at", "id"))


def sections_for(person: User) -> list[OpenComments]:
    """Return the sections with open comments that a person answers, the longest-waiting first. Queries grow with the rounds alone."""
    counts: dict[tuple[Round, str], int] = {}
    for comment in comments_for(person):
        counts[comment.round, comment.section] = counts.get((comment.round, comment.section), 0) + 1
    labels = {
        round_.pk: {section.key: section.label for section in sections_of(round_)}
        for round_ in _each(key for key, _ in counts)
    }
    return [
        OpenComments(round_, section, labels[round_.pk].get(section, section), count)
        for (round_, section), count in counts.items()
    ]


def _written_by_its_writers() -> Q:
    """Return the condition under which the person who wrote a text may still write it."""
    held = RoleGrant.objects.current().filter(person=OuterRef("changed_by"), person__is_active=True)
    owners = owners_grants(roles.WRITE_REPORT, OuterRef("round__strategy__owner"))
    supporters = supporters_grants(roles.WRITE_REPORT, OuterRef("round__strategy__supported_by"))
    found = Q(Exists(held.filter(owners | Q(role__in=_EVERYWHERE))))
    return found | (Q(Exists(held.filter(supporters))) & ~Q(round__strategy__owner__kind=PUBLIC_BODY))


def _texts() -> QuerySet[ReportText]:
    return ReportText.objects.filter(round=OuterRef("round"), section=OuterRef("section"))


def _each(rounds: Iterable[Round]) -> list[Round]:
    return list({round_.pk: round_ for round_ in rounds}.values())
