"""Which editions to list."""

import django_filters as filters

from reporting.models import Edition
from reporting.stages import EDITION_STATES
from vcsportal.common.filtering import Filters
from vcsportal.common.words import choices


class EditionFilter(Filters):
    """Editions by strategy, round and state."""

    strategy = filters.CharFilter(field_name="round__strategy__slug", max_length=80, label="The strategy's slug")
    round = filters.CharFilter(field_name="round__slug", max_length=20, label="The round's slug, for example 2024-25")
    state = filters.ChoiceFilter(choices=choices(EDITION_STATES), label="How far its making has come")

    class Meta:
        model = Edition
        fields: list[str] = []
