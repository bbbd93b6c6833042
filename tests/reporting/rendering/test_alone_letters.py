"""The file that stands alone holds the fonts that its words need, and no others."""

import re
from dataclasses import replace

from reporting import rendering
from tests.as_read import as_read
from tests.reporting.small import photographs, small


def faces(html: str) -> dict[str, int]:
    """Return how many fonts of each family are inside; each as data."""
    rules = re.findall(r"@font-face\{([^}]*)\}", html)
    assert all("url(data:font/woff2;base64," in rule for rule in rules)
    names = [re.search(r'font-family:"?([^";]+)', rule)[1] for rule in rules]  # type: ignore[index]
    return {name: names.count(name) for name in names}


def test_the_usual_report_holds_the_main_font_alone():
    assert faces(as_read(rendering.to_alone(small(), photographs=photographs()))) == {"Atkinson Hyperlegible Next": 8}


def test_other_letters_bring_their_font_and_words_from_right_to_left_are_kept_apart():
    report = small()
    piece = replace(report.evidence[0], organisation="مركز الأمل")
    html = as_read(
        rendering.to_alone(replace(report, evidence=(piece, *report.evidence[1:])), photographs=photographs())
    )
    assert faces(html) == {"Atkinson Hyperlegible Next": 8, "Noto Sans": 2}
    assert "<bdi>مركز الأمل</bdi>" in html
