"""The direction of words, by their letters, in a paragraph and in Markdown."""

import pytest

from vcsportal.common.languages import direction_of
from vcsportal.common.markdown import to_html


@pytest.mark.parametrize(
    ("text", "way"),
    [("", "ltr"), ("12. – !", "ltr"), ("A مرحبا", "ltr"), ("12. مرحبا A", "rtl"), ("שנה", "rtl"), ("یہ", "rtl"), ("Да", "ltr")],
)  # fmt: skip
def test_a_paragraph_runs_as_its_first_letter_does(text, way):
    assert direction_of(text) == way


def test_markdown_from_right_to_left_says_so_part_by_part():
    html = to_html("# שנה\n\nA good year.\n\n**یہ** year\n\n* מים\n\n> שנה")
    assert '<h3 dir="rtl">שנה</h3>' in html
    assert "<p>A good year.</p>" in html
    assert '<p dir="rtl"><strong>یہ</strong> year</p>' in html
    assert '<ul dir="rtl">\n<li dir="rtl">מים</li>\n</ul>' in html
    assert '<blockquote>\n<p dir="rtl">שנה</p>' in html


def test_nobody_sets_a_direction_by_hand():
    assert to_html('<p dir="rtl">A good year.</p>').startswith("<p>&lt;p ")
