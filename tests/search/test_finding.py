"""What a search finds: by beginnings, English stems, words together and apart, in other languages; and in which order."""

from datetime import timedelta

import pytest
from django.utils import timezone

from commitments.models import Commitment
from partners.services.standing import end_organisation
from tests.factories import make_evidence, make_organisation
from vcsportal.search.results import find

pytestmark = pytest.mark.django_db


def found(query: str, kind: str) -> list[int]:
    """The keys that a search finds of a kind, in its order."""
    return next((list(one.keys) for one in find(query, timezone.localdate()) if one.kind.code == kind), [])


@pytest.fixture
def evidence(partner, officer, commitment):
    """Makes published evidence of a title and a story."""

    def make(title: str = "Something", story: str = "", **more):
        return make_evidence(
            partner, commitment, state="accepted", officer=officer, title=title, story=story, **more
        ).pk

    return make


@pytest.mark.parametrize(
    ("written", "query"),
    [
        ("Volunteers wanted", "volunteering"),
        ("Volunteering for all", "volunteer"),
        ("Volunteering for all", "volunteers"),
        ("Charities met", "charity"),
        ("A charity met", "charities"),
        ("Gardening club", "garden"),
        ("Gardening club", "gard"),
        ("The food banks of Banbury", "foodbank"),
        ("The food bank of Banbury", "foodbanks"),
        ("A food-bank in Banbury", "foodbank"),
        ("A foodbank in Banbury", "food bank"),
        ("A foodbank in Banbury", "food banks"),
        ("Foodbanks in Banbury", "food bank"),
        ("Foodbanks in Banbury", "food-bank"),
        ("Our youth clubs", "youthclub"),
        ("A youthclub by the river", "the youth clubs by the river"),
        ("St Mary’s Hall", "St Mary's"),
        ("St Mary's Hall", "st marys"),
        ("St Mary’s Hall", "mary"),
        ("The children’s party", "childrens"),
        ("The childrens’ party", "children"),
        ("O’Brien opened it", "obrien"),
        ("OBrien opened it", "O'Brien"),
        ("L’École opens", "ecole"),
        ("Café by the canal", "cafe"),
        ("Cafe by the canal", "CAFÉ"),
        ("Cafe by the canal", "cafe\N{COMBINING ACUTE ACCENT}"),
        ("Zajęcia dla dzieci", "zajecia"),
        ("Zajęcia dla dzieci", "zajęc"),
        ("Clwb garddio i’r teulu", "teulu"),
        ("جمعية الحي", "جمعية"),
        ("খাদ্য ব্যাংক", "খাদ্য"),
        ("“Drop-in” at ten", "“drop in”"),
        ("See x.example.org/a", "example.org"),
        ("The Who played", "the who"),
        ("Priority 1.4 in short", "1.4"),
    ],
)
def test_words_are_found_however_they_are_written(evidence, written, query):
    key = evidence(written)
    evidence("Otters in the Thames", "Nothing else.")
    assert found(query, "evidence") == [key]


@pytest.mark.parametrize("query", ["arden", "otter garden", "fo bank", "ga", "zzz", "food banker"])
def test_what_does_not_have_every_word_is_not_found(evidence, query):
    evidence("A garden for the food bank", "Everybody came.")
    evidence("An otter", "In the river.")
    assert found(query, "evidence") == []


def test_common_english_words_are_not_asked_for_where_there_are_others(evidence):
    key = evidence("Help with shopping")
    assert found("help for the shopping", "evidence") == [key]
    assert found("the", "evidence") == []


def test_a_title_comes_before_a_story_and_of_equals_the_newest(evidence):
    today = timezone.localdate()
    often = evidence("Open day", "Kestrel, kestrel, kestrel, kestrel. " * 20, happened_from=today - timedelta(1))
    old = evidence("The kestrel", "Seen.", happened_from=today - timedelta(300))
    new = evidence("The kestrel", "Seen.", happened_from=today - timedelta(200))
    once = evidence("Another day", "We saw one kestrel.", happened_from=today - timedelta(2))
    assert found("kestrel", "evidence") == [new, old, often, once]


def test_an_organisation_is_found_by_its_former_names_and_by_the_name_of_what_it_replaced(administrator):
    now = timezone.now()
    renamed = make_organisation("Rowan Trust", former_names="Ash Benevolent Society")
    after = make_organisation("Alder Together")
    ended = make_organisation("Elm Fund", "unincorporated_group", standing="listed")
    end_organisation(by=administrator, at=now, organisation=ended, ended_on=now.date(), succeeded_by=after)
    listed = make_organisation("Birch Hut", "unincorporated_group", standing="listed")
    assert found("benevolent", "organisations") == [renamed.pk]
    assert found("elm fund", "organisations") == [ended.pk, after.pk]
    assert found("birch", "organisations") == [listed.pk]
    assert found("rowan", "organisations") == [renamed.pk]


def test_commitments_are_found_by_title_wording_and_reference(strategy):
    Commitment.objects.filter(reference="1.1").update(wording="Open village halls to choirs", short_title="Halls")
    Commitment.objects.filter(reference="1.2").update(wording="Nothing of note", short_title="Choirs in halls")
    first, second = (strategy.commitments.get(reference=reference).pk for reference in ("1.1", "1.2"))
    assert found("choir hall", "commitments") == [second, first]
    assert found("2.1", "commitments")[0] == strategy.commitments.get(reference="2.1").pk
    assert found("1.2", "commitments")[0] == second


def test_a_district_is_found_by_the_beginning_of_its_name_before_everything_else(area, evidence):
    evidence("Fun in Cherwell")
    kinds = [each.kind.code for each in find("cherw", timezone.localdate())]
    assert kinds == ["districts", "evidence"]
    assert found("cherwell", "districts") == [area.pk]
