"""What organisations did in each district beside the year before, from the facts alone: a table, and a map of equal tiles.

Districts stand in the order of their names and are never ranked. An item that names several counts in each, so nothing is
added up over districts.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape
from textwrap import wrap
from typing import Final

from commitments.rules.evidence_figures import PEOPLE_REACHED
from reporting.facts import AreaFacts, AreaSumFacts, EvidenceFacts, EvidenceSumFacts, Report
from reporting.narrative import sentences
from reporting.narrative.charts import FONT, OUTLINE, PIXELS_PER_POINT, Chart
from reporting.narrative.years_compared import RoundFigure
from vcsportal.common import plurals
from vcsportal.common.plurals import capital

TILE_WIDTH_POINTS: Final = 112.0
TILE_HEIGHT_POINTS: Final = 54.0
GAP_POINTS: Final = 5.0
MAX_NAME_CHARACTERS: Final = 20


@dataclass(frozen=True, slots=True)
class DistrictRound:
    """A district in one round: counts, and the people reached by the items that name it."""

    round: str
    items: int
    organisations: int
    commitments: int
    people: RoundFigure
    sums: tuple[EvidenceSumFacts, ...]


@dataclass(frozen=True, slots=True)
class DistrictCompared:
    """A district in this round; ``before`` is None where nothing is known of the round before."""

    area: AreaFacts
    now: DistrictRound
    before: DistrictRound | None


def rows(report: Report) -> list[DistrictCompared]:
    """Return each district by its name; none where no item names any and the owner works in none that is known."""
    here = report.districts or _named(report)
    before = report.earlier[-1] if report.earlier and report.districts else None
    known = {found.gss_code: found for found in before.areas} if before else {}
    return [
        DistrictCompared(
            area,
            _in_round(report.round.slug, _counted(area, report.evidence)),
            _in_round(before.round, known.get(area.gss_code, _nothing(area))) if before else None,
        )
        for area in here
    ]


def note(report: Report) -> str:
    """Return how to read the numbers: what counts more than once, and what names no district."""
    noun = report.area_noun
    nowhere = sum(not item.districts for item in report.evidence)
    without = (
        f" {capital(plurals.spelt(nowhere, 'item'))} of evidence {plurals.agree(nowhere, 'names', 'name')} no {noun}."
        if nowhere
        else ""
    )
    several = sum(len(item.districts) > 1 for item in report.evidence)
    twice = (
        f" {capital(plurals.spelt(several, 'item'))} {plurals.agree(several, 'names', 'name')} more than one {noun} and "
        f"{plurals.agree(several, 'counts', 'count')} in each, so the numbers can’t be added up."
        if several
        else ""
    )
    return f"An item of evidence counts in the {noun} that it names.{twice}{without} {sentences.FIGURE_NOTES}".strip()


def nothing(report: Report, found: list[DistrictCompared]) -> str:
    """Return the sentence that stands in the place of table and map where every count would be 0, "" elsewhere."""
    known = [each for row in found for each in (row.now, row.before) if each]
    if any(each.items for each in known):
        return ""
    rounds = " or ".join(report.label_of(round_) for round_ in dict.fromkeys(each.round for each in known))
    return f"No item of evidence of {rounds} names any {report.area_noun}."


def _named(report: Report) -> tuple[AreaFacts, ...]:
    """Return the areas that items of an edition name that was made before districts were kept."""
    named = {name for item in report.evidence for name in item.districts}
    return tuple(area for area in report.areas if area.name in named)


def _counted(area: AreaFacts, evidence: Iterable[EvidenceFacts]) -> AreaSumFacts:
    items = [item for item in evidence if area.name in item.districts]
    return AreaSumFacts(
        area.gss_code,
        len(items),
        len({item.organisation_slug or item.organisation for item in items}),  # two may have one name
        len({reference for item in items for reference in item.references}),
        tuple(EvidenceSumFacts(each.code, each.total, each.given) for each in sentences.figures(items)),
    )


def _nothing(area: AreaFacts) -> AreaSumFacts:
    return AreaSumFacts(area.gss_code, 0, 0, 0)


def _in_round(round_: str, counted: AreaSumFacts) -> DistrictRound:
    people = next((each for each in counted.sums if each.code == PEOPLE_REACHED), None)
    return DistrictRound(
        round_,
        counted.items,
        counted.organisations,
        counted.commitments,
        RoundFigure(round_, people.total, people.given, counted.items) if people else RoundFigure(round_, None),
        counted.sums,
    )


def sum_of(found: DistrictRound, code: str) -> EvidenceSumFacts | None:
    """Return a district's sum of one of the figures that evidence gives; None where no item gave a number."""
    return next((each for each in found.sums if each.code == code), None)


def has_map(found: list[DistrictCompared]) -> bool:
    """Return whether every district has a place on the map; one without would look as if nothing happened there."""
    return len(found) > 1 and all(row.area.column is not None and row.area.row is not None for row in found)


def tile_map(report: Report, found: list[DistrictCompared], ink: str = OUTLINE) -> Chart | None:
    """Return the map: equal tiles with words and counts, none shaded; None where a district has no place on it.

    :param ink: the one colour in which it is drawn.
    """
    if not has_map(found):
        return None
    wide, high = TILE_WIDTH_POINTS + GAP_POINTS, TILE_HEIGHT_POINTS + GAP_POINTS
    places = [(row, (row.area.column or 0) / 2 * wide, (row.area.row or 0) / 2 * high) for row in found]
    parts = [f'<g transform="translate({x:g} {y:g})">{"".join(_tile(report, row, ink))}</g>' for row, x, y in places]
    width = max(x for _, x, _ in places) + TILE_WIDTH_POINTS
    height = max(y for _, _, y in places) + TILE_HEIGHT_POINTS
    sentence = f"A map of the {report.area_nouns} as equal tiles in their rough places: {'; '.join(_said(report, row) for row in found)}."
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" width="{width * PIXELS_PER_POINT:g}" '
        f'height="{height * PIXELS_PER_POINT:g}"><title>{escape(sentence)}</title>{"".join(parts)}</svg>'
    )
    return Chart(svg, sentence)


def _said(report: Report, row: DistrictCompared) -> str:
    was = f", {row.before.items:,} in {report.label_of(row.before.round)}" if row.before else ""
    return f"{row.area.name}, {plurals.counted(row.now.items, 'item')} of evidence{was}"


def _tile(report: Report, row: DistrictCompared, ink: str) -> Iterable[str]:
    name = wrap(row.area.name, MAX_NAME_CHARACTERS, max_lines=1, placeholder="…")[0]
    was = f"{row.before.items:,} in {report.label_of(row.before.round)}" if row.before else ""
    yield (
        f'<rect x=".6" y=".6" width="{TILE_WIDTH_POINTS - 1.2:g}" height="{TILE_HEIGHT_POINTS - 1.2:g}" rx="3" fill="none" '
        f'stroke="{ink}" stroke-width="1.2"/>'
    )
    for y, size, weight, text in (
        (15, 9.5, 700, name),
        (34, 13, 700, plurals.counted(row.now.items, "item")),
        (46, 8.5, 400, was),
    ):
        yield (
            f'<text x="8" y="{y}" font-family="{FONT}" font-size="{size:g}" font-weight="{weight}" fill="{ink}">{escape(text)}</text>'
            if text
            else ""
        )
