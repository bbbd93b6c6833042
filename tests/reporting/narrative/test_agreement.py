"""Every sentence that counts agrees with its numbers, at none, at one and at two."""

import re
from dataclasses import replace
from datetime import date

import pytest

from commitments.models import Round
from commitments.queries.form_times import long
from commitments.reading import glance
from commitments.reading.evidence_cards import counted
from reporting import facts
from reporting.assembly.round_preview import RoundPreview
from reporting.easy import words as easy
from reporting.narrative import change_sentences, sentences
from reporting.production.failures import without_photographs
from tests.reporting.paper_facts import make_commitment, make_piece, make_report

NOUNS = {
    "commitment": "commitments", "priority": "priorities", "action": "actions", "organisation": "organisations", "item": "items",
    "piece": "pieces", "update": "updates", "person": "people", "new partner": "new partners", "wording": "wordings", "step": "steps",
    "story": "stories", "group": "groups", "accepted item": "accepted items", "photograph": "photographs", "minute": "minutes", "month": "months",
    "accepted piece": "accepted pieces", "volunteer": "volunteers", "planned action": "planned actions",
}  # fmt: skip
ONE, MANY = "|".join(NOUNS), "|".join(NOUNS.values())
WRONG = (
    re.compile(rf"\b(?:1|one) (?:{MANY})\b", re.IGNORECASE),
    re.compile(rf"\b(?:0|2|two) (?:{ONE})\b", re.IGNORECASE),
    re.compile(rf"(?<!of )\b(?:1|one) (?:{ONE}) (?:are|were|have|stand|wait)\b", re.IGNORECASE),
    re.compile(rf"(?<!of )\b(?:0|2|two) (?:{MANY}) (?:is|was|has|stands|waits)\b", re.IGNORECASE),
    re.compile(r"\b1 of \d+ \w+ (?:are|were|have)\b|\b2 of \d+ \w+ (?:is|was|has)\b"),
    re.compile(r"\bwording of (?!.*,).* were\b"),
)


def check(texts):
    looked = [text for text in texts if text]
    assert looked
    for sentence in looked:
        for pattern in WRONG:
            assert not pattern.search(sentence), (sentence, pattern.pattern)


def changes(count, against):
    day = date(2024, 10, 1)
    references = [f"1.{place}" for place in range(1, count + 1)]
    return facts.ChangesFacts(
        date(2024, 3, 31), date(2025, 3, 31), against=against, commitments=max(count, 1), spoken=count, pieces=count, organisations=count,
        moved=(
            *(facts.MovedFacts(one, "Do it", "on_track", "delayed", "", day) for one in references),
            *(facts.MovedFacts(one, "Do it", "", "delayed", "", day) for one in references),
        ),
        silent=tuple(references), partners=tuple(f"Group {one}" for one in references),
        slipped=tuple(facts.SlippedFacts(one, "Ask", day, None) for one in references),
        amended=tuple(facts.AmendedFacts(one, "Was", "Now", day) for one in references),
        done=tuple(facts.DoneFacts(one, "Ask", day, day) for one in references),
    )  # fmt: skip


def year(count, *, silent=0, against="2023-24"):
    spoken = [
        make_commitment(f"1.{place}", years=(facts.YearFacts("2023-24", "delayed"), facts.YearFacts("2024-25", "on_track")))
        for place in range(1, count + 1)
    ]  # fmt: skip
    quiet = [make_commitment(f"1.{count + place}", status="") for place in range(1, silent + 1)]
    pieces = [
        make_piece(place, f"Group {place}", "Tea", ("1.1",), people_reached=1, volunteers=1, hours=1)
        for place in range(1, count + 1)
    ]
    organisations = tuple(facts.OrganisationFacts(f"Group {place}", "Charity", (), 1) for place in range(1, count + 1))
    return make_report(
        priorities=(facts.PriorityFacts(1, "Networks", "", (*spoken, *quiet)),),
        evidence=tuple(pieces), organisations=organisations, changes=changes(count, against),
    )  # fmt: skip


def of_easy(report):
    parts = [
        easy.well(report, 3),
        easy.worry(report, 3),
        easy.silence(report),
        easy.took_part(report),
        easy.changed(report, 3),
    ]
    said = [*easy.intro(report), *(easy.row(priority) for priority in report.priorities)]
    return [*said, *(sentence for part in parts if part for sentence in part.says)]


@pytest.mark.parametrize("against", ["", "2023-24"])
@pytest.mark.parametrize("count", [0, 1, 2])
def test_what_changed(count, against):
    found = changes(count, against)
    check(
        [
            change_sentences.headline(found),
            *change_sentences.sentences(found),
            change_sentences.copied(found, "Working together"),
        ]
    )


def test_the_wording_of_several_commitments_was_amended():
    for count, words in ((1, "The wording of one commitment was"), (2, "The wording of two commitments was")):
        assert f"{words} amended." in change_sentences.sentences(changes(count, "2023-24"))
    assert "one wording was amended" in change_sentences.headline(changes(1, "")).lower()
    assert "two wordings were amended" in change_sentences.headline(changes(2, "")).lower()


@pytest.mark.parametrize(("count", "silent"), [(0, 0), (1, 0), (1, 1), (2, 0), (2, 1), (2, 2), (0, 1), (1, 2)])
def test_the_year_in_short_the_chapters_and_the_easy_summary(count, silent):
    report = year(count, silent=silent)
    check(
        [
            *sentences.summary(report),
            *(sentences.about(one, report.evidence) for one in report.priorities),
            *of_easy(report),
        ]
    )


def test_one_of_several_updates_is_an_update():
    assert "an update was received for 1 of the 2 commitments" in sentences.summary(year(1, silent=1))[0]
    assert "updates were received for 2 of the 3 commitments" in sentences.summary(year(2, silent=1))[0]
    assert "an update was received for the 1 commitment" in sentences.summary(year(1))[0]
    assert "an update was received for every one of the 2 commitments" in sentences.summary(year(2))[0]


@pytest.mark.parametrize("count", [0, 1, 2])
def test_what_the_pages_count(count):
    outlook = RoundPreview(
        Round(slug="2024-25", observes_from=date(2024, 4, 1), observes_to=date(2025, 3, 31)), count, count, count
    )
    codes = ["on_track"] * count
    check(
        [
            outlook.sentence(), replace(outlook, updates=1, commitments=2).sentence(), glance.sentence(codes), glance.sentence([*codes, ""]),
            glance.sentence([""] * max(count, 1)), glance.sentence(["not_started"] * count), counted(count), long(count),
            without_photographs(count) or "None.",
        ]
    )  # fmt: skip


@pytest.mark.parametrize(
    "wrong",
    ["1 priorities", "One commitments moved", "2 commitment moved", "1 action are late", "two actions was late", "1 of 3 commitments are late", "The wording of three commitments were amended."],
)  # fmt: skip
def test_a_sentence_that_does_not_agree_would_be_found(wrong):
    assert any(pattern.search(wrong) for pattern in WRONG)
