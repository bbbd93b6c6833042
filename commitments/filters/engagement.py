"""Filters for engagement, shared by the page and the API."""

from typing import Any, ClassVar

import django_filters
from django.db.models import QuerySet

from commitments.models import Engagement, Strategy
from commitments.rules import workflow
from commitments.rules.engagement_kinds import ENGAGEMENT_KINDS
from partners.filters.organisations import offer_areas
from partners.models import Area, PartnershipGroup
from vcsportal.common.filtering import Filters
from vcsportal.common.words import choices


class EngagementFilter(Filters):
    """By kind, group, strategy, place, year and state."""

    kind = django_filters.ChoiceFilter(label="Kind", choices=choices(ENGAGEMENT_KINDS), empty_label="Every kind")
    group = django_filters.ChoiceFilter(
        label="Group", field_name="group__organisation__slug", empty_label="Every group"
    )
    strategy = django_filters.ChoiceFilter(label="Strategy", field_name="strategy__slug", empty_label="Every strategy")
    district = django_filters.ChoiceFilter(label="District", method="by_district", empty_label="Every district")
    year = django_filters.ChoiceFilter(label="Year", method="in_year", empty_label="Every year")
    state = django_filters.ChoiceFilter(
        label="State", choices=choices(workflow.ENGAGEMENT_STATES), empty_label="Every state"
    )

    class Meta:
        model = Engagement
        fields: ClassVar[list[str]] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        groups = PartnershipGroup.objects.order_by("organisation__sort_name", "id")
        self._offer("group", list(groups.values_list("organisation__slug", "organisation__name")))
        self._offer("strategy", list(Strategy.objects.newest_first().values_list("slug", "title")))
        years = Engagement.objects.order_by("-starts_on__year").values_list("starts_on__year", flat=True).distinct()
        self._offer("year", [(str(year), str(year)) for year in years])
        offer_areas(self.filters["district"], Area.objects.districts().values_list("gss_code", "name", "kind"), "Every")

    def _offer(self, name: str, offered: list[tuple[str, str]]) -> None:
        self.filters[name].extra["choices"] = offered

    def in_year(self, queryset: QuerySet[Engagement], name: str, value: str) -> QuerySet[Engagement]:
        return queryset.filter(starts_on__year=int(value))

    def by_district(self, queryset: QuerySet[Engagement], name: str, value: str) -> QuerySet[Engagement]:
        there = Engagement.districts.through.objects.filter(area__in=Area.objects.with_predecessors(value))
        return queryset.filter(pk__in=there.values("engagement_id"))
