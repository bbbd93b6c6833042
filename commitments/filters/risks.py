"""Filters for risks, shared by the page and the API."""

from typing import Any, ClassVar, Final

import django_filters
from django.db.models import Exists, OuterRef, Q, QuerySet

from commitments.models import Risk, RiskAssessment
from commitments.rules.risk_limits import MAX_PERIOD_CHARACTERS, MAX_SCOPE_CHARACTERS
from vcsportal.common.filtering import Filters

STATES: Final = (("open", "Still a risk"), ("ended", "No longer a risk"))


class RiskFilter(Filters):
    """By priority, by what an assessment is about, by its period, and whether it still is a risk."""

    priority = django_filters.ChoiceFilter(label="Priority", method="of_priority", empty_label="All")
    scope = django_filters.ChoiceFilter(label="About", method="with_scope", empty_label="Anything")
    period = django_filters.ChoiceFilter(label="Period", method="with_period", empty_label="Every period")
    state = django_filters.ChoiceFilter(label="State", choices=STATES, method="in_state", empty_label="All")

    class Meta:
        model = Risk
        fields: ClassVar[list[str]] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """The choices are what the risks of the strategy have: read from the queryset, which is one strategy's."""
        super().__init__(*args, **kwargs)
        rows = RiskAssessment.objects.current().filter(risk__in=self.queryset.order_by().values("pk"))
        found = list(rows.order_by("id").values_list("scope", "period", "priority__number", "priority__title"))
        own = self.queryset.exclude(priority=None).order_by("priority__number")
        priorities = {number: title for _, _, number, title in found if number} | dict(
            own.values_list("priority__number", "priority__title")
        )
        self._offer("priority", [(str(number), f"{number} {title}") for number, title in sorted(priorities.items())])
        self._offer("scope", [(scope, scope[:MAX_SCOPE_CHARACTERS]) for scope in _once(row[0] for row in found)])
        self._offer("period", [(period, period[:MAX_PERIOD_CHARACTERS]) for period in _once(row[1] for row in found)])

    def _offer(self, name: str, offered: list[tuple[str, str]]) -> None:
        self.filters[name].extra["choices"] = offered

    def of_priority(self, queryset: QuerySet[Risk], name: str, value: str) -> QuerySet[Risk]:
        """It is a risk to the priority or to one of its commitments, or it was assessed for it."""
        number = int(value)
        return queryset.filter(
            Q(priority__number=number) | Q(commitment__priority__number=number) | _assessed(priority__number=number)
        )

    def with_scope(self, queryset: QuerySet[Risk], name: str, value: str) -> QuerySet[Risk]:
        return queryset.filter(_assessed(scope=value))

    def with_period(self, queryset: QuerySet[Risk], name: str, value: str) -> QuerySet[Risk]:
        return queryset.filter(_assessed(period=value))

    def in_state(self, queryset: QuerySet[Risk], name: str, value: str) -> QuerySet[Risk]:
        return queryset.filter(ended_on__isnull=value == "open")


def _assessed(**those: Any) -> Q:
    return Q(Exists(RiskAssessment.objects.current().filter(risk=OuterRef("pk"), **those)))


def _once(texts: Any) -> list[str]:
    return list(dict.fromkeys(text for text in texts if text))
