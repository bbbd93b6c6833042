"""Which updates to list."""

import django_filters as filters

from commitments.filters.naming import CommitmentNameFilter
from commitments.models import ProgressUpdate
from commitments.rules import status, workflow
from vcsportal.common.filtering import Filters
from vcsportal.common.words import choices


class UpdateFilter(Filters):
    """Updates by round, commitment, priority, status and state."""

    round = filters.CharFilter(field_name="round__slug", max_length=20, label="The round's slug, for example 2024-25")
    commitment = CommitmentNameFilter(field_name="commitment__key")
    priority = filters.NumberFilter(
        field_name="commitment__priority__number", min_value=1, max_value=1000, label="The priority's number"
    )
    status = filters.ChoiceFilter(choices=choices(status.STATUSES), label="The status in the update")
    state = filters.ChoiceFilter(choices=choices(workflow.UPDATE_STATES), label="The state of the update")

    class Meta:
        model = ProgressUpdate
        fields: list[str] = []
