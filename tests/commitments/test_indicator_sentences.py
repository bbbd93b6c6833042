"""A step of a scale has words of its own, so it is quoted wherever it stands in a sentence."""

from dataclasses import replace
from decimal import Decimal

import pytest

from commitments.reading.indicator_words import Cell, IndicatorSummary, RoundTarget

LATE = Cell(
    "2024-25", Decimal(2), Decimal(3), Decimal(2), Decimal(3), "Somebody was asked, late", "Most were asked", "", "", "missed",
    label="2024-25",
)  # fmt: skip
ASKED = IndicatorSummary("5.1", "How far the council asks", "", "", "", "scale", False, "", None, "", (LATE,))
LATER = RoundTarget("2025-26", Decimal(4), "Everybody was asked", "2025-26")


@pytest.mark.parametrize(("summary", "sentence"), [
    (ASKED, "“Somebody was asked, late” in 2024-25; the target was “Most were asked”."),
    (replace(ASKED, cells=(replace(LATE, target=None, target_said="No target was set"),), later=(LATER,)),
     "“Somebody was asked, late” in 2024-25. Target: “Everybody was asked” in 2025-26."),
    (replace(ASKED, cells=(replace(LATE, actual=None, added=None, actual_said="No figure yet", gap=True, ended=False),)),
     "No figure yet. Target: “Most were asked” in 2024-25."),
    (replace(ASKED, kind="number", cells=(replace(LATE, actual_said="2 halls", target_said="3 halls"),)),
     "2 halls in 2024-25; the target was 3 halls."),
])  # fmt: skip
def test_steps_are_quoted_and_numbers_are_not(summary, sentence):
    assert summary.sentence.startswith(sentence[:-1])


def test_the_words_of_the_whole_picture_and_of_what_is_to_come_quote_them_too():
    silent = replace(LATE, actual=None, added=None, actual_said="No figure was given", gap=True)
    assert "the target was “Most were asked”." in replace(ASKED, cells=(silent,)).whole_sentence
    assert replace(ASKED, later=(LATER,)).beside == "Later target: “Everybody was asked” in 2025-26."
