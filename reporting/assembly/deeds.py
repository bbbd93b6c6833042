"""What was done: the round's evidence and the organisations it came from, in a fixed number of queries."""

from collections import Counter, defaultdict
from datetime import date
from typing import Any

from django.core.files.storage import default_storage
from django.db import models

from commitments.models import Evidence, EvidenceFile, EvidenceLink, Round
from commitments.reading.consents import STORY_TAKEN_BACK
from partners.models import Organisation
from reporting import facts
from reporting.assembly.grouping import grouped, names


def evidence(
    round_: Round, references: dict[int, str], day: date
) -> tuple[tuple[facts.EvidenceFacts, ...], dict[str, list[int]], Counter[int]]:
    """Return the round's pieces as they are told, each commitment's pieces by number, each organisation's as a count.

    :param day: the day on which consents are asked: what nobody agrees to any more is left out.
    """
    pieces = {
        piece.pk: piece
        for piece in Evidence.objects.published()
        .in_round(round_)
        .filter(pk__in=Evidence.commitments.through.objects.filter(commitment__in=references).values("evidence_id"))
        .select_related("organisation")
        .annotate(
            district_names=names(Evidence.districts.through.objects.filter(evidence=models.OuterRef("pk"))),
            kept_back=models.Exists(Evidence.objects.withheld(day, use="report").filter(pk=models.OuterRef("pk"))),
        )
        .order_by("happened_from", "id")
    }
    serves = grouped(
        Evidence.commitments.through.objects.filter(evidence__in=pieces)
        .order_by("commitment__priority__number", "commitment__number", "id")
        .values_list("evidence_id", "commitment_id")
    )
    links = grouped(
        (pk, facts.LinkFacts(url, label))
        for pk, url, label in EvidenceLink.objects.filter(evidence__in=pieces)
        .order_by("id")
        .values_list("evidence_id", "url", "label")
    )
    photographs = grouped(
        (pk, facts.PhotographFacts(file, caption))
        for pk, file, caption in EvidenceFile.objects.showable(day, use="report")
        .filter(evidence__in=pieces, kind="photograph")
        .exclude(print_content="")
        .order_by("id")
        .values_list("evidence_id", "print_content", "caption")
        if default_storage.exists(file)
    )
    order = {reference: place for place, reference in enumerate(references.values())}
    named = {
        pk: tuple(references[commitment] for commitment in serves[pk] if commitment in references) for pk in pieces
    }
    told: list[facts.EvidenceFacts] = []
    numbers: dict[str, list[int]] = defaultdict(list)
    for pk in sorted(pieces, key=lambda pk: order[named[pk][0]]):  # stable: by day within a commitment
        piece, number = pieces[pk], len(told) + 1
        told.append(
            facts.EvidenceFacts(
                number=number,
                id=pk,
                organisation=piece.organisation.name,
                title=piece.title,
                story=STORY_TAKEN_BACK if piece.kept_back and piece.story else piece.story,
                happened_from=piece.happened_from,
                happened_to=piece.happened_to,
                districts=tuple(piece.district_names),
                people_reached=piece.people_reached,
                volunteers=piece.volunteers,
                hours=piece.hours,
                references=named[pk],
                links=tuple(links[pk]),
                photographs=tuple(photographs[pk]),
            )
        )
        for reference in named[pk]:
            numbers[reference].append(number)
    return tuple(told), numbers, Counter(piece.organisation_id for piece in pieces.values())


def organisations(shares: Counter[int]) -> tuple[facts.OrganisationFacts, ...]:
    found: Any = (
        Organisation.objects.filter(pk__in=shares)
        .annotate(
            district_names=names(Organisation.districts.through.objects.filter(organisation=models.OuterRef("pk")))
        )
        .by_name()
    )
    return tuple(
        facts.OrganisationFacts(
            organisation.name,
            organisation.get_kind_display(),
            tuple(organisation.district_names),
            shares[organisation.pk],
        )
        for organisation in found
    )
