"""Filters for the list of commitments. One FilterSet serves the page and the API."""

from typing import Any

import django_filters
from django import forms
from django.db.models import Q, QuerySet

from commitments.models import Commitment, DeliveryPartner, Evidence
from commitments.models.strategy import CommitmentQuerySet
from commitments.rules import references, stances
from commitments.rules import status as words
from commitments.rules.kinds import GENERAL, Nouns
from partners.filters.organisations import offer_areas
from partners.models import Area, Organisation
from partners.reading.public_names import name_column, sees_names
from vcsportal.common.filtering import Filters
from vcsportal.common.plurals import capital

NO_UPDATE = "none"
"""What stands in an address for "no update yet", whose own code is empty."""
STATUS_CHOICES = [*((word.code, word.label) for word in words.STATUSES), (NO_UPDATE, words.NO_UPDATE.label)]
HAS_MEASURE = [("yes", "Has a success measure"), ("no", "No success measure yet")]
SMALL = {"class": "govuk-checkboxes--small"}


class CommitmentFilter(Filters):
    """By priority, status, lead officer, organisation, district, words, whether there is a success measure, and, where
    something is addressed to somebody, by the owner's response.

    The choices are read once, from the commitments given, so that checking a value needs no further query.
    """

    q = django_filters.CharFilter(label="Words", method="with_words", max_length=100)
    status = django_filters.MultipleChoiceFilter(
        label="Status", choices=STATUS_CHOICES, method="with_status", widget=forms.CheckboxSelectMultiple(attrs=SMALL)
    )
    response = django_filters.MultipleChoiceFilter(
        label="Response of the owner",
        field_name="owner_response",
        choices=[(stance.code, stance.label) for stance in (*stances.STANCES, stances.AWAITED)],
        widget=forms.CheckboxSelectMultiple(attrs=SMALL),
        distinct=False,
    )
    priority = django_filters.MultipleChoiceFilter(
        label="Priority",
        field_name="priority__number",
        widget=forms.CheckboxSelectMultiple(attrs=SMALL),
        distinct=False,
    )
    lead = django_filters.ChoiceFilter(label="Lead officer", method="with_lead", empty_label="Anybody")
    organisation: django_filters.Filter = django_filters.ChoiceFilter(
        label="Organisation that takes part", method="with_organisation", empty_label="Any"
    )
    district = django_filters.ChoiceFilter(
        label="District",
        method="in_district",
        empty_label="Any",
        help_text="Where evidence is from, or a partner works",
    )

    has_success_measure = django_filters.ChoiceFilter(
        label="Success measure", choices=HAS_MEASURE, method="with_success_measure", empty_label="Any"
    )

    class Meta:
        model = Commitment
        fields: tuple[str, ...] = ()

    def __init__(self, data: Any = None, queryset: Any = None, *, nouns: Nouns = GENERAL, **kwargs: Any) -> None:
        super().__init__(data, queryset, **kwargs)
        self.filters["priority"].label = capital(nouns.priority)
        base = self.queryset.order_by()
        columns = "priority__number", "priority__title", "priority__reference", "owner_response"
        rows = list(base.order_by("priority__number").values_list(*columns).distinct())
        named = {number: f"{references.label(reference, number)} {title}" for number, title, reference, _ in rows}
        self._offer("priority", list(named.items()))
        self.has_responses = any(response for *_, response in rows)
        self._leads = self._lead_officers(base)
        self._offer("lead", [(pk, label) for pk, (label, _people) in self._leads.items()])
        self._read_organisations()
        offer_areas(self.filters["district"], Area.objects.districts().values_list("gss_code", "name", "kind"))

    def _read_organisations(self) -> None:
        partners = DeliveryPartner.objects.current().filter(commitment__in=self.queryset.order_by().values("pk"))
        found = Organisation.objects.public().filter(pk__in=partners.values("organisation")).by_name()
        self._offer("organisation", found.values_list("slug", "name"))

    def _lead_officers(self, base: QuerySet[Commitment]) -> dict[str, tuple[str, list[int]]]:
        """Return what can be chosen: the label and the people of each choice, by the number of one of them.

        Whoever reads posts instead of names reads each post once, and it stands for everybody who holds it. An address
        that names another of them means the same.
        """
        reader = getattr(self.request, "user", None)
        rows = (
            base.filter(lead_officer__isnull=False)
            .annotate(shown=name_column(reader, "lead_officer", "strategy__owner"))
            .order_by("shown", "lead_officer")
            .values_list("lead_officer", "shown", "lead_officer__name_shown")
            .distinct()
        )
        groups: dict[tuple[str, int], list[int]] = {}
        for pk, label, name_shown in rows:
            groups.setdefault((label, pk if name_shown or sees_names(reader) else 0), []).append(pk)
        asked = str((self.data or {}).get("lead", ""))
        return {
            asked if asked in map(str, people) else str(people[0]): (label, people)
            for (label, _own), people in groups.items()
        }

    def with_lead(self, queryset: QuerySet[Commitment], name: str, value: str) -> QuerySet[Commitment]:
        """The person leads it, or for readers of posts somebody in the same post."""
        return queryset.filter(lead_officer__in=self._leads[value][1])

    def _offer(self, name: str, choices: Any) -> None:
        self.filters[name].extra["choices"] = [(str(value), label) for value, label in choices]

    def with_words(self, queryset: CommitmentQuerySet, name: str, value: str) -> CommitmentQuerySet:
        """Every word is in the wording, the short title or the reference; a word with a full stop is how a reference begins."""
        words = value.split()
        for word in (word for word in words if "." in word.strip(".")):
            queryset = queryset.filter(reference__istartswith=word)
        return queryset.with_words(" ".join(word for word in words if "." not in word.strip(".")))

    def with_status(self, queryset: QuerySet[Commitment], name: str, value: list[str]) -> QuerySet[Commitment]:
        """Any of the statuses, "no update yet" among them."""
        return queryset.filter(status__in=["" if code == NO_UPDATE else code for code in value]) if value else queryset

    def with_success_measure(self, queryset: QuerySet[Commitment], name: str, value: str) -> QuerySet[Commitment]:
        """There is a success measure, or there is none yet."""
        return queryset.exclude(success_measure="") if value == "yes" else queryset.filter(success_measure="")

    def with_organisation(self, queryset: QuerySet[Commitment], name: str, value: str) -> QuerySet[Commitment]:
        """An organisation helps to deliver it."""
        return queryset.filter(
            pk__in=DeliveryPartner.objects.current().filter(organisation__slug=value).values("commitment")
        )

    def in_district(self, queryset: QuerySet[Commitment], name: str, value: str) -> QuerySet[Commitment]:
        """Accepted, published evidence is from the district, or a delivery partner works there."""
        areas = Area.objects.with_predecessors(value)
        delivered = DeliveryPartner.objects.current().filter(organisation__districts__in=areas)
        done = Evidence.objects.published().filter(districts__in=areas)
        return queryset.filter(Q(pk__in=delivered.values("commitment")) | Q(pk__in=done.values("commitments")))
