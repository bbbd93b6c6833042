"""Which points to list. One FilterSet serves the queue, the public page and the API."""

from typing import Any

import django_filters as filters

from commitments.models import Point, Strategy
from commitments.rules.engagement_kinds import POINT_KINDS
from commitments.rules.workflow import POINT_STATES
from partners.filters.organisations import offer_areas
from partners.models import Area, PartnershipGroup
from vcsportal.common.filtering import Filters
from vcsportal.common.words import choices


class PointFilter(Filters):
    """By kind, state, strategy, group and district."""

    state = filters.ChoiceFilter(label="State", choices=choices(POINT_STATES), empty_label="Any")
    kind = filters.ChoiceFilter(label="Kind", choices=choices(POINT_KINDS), empty_label="Any")
    strategy = filters.ChoiceFilter(label="Strategy", field_name="strategy__slug", empty_label="Any")
    group = filters.ChoiceFilter(label="Group", field_name="group__organisation__slug", empty_label="Any")
    district = filters.ChoiceFilter(label="District", field_name="district__gss_code", empty_label="Any")

    class Meta:
        model = Point
        fields: tuple[str, ...] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.filters["strategy"].extra["choices"] = list(Strategy.objects.newest_first().values_list("slug", "title"))
        groups = PartnershipGroup.objects.order_by("organisation__sort_name", "id")
        self.filters["group"].extra["choices"] = list(groups.values_list("organisation__slug", "organisation__name"))
        offer_areas(self.filters["district"], Area.objects.districts().values_list("gss_code", "name", "kind"))
