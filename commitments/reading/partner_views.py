"""The council's and the sector's views side by side, with the same statuses. They are never averaged; a disagreement is
a finding.

The sentences are made from plain values, so that page and report say the same.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.db.models import F, Q
from django.utils import timezone

from commitments.models import Commitment, Round, SectorView, ViewReply
from commitments.rules import status as words
from commitments.rules.status import Status
from partners import roles
from partners.models import Organisation, User
from partners.permissions import has_permission_anywhere, organisations_for, strategies_where
from vcsportal.common import plurals

SILENCE: Final = "the council has not given a status yet"


@dataclass(frozen=True, slots=True)
class PartnerView:
    """How one organisation sees a commitment. ``differs`` is its own word for it, whatever the two statuses are.

    ``reply`` is the council's, ``reply_is_older`` whether the view was changed after it. ``takes_reply`` says whether its
    round still runs.
    """

    organisation: str
    status: str
    reason: str
    differs: bool
    round: str = ""
    on: date | None = None
    slug: str = ""
    reply: str = ""
    replied_on: date | None = None
    reply_is_older: bool = False
    takes_reply: bool = False

    @property
    def word(self) -> Status:
        """The status as the pages draw it."""
        return words.of(self.status)


def partner_views_of(commitment: Commitment) -> list[PartnerView]:
    """Return the views that were not withdrawn, each with the council's reply, the newest round first and by name within one. One query."""
    views = (
        SectorView.objects.filter(commitment=commitment, withdrawn_at__isnull=True)
        .select_related("organisation", "round", "reply")
        .order_by("-round__observes_from", "organisation__sort_name", "id")
    )
    return [_partner_view(view) for view in views]


def standing_reply(view: SectorView) -> ViewReply | None:
    """Return the council's reply to a view, unless there is none or it was withdrawn. The view comes with its reply."""
    reply: ViewReply | None = getattr(view, "reply", None)
    return reply if reply is not None and reply.withdrawn_at is None else None


def _partner_view(view: SectorView) -> PartnerView:
    reply = standing_reply(view)
    return PartnerView(
        view.organisation.name,
        view.status,
        view.reason,
        view.differs,
        view.round.label,
        timezone.localdate(view.said_at),
        view.organisation.slug,
        reply=reply.text if reply else "",
        replied_on=timezone.localdate(reply.written_at) if reply else None,
        reply_is_older=reply is not None and reply.view_version < view.version,
        takes_reply=view.round.state in {"open", "in_review"},
    )


def views_to_reply_to(person: User) -> list[SectorView]:
    """Return differing views of running rounds, of commitments that the person leads or supports, that nobody has replied to
    since they were given or changed. Two queries.
    """
    if not has_permission_anywhere(person, roles.UPDATE_COMMITMENTS):
        return []
    answered = Q(reply__withdrawn_at__isnull=True, reply__view_version__gte=F("version"))
    return list(
        SectorView.objects.filter(differs=True, withdrawn_at__isnull=True, round__in=Round.objects.running())
        .filter(commitment__in=Commitment.objects.led_or_supported_by(person))
        .filter(strategies_where(person, roles.UPDATE_COMMITMENTS, "commitment__strategy"))
        .exclude(answered)
        .select_related("commitment__strategy", "organisation", "round")
        .order_by("said_at", "id")
    )


def leads(person: Any) -> list[Organisation]:
    """Return the organisations in whose name the person may speak, in the order in which they came to them."""
    return organisations_for(person, roles.GIVE_VIEW)


def speaks_for(person: Any, delivering: Iterable[int]) -> list[Organisation]:
    """Return those of the organisations that deliver a commitment, given by their keys, for which the person may speak."""
    wanted = set(delivering)
    return [lead for lead in leads(person) if lead.pk in wanted]


def spoken_last(views: Iterable[PartnerView]) -> list[PartnerView]:
    """Return, out of :func:`partner_views_of`, the views of the newest round that has any."""
    views = list(views)
    return [voice for voice in views if voice.round == views[0].round]


def suggests_difference(council: str, sector: str) -> bool:
    """Whether two words are different enough to ask whether the sector sees it differently. It decides itself."""
    return bool(council and sector and council != sector)


def findings(views: Sequence[PartnerView], council: str, *, silence: str = SILENCE) -> list[str]:
    """Return how the council's status and the partners' views compare: a sentence for each view taken, disagreement first.

    :param council: the code of the council's status, "" where it has said nothing.
    :param silence: how that is said.
    """
    groups: dict[tuple[bool, str], list[str]] = {}
    for voice in sorted(views, key=lambda voice: not voice.differs):
        groups.setdefault((voice.differs, voice.status), []).append(voice.organisation)
    return [_finding(names, differs, status, council, silence) for (differs, status), names in groups.items()]


def _finding(names: list[str], differs: bool, status: str, council: str, silence: str) -> str:
    who, is_single = plurals.join_with_and(names), len(names) == 1
    sector = words.of(status).label.lower()
    if not council:
        return f"{who} {'says' if is_single else 'say'} {sector}; {silence}."
    ours = words.of(council).label.lower()
    if differs and status == council:
        return f"{who} {'uses' if is_single else 'use'} the same word, {sector}, but {'sees' if is_single else 'see'} it differently."
    if differs:
        return f"{who} {'sees' if is_single else 'see'} it differently: {sector}, not {ours}."
    if status != council:
        return f"{who} {'says' if is_single else 'say'} {sector} where the council says {ours}, and broadly {'agrees' if is_single else 'agree'}."
    return f"{who} {'agrees' if is_single else 'agree'}: {sector}."
