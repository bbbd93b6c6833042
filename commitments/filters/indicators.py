"""Which indicators to list."""

import django_filters as filters

from commitments.models import Indicator
from vcsportal.common.filtering import Filters


class IndicatorFilter(Filters):
    """Indicators by what they belong to."""

    commitment = filters.CharFilter(
        field_name="commitment__reference", max_length=12, label="The commitment's reference, for example 1.4"
    )
    priority = filters.NumberFilter(
        field_name="priority__number", min_value=1, max_value=1000, label="The number of the priority that it is of"
    )

    class Meta:
        model = Indicator
        fields: list[str] = []
