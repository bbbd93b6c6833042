"""Filters for groups, in the API."""

from datetime import date
from typing import ClassVar

import django_filters
from django.db.models import QuerySet

from partners.models import Organisation, PartnershipGroup
from partners.reading.groups import not_ended
from vcsportal.common.filtering import Filters


class GroupFilter(Filters):
    """By the group that they are sub-groups of, words in the name, and a day on which they had not ended."""

    q = django_filters.CharFilter(label="Words", method="with_words", max_length=100)
    parent = django_filters.CharFilter(label="Sub-groups of", field_name="parent__organisation__slug", max_length=80)
    on = django_filters.DateFilter(
        label="A day, for example 2023-06-01: groups that had not ended then", method="on_day"
    )

    class Meta:
        model = PartnershipGroup
        fields: ClassVar[list[str]] = []

    def with_words(self, queryset: QuerySet[PartnershipGroup], name: str, value: str) -> QuerySet[PartnershipGroup]:
        """Every word is in the name or a former name."""
        return queryset.filter(organisation__in=Organisation.objects.named(value).values("pk"))

    def on_day(self, queryset: QuerySet[PartnershipGroup], name: str, value: date) -> QuerySet[PartnershipGroup]:
        """Those that had not ended on the day; a group is over on the day on which it ended."""
        return queryset.filter(not_ended(value))
