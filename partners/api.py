"""Organisations through the API."""

from typing import Any

from django.db.models import OuterRef

from partners.filters.organisations import OrganisationFilter
from partners.models import Organisation, OrganisationIdentifier
from partners.serializers import OrganisationAnswer
from vcsportal.common.api import ReadDoor
from vcsportal.common.json_columns import list_column


class OrganisationDoor(ReadDoor):
    """Organisations that take part, by name."""

    queryset = Organisation.objects.by_name()
    serializer_class = OrganisationAnswer
    filterset_class = OrganisationFilter
    lookup_field = "slug"
    lookup_value_regex = r"[-a-zA-Z0-9_]{1,80}"

    def filter_queryset(self, queryset: Any) -> Any:
        """The list leaves out groups that steer strategies unless they are asked for; one by its slug is found."""
        return super().filter_queryset(queryset) if self.action == "list" else self.columns(queryset)

    def columns(self, queryset: Any) -> Any:
        here = {"organisation": OuterRef("pk")}
        places = Organisation.districts.through.objects.filter(**here).order_by("area__name", "id")
        numbers = OrganisationIdentifier.objects.filter(**here).order_by("scheme", "value")
        return queryset.annotate(
            places=list_column(places, gss_code="area__gss_code", name="area__name", kind="area__kind"),
            numbers=list_column(numbers, scheme="scheme", value="value"),
        ).values("slug", "name", "kind", "description", "website", "places", "numbers")
