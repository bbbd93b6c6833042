"""The case studies that were chosen for a round's report, in a fixed number of queries."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef

from commitments.models import CaseStudy, CaseStudyChoice, CaseStudyQuotation, CaseStudyText, Evidence, Round
from commitments.reading.case_studies import cost_in_words
from commitments.rules.case_study_parts import PART_CODES
from reporting.assembly.grouping import names
from reporting.facts import CaseStudyFacts, EvidenceFacts


def case_studies(
    round_: Round, references: Mapping[int, str], evidence: Iterable[EvidenceFacts], day: date
) -> tuple[CaseStudyFacts, ...]:
    """Return what was chosen and is still about the strategy, the oldest choice first. One query.

    :param references: the strategy's commitments in their order, by their keys.
    :param evidence: the items in the report, whose numbers are cited.
    :param day: the day on which consents are asked: what nobody agrees to any more is left out.
    """
    notes = {item.id: item.number for item in evidence}
    order = {reference: place for place, reference in enumerate(references.values())}
    chosen = CaseStudyChoice.objects.current().filter(round=round_, case_study=OuterRef("pk"))
    about = Evidence.commitments.through.objects.filter(
        evidence=OuterRef("evidence"), commitment__strategy=round_.strategy_id
    )
    quotable = CaseStudyQuotation.objects.showable(day, use="report").filter(pk=OuterRef("published__quotation"))
    of_evidence = {"evidence": OuterRef("evidence")}
    found: Any = (
        CaseStudy.objects.published(day, use="report")
        .filter(Exists(chosen), Exists(about))
        .select_related("evidence__organisation", "published__quotation")
        .annotate(
            may_quote=Exists(quotable),
            district_names=names(Evidence.districts.through.objects.filter(**of_evidence)),
            serves=ArraySubquery(Evidence.commitments.through.objects.filter(**of_evidence).values("commitment_id")),
            strand_words=ArraySubquery(
                CaseStudyText.strands.through.objects.filter(casestudytext=OuterRef("published"))
                .order_by("strand__number", "strand_id")
                .values("strand__words")
            ),
            first_chosen=chosen.values("chosen_at")[:1],
        )
        .order_by("first_chosen", "id")
    )
    return tuple(
        _facts(
            row,
            number,
            tuple(sorted((references[key] for key in row.serves if key in references), key=order.__getitem__)),
            notes.get(row.evidence_id, 0),
        )
        for number, row in enumerate(found, start=1)
    )


def _facts(row: Any, number: int, references: tuple[str, ...], note: int) -> CaseStudyFacts:
    piece, text = row.evidence, row.published
    quotation = text.quotation if row.may_quote else None
    return CaseStudyFacts(
        number, piece.pk, text.headline, piece.organisation.name, text.led_with, text.place, tuple(row.district_names),
        piece.happened_from, piece.happened_to, references, **{code: getattr(text, code) for code in PART_CODES},
        cost=cost_in_words(text), quotation=quotation.words if quotation else "",
        said_by=quotation.said_by if quotation else "", quotation_id=quotation.pk if quotation else 0, note=note,
        told=f"Told {text.get_told_how_display().lower()}" if text.told_how else "", strands=tuple(row.strand_words),
        language=piece.language,
    )  # fmt: skip
