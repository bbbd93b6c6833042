"""The upper floor through the API."""

from typing import Any

from reporting.filters import EditionFilter
from reporting.models import Edition
from reporting.serializers import EditionAnswer
from vcsportal.common.api import ReadDoor


class EditionDoor(ReadDoor):
    """Editions of the report, the one asked for last first: published ones, and all for those who see them earlier."""

    queryset = Edition.objects.none()
    serializer_class = EditionAnswer
    filterset_class = EditionFilter
    lookup_value_regex = r"[0-9]{1,18}"

    def get_queryset(self) -> Any:
        found = Edition.objects.visible_to(self.request.user).select_related("round__strategy", "withdrawal")
        return found.defer("facts").prefetch_related("faces").newest_first()
