"""Late evidence: items about an earlier year that were accepted after that year's report had been sealed."""

from typing import Any

from django.db import models
from django.db.models.functions import Coalesce

from commitments.models import Evidence, Round
from reporting.models import Citation, Edition


def of_year_or_late(items: Any, round_: Round) -> Any:
    """Return the evidence of a round and the late evidence in its report, each with ``late_for``: the earlier round
    that a late item is about, else None.

    Late evidence happened in an earlier round of the same strategy, and was accepted after the facts of that round's published edition
    were gathered. No published edition of another round contains it. So it is in the first report after it was accepted and
    in later editions of the same report, but not in the next year's. A round without a published edition
    has no late evidence, because its own report will contain the item. Withdrawn editions do not count.
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
