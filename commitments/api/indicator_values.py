"""Entering an indicator's figure for a round through the API, by the rules and the service of its page."""

from decimal import Decimal
from typing import Any

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from commitments.api.indicators import IndicatorAnswer, IndicatorDoor
from commitments.api.strategies import IN_STRATEGY
from commitments.models import Indicator, Round
from commitments.permissions.indicators import check_can_supply_value, enters_values_at_once
from commitments.reading.indicators import districts_asked
from commitments.rules.indicators import IndicatorFigure
from commitments.services.indicators import FigureInput, check_is_entered, enter_values, organisation_for
from partners.models import Area
from partners.signed_in import signed_in_person
from vcsportal.common.api_refusals import bad
from vcsportal.common.api_shapes import Input
from vcsportal.common.numbers import LARGEST_INTEGER
from vcsportal.common.words import Invalid

NUMBER: Any = {"required": False, "allow_null": True, "default": None, "max_digits": 16, "decimal_places": 4}
TEXT: Any = {"required": False, "allow_blank": True, "default": "", "max_length": 300}


class IndicatorValueInput(Input):
    """The figure of a round: ``value`` or, for a share, both its numbers; or the reason why there is none."""

    round = serializers.CharField(max_length=80, help_text="The round's slug.")
    district = serializers.CharField(
        required=False, allow_null=True, default=None, max_length=9, help_text="Its GSS code; leave it out for the whole."
    )  # fmt: skip
    value = serializers.DecimalField(
        **NUMBER, help_text="The number; for a percentage, in per cent; for a scale, the step. Not for a share."
    )
    numerator = serializers.DecimalField(**NUMBER, help_text="Of a share: how many.")
    denominator = serializers.DecimalField(**NUMBER, help_text="Of a share: out of how many.")
    absent_reason = serializers.CharField(**TEXT, help_text="Why there is no figure. Then send no number.")
    note = serializers.CharField(**TEXT, help_text="About the figure.")
    by_strand = serializers.DictField(
        child=serializers.IntegerField(min_value=0, max_value=LARGEST_INTEGER), required=False, allow_null=True, default=None,
        help_text="Whole numbers by the codes of their strands, all of them at once. Left out, the stored ones stay.",
    )  # fmt: skip
    version = serializers.IntegerField(
        min_value=0, max_value=LARGEST_INTEGER, required=False, allow_null=True, default=None,
        help_text="The version of the figure that you read, in figures or in waiting; leave it out where there is none.",
    )  # fmt: skip


@extend_schema(parameters=[IN_STRATEGY])
class IndicatorValueDoor(IndicatorDoor):
    """Indicators, and what is entered for them."""

    @extend_schema(request=IndicatorValueInput, responses=IndicatorAnswer)
    @action(detail=True, methods=["post"])
    def value(self, request: Request, **kwargs: Any) -> Response:
        """Enter what was counted in a round. A council officer's figure counts at once; that of an organisation which helps to
        deliver it waits to be approved.
        """
        rows = Indicator.objects.select_related("strategy__owner").filter(strategy=self.strategy)
        indicator = get_object_or_404(rows, code=self.kwargs["code"])
        person = signed_in_person(request)
        own = None if enters_values_at_once(person, self.strategy) else organisation_for(person, indicator)
        check_can_supply_value(person, indicator, own)  # before the figure is judged, as the page does
        check_is_entered(indicator)
        shape = IndicatorValueInput(data=request.data)
        shape.is_valid(raise_exception=True)
        asked = shape.validated_data
        round_ = Round.objects.filter(strategy=self.strategy, slug=asked["round"]).first()
        if round_ is None:
            raise bad("round", "There is no such round of this strategy.")
        names = ("value", "numerator", "denominator", "absent_reason")
        counts = asked["by_strand"]
        entry = FigureInput(
            indicator, IndicatorFigure(**{name: asked[name] for name in names}), self._district(indicator, asked["district"]),
            note=asked["note"], version=asked["version"],
            strands=None if counts is None else {code: Decimal(count) for code, count in counts.items()},
        )  # fmt: skip
        try:
            enter_values(by=person, at=timezone.now(), round_=round_, entries=[entry])
        except Invalid as refused:
            known = refused.field in shape.fields or not refused.field
            raise Invalid(refused.sentence, field=refused.field if known else "by_strand") from None
        return Response(self.get_serializer(self.get_object()).data)

    def _district(self, indicator: Indicator, code: str | None) -> Area | None:
        if not code:
            return None
        if not indicator.by_district:
            raise bad("district", f"{indicator.code} is not counted by district.")
        for area in districts_asked(indicator, timezone.localdate()):
            if area.gss_code == code:
                return area
        raise bad("district", "There is no such district for which this is counted.")
