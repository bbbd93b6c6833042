"""Filters for groups, in the API."""

from typing import ClassVar

import django_filters
from django.db.models import QuerySet

from partners.models import Organisation, PartnershipGroup
from vcsportal.common.filtering import Filters


class GroupFilter(Filters):
    """By the group that they are sub-groups of, and words in the name."""

    q = django_filters.CharFilter(label="Words", method="with_words", max_length=100)
    parent = django_filters.CharFilter(label="Sub-groups of", field_name="parent__organisation__slug", max_length=80)

    class Meta:
        model = PartnershipGroup
        fields: ClassVar[list[str]] = []

    def with_words(self, queryset: QuerySet[PartnershipGroup], name: str, value: str) -> QuerySet[PartnershipGroup]:
        """Every word is in the name or a former name."""
        return queryset.filter(organisation__in=Organisation.objects.named(value).values("pk"))
