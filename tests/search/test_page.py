"""The page of the search: counts, excerpts, chips, suggestions, and what can't be read."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.utils import timezone

from tests.factories import make_evidence, make_organisation

pytestmark = pytest.mark.django_db


@pytest.fixture
def garden(partner, officer, commitment):
    """One published item of evidence."""
    return make_evidence(
        partner, commitment, state="accepted", officer=officer, title="A community allotment",
        story="Every Tuesday the volunteers met. " * 12 + "In spring they planted **beans** and peas. " + "Then they rested. " * 30,
    )  # fmt: skip


def page(client, query: str, status: int = 200, **more: str) -> str:
    answer = client.get("/search/", {"q": query, **more})
    assert answer.status_code == status
    return answer.content.decode()


def words_of_page(text: str) -> str:
    main = text[text.index("<main") : text.index("</main>")]
    return " ".join(unescape(re.sub(r"<[^>]+>", "", main)).split())


def test_the_words_are_marked_where_they_stand(client, garden):
    shown = page(client, "bean planting")
    assert "they <mark>planted</mark> <mark>beans</mark> and peas." in shown
    [excerpt, *_rest] = re.findall(r'app-hit__text"\s*>(.*?)</p>', shown, re.DOTALL)
    assert excerpt.startswith("… ")
    assert excerpt.endswith(" …")
    assert len(re.sub(r"<[^>]+>", "", excerpt)) < 260
    assert "A community <mark>allotment</mark>" in page(client, "allotments")


def test_results_come_by_kind_with_counts_and_lead_to_all_of_one_kind(client, garden, partner, officer, commitment):
    make_organisation("Allotment Friends")
    for day in range(3, 27):
        make_evidence(
            partner, commitment, state="accepted", officer=officer, title=f"Allotment day {day}",
            happened_from=timezone.localdate() - timedelta(day),
        )  # fmt: skip
    shown = page(client, "allotment")
    assert "26 results" in words_of_page(shown)
    assert "Evidence 25" in words_of_page(shown)
    assert "Organisations 1" in words_of_page(shown)
    assert shown.count('class="app-hit"') == 4
    assert 'href="/search/?q=allotment&amp;kind=evidence"' in shown
    alone = page(client, "allotment", kind="evidence")
    assert alone.count('class="app-hit"') == 20
    assert "Allotment Friends" not in alone
    assert "Organisations 1" in words_of_page(alone), "the other kinds are still named"
    second = page(client, "allotment", kind="evidence", page="2")
    assert second.count('class="app-hit"') == 5


def test_words_and_kind_can_each_be_removed(client, garden):
    shown = page(client, "community allotment", kind="evidence")
    chips = re.findall(r'app-filters__chip" href="([^"]+)"', shown)
    assert [unescape(chip) for chip in chips] == [
        "/search/?q=allotment&kind=evidence", "/search/?q=community&kind=evidence", "/search/?q=community+allotment",
    ]  # fmt: skip


def test_where_nothing_is_found_it_suggests_what_finds_something(client, garden):
    shown = page(client, "alotment")
    assert "Nothing that is published has this word." in words_of_page(shown)
    assert "Did you mean allotment?" in words_of_page(shown)
    assert 'href="/search/?q=allotment"' in shown
    shown = words_of_page(page(client, "comunity alotment"))
    assert "Did you mean community allotment" in shown
    assert "Nothing that is published has all these words." in shown
    assert "Did you mean allotment?" in words_of_page(page(client, "allotment qqqqqq"))
    assert "Did you mean" not in page(client, "qqqqqq")


@pytest.mark.parametrize("query", ["", " "])
def test_without_words_there_is_only_the_box(client, query):
    shown = words_of_page(page(client, query))
    assert "Find commitments, organisations" in shown
    assert "result" not in shown


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("a" * 1000, "Write 200 characters at most. This has 1000."),
        ("!!! ???", "There is no word in your search."),
        ("\N{RIGHT-TO-LEFT OVERRIDE}\N{ZERO WIDTH SPACE}", "There is no word in your search."),
        ("\N{PARTY POPPER}", "There is no word in your search."),
        ("garden\0", "The text contains a character that can't be read."),
    ],
)
def test_what_can_not_be_searched_is_refused_with_a_sentence(client, garden, query, sentence):
    assert sentence in words_of_page(page(client, query, status=422))


@pytest.mark.parametrize(
    "query",
    [
        "%", "_", "*", "garden*", "gard:*", "a & b | !c", "'", "''", "\\", "\\'", "'; DROP TABLE x; --", "<script>alert(1)</script>",
        "\N{RIGHT-TO-LEFT OVERRIDE}garden", "Z\N{COMBINING ACUTE ACCENT}" * 100, "e" + "\N{COMBINING ACUTE ACCENT}" * 199,
        "\N{ARABIC LIGATURE SALLALLAHOU ALAYHE WASALLAM}" * 200, "\U0001d573\U0001d57a" * 100, "a " * 100, "ab" * 100, "é" * 200,
        "x" * 200, "ﬁne \ud800" .encode("utf-8", "replace").decode(), "1" * 200, "-5 +6 1e400 0x41", "((((((", "\t\n\r garden \v",
        "volunteering " * 15, "the of and", "ŉ" * 100, "ß" * 200, "İ" * 100, "\N{SOFT HYPHEN}garden",
    ],
)  # fmt: skip
def test_nothing_that_can_be_typed_breaks_it(client, garden, query):
    answer = client.get("/search/", {"q": query})
    assert answer.status_code in {200, 422}
    assert b"<script>alert" not in answer.content


def test_a_kind_that_is_not_there_is_refused(client, garden):
    assert "is not one of the choices here" in words_of_page(page(client, "garden", status=422, kind="people"))


def test_the_box_is_in_the_header_of_every_page_but_the_search_itself(client, strategy):
    home = client.get("/", follow=True).content.decode()
    assert 'action="/search/"' in home
    assert page(client, "garden").count('action="/search/"') == 1
