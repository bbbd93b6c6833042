"""The round's evidence and the organisations that it came from, in a fixed number of queries."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.core.files.storage import default_storage
from django.db import models

from commitments.models import Evidence, EvidenceFile, EvidenceLink, Round
from commitments.rules.evidence_figures import figures_of
from partners.area_tiles import TILE_PLACES
from partners.models import Area, Organisation, OrganisationIdentifier
from reporting import facts
from reporting.assembly.grouping import names
from reporting.assembly.late_evidence import of_year_or_late
from reporting.facts.withholding import withhold
from vcsportal.common.json_columns import list_column


@dataclass(frozen=True, slots=True)
class GatheredEvidence:
    """The evidence of a report: the year's items, those that came in late, and counts of the year's.

    ``numbers`` are those of each commitment's items, by its reference; ``shares`` is how many items each organisation sent.
    """

    items: tuple[facts.EvidenceFacts, ...]
    late: tuple[facts.EvidenceFacts, ...]
    numbers: dict[str, list[int]]
    shares: Counter[int]


def evidence(round_: Round, references: dict[int, str], day: date) -> GatheredEvidence:
    """Return the evidence of a round's report. One query.

    :param references: the strategy's commitments in their order, by their keys.
    :param day: the day on which consents are asked: what nobody agrees to any more is left out.
    """
    order = {reference: place for place, reference in enumerate(references.values())}

    def named(item: Any) -> tuple[str, ...]:
        return tuple(sorted((references[key] for key in item.serves if key in references), key=order.__getitem__))

    published = of_year_or_late(Evidence.objects.published().filter(pk__in=_serving(references)), round_)
    found = list(_whole(published, day).order_by("happened_from", "id"))
    late = [item for item in found if item.happened_from < round_.observes_from]
    # stable: by day within a commitment
    of_year = sorted(
        (item for item in found if item.happened_from >= round_.observes_from), key=lambda item: order[named(item)[0]]
    )
    numbers: dict[str, list[int]] = defaultdict(list)
    for number, item in enumerate(of_year, start=1):
        for reference in named(item):
            numbers[reference].append(number)
    return GatheredEvidence(
        tuple(_facts(item, number, named(item)) for number, item in enumerate(of_year, start=1)),
        tuple(
            _facts(item, number, named(item), item.late_for) for number, item in enumerate(late, start=len(of_year) + 1)
        ),
        numbers,
        Counter(item.organisation_id for item in of_year),
    )


def _whole(items: Any, day: date) -> Any:
    """Return items with everything that a report says about them."""
    here = {"evidence": models.OuterRef("pk")}
    showable = EvidenceFile.objects.showable(day, use="report").filter(**here, kind="photograph")
    return (
        items.select_related("organisation")
        .with_story_state(day, use="report")
        .annotate(
            district_names=names(Evidence.districts.through.objects.filter(**here)),
            serves=ArraySubquery(Evidence.commitments.through.objects.filter(**here).values("commitment_id")),
            pages=list_column(EvidenceLink.objects.filter(**here).order_by("id"), url="url", label="label"),
            shown=list_column(
                showable.exclude(print_content="").order_by("id"),
                file="print_content",
                caption="caption",
                description="description",
            ),
        )
    )


def _facts(item: Any, number: int, references: tuple[str, ...], late_for: str = "") -> facts.EvidenceFacts:
    photographs = [photograph for photograph in item.shown if default_storage.exists(photograph["file"])]
    whole = facts.EvidenceFacts(
        number=number,
        id=item.pk,
        organisation=item.organisation.name,
        title=item.title,
        story=item.story,
        happened_from=item.happened_from,
        happened_to=item.happened_to,
        districts=tuple(item.district_names),
        references=references,
        links=tuple(facts.LinkFacts(**page) for page in item.pages),
        photographs=tuple(facts.PhotographFacts(**photograph) for photograph in photographs),
        lost=len(item.shown) - len(photographs),
        language=item.language,
        late_for=late_for,
        organisation_slug=item.organisation.slug,
        **figures_of(item),
    )
    return withhold(whole, item.story_state)


def organisations(shares: Counter[int], owner: int) -> tuple[facts.OrganisationFacts, ...]:
    """Return the organisations that sent the evidence, ordered by name. One query.

    :param shares: how many items each sent, by its key.
    :param owner: the key of the council, which is counted with the others and marked.
    """
    organisations: Any = (
        Organisation.objects.filter(pk__in=shares)
        .annotate(
            district_names=names(Organisation.districts.through.objects.filter(organisation=models.OuterRef("pk"))),
            registered=list_column(
                OrganisationIdentifier.objects.filter(organisation=models.OuterRef("pk")).order_by("scheme", "value"),
                scheme="scheme",
                value="value",
            ),
        )
        .by_name()
    )
    return tuple(
        facts.OrganisationFacts(
            organisation.name,
            organisation.get_kind_display(),
            tuple(organisation.district_names),
            shares[organisation.pk],
            organisation.pk == owner,
            organisation.slug,
            tuple(f"{number['scheme']}-{number['value']}" for number in organisation.registered),
        )
        for organisation in organisations
    )


def _serving(commitments: Any) -> Any:
    """Return the keys of the evidence for any of these commitments."""
    return Evidence.commitments.through.objects.filter(commitment__in=commitments).values("evidence_id")


@dataclass(frozen=True, slots=True)
class ReportAreas:
    """The areas that a report names: ``named`` by organisations and evidence, and ``districts``, which it compares."""

    named: tuple[facts.AreaFacts, ...]
    districts: tuple[facts.AreaFacts, ...]


def areas(
    owner: Organisation,
    organisations: Iterable[facts.OrganisationFacts],
    evidence: Iterable[facts.EvidenceFacts],
    late: Iterable[facts.EvidenceFacts],
    before: Iterable[str],
    day: date,
) -> ReportAreas:
    """Return the areas by their names: those that organisations and evidence name; and those in which the strategy's owner works,
    that this round's evidence names or that the last one's did, with their places on the map. One query.

    :param late: the evidence that came in too late for an earlier report.
    :param before: the GSS codes of the areas that evidence of the round before names.
    :param day: the last day of the period: an area of the owner that was not there by then, or no longer, is left out.
    """
    told = {name for item in evidence for name in item.districts}
    named = told | {name for item in late for name in item.districts}
    named |= {name for organisation in organisations for name in organisation.districts}
    compared = set(before)
    its_own = Area.objects.districts().in_force(day).filter(organisations=owner).order_by().values("pk")
    found = (
        Area.objects.annotate(is_its_own=models.Case(models.When(pk__in=its_own, then=True), default=False))
        .filter(models.Q(is_its_own=True) | models.Q(name__in=named) | models.Q(gss_code__in=compared))
        .order_by("name", "gss_code")
    )
    rows = list(found.values_list("gss_code", "name", "kind", "is_its_own"))
    return ReportAreas(
        tuple(facts.AreaFacts(code, name, kind) for code, name, kind, _own in rows if name in named),
        tuple(
            _with_place(code, name, kind) for code, name, kind, own in rows if own or name in told or code in compared
        ),
    )


def _with_place(gss_code: str, name: str, kind: str) -> facts.AreaFacts:
    place = TILE_PLACES.get(gss_code)
    return facts.AreaFacts(gss_code, name, kind, place.column if place else None, place.row if place else None)
