"""What views about one engagement share."""

from django.shortcuts import get_object_or_404

from commitments.models import Engagement


def find_engagement(pk: int) -> Engagement:
    """Return it with whatever says whose it is. Everyone may read that it is planned or was held."""
    related = ("group__organisation", "strategy__owner", "written_up_by")
    return get_object_or_404(Engagement.objects.select_related(*related), pk=pk)
