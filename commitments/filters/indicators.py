"""Which indicators to list."""

import django_filters as filters

from commitments.filters.naming import CommitmentNameFilter
from commitments.models import Indicator
from vcsportal.common.filtering import Filters


class IndicatorFilter(Filters):
    """Indicators by what they belong to."""

    commitment = CommitmentNameFilter(field_name="commitment__key")
    priority = filters.NumberFilter(
        field_name="priority__number", min_value=1, max_value=1000, label="The number of the priority that it is of"
    )

    class Meta:
        model = Indicator
        fields: list[str] = []
