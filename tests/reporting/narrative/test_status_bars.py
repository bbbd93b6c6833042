"""The bars of each priority can be read without colours: each pattern that they show is named below them."""

import re
from dataclasses import replace

from commitments.rules.stances import HOLDING_BACK
from commitments.rules.status import STATUSES
from reporting.facts import Report
from reporting.narrative.status_bars import bars
from tests.reporting.small import small


def of(statuses: list[str], response: str = "") -> Report:
    """Return the small year with a priority whose commitments have these statuses."""
    report = small()
    first = report.priorities[0].commitments[0]
    its = tuple(
        replace(first, reference=f"1.{n}", status=code, owner_response=response) for n, code in enumerate(statuses, 1)
    )
    return replace(report, priorities=(replace(report.priorities[0], commitments=its),))


def key(svg: str) -> list[tuple[float, float, str]]:
    """Return where the words of the key stand, and what they are."""
    found = re.findall(r'<text x="([\d.]+)" y="([\d.]+)" [^>]*font-size="13"[^>]*>([^<]+)</text>', svg)
    return [(float(x), float(y), words) for x, y, words in found]


def test_the_key_names_what_the_bars_show_and_nothing_else():
    assert [words for _, _, words in key(bars(small()).svg)] == [
        "On track",
        "Delayed",
        "Complete",
        "Embedded",
        "No update was received",
    ]
    assert [words for _, _, words in key(bars(of(["at_risk", "at_risk"])).svg)] == ["At risk"]


def test_each_pattern_stands_in_the_key_as_it_does_in_the_bar():
    for status in STATUSES:
        svg = bars(of([status.code])).svg
        boxes = re.findall(
            r'<rect x="[\d.]+" y="[\d.]+" width="[\d.]+" height="(?:34|16)" fill="(#\w+)"/>(<path )?', svg
        )
        assert len(boxes) == 2, status.code
        assert boxes[0] == boxes[1], "the same fill, with or without lines upon it"
    drawn = {
        bars(of([""], stance.code)).svg.count("<path ") for stance in HOLDING_BACK if stance.code in {"no", "noted"}
    }
    assert drawn == {2}, "an answer in place of a status has a pattern too"


def test_a_key_that_is_too_long_goes_on_in_a_second_line_and_the_picture_has_room_for_it():
    every = of([status.code for status in STATUSES] + [""])
    places = key(bars(every).svg)
    assert len(places) == len(STATUSES) + 1
    assert len({y for _, y, _ in places}) == 2
    width, height = map(float, re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', bars(every).svg).groups())  # type: ignore[union-attr]
    assert all(x + 6 * len(words) < width and y < height for x, y, words in places)
