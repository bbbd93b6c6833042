"""Filters for the directory of organisations and the list of people. The API uses the first one too."""

from collections.abc import Iterable
from typing import Any, ClassVar, Final

import django_filters
from django.db.models import Q, QuerySet

from partners import area_kinds
from partners.kinds import GROUP, KINDS
from partners.models import Area, Organisation, RoleGrant, User
from partners.roles import ROLES
from vcsportal.common.filtering import Filters
from vcsportal.common.plurals import capital
from vcsportal.common.prepared_queries import PreparedQuery
from vcsportal.common.words import choices

_DISTRICTS: Final = PreparedQuery(lambda: Area.objects.districts().values_list("gss_code", "name", "kind"))


def offer_areas(filter_: Any, areas: Iterable[tuple[str, str, str]], every: str = "") -> None:
    """Let a filter offer areas, called districts only where all of them are.

    :param areas: the GSS code, the name and the kind of each.
    :param every: how the choice of all of them begins, such as ``Every``; "" leaves it as it is.
    """
    found = list(areas)
    word = area_kinds.noun(kind for _, _, kind in found)
    filter_.label = capital(word)
    filter_.extra["choices"] = [(code, name) for code, name, _ in found]
    if every:
        filter_.extra["empty_label"] = f"{every} {word}"


class OrganisationFilter(Filters):
    """By kind, district served, and words in the name or description."""

    q = django_filters.CharFilter(label="Words", method="with_words", max_length=100)
    kind = django_filters.ChoiceFilter(label="Kind", choices=KINDS, empty_label="Every kind")
    district = django_filters.ChoiceFilter(label="District", method="in_district", empty_label="Every district")

    class Meta:
        model = Organisation
        fields: ClassVar[list[str]] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_areas(self.filters["district"], _DISTRICTS(), "Every")

    def filter_queryset(self, queryset: Any) -> Any:
        """Groups that steer strategies are listed where somebody asks for them: they do not themselves take part."""
        found = super().filter_queryset(queryset)
        return found if self.form.cleaned_data.get("kind") == GROUP else found.exclude(kind=GROUP)

    def with_words(self, queryset: QuerySet[Organisation], name: str, value: str) -> QuerySet[Organisation]:
        """Every word is somewhere in the name or the description."""
        for word in value.split():
            queryset = queryset.filter(Q(name__icontains=word) | Q(description__icontains=word))
        return queryset

    def in_district(self, queryset: QuerySet[Organisation], name: str, value: str) -> QuerySet[Organisation]:
        """A subquery, so that no organisation comes twice."""
        served = Organisation.districts.through.objects.filter(area__in=Area.objects.with_predecessors(value))
        return queryset.filter(pk__in=served.values("organisation_id"))


class PersonFilter(Filters):
    """By role held now, and words in the name, the address or the organisation."""

    q = django_filters.CharFilter(label="Name, email or organisation", method="with_words", max_length=100)
    role = django_filters.ChoiceFilter(
        label="Role", choices=choices(ROLES), method="with_role", empty_label="Every role"
    )

    class Meta:
        model = User
        fields: ClassVar[list[str]] = []

    def with_words(self, queryset: QuerySet[User], name: str, value: str) -> QuerySet[User]:
        """Every word is somewhere."""
        for word in value.split():
            member = RoleGrant.objects.current().filter(organisation__name__icontains=word)
            queryset = queryset.filter(
                Q(name__icontains=word) | Q(email__icontains=word) | Q(pk__in=member.values("person_id"))
            )
        return queryset

    def with_role(self, queryset: QuerySet[User], name: str, value: str) -> QuerySet[User]:
        """People who hold the role now."""
        return queryset.filter(pk__in=RoleGrant.objects.current().filter(role=value).values("person_id"))
