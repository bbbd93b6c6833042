"""The reports through the API."""

from typing import Any

from django.utils import timezone

from reporting.filters import EditionFilter
from reporting.models import Edition
from reporting.reading.suspension import suspended_contents
from reporting.serializers import EditionAnswer
from vcsportal.common.api import ReadDoor


class EditionDoor(ReadDoor):
    """Editions of the report, the one asked for last first: published ones, and all for those who see them earlier."""

    queryset = Edition.objects.none()
    serializer_class = EditionAnswer
    filterset_class = EditionFilter
    lookup_value_regex = r"[0-9]{1,18}"

    def get_queryset(self) -> Any:
        editions = Edition.objects.visible_to(self.request.user).select_related("round__strategy", "withdrawal")
        return editions.defer("facts").with_files().newest_first()

    def paginate_queryset(self, queryset: Any) -> Any:
        page = super().paginate_queryset(queryset)
        _add_suspended(page or ())
        return page

    def get_object(self) -> Any:
        row = super().get_object()
        _add_suspended([row])
        return row


def _add_suspended(rows: Any) -> None:
    """Add to each edition which kinds of content it shows that may not be shown today. Three queries, however many."""
    found = suspended_contents(rows, timezone.localdate())
    for row in rows:
        row.suspended_content = found[row.pk]
