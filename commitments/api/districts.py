"""Districts through the API: what came before and after each, and what is worked on in one. Read only."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.functional import cached_property
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request

from commitments.filters.districts import DistrictFilter
from commitments.models import Evidence
from commitments.page_parts.districts import chosen_by, find_district
from commitments.reading.district_work import CommitmentHere, StrategyHere, strategies_here
from commitments.reading.districts import DistrictCounts, district_address, district_counts
from partners.area_kinds import AREA_KINDS
from partners.models import Area
from partners.reading.areas import DistrictRecord, every_district
from partners.serializers import AreaPart
from vcsportal.common.api import ListDoor, ReadDoor
from vcsportal.common.api_addresses import portal_url
from vcsportal.common.api_choices import choice_names
from vcsportal.common.api_csv import FORMAT
from vcsportal.common.api_filters import check_names, filterset_names, refusals
from vcsportal.common.api_shapes import Answer
from vcsportal.common.long_lists import MAX_COUNTED

GSS_CODE = r"[A-Z][0-9]{8}"
IN_DISTRICT = OpenApiParameter("gss_code", str, OpenApiParameter.PATH, description="The district's GSS code.")


@dataclass(frozen=True, slots=True)
class CountedDistrict:
    """A district with its counts."""

    district: DistrictRecord
    counts: DistrictCounts


class DistrictAnswer(Answer):
    """A district, or an area of another kind in which things happen."""

    url = serializers.URLField()
    page = serializers.URLField(help_text="The address of its page.")
    gss_code = serializers.CharField()
    name = serializers.CharField()
    kind = serializers.ChoiceField(choices=[(kind.code, kind.label) for kind in AREA_KINDS])
    valid_from = serializers.DateField(allow_null=True, help_text="Its first day; null if it was always there.")
    valid_to = serializers.DateField(allow_null=True, help_text="Its last day; null if no end is known.")
    in_force = serializers.BooleanField(help_text="Whether it is there today.")
    replaces = AreaPart(many=True)
    replaced_by = AreaPart(many=True)
    evidence = serializers.IntegerField(
        help_text="Published items of evidence that name it or an area that it replaced, directly or through others; "
        f"{MAX_COUNTED + 1} for more than {MAX_COUNTED}."
    )
    organisations = serializers.IntegerField(
        help_text="Organisations of the directory that work there, counted in the same way."
    )

    def represent(self, row: CountedDistrict) -> dict[str, Any]:
        area = row.district.area
        return {
            "url": f"{self.context['api_root']}districts/{area.gss_code}/",
            "page": portal_url(district_address(area)),
            **_area(area),
            "valid_from": area.valid_from,
            "valid_to": area.valid_to,
            "in_force": area.is_in_force(timezone.localdate()),
            "replaces": [_area(before) for before in row.district.before],
            "replaced_by": [_area(after) for after in row.district.after],
            "evidence": row.counts.evidence,
            "organisations": row.counts.organisations,
        }


def _area(area: Area) -> dict[str, str]:
    return {"gss_code": area.gss_code, "name": area.name, "kind": area.kind}


class DistrictDoor(ReadDoor):
    """Districts by name, those that have ended and those to come included."""

    queryset = Area.objects.districts()
    serializer_class = DistrictAnswer
    lookup_field = "gss_code"
    lookup_value_regex = GSS_CODE

    @cached_property
    def districts(self) -> dict[int, DistrictRecord]:
        """All districts by the keys of their areas."""
        return {district.area.pk: district for district in every_district()}

    def rows_with_keys(self, keys: list[int]) -> list[CountedDistrict]:
        """Return the rows of one page."""
        return self._rows(self.districts[key] for key in keys)

    def get_object(self) -> Any:
        return self._rows([self.districts[super().get_object().pk]])[0]

    def _rows(self, districts: Iterable[DistrictRecord]) -> list[CountedDistrict]:
        found = list(districts)
        counts = district_counts(found) if found else {}
        return [CountedDistrict(district, counts[district.area.pk]) for district in found]


class CommitmentHereAnswer(Answer):
    """A commitment, with what is recorded of it in a district."""

    commitment_url = serializers.URLField(help_text="The commitment itself.")
    strategy = serializers.CharField()
    key = serializers.CharField()
    reference = serializers.CharField()
    evidence = serializers.IntegerField(help_text="Published items for it that name the district; 21 for more than 20.")
    partners = serializers.ListField(
        child=serializers.CharField(),
        help_text="Delivery partners that work in the district, by name; not the strategy’s owner.",
    )
    is_missed = serializers.BooleanField(
        help_text="Whether it has neither, and is neither complete, closed nor not accepted by the strategy’s owner."
    )

    def represent(self, row: tuple[StrategyHere, CommitmentHere]) -> dict[str, Any]:
        here, commitment = row
        slug = here.strategy.slug
        return {
            "commitment_url": f"{self.context['api_root']}strategies/{slug}/commitments/{commitment.key}/",
            "strategy": slug,
            "key": commitment.key,
            "reference": commitment.standing.reference,
            "evidence": commitment.items,
            "partners": list(commitment.partners),
            "is_missed": commitment.is_missed,
        }


@extend_schema(parameters=[IN_DISTRICT])
class DistrictCommitmentDoor(ListDoor):
    """What is worked on in a district: the commitments of the strategies in term, or of the strategy and round asked for."""

    queryset = Evidence.objects.published()
    serializer_class = CommitmentHereAnswer
    filterset_class = DistrictFilter

    def row_key(self, row: tuple[StrategyHere, CommitmentHere]) -> str:
        """Return what tells a row from all others, by which a cursor goes through the list."""
        return f"{row[0].strategy.slug} {row[1].key}"

    def filter_queryset(self, queryset: Any) -> Any:
        """Return the rows of the district in the strategies' own order. Five queries."""
        request: Request = self.request
        check_names(
            request, {*self.pagination_class.parameters, *filterset_names(DistrictFilter), *choice_names(self), FORMAT}
        )
        today = timezone.localdate()
        district = find_district(every_district(), self.kwargs["gss_code"], today)
        filters = DistrictFilter(request.query_params, queryset, request=request)
        if not filters.form.is_valid():
            raise ValidationError(refusals(filters.form))
        chosen, day = chosen_by(filters, district, today), district.read_on(today)
        found = strategies_here(district.keys, district.area.gss_code, chosen.strategies, chosen.rounds, day, today)
        return [(here, commitment) for here in found for commitment in here.commitments]
