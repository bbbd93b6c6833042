"""What people who publish reports need to see: open proposals, and published files that have changed."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q

from partners import roles
from partners.permissions import strategies_where
from reporting.models import Edition, IntegrityCheck, Proposal, Suspension


@dataclass(frozen=True, slots=True)
class Attention:
    """``alarms`` counts parts of published editions that are not as they were published."""

    proposals: tuple[Proposal, ...] = ()
    alarms: int = 0
    suspensions: tuple[Suspension, ...] = ()


def attention(person: Any) -> Attention:
    """Return it, of the strategies whose reports the person publishes: one query while there is nothing, three otherwise."""
    waiting = Proposal.objects.waiting().filter(edition=OuterRef("pk"))
    wrong = ~Q(integrity_checks__trouble="") & Q(integrity_checks__isnull=False, published_at__isnull=False)
    alarms = IntegrityCheck.objects.alarms().filter(edition=OuterRef("pk"))
    suspended = Suspension.objects.current().filter(edition=OuterRef("pk"))
    editions = list(
        Edition.objects.alias(waits=Exists(waiting), altered=Exists(alarms), suspended=Exists(suspended))
        .filter(strategies_where(person, roles.PUBLISH_REPORT, "round__strategy"))
        .filter(Q(waits=True) | Q(altered=True) | Q(suspended=True))
        .annotate(wrong=Count("integrity_checks", filter=wrong))
        .values_list("pk", "wrong")
    )
    if not editions:
        return Attention()
    proposals = (
        Proposal.objects.waiting()
        .filter(edition__in=[pk for pk, _wrong in editions])
        .select_related("proposed_by", "edition__round")
        .defer("edition__facts")
        .order_by("proposed_at", "id")
    )
    suspensions = (
        Suspension.objects.current()
        .filter(edition__in=[pk for pk, _wrong in editions])
        .select_related("edition__round", "replacement")
        .defer("edition__facts", "replacement__facts")
        .order_by("at", "id")
    )
    return Attention(tuple(proposals), sum(count for _pk, count in editions), tuple(suspensions))
