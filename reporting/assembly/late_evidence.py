"""Evidence about earlier years that came in after its year's report was sealed: a part of :mod:`reporting.assembly`."""

from typing import Any

from django.db import models
from django.db.models.functions import Coalesce

from commitments.models import Evidence, Round
from reporting.models import Citation, Edition


def of_year_or_late(items: Any, round_: Round) -> Any:
    """Return the evidence of a round, and what its report tells as having come in late, each with ``late_for``: for
    a late item the earlier round that it is about.

    What came in late happened in an earlier round of the same strategy, and was accepted after the facts of that round's published edition
    were gathered. No published edition of another round tells of it. So the first report after it was accepted tells of it,
    a later edition of the same report tells of it again, and the next year's does not. A round without a published edition
    has nothing that is late: its own report is still to come. An edition that was withdrawn tells of nothing.
    """
    sealed = Edition.objects.last_published().filter(
        round__strategy=round_.strategy_id, round__observes_from__lt=round_.observes_from,
        round__observes_from__lte=models.OuterRef("happened_from"), round__observes_to__gte=models.OuterRef("happened_from"),
    )  # fmt: skip
    reported = Citation.objects.filter(
        evidence=models.OuterRef("pk"), edition__round__strategy=round_.strategy_id,
        edition__in=Edition.objects.public().exclude(round=round_).values("pk"),
    )  # fmt: skip
    late = models.Q(
        ~models.Exists(reported), happened_from__lt=round_.observes_from, late_for__isnull=False,
        accepted_at__gt=models.F("gathered"),
    )  # fmt: skip
    return items.annotate(
        late_for=models.Subquery(sealed.values("round__slug")[:1]),
        gathered=models.Subquery(sealed.values(at=Coalesce("started_at", "requested_at"))[:1]),
    ).filter(late | models.Q(pk__in=Evidence.objects.in_round(round_).values("pk")))
