"""The small line of an indicator: what it draws, what it leaves out, and the words that say the same."""

import re
from dataclasses import replace
from decimal import Decimal

import lxml.html
import pytest

from reporting import rendering
from reporting.facts import AimFacts, IndicatorFacts
from reporting.formats import FORMAT_BY_CODE
from reporting.narrative import indicator_lines, indicator_words
from tests.reporting.small import small

DOT = re.compile(r'<circle cx="([\d.]+)" cy="([\d.]+)"')
DASHED = re.compile(r'<path d="([^"]+)"[^>]*stroke-dasharray')
SOLID = re.compile(r'<path d="([^"]+)" fill="none" stroke="[^"]+" stroke-width="1.6"')


def halls() -> IndicatorFacts:
    [found] = small().priorities[0].indicators
    return found


def drawn(indicator: IndicatorFacts) -> str:
    chart = indicator_lines.line(indicator, indicator_lines.rounds(small(), indicator))
    assert chart is not None
    return chart.svg


def with_values(*values: int | None, targets: tuple[int | None, ...] = ()) -> IndicatorFacts:
    """The indicator counted afresh each round."""
    one = halls().rounds[0]
    aims = targets or (None,) * len(values)
    rounds = tuple(
        replace(
            one, round=f"20{20 + place}-{21 + place}", actual=None if value is None else Decimal(value), total=None, total_said="",
            target=None if aim is None else Decimal(aim), target_total=None, target_total_said="",
        )
        for place, (value, aim) in enumerate(zip(values, aims, strict=True))
    )  # fmt: skip
    return replace(halls(), cumulative=False, rounds=rounds)


def test_a_total_is_drawn_where_figures_add_up_and_a_round_without_one_is_a_gap():
    dots = [(float(x), float(y)) for x, y in DOT.findall(drawn(halls()))]
    assert len(dots) == 3, "nobody counted in 2022-23"
    assert len(SOLID.findall(drawn(halls()))) == 1, "one stroke joins 2023-24 and 2024-25; none crosses the gap"
    floor = indicator_lines.HEIGHT_POINTS - indicator_lines.LABEL_POINTS - indicator_lines.MARGIN_POINTS
    heights = [floor - y for _, y in dots]
    assert heights == pytest.approx([heights[2] / 5, heights[2] * 18 / 30, heights[2]], abs=0.02), "6, 18 and 30 from 0"


def test_the_dashed_target_has_every_round_that_had_one():
    [path] = DASHED.findall(drawn(halls()))
    assert path.count("L") == 3
    apart = DASHED.findall(drawn(with_values(1, 2, 3, targets=(4, None, 2))))
    assert len(apart) == 2, "a target of one round alone is a short stroke"


def test_it_is_drawn_in_one_ink():
    for ink in ("#26333a", "currentColor"):
        chart = indicator_lines.line(halls(), indicator_lines.rounds(small(), halls()), ink)
        assert chart is not None
        assert {*re.findall(r'(?:stroke|fill)="([^"]+)"', chart.svg)} <= {ink, "none"}


def test_its_words_say_what_it_shows():
    chart = indicator_lines.line(halls(), indicator_lines.rounds(small(), halls()))
    assert chart is not None
    assert chart.sentence == (
        "Halls that are open, as a line. In 2021-22 it stood at 6 halls, against a target of 6 halls. "
        "In 2022-23 there is no figure, and the line has a gap, against a target of 6 halls (12 halls in all). "
        "In 2023-24 it stood at 12 halls (18 halls in all), against a target of 6 halls (18 halls in all). "
        "In 2024-25 it stood at 12 halls (30 halls in all), against a target of 10 halls (28 halls in all). Targets are dashed."
    )


@pytest.mark.parametrize(
    ("values", "there"),
    [
        ((1,), False),
        ((1, None, None), False),
        ((None, None), False),
        ((1, None, 2), True),
        ((0, 0), True),
        ((-1, 2), False),
    ],
)
def test_a_line_needs_two_figures_and_none_below_nought(values, there):
    indicator = with_values(*values)
    assert (indicator_lines.line(indicator, indicator_lines.rounds(small(), indicator)) is not None) is there


def test_the_last_five_rounds_are_shown():
    found = indicator_lines.rounds(small(), with_values(*range(8)))
    assert [each.round for each in found] == ["2023-24", "2024-25", "2025-26", "2026-27", "2027-28"]


@pytest.mark.parametrize("face", ["print", "html"])
def test_each_indicator_has_its_table_and_its_line(face):
    report = small()
    html = (
        rendering.to_html(report)
        if face == "print"
        else FORMAT_BY_CODE["html"].write(report, {}, None).content.decode()
    )
    [counted] = lxml.html.fromstring(html).xpath("//div[@class='counted']")
    cells = [[" ".join(cell.text_content().split()) for cell in row] for row in counted.xpath(".//tr")]
    assert cells == [
        ["Year", "Counted", "Target"],
        ["2021-22", "6 halls", "6 hallsTarget met"],
        ["2022-23", "No figure: nobody had the keys", "6 halls; 12 halls in all"],
        ["2023-24", "12 halls; 18 halls in all", "6 halls; 18 halls in allTarget met"],
        ["2024-25", "12 halls; 30 halls in all", "10 halls; 28 halls in allTarget met"],
    ]
    [words] = counted.xpath(".//*[contains(@class, 'counted__line')]/@alt | .//*[@role='img']/@aria-label")
    assert words.startswith("Halls that are open, as a line. In 2021-22 it stood at 6 halls, against")


def test_a_step_of_a_scale_is_quoted_in_a_sentence():
    aimed = replace(halls(), kind="scale", later=(AimFacts("2025-26", Decimal(3), "Most were asked"),))
    assert indicator_words.beside(small(), aimed) == "More is better. Later target: “Most were asked” in 2025-26."
    assert indicator_words.beside(small(), replace(aimed, kind="number")).endswith(
        "Later target: Most were asked in 2025-26."
    )
