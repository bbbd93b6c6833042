"""Indicators through the API, with each round's target and figure. Others than approved figures are for those who enter or
approve them.

Small numbers of strands are hidden from everyone but the people who enter figures at once.
"""

from decimal import Decimal
from typing import Any

from django.db.models import Prefetch
from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework import serializers

from commitments.api.serializers import StateWord
from commitments.api.strand_counts import StrandCount, by_strand_of
from commitments.api.strategies import IN_STRATEGY, InStrategy
from commitments.filters.indicators import IndicatorFilter
from commitments.models import Indicator, IndicatorTarget, IndicatorValue
from commitments.permissions.indicators import enters_values_at_once
from commitments.queries.changes import changed_in_history
from commitments.reading.strand_breakdowns import breakdown_of
from commitments.rules import workflow
from commitments.rules.indicators import COUNTING_METHODS, DIRECTIONS, INDICATOR_KINDS
from partners.models import Strand
from vcsportal.common.api_addresses import portal_url
from vcsportal.common.api_shapes import Answer


class StepPart(serializers.Serializer[Any]):
    """One step of a scale."""

    step = serializers.IntegerField()
    label = serializers.CharField()  # type: ignore[assignment]  # a field called as an attribute of every field
    definition = serializers.CharField()


class TargetPart(serializers.Serializer[Any]):
    """The target for a round, for the whole or for a district."""

    round = serializers.CharField()
    district = serializers.CharField(allow_null=True, help_text="Its GSS code; null for the whole.")
    value = serializers.FloatField(
        allow_null=True, help_text="For a share or a percentage, in per cent. Null if there is none."
    )
    note = serializers.CharField(help_text="About the number; where there is none, why.")


class FigurePart(serializers.Serializer[Any]):
    """The figure for a round: a number, or null and the reason why."""

    round = serializers.CharField()
    district = serializers.CharField(allow_null=True, help_text="Its GSS code; null for the whole.")
    value = serializers.FloatField(
        allow_null=True, help_text="For a share or a percentage, in per cent; for a scale, the step."
    )
    numerator = serializers.FloatField(allow_null=True)
    denominator = serializers.FloatField(allow_null=True)
    absent_reason = serializers.CharField()
    note = serializers.CharField()
    supplied_by = serializers.CharField(allow_null=True, help_text="The organisation's slug; null for the council.")
    by_strand = StrandCount(many=True, help_text="Empty without a breakdown, and where it can't be shown.")
    by_strand_note = serializers.CharField(help_text="What is hidden; empty if nothing is.")
    version = serializers.IntegerField(help_text="Send it back when you enter another figure in its place.")


class WaitingFigurePart(FigurePart):
    """A figure that does not count: it waits to be approved, or was returned."""

    state = StateWord()
    state_reason = serializers.CharField(help_text="Why it was returned; empty if it was not.")


class IndicatorAnswer(Answer):
    """One thing that is counted, of a commitment or of a priority, with its targets and figures."""

    url = serializers.URLField()
    page = serializers.URLField(help_text="The address of its page.")
    strategy = serializers.CharField()
    code = serializers.CharField(help_text="Stable within its strategy.")
    commitment = serializers.CharField(allow_null=True, help_text="Its reference now.")
    commitment_key = serializers.CharField(allow_null=True, help_text="Its key, which never changes.")
    priority = serializers.IntegerField(allow_null=True, help_text="The priority's number, where it is of a whole one.")
    title = serializers.CharField()
    definition = serializers.CharField()
    unit = serializers.CharField()
    kind = serializers.ChoiceField(choices=INDICATOR_KINDS)
    base_published = serializers.BooleanField(
        allow_null=True,
        help_text="True for a share: each figure has both its numbers. False for a percentage: it was published without "
        "its base, so it can't be added up or averaged. Null for all other kinds.",
    )
    counting = serializers.ChoiceField(
        choices=COUNTING_METHODS, help_text="Where it adds up, each round's number is what was added in that round."
    )
    direction = serializers.ChoiceField(choices=DIRECTIONS)
    by_district = serializers.BooleanField()
    by_strand = serializers.BooleanField()
    scale = StepPart(many=True)
    baseline = serializers.FloatField(allow_null=True)
    baseline_note = serializers.CharField()
    targets = TargetPart(many=True)
    figures = FigurePart(many=True)
    waiting = WaitingFigurePart(
        many=True,
        help_text="Figures that do not count: those of your organisation, and all for those who approve them.",
    )

    def represent(self, row: Any) -> dict[str, Any]:
        slug = row.strategy.slug
        plain = (
            "code", "title", "definition", "unit", "kind", "counting", "direction", "by_district", "by_strand", "baseline_note",
        )  # fmt: skip
        return {
            "url": f"{self.context['api_root']}strategies/{slug}/indicators/{row.code}/",
            "page": portal_url(reverse("commitments:indicator", args=[slug, row.code])),
            "strategy": slug,
            "commitment": row.commitment.reference if row.commitment else None,
            "commitment_key": row.commitment.key if row.commitment else None,
            "priority": row.priority.number if row.priority else None,
            **{name: getattr(row, name) for name in plain},
            "base_published": {"ratio": True, "percentage": False}.get(row.kind),
            "scale": [{"definition": "", **step} for step in row.scale],
            "baseline": _number(row.baseline),
            "targets": [
                {**_where(target), "value": _number(target.value), "note": target.note} for target in row.targets.all()
            ],
            "figures": [
                self._figure(value, keeps=self.context["keeps"])
                for value in row.values.all()
                if value.state == "approved"
            ],
            "waiting": [self._waiting(value) for value in row.values.all() if value.state != "approved"],
        }

    def _figure(self, value: IndicatorValue, *, keeps: bool) -> dict[str, Any]:
        by_strand = by_strand_of(breakdown_of(value, self.context["strands"], keeps=keeps))
        return {**_figure(value), **by_strand, "version": value.version}

    def _waiting(self, value: IndicatorValue) -> dict[str, Any]:
        """Return a figure that does not count yet, with every strand: only the people who enter or approve it can see it."""
        state = workflow.VALUE_STATE[value.state]
        return {
            **self._figure(value, keeps=True),
            "state": {"code": state.code, "label": state.label},
            "state_reason": value.state_reason,
        }


def _number(value: Decimal | None) -> float | None:
    return None if value is None else float(value)


def _where(row: IndicatorTarget | IndicatorValue) -> dict[str, Any]:
    return {"round": row.round.slug, "district": row.area.gss_code if row.area else None}


def _figure(row: IndicatorValue) -> dict[str, Any]:
    return {
        **_where(row),
        **{name: _number(getattr(row, name)) for name in ("value", "numerator", "denominator")},
        "absent_reason": row.absent_reason,
        "note": row.note,
        "supplied_by": row.organisation.slug if row.organisation else None,
    }


@extend_schema(parameters=[IN_STRATEGY])
class IndicatorDoor(InStrategy):
    """A strategy's indicators with their targets and figures, round by round; those of commitments come first."""

    queryset = Indicator.objects.none()
    serializer_class = IndicatorAnswer
    filterset_class = IndicatorFilter
    changes = changed_in_history("indicator")
    lookup_field = "code"
    lookup_value_regex = r"[-a-zA-Z0-9_.]{1,20}"

    def get_queryset(self) -> Any:
        rows = Indicator.objects.filter(strategy=self.strategy)
        return rows.order_by("commitment__priority__number", "commitment__number", "priority__number", "id")

    def columns(self, queryset: Any) -> Any:
        order = ("round__observes_from", "area__name", "id")
        targets = IndicatorTarget.objects.select_related("round", "area").order_by(*order)
        values = (
            IndicatorValue.objects.visible_to(self.request.user)
            .select_related("round", "area", "organisation")
            .order_by(*order)
        )
        return queryset.select_related("strategy", "commitment", "priority").prefetch_related(
            Prefetch("targets", targets), Prefetch("values", values)
        )

    def get_serializer_context(self) -> dict[str, Any]:
        keeps = enters_values_at_once(self.request.user, self.strategy)
        return {**super().get_serializer_context(), "strands": list(Strand.objects.in_order()), "keeps": keeps}
