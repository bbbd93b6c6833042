"""Open comments on drafts, and who answers them: whoever wrote the section last or, if nobody has, the administrators."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet

from commitments.models import Round
from partners import roles
from partners.models import RoleGrant, User
from partners.permissions import has_permission
from reporting.models import Comment, ReportText
from reporting.services.texts import sections_of

_WRITERS = [one.code for one in roles.ROLES if roles.WRITE_REPORT in one.may]
_KEEPERS = [one.code for one in roles.ROLES if {roles.WRITE_REPORT, roles.RUN_ROUNDS} <= one.may]


@dataclass(frozen=True, slots=True)
class OpenComments:
    """A section with open comments that somebody answers."""

    round: Round
    section: str
    label: str
    count: int


def who_answers(round_: Round, section: str) -> list[User]:
    """Return whoever wrote the section last and may still write, else the administrators."""
    text = ReportText.objects.filter(round=round_, section=section).select_related("changed_by").first()
    if text is not None and text.changed_by.is_active and has_permission(text.changed_by, roles.WRITE_REPORT):
        return [text.changed_by]
    keepers = RoleGrant.objects.current().filter(role__in=_KEEPERS)
    return list(User.objects.filter(pk__in=keepers.values("person"), is_active=True).order_by("id"))


def comments_for(person: User, round_: Round | None = None) -> list[Comment]:
    """Return the open comments that a person answers, in one report or in all, in the order in which they were made. One query."""
    if not has_permission(person, roles.WRITE_REPORT):
        return []
    mine = Q(Exists(_texts().filter(changed_by=person)))
    if has_permission(person, roles.RUN_ROUNDS):
        able = RoleGrant.objects.current().filter(role__in=_WRITERS, person__is_active=True)
        mine |= Q(~Exists(_texts().filter(changed_by__in=able.values("person"))))
    found = Comment.objects.filter(mine, resolved_at__isnull=True)
    if round_ is not None:
        found = found.filter(round=round_)
    return list(found.select_related("said_by", "round__strategy").order_by("said_at", "id"))


def sections_for(person: User) -> list[OpenComments]:
    """Return the sections with open comments that a person answers, the longest-waiting first. Queries grow with the rounds alone."""
    counts: dict[tuple[Round, str], int] = {}
    for one in comments_for(person):
        counts[one.round, one.section] = counts.get((one.round, one.section), 0) + 1
    labels = {
        round_.pk: {one.key: one.label for one in sections_of(round_)} for round_ in _each(one for one, _ in counts)
    }
    return [
        OpenComments(round_, section, labels[round_.pk].get(section, section), count)
        for (round_, section), count in counts.items()
    ]


def _texts() -> QuerySet[ReportText]:
    return ReportText.objects.filter(round=OuterRef("round"), section=OuterRef("section"))


def _each(rounds: Iterable[Round]) -> list[Round]:
    return list({one.pk: one for one in rounds}.values())
