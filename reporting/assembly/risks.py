"""A strategy's risks as facts: those that had not ended, with the assessments in force, and those that rose."""

from datetime import date, datetime
from typing import Any

from django.db.models import Exists, Prefetch, Q
from django.utils import timezone

from commitments.models import Risk, RiskAssessment, RiskLead, Strategy
from commitments.reading.risk_rises import risk_rises
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
    """Return which risks that are open on ``until`` rose after ``since``, each bound by itself. One query."""
    open_then = Q(risk__ended_on__isnull=True) | Q(risk__ended_on__gt=until)
    rows = RiskAssessment.objects.filter(open_then, risk__strategy=strategy).select_related("risk", "priority")
    return tuple(
        RiskRoseFacts(
            rise.now.risk.number, rise.now.risk.words, _about(rise.now), bound, str(getattr(rise.before, bound)),
            str(getattr(rise.now, bound)), day,
        )
        for rise in risk_rises(rows.in_order(), since=since, until=until)
        for bound, day in rise.bounds
    )  # fmt: skip


def _about(row: Any) -> str:
    return str(row.priority.title if row.priority else row.scope)
