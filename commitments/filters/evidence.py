"""Narrowing evidence down: one set of filters for the page and the API."""

from typing import Any, ClassVar

import django_filters
from django.db.models import Q, QuerySet
from django.utils import timezone

from commitments import workflow
from commitments.models import Commitment, Evidence, Round
from partners.models import Area, Organisation
from vcsportal.common.filtering import Filters
from vcsportal.common.words import choices


class EvidenceFilter(Filters):
    """Evidence by what it is for, whose it is, where, when, how it stands, and the words in it.

    Every choice is read once, whatever is chosen. References and rounds repeat from one strategy to another, so
    ``strategy`` (a slug) narrows them down; without it they mean those of any strategy.
    """

    q = django_filters.CharFilter(label="Words", method="by_words", max_length=100)
    priority = django_filters.ChoiceFilter(label="Priority", method="by_priority", empty_label="Every priority")
    commitment = django_filters.ChoiceFilter(label="Commitment", method="by_commitment", empty_label="Every commitment")
    organisation = django_filters.ChoiceFilter(
        label="Organisation", field_name="organisation__slug", empty_label="Every organisation"
    )
    district = django_filters.ChoiceFilter(label="District", method="by_district", empty_label="Every district")
    round = django_filters.ChoiceFilter(label="Round", method="by_round", empty_label="Every round")
    state = django_filters.ChoiceFilter(
        label="State", choices=choices(workflow.EVIDENCE_STATES), empty_label="Every state"
    )
    strategy = django_filters.ChoiceFilter(label="Strategy", method="by_strategy", empty_label="Every strategy")

    class Meta:
        model = Evidence
        fields: ClassVar[list[str]] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen = str((self.data or {}).get("strategy") or "")
        promised = list(Commitment.objects.select_related("priority", "strategy").in_order())
        rounds = list(Round.objects.select_related("strategy").newest_first())
        strategies = {one.strategy.slug: one.strategy.title for one in promised}
        promised = [one for one in promised if chosen in ("", one.strategy.slug)]
        self.rounds = [one for one in rounds if chosen in ("", one.strategy.slug)]
        self._offer("strategy", strategies)
        self._offer("commitment", {one.reference: str(one) for one in promised})
        self._offer("priority", {str(one.priority.number): str(one.priority) for one in promised})
        self._offer("round", {one.slug: one.slug for one in self.rounds})
        self._offer("organisation", dict(Organisation.objects.by_name().values_list("slug", "name")))
        self._offer("district", dict(Area.objects.districts().values_list("gss_code", "name")))

    def _offer(self, name: str, offered: dict[str, str]) -> None:
        self.filters[name].extra["choices"] = list(offered.items())

    def _for(self, **of_commitment: Any) -> Q:
        """Evidence for any commitment like this; a subquery, so that no piece comes twice."""
        if strategy := self.form.cleaned_data.get("strategy"):
            of_commitment["strategy__slug"] = strategy
        links = Evidence.commitments.through.objects.filter(
            commitment__in=Commitment.objects.filter(**of_commitment).values("pk")
        )
        return Q(pk__in=links.values("evidence_id"))

    def by_words(self, queryset: QuerySet[Evidence], name: str, value: str) -> QuerySet[Evidence]:
        # What may not be read can't be searched either.
        withheld = Evidence.objects.withheld(timezone.localdate())
        bare = Evidence.objects.without_details(timezone.localdate()).exclude(
            Evidence.insiders(getattr(self.request, "user", None))
        )
        for word in value.split()[:8]:
            story = Q(story__icontains=word) & ~Q(pk__in=withheld.values("pk"))
            title = Q(title__icontains=word) & ~Q(pk__in=bare.values("pk"))
            queryset = queryset.filter(title | story | Q(organisation__name__icontains=word))
        return queryset

    def by_priority(self, queryset: QuerySet[Evidence], name: str, value: str) -> QuerySet[Evidence]:
        return queryset.filter(self._for(priority__number=int(value)))

    def by_commitment(self, queryset: QuerySet[Evidence], name: str, value: str) -> QuerySet[Evidence]:
        return queryset.filter(self._for(reference=value))

    def by_strategy(self, queryset: QuerySet[Evidence], name: str, value: str) -> QuerySet[Evidence]:
        return queryset.filter(self._for())

    def by_district(self, queryset: QuerySet[Evidence], name: str, value: str) -> QuerySet[Evidence]:
        there = Evidence.districts.through.objects.filter(area__gss_code=value)
        return queryset.filter(pk__in=there.values("evidence_id"))

    def by_round(self, queryset: QuerySet[Evidence], name: str, value: str) -> QuerySet[Evidence]:
        periods = Q(pk__in=[])
        for one in self.rounds:
            if one.slug == value:
                periods |= Q(happened_from__gte=one.observes_from, happened_from__lte=one.observes_to)
        return queryset.filter(periods)
