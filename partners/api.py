"""The ground floor through the API."""

from django.db.models import Prefetch

from partners.models import Area, Organisation
from partners.serializers import OrganisationAnswer
from vcsportal.common.api import ReadDoor


class OrganisationDoor(ReadDoor):
    """Organisations that take part, by name."""

    queryset = Organisation.objects.prefetch_related(
        Prefetch("districts", Area.objects.districts()), "identifiers"
    ).by_name()
    serializer_class = OrganisationAnswer
    lookup_field = "slug"
    lookup_value_regex = r"[-a-zA-Z0-9_]{1,80}"
