"""The filter of a district's page and of its answer in the API: by strategy and by reporting round."""

from typing import Any, ClassVar

import django_filters
from django.db.models import Exists, OuterRef, Q, QuerySet

from commitments.models import Commitment, Evidence, Round, Strategy
from vcsportal.common.filtering import Filters


class DistrictFilter(Filters):
    """Narrows published evidence down to one strategy and to what happened in the period of a round.

    Two queries. Rounds of several strategies may have one name, which then means each of them.

    :ivar strategies: all strategies that have commitments: the one that the portal opens with first, then the newest.
    :ivar rounds: those of the chosen strategy, or of all, the newest first.
    """

    strategies: list[Strategy]
    rounds: list[Round]
    data: Any

    strategy = django_filters.ChoiceFilter(label="Strategy", method="by_strategy", empty_label="Every strategy")
    round = django_filters.ChoiceFilter(label="Reporting round", method="by_round", empty_label="Every round")

    class Meta:
        model = Evidence
        fields: ClassVar[list[str]] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        with_commitments = Strategy.objects.filter(Exists(Commitment.objects.filter(strategy=OuterRef("pk"))))
        self.strategies = list(with_commitments.order_by("-opens_first", "-starts_on", "id"))
        asked = str((self.data or {}).get("strategy") or "")
        self.rounds = [
            round_
            for round_ in Round.objects.select_related("strategy").newest_first()
            if asked in ("", round_.strategy.slug)
        ]
        self.filters["strategy"].extra["choices"] = [(row.slug, row.title) for row in self.strategies]
        self.filters["round"].extra["choices"] = list({row.slug: row.label for row in self.rounds}.items())

    @property
    def chosen_rounds(self) -> list[Round]:
        """The rounds that the chosen name means; none if no round was chosen."""
        name = self.form.cleaned_data.get("round")
        return [round_ for round_ in self.rounds if round_.slug == name] if name else []

    @property
    def chosen_strategy(self) -> Strategy | None:
        """The strategy that was chosen."""
        slug = self.form.cleaned_data.get("strategy")
        return next((strategy for strategy in self.strategies if strategy.slug == slug), None)

    def by_strategy(self, queryset: QuerySet[Evidence], name: str, value: str) -> QuerySet[Evidence]:
        links = Evidence.commitments.through.objects.filter(evidence=OuterRef("pk"), commitment__strategy__slug=value)
        return queryset.filter(Exists(links))

    def by_round(self, queryset: QuerySet[Evidence], name: str, value: str) -> QuerySet[Evidence]:
        periods = Q(pk__in=[])
        for round_ in self.rounds:
            if round_.slug == value:
                periods |= Q(happened_from__range=(round_.observes_from, round_.observes_to))
        return queryset.filter(periods)
