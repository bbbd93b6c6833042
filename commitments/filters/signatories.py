"""Filters for the register of a charter's signatories, shared by the page, its CSV and the API."""

from collections.abc import Mapping
from datetime import date
from typing import Any, ClassVar

import django_filters
from django.db.models import QuerySet

from commitments.models import Signatory, Strategy
from commitments.reading.charters import charter_rounds, standings
from commitments.rules.charters import STANDINGS, Standing
from partners.filters.organisations import offer_areas
from partners.forms.organisation_choice import with_words
from partners.kinds import GROUP, KINDS
from partners.models import Area, Organisation
from vcsportal.common.filtering import Filters


class SignatoryFilter(Filters):
    """By words of the name, kind of organisation, district served, and the status of the signature."""

    q = django_filters.CharFilter(label="Name", method="with_name", max_length=100)
    kind = django_filters.ChoiceFilter(
        label="Kind of organisation",
        field_name="organisation__kind",
        choices=[kind for kind in KINDS if kind[0] != GROUP],
        empty_label="Every kind",
    )
    district = django_filters.ChoiceFilter(label="District", method="in_district", empty_label="Every district")
    standing = django_filters.ChoiceFilter(
        label="Status", method="with_standing", choices=STANDINGS, empty_label="Every signatory"
    )

    class Meta:
        model = Signatory
        fields: ClassVar[list[str]] = []

    def __init__(self, *args: Any, found: Mapping[int, Standing] | None = None, **kwargs: Any) -> None:
        """:param found: the status of each signature, by its key; None reads it where someone asks for it."""
        super().__init__(*args, **kwargs)
        self.found = found
        offer_areas(self.filters["district"], Area.objects.districts().values_list("gss_code", "name", "kind"), "Every")

    def with_name(self, queryset: QuerySet[Signatory], name: str, value: str) -> QuerySet[Signatory]:
        """Every word is in the organisation's name."""
        return queryset.filter(organisation__in=with_words(Organisation.objects.public(), value).values("pk"))

    def in_district(self, queryset: QuerySet[Signatory], name: str, value: str) -> QuerySet[Signatory]:
        served = Organisation.districts.through.objects.filter(area__in=Area.objects.with_predecessors(value))
        return queryset.filter(organisation__in=served.values("organisation_id"))

    def with_standing(self, queryset: QuerySet[Signatory], name: str, value: str) -> QuerySet[Signatory]:
        found = self.found
        if found is None:
            charter = Strategy.objects.filter(signatories__in=queryset).first()
            # No signature ends in the future, so that the last of all days says of each whether it has ended.
            found = standings(charter, charter_rounds(charter), date.max) if charter else {}
        return queryset.filter(pk__in=[key for key, standing in found.items() if standing.code == value])
