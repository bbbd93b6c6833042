"""The table of figures, and what is named after its rows."""

from dataclasses import MISSING, fields

import pytest
from django.db import models

from commitments.content.evidence import EvidenceContent
from commitments.models import Evidence
from commitments.rules.evidence_figures import FIGURE_BY_CODE, FIGURE_CODES, FIGURES, EvidenceFigure
from reporting.facts import EvidenceFacts

SEALED_BEFORE_DEFAULTS = {"people_reached", "volunteers", "hours"}
"""Figures that the facts of every edition have, however old it is."""


def test_model_content_and_facts_hold_the_figures_of_the_table_and_no_other():
    numbers = {
        field.name for field in Evidence._meta.fields if isinstance(field, models.PositiveIntegerField) and field.null
    }
    content = {field.name for field in fields(EvidenceContent) if field.type == int | None}
    facts = {field.name for field in fields(EvidenceFacts) if field.type == int | None}
    assert numbers == content == facts == set(FIGURE_CODES)


def test_a_figure_is_none_in_the_facts_of_a_report_that_was_sealed_before_it():
    defaults = {field.name: field.default for field in fields(EvidenceFacts) if field.name in FIGURE_CODES}
    for code, default in defaults.items():
        assert default is (MISSING if code in SEALED_BEFORE_DEFAULTS else None), code


def test_every_figure_has_all_its_words():
    for figure in FIGURES:
        assert figure.singular != figure.many
        assert figure.meaning.endswith(".")
        assert "{number}" in figure.easy_many
        assert "{number}" not in figure.easy_one
        assert not (figure.easy_one + figure.easy_many).endswith(".")
        assert FIGURE_BY_CODE[figure.code] is figure


@pytest.mark.parametrize(
    ("number", "noun", "counted", "easy"),
    [
        (1, "meal shared", "1 meal shared", "They shared one meal"),
        (0, "meals shared", "0 meals shared", "They shared 0 meals"),
        (1240, "meals shared", "1,240 meals shared", "They shared 1,240 meals"),
    ],
)
def test_a_number_takes_the_noun_that_goes_with_it(number, noun, counted, easy):
    meals = EvidenceFigure(
        "meals", "meal shared", "meals shared", "Meals shared.", "They shared one meal", "They shared {number} meals"
    )
    assert meals.label == "Meals shared"
    assert (meals.noun(number), meals.counted(number), meals.in_easy_words(number)) == (noun, counted, easy)


@pytest.mark.parametrize(
    ("code", "after", "around", "end"),
    [
        ("people_reached", " people", "We reached people", 7),
        ("people_reached", " people", "people came", None),
        ("volunteers", " volunteers gave time", "volunteers gave time", 11),
        ("volunteers", " volunteers", "volunteers met", None),
        ("hours", " volunteering hours", "volunteering hours", 19),
        ("hours", " hours", "hours of volunteers", 6),
        ("hours", " hoursworth", "volunteer", None),
    ],
)
def test_a_sentence_claims_a_sum_only_by_the_words_of_its_figure(code, after, around, end):
    assert FIGURE_BY_CODE[code].end_of_claim(after, around) == end
