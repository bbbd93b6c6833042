"""Organisations and groups through the API."""

from datetime import datetime
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.utils import timezone

from partners.filters.groups import GroupFilter
from partners.filters.organisations import OrganisationFilter
from partners.group_serializers import GroupAnswer
from partners.models import Appointment, HistoryEntry, Organisation, OrganisationIdentifier, PartnershipGroup, Seat
from partners.serializers import OrganisationAnswer
from vcsportal.common.api import ReadDoor
from vcsportal.common.api_choices import Changes
from vcsportal.common.json_columns import list_column


def _changed(organisation: str) -> Changes:
    """Return how it is known whether the organisation of a row, or its seats, have changed.

    What happens to its people, such as a role, is not looked at: that is not everyone's business.

    :param organisation: the lookup that leads from a row to its organisation.
    """

    def condition(since: datetime) -> Q:
        entries = HistoryEntry.objects.filter(organisation=OuterRef(organisation), at__gte=since)
        return Q(Exists(entries.filter(Q(person__isnull=True) | Q(act__startswith="appoint"))))

    return Changes(condition)


class OrganisationDoor(ReadDoor):
    """Organisations of the directory, by name."""

    queryset = Organisation.objects.by_name().public()
    serializer_class = OrganisationAnswer
    filterset_class = OrganisationFilter
    changes = _changed("pk")
    lookup_field = "slug"
    lookup_value_regex = r"[-a-zA-Z0-9_]{1,80}"

    def filter_queryset(self, queryset: Any) -> Any:
        """The list leaves out groups that steer strategies unless they are asked for; one by its slug is found."""
        return super().filter_queryset(queryset) if self.action == "list" else self.columns(queryset)

    def columns(self, queryset: Any) -> Any:
        here = {"organisation": OuterRef("pk")}
        places = Organisation.districts.through.objects.filter(**here).order_by("area__name", "id")
        numbers = OrganisationIdentifier.objects.filter(**here).order_by("scheme", "value")
        served = Organisation.strands.through.objects.filter(**here).order_by("strand__number", "id")
        earlier = Organisation.objects.public().filter(succeeded_by=OuterRef("pk")).by_name()
        later = Organisation.objects.public().filter(pk=OuterRef("succeeded_by"))
        return queryset.annotate(
            served=list_column(served, code="strand__code", words="strand__words"),
            earlier=list_column(earlier, slug="slug", name="name"),
            later=list_column(later, slug="slug", name="name"),
            places=list_column(places, gss_code="area__gss_code", name="area__name", kind="area__kind"),
            numbers=list_column(numbers, scheme="scheme", value="value"),
        ).values(
            "slug", "name", "former_names", "kind", "owns_strategies", "description", "website", "team_mailbox", "telephone",
            "standing", "ended_on", "source", "checked_on", "places", "numbers", "served", "earlier", "later",
        )  # fmt: skip


class GroupDoor(ReadDoor):
    """Groups, by name."""

    queryset = PartnershipGroup.objects.order_by("organisation__sort_name", "id")
    serializer_class = GroupAnswer
    filterset_class = GroupFilter
    changes = _changed("organisation")
    lookup_field = "organisation__slug"
    lookup_url_kwarg = "slug"
    lookup_value_regex = r"[-a-zA-Z0-9_]{1,80}"

    def filter_queryset(self, queryset: Any) -> Any:
        """The list is filtered; one by its slug is found whatever the filters say."""
        return super().filter_queryset(queryset) if self.action == "list" else self.columns(queryset)

    def columns(self, queryset: Any) -> Any:
        today = timezone.localdate()
        held = Appointment.objects.on(today).filter(seat=OuterRef("pk"))
        seats = (
            Seat.objects.on(today)
            .filter(group=OuterRef("pk"))
            .in_order()
            .annotate(
                held_post=Subquery(held.values("post")[:1]),
                held_since=Subquery(held.values("starts_on")[:1]),
                held_until=Subquery(held.values("until")[:1]),
                held_slug=Subquery(held.values("organisation__slug")[:1]),
                held_name=Subquery(held.values("organisation__name")[:1]),
            )
        )
        return queryset.annotate(
            slug=F("organisation__slug"), name=F("organisation__name"),
            parent_slug=F("parent__organisation__slug"), parent_name=F("parent__organisation__name"),
            supporter_slug=F("supported_by__slug"), supporter_name=F("supported_by__name"),
            all_seats=list_column(
                seats, number="number", title="title", chair="is_chair", secretary="is_secretary", post="held_post",
                since="held_since", until="held_until", slug="held_slug", organisation="held_name",
            ),
        ).values(
            "slug", "name", "parent_slug", "parent_name", "supporter_slug", "supporter_name", "purpose", "aims", "meets",
            "reports_to", "supporting_team", "founded", "statutory_basis", "terms_of_reference", "reviewed_on", "rests_since", "rests_why", "ended_on", "source",
            "all_seats",
        )  # fmt: skip
