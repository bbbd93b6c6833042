"""What was done: the round's evidence and the organisations it came from, in a fixed number of queries."""

from collections import Counter, defaultdict
from datetime import date
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.core.files.storage import default_storage
from django.db import models

from commitments.models import Commitment, Evidence, EvidenceFile, EvidenceLink, Round
from partners.models import Organisation
from reporting import facts
from reporting.assembly.grouping import names
from reporting.withholding import withhold
from vcsportal.common.rows import listed


def evidence(
    round_: Round, references: dict[int, str], day: date
) -> tuple[tuple[facts.EvidenceFacts, ...], dict[str, list[int]], Counter[int]]:
    """Return the round's pieces as they are told, each commitment's pieces by number, each organisation's as a count.

    :param day: the day on which consents are asked: what nobody agrees to any more is left out.
    """
    here = {"evidence": models.OuterRef("pk")}
    showable = EvidenceFile.objects.showable(day, use="report").filter(**here, kind="photograph")
    pieces: dict[int, Any] = {
        piece.pk: piece
        for piece in Evidence.objects.published()
        .in_round(round_)
        .filter(pk__in=_serving(references))
        .select_related("organisation")
        .with_story_state(day, use="report")
        .annotate(
            district_names=names(Evidence.districts.through.objects.filter(**here)),
            serves=ArraySubquery(Evidence.commitments.through.objects.filter(**here).values("commitment_id")),
            pages=listed(EvidenceLink.objects.filter(**here).order_by("id"), url="url", label="label"),
            shown=listed(showable.exclude(print_content="").order_by("id"), file="print_content", caption="caption"),
        )
        .order_by("happened_from", "id")
    }
    order = {reference: place for place, reference in enumerate(references.values())}
    named = {
        pk: tuple(sorted((references[one] for one in piece.serves if one in references), key=order.__getitem__))
        for pk, piece in pieces.items()
    }
    told: list[facts.EvidenceFacts] = []
    numbers: dict[str, list[int]] = defaultdict(list)
    for pk in sorted(pieces, key=lambda pk: order[named[pk][0]]):  # stable: by day within a commitment
        piece, number = pieces[pk], len(told) + 1
        photographs = [one for one in piece.shown if default_storage.exists(one["file"])]
        item = facts.EvidenceFacts(
            number=number,
            id=pk,
            organisation=piece.organisation.name,
            title=piece.title,
            story=piece.story,
            happened_from=piece.happened_from,
            happened_to=piece.happened_to,
            districts=tuple(piece.district_names),
            people_reached=piece.people_reached,
            volunteers=piece.volunteers,
            hours=piece.hours,
            references=named[pk],
            links=tuple(facts.LinkFacts(**page) for page in piece.pages),
            photographs=tuple(facts.PhotographFacts(**one) for one in photographs),
            lost=len(piece.shown) - len(photographs),
            language=piece.language,
        )
        told.append(withhold(item, piece.story_state))
        for reference in named[pk]:
            numbers[reference].append(number)
    return tuple(told), numbers, Counter(piece.organisation_id for piece in pieces.values())


def unpublished(round_: Round) -> int:
    """Return how many of the round's accepted items may not be published. One query."""
    return (
        Evidence.objects.accepted()
        .filter(publishable=False)
        .in_round(round_)
        .filter(pk__in=_serving(Commitment.objects.filter(strategy=round_.strategy_id)))
        .count()
    )


def organisations(shares: Counter[int], owner: int) -> tuple[facts.OrganisationFacts, ...]:
    """Return the organisations that the evidence came from, by name. One query.

    :param shares: how many items each sent, by its key.
    :param owner: the key of the council, which is counted with the others and marked.
    """
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
            organisation.pk == owner,
        )
        for organisation in found
    )


def _serving(commitments: Any) -> Any:
    """Return the keys of the evidence for any of these commitments."""
    return Evidence.commitments.through.objects.filter(commitment__in=commitments).values("evidence_id")
