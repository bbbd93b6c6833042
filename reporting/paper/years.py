"""The paper's tables of headline figures beside those of earlier rounds, and of districts beside the round before."""

from reporting.facts import Report
from reporting.narrative import districts, years_compared
from reporting.narrative.districts import DistrictCompared
from reporting.paper.writing import PaperWriter
from vcsportal.common.plurals import capital


def compare(writing: PaperWriter, report: Report) -> None:
    """Write each headline figure of every round, with the base of each sum; nothing in the first round."""
    if not (rows := years_compared.rows(report)):
        return
    labels = [report.label_of(round_) for round_ in report.rounds]
    widths = [30, *[70 // len(labels)] * len(labels)]
    widths[0] += 100 - sum(widths)
    writing.table(
        f"Headline figures since {labels[0]}",
        ["Figure", *labels],
        [[row.label, *(f"{each.said} {each.base}".rstrip() for each in row.rounds)] for row in rows],
        widths,
    )


def by_district(writing: PaperWriter, report: Report) -> None:
    """Write what organisations did in each district; nothing where no district is known."""
    if not (found := districts.rows(report)):
        return
    noun, nouns = report.area_noun, report.strategy.nouns
    before = f", and in {report.label_of(found[0].before.round)}" if found[0].before else ""
    writing.table(
        f"What organisations did in each {noun} in {report.round.label}{before}",
        [
            capital(noun),
            "Items of evidence",
            "Organisations",
            f"{capital(nouns.commitments)} worked on",
            "People reached",
        ],
        [[row.area.name, *_counts(report, row)] for row in found],
        [24, 18, 18, 18, 22],
    )


def _counts(report: Report, row: DistrictCompared) -> list[str]:
    pairs = [
        (f"{row.now.items:,}", row.before and f"{row.before.items:,}"),
        (f"{row.now.organisations:,}", row.before and f"{row.before.organisations:,}"),
        (f"{row.now.commitments:,}", row.before and f"{row.before.commitments:,}"),
        (row.now.people.said, row.before and row.before.people.said),
    ]
    when = report.label_of(row.before.round) if row.before else ""
    return [f"{now}; {was} in {when}" if was is not None else now for now, was in pairs]
