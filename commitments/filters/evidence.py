"""Filters for evidence, shared by the page and the API."""

from collections.abc import Set
from datetime import date
from typing import Any, ClassVar

import django_filters
from django.db.models import BooleanField, Exists, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils import timezone
from django_filters.fields import ChoiceField

from commitments.models import Commitment, Evidence, FormerReference, Round
from commitments.queries.organisation_names import organisations_named
from commitments.reading.case_studies import case_studies_with
from commitments.rules import workflow
from commitments.rules.kinds import shared_nouns
from commitments.rules.references import folded, may_be_reference
from partners.filters.organisations import offer_areas
from partners.models import Area, Organisation
from vcsportal.common.dates import in_words
from vcsportal.common.filtering import Filters
from vcsportal.common.plurals import capital
from vcsportal.common.word_search import words_in
from vcsportal.common.words import choices


class NamedField(ChoiceField):
    """A choice that may be named in shorter ways than the one that is offered."""

    def __init__(self, *args: Any, also: Set[str] = frozenset(), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.also = also

    def valid_value(self, value: Any) -> bool:
        return super().valid_value(value) or value in self.also


class NamedFilter(django_filters.ChoiceFilter):
    """Filters by :class:`NamedField`."""

    field_class = NamedField


class EvidenceFilter(Filters):
    """Filters evidence by commitment, organisation, place, date, state and words.

    Every choice is read once, whatever is chosen. Commitments and priorities are offered with their strategy's slug
    ("our-strategy:lend-chairs", "our-strategy:1"). With ``strategy`` a key, a reference or a number will do, too;
    without it these mean those of any strategy, as a round's name does.
    """

    data: Any
    strategy = django_filters.ChoiceFilter(label="Strategy", method="by_strategy", empty_label="Every strategy")
    q = django_filters.CharFilter(label="Words", method="by_words", max_length=100)
    priority = NamedFilter(label="Priority", method="by_priority", empty_label="Every priority")
    commitment = NamedFilter(label="Commitment", method="by_commitment", empty_label="Every commitment")
    organisation: django_filters.Filter = django_filters.ChoiceFilter(
        label="Organisation", field_name="organisation__slug", empty_label="Every organisation"
    )
    district = django_filters.ChoiceFilter(label="District", method="by_district", empty_label="Every district")
    round = django_filters.ChoiceFilter(label="Round", method="by_round", empty_label="Every round")
    state = django_filters.ChoiceFilter(
        label="State", choices=choices(workflow.EVIDENCE_STATES), empty_label="Every state"
    )

    class Meta:
        model = Evidence
        fields: ClassVar[list[str]] = []

    def __init__(self, *args: Any, published: bool = False, **kwargs: Any) -> None:
        """:param published: whether the rows are those that everybody may read, as they are for whoever has not signed in."""
        super().__init__(*args, **kwargs)
        user = getattr(self.request, "user", None)
        self.published = published or (user is not None and not user.is_authenticated)
        chosen = str((self.data or {}).get("strategy") or "")
        commitments = list(Commitment.objects.select_related("priority", "strategy").in_order())
        rounds = list(Round.objects.select_related("strategy").newest_first())
        strategies = _strategies(commitments, timezone.localdate())
        commitments = [commitment for commitment in commitments if chosen in ("", commitment.strategy.slug)]
        self.of_strategy = [commitment.pk for commitment in commitments]
        self.rounds = [round_ for round_ in rounds if chosen in ("", round_.strategy.slug)]
        self._offer("strategy", strategies)
        nouns = shared_nouns(commitment.strategy.kind for commitment in commitments)
        for name, noun in (("priority", nouns.priority), ("commitment", nouns.commitment)):
            self.filters[name].label = capital(noun)
            self.filters[name].extra["empty_label"] = f"Every {noun}"
        several = len({commitment.strategy_id for commitment in commitments}) > 1
        self._offer(
            "commitment",
            {
                _scoped(commitment, commitment.key): _named(commitment, commitment, several)
                for commitment in commitments
            },
        )
        self._offer(
            "priority",
            {
                _scoped(commitment, commitment.priority.number): _named(commitment, commitment.priority, several)
                for commitment in commitments
            },
        )
        self._read_shorter_names(commitments)
        self._offer("round", {round_.slug: round_.label for round_ in self.rounds})
        self._read_organisations()
        offer_areas(self.filters["district"], Area.objects.districts().values_list("gss_code", "name", "kind"), "Every")

    def _read_organisations(self) -> None:
        self._offer("organisation", dict(Organisation.objects.bodies().public().by_name().values_list("slug", "name")))

    def _offer(self, name: str, offered: dict[str, str]) -> None:
        self.filters[name].extra["choices"] = list(offered.items())

    def _read_shorter_names(self, commitments: list[Commitment]) -> None:
        """Put what is offered in the place of a key, a reference or a number that can only mean that.

        A name that means one thing in each of several strategies is taken for all of them; a reference that several
        commitments of one strategy have had is not taken.
        """
        self.meant: dict[str, list[Commitment]] = {}
        for name, find in (("commitment", _with_name), ("priority", _with_number)):
            value = str((self.data or {}).get(name) or "")
            if not value or value in dict(self.filters[name].extra["choices"]):
                continue
            found = find(commitments, value)
            things = {
                (commitment.strategy_id, commitment.pk if name == "commitment" else commitment.priority_id)
                for commitment in found
            }
            if len(things) == 1:
                self.data = self.data.copy()
                self.data[name] = _scoped(found[0], found[0].key if name == "commitment" else found[0].priority.number)
            elif things and len(things) == len({strategy for strategy, _ in things}):
                self.meant[name] = found
                self.filters[name].extra["also"] = {value}

    def _for(self, **of_commitment: Any) -> Q:
        """Evidence for any commitment like this; a subquery, so that no piece comes twice."""
        if strategy := self.form.cleaned_data.get("strategy"):
            of_commitment["strategy__slug"] = strategy
        links = Evidence.commitments.through.objects.filter(
            commitment__in=Commitment.objects.filter(**of_commitment).values("pk")
        )
        return Q(pk__in=links.values("evidence_id"))

    def by_words(self, queryset: QuerySet[Evidence], name: str, value: str) -> QuerySet[Evidence]:
        words = words_in(value)
        if not words:  # signs alone, which no word begins with
            return queryset.none()
        person = getattr(self.request, "user", None)
        today = timezone.localdate()
        found: QuerySet[Evidence] = queryset.matching(  # type: ignore[attr-defined]  # the model’s own queryset
            words, organisations_named(words), today, person, told=case_studies_with(words, today)
        )
        return found

    def by_priority(self, queryset: QuerySet[Evidence], name: str, value: str) -> QuerySet[Evidence]:
        if found := self.meant.get("priority"):
            return queryset.filter(self._for(priority__in={commitment.priority_id for commitment in found}))
        slug, _, number = value.rpartition(":")
        return queryset.filter(self._for(strategy__slug=slug, priority__number=int(number)))

    def by_commitment(self, queryset: QuerySet[Evidence], name: str, value: str) -> QuerySet[Evidence]:
        if found := self.meant.get("commitment"):
            return queryset.filter(self._for(pk__in={commitment.pk for commitment in found}))
        slug, _, key = value.rpartition(":")
        return queryset.filter(self._for(strategy__slug=slug, key=key))

    def by_strategy(self, queryset: QuerySet[Evidence], name: str, value: str) -> QuerySet[Evidence]:
        links = Evidence.commitments.through.objects.filter(evidence=OuterRef("pk"), commitment__in=self.of_strategy)
        if self.published:  # then its commitments have been chosen
            return queryset.filter(Exists(links))
        # One value for each row: with EXISTS as an alternative, PostgreSQL would gather all links first.
        linked = Subquery(links.values(yes=Value(value=True))[:1], output_field=BooleanField())
        is_linked = Q(Coalesce(linked, Value(value=False)))
        return queryset.filter(is_linked | Q(council_chooses_in__slug=value))

    def by_district(self, queryset: QuerySet[Evidence], name: str, value: str) -> QuerySet[Evidence]:
        there = Evidence.districts.through.objects.filter(area__in=Area.objects.with_predecessors(value))
        return queryset.filter(pk__in=there.values("evidence_id"))

    def by_round(self, queryset: QuerySet[Evidence], name: str, value: str) -> QuerySet[Evidence]:
        periods = Q(pk__in=[])
        for round_ in self.rounds:
            if round_.slug == value:
                periods |= Q(happened_from__gte=round_.observes_from, happened_from__lte=round_.observes_to)
        return queryset.filter(periods)


def _strategies(commitments: list[Commitment], today: date) -> dict[str, str]:
    """Return the label of each strategy by its slug, those in term first; a finished one says when it ended."""
    found = {commitment.strategy.slug: commitment.strategy for commitment in commitments}
    in_order = sorted(
        found.values(), key=lambda strategy: (strategy.ends_on < today, -strategy.starts_on.toordinal(), strategy.pk)
    )
    return {
        strategy.slug: f"{strategy.title} (ended {in_words(strategy.ends_on)})"
        if strategy.ends_on < today
        else strategy.title
        for strategy in in_order
    }


def _scoped(commitment: Commitment, name: str | int) -> str:
    return f"{commitment.strategy.slug}:{name}"


def _named(commitment: Commitment, thing: object, several: bool) -> str:
    """Return what a choice is called; where there are several strategies, with its own."""
    return f"{thing} ({commitment.strategy.title})" if several else str(thing)


def _with_name(commitments: list[Commitment], name: str) -> list[Commitment]:
    """Return the commitments that a key or a reference, of today or of before, may mean."""
    keyed = [commitment for commitment in commitments if commitment.key == name]
    if keyed or not may_be_reference(name):
        return keyed
    former = set(FormerReference.objects.filter(reference__iexact=name).values_list("commitment", flat=True))
    return [
        commitment
        for commitment in commitments
        if folded(commitment.reference) == folded(name) or commitment.pk in former
    ]


def _with_number(commitments: list[Commitment], number: str) -> list[Commitment]:
    """Return the commitments of the priorities with a number, or else with a reference."""
    numbered = [commitment for commitment in commitments if str(commitment.priority.number) == number]
    return numbered or [
        commitment for commitment in commitments if folded(commitment.priority.reference) == folded(number)
    ]
