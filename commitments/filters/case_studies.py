"""Filters for case studies. One FilterSet serves the list and the API."""

from typing import Any, ClassVar

import django_filters
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from commitments.models import CaseStudy, CaseStudyText, Priority, Strategy
from commitments.queries.organisation_names import organisations_named
from commitments.reading.case_studies import containing
from commitments.rules import workflow
from partners.filters.organisation_name import LONGEST, OrganisationIsTyped, OrganisationNameFilter
from partners.filters.organisations import offer_areas
from partners.models import Area, Strand
from vcsportal.common.filtering import Filters
from vcsportal.common.word_search import words_in
from vcsportal.common.words import choices


class CaseStudyFilter(OrganisationIsTyped, Filters):
    """By words, place, theme (a priority), strand, strategy, organisation (typed) and state.

    Words and strands are those of the text that the reader of ``for_reader`` reads, the state is the one they are shown;
    other rows are filtered as everyone reads them.
    """

    q = django_filters.CharFilter(label="Words", method="by_words", max_length=100)
    district = django_filters.ChoiceFilter(label="District", method="by_district", empty_label="Every district")
    theme = django_filters.ChoiceFilter(label="Theme", method="by_theme", empty_label="Every theme")
    strand = django_filters.ChoiceFilter(label="Strand", method="by_strand", empty_label="Every strand")
    strategy = django_filters.ChoiceFilter(label="Strategy", method="by_strategy", empty_label="Every strategy")
    organisation = OrganisationNameFilter(
        label="Organisation", method="by_organisation", max_length=LONGEST, help_text="Type its name, or part of it."
    )
    state = django_filters.ChoiceFilter(
        label="State", field_name="shown_state", choices=choices(workflow.CASE_STUDY_STATES), empty_label="Every state"
    )

    class Meta:
        model = CaseStudy
        fields: ClassVar[list[str]] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._read_organisations()
        if "reads" not in self.queryset.query.annotations:
            self.queryset = self.queryset.for_reader(None, timezone.localdate())
        told = self.queryset.values("evidence")
        themes = list(
            Priority.objects.filter(commitments__evidence__in=told)
            .select_related("strategy")
            .distinct()
            .order_by("strategy__starts_on", "strategy_id", "number")
        )
        several = len({theme.strategy_id for theme in themes}) > 1
        self._offer(
            "theme",
            [
                (
                    f"{theme.strategy.slug}:{theme.number}",
                    f"{theme} ({theme.strategy.title})" if several else str(theme),
                )
                for theme in themes
            ],
        )
        self._offer("strategy", list(dict.fromkeys((theme.strategy.slug, theme.strategy.title) for theme in themes)))
        strands = Strand.objects.filter(case_study_texts__in=self.queryset.values("reads")).distinct().in_order()
        self._offer("strand", list(strands.values_list("code", "words")))
        offer_areas(self.filters["district"], Area.objects.districts().values_list("gss_code", "name", "kind"), "Every")

    def _offer(self, name: str, offered: list[tuple[str, str]]) -> None:
        self.filters[name].extra["choices"] = offered

    def by_words(self, queryset: QuerySet[CaseStudy], name: str, value: str) -> QuerySet[CaseStudy]:
        words = words_in(value)
        if not words:
            return queryset.none()
        found: QuerySet[CaseStudy] = containing(queryset, words, organisations_named(words), timezone.localdate())
        return found

    def by_district(self, queryset: QuerySet[CaseStudy], name: str, value: str) -> QuerySet[CaseStudy]:
        return queryset.filter(evidence__districts__in=Area.objects.with_predecessors(value)).distinct()

    def by_theme(self, queryset: QuerySet[CaseStudy], name: str, value: str) -> QuerySet[CaseStudy]:
        slug, _, number = value.rpartition(":")
        of_theme = Priority.objects.filter(strategy__slug=slug, number=int(number))
        return queryset.filter(evidence__commitments__priority__in=of_theme).distinct()

    def by_strand(self, queryset: QuerySet[CaseStudy], name: str, value: str) -> QuerySet[CaseStudy]:
        return queryset.filter(Exists(CaseStudyText.objects.filter(pk=OuterRef("reads"), strands__code=value)))

    def by_strategy(self, queryset: QuerySet[CaseStudy], name: str, value: str) -> QuerySet[CaseStudy]:
        of_strategy = Strategy.objects.filter(slug=value)
        return queryset.filter(evidence__commitments__strategy__in=of_strategy).distinct()

    def by_organisation(self, queryset: QuerySet[CaseStudy], name: str, value: str) -> QuerySet[CaseStudy]:
        return queryset.filter(self.asked.condition(value, "evidence__organisation"))
