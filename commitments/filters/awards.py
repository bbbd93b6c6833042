"""Which awards to list: the same filters on the page, in the export and in the API."""

from typing import Any, ClassVar, Final

import django_filters
from django.db.models import QuerySet

from commitments.models import Award, Strategy
from commitments.rules.awards import AWARD_KINDS, financial_year, year_days
from commitments.rules.commitment_keys import MAX_KEY_CHARACTERS
from partners.filters.organisation_name import LONGEST, OrganisationIsTyped, OrganisationNameFilter
from partners.filters.organisations import offer_areas
from partners.models import Area
from vcsportal.common.filtering import Filters

MAX_NAME_CHARACTERS: Final = 80 + 1 + MAX_KEY_CHARACTERS
"""The longest name of a commitment with its strategy, such as ``slug:1.4``."""


class AwardFilter(OrganisationIsTyped, Filters):
    """By kind, financial year, district, commitment, organisation and strategy."""

    kind = django_filters.ChoiceFilter(label="Kind", choices=AWARD_KINDS, empty_label="Grants and contracts")
    year = django_filters.ChoiceFilter(label="Financial year", method="in_year", empty_label="Every year")
    district = django_filters.ChoiceFilter(label="District", method="by_district", empty_label="Every district")
    organisation = OrganisationNameFilter(
        label="Organisation", method="to_organisation", max_length=LONGEST, help_text="Type its name, or part of it."
    )
    commitment = django_filters.CharFilter(
        label="Commitment",
        method="of_commitment",
        max_length=MAX_NAME_CHARACTERS,
        help_text="Its reference, such as 1.4. Choose its strategy too, where there are several.",
    )
    strategy = django_filters.ChoiceFilter(
        label="Strategy", field_name="figure__strategy__slug", empty_label="Every strategy"
    )

    class Meta:
        model = Award
        fields: ClassVar[list[str]] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._read_organisations()
        listed = Award.objects.current()
        years = {financial_year(day) for day in listed.order_by().values_list("award_date", flat=True).distinct()}
        self.filters["year"].extra["choices"] = [(year, year) for year in sorted(years, reverse=True)]
        with_awards = Strategy.objects.filter(pk__in=listed.values("figure__strategy")).newest_first()
        self.filters["strategy"].extra["choices"] = list(with_awards.values_list("slug", "title"))
        offer_areas(self.filters["district"], Area.objects.districts().values_list("gss_code", "name", "kind"), "Every")

    def in_year(self, queryset: QuerySet[Award], name: str, value: str) -> QuerySet[Award]:
        days = year_days(value)
        return queryset.filter(award_date__range=days) if days else queryset.none()

    def by_district(self, queryset: QuerySet[Award], name: str, value: str) -> QuerySet[Award]:
        there = Award.districts.through.objects.filter(area__in=Area.objects.with_predecessors(value))
        return queryset.filter(pk__in=there.values("award_id"))

    def of_commitment(self, queryset: QuerySet[Award], name: str, value: str) -> QuerySet[Award]:
        """Awards for a commitment of the strategy that is chosen, or of the one before the colon of ``slug:1.4``."""
        slug, _, named = value.strip().rpartition(":")
        slug = slug or self.form.cleaned_data.get("strategy") or self._only_strategy()
        links = Award.commitments.through.objects.filter(commitment__strategy__slug=slug)
        found = links.filter(commitment__reference=named) | links.filter(commitment__key=named)
        return queryset.filter(pk__in=found.values("award_id"))

    def _only_strategy(self) -> str:
        """Return the strategy that has awards, "" where there are several: a reference such as 1.4 means another in each."""
        slugs = [slug for slug, _title in self.filters["strategy"].extra["choices"]]
        return slugs[0] if len(slugs) == 1 else ""

    def to_organisation(self, queryset: QuerySet[Award], name: str, value: str) -> QuerySet[Award]:
        """Awards to an organisation of the portal, or to a name with these words."""
        by_name = queryset.filter(recipient_name__icontains=value.strip())
        return queryset.filter(self.asked.condition(value, "recipient")) | by_name
