"""A strategy's risks as facts: those that had not ended, with the assessments in force, and those that rose."""

from datetime import date, datetime
from typing import Any

from django.db.models import Exists, Prefetch, Q
from django.utils import timezone

from commitments.models import Risk, RiskAssessment, RiskLead, Strategy
from reporting.facts import RiskAssessmentFacts, RiskFacts, RiskRoseFacts


def there_are_risks(strategy: Strategy) -> Exists:
    """Whether a strategy has any risk, as a column of another query, so that a report of one without asks nothing more."""
    return Exists(Risk.objects.filter(strategy=strategy))


def risks(strategy: Strategy, at: datetime) -> tuple[RiskFacts, ...]:
    """Return the risks of a strategy as they were at a moment. One query where there are none, three where there are some."""
    day = timezone.localdate(at)
    here = Risk.objects.filter(strategy=strategy, recorded_at__lte=at)
    open_then = here.filter(Q(ended_on__isnull=True) | Q(ended_on__gt=day))
    made = RiskAssessment.objects.filter(assessed_at__lte=at).select_related("priority").order_by("id")
    leads = RiskLead.objects.select_related("organisation").order_by("place")
    found = open_then.select_related("priority", "commitment").prefetch_related(
        Prefetch("assessments", made), Prefetch("leads", leads)
    )
    return tuple(_facts(risk) for risk in found.in_order())


def _facts(risk: Risk) -> RiskFacts:
    everything = list(risk.assessments.all())
    replaced = {row.replaces_id for row in everything}
    about = str(risk.commitment or risk.priority or "") if risk.commitment_id or risk.priority_id else ""
    return RiskFacts(
        risk.number,
        risk.words,
        risk.controls,
        tuple(str(lead) for lead in risk.leads.all()),
        about,
        tuple(
            RiskAssessmentFacts(
                _about(row), row.period, str(row.impact), row.impact_reason, str(row.likelihood), row.likelihood_reason,
                row.condition,
            )
            for row in everything
            if row.pk not in replaced
        ),
    )  # fmt: skip


def rose(strategy: Strategy, *, since: date, until: date) -> tuple[RiskRoseFacts, ...]:
    """Return which risks rose after ``since`` and up to ``until``, each bound by itself. One query."""
    in_time = Q(assessed_on__gt=since, assessed_on__lte=until)
    dated = Q(assessed_on__isnull=True, assessed_at__date__gt=since, assessed_at__date__lte=until)
    found = RiskAssessment.objects.that_rose().filter(in_time | dated, risk__strategy=strategy)
    return tuple(
        RiskRoseFacts(
            row.risk.number, row.risk.words, _about(row), bound, str(getattr(row.replaces, bound)),
            str(getattr(row, bound)), row.assessed_on or timezone.localdate(row.assessed_at),
        )
        for row in found.select_related("risk", "priority", "replaces").in_order()
        for bound in row.rose
    )  # fmt: skip


def _about(row: Any) -> str:
    return str(row.priority.title if row.priority else row.scope)
