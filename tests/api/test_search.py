"""The search through the API: the page's results, and parameters that are refused with a sentence."""

from datetime import timedelta

import pytest
from django.utils import timezone
from drf_spectacular.generators import SchemaGenerator
from jsonschema import Draft202012Validator

from tests.factories import make_evidence

pytestmark = pytest.mark.django_db
ADDRESS = "/api/v1/search/"


@pytest.fixture
def gardens(partner, officer, commitment):
    """22 published items of evidence, the newest of today."""
    for day in range(22):
        make_evidence(
            partner, commitment, state="accepted", officer=officer, title=f"Garden {day}", story="We dug all day.",
            happened_from=timezone.localdate() - timedelta(day),
        )  # fmt: skip


def test_it_gives_the_results_of_the_page_in_the_promised_shape(client, gardens):
    answer = client.get(ADDRESS, {"q": "gardens dug"})
    assert answer.status_code == 200
    found = answer.json()
    assert found["words"] == ["gardens", "dug"]
    [kind] = found["kinds"]
    assert {key: kind[key] for key in ("kind", "label", "count", "more")} == {
        "kind": "evidence", "label": "Evidence", "count": 22, "more": False,
    }  # fmt: skip
    assert [one["title"] for one in kind["results"]] == ["Garden 0", "Garden 1", "Garden 2"]
    first = kind["results"][0]
    assert first["page"].startswith("http://127.0.0.1:8000/evidence/")
    assert first["day"] == timezone.localdate().isoformat()
    assert first["excerpt"] == [
        {"text": "We ", "found": False}, {"text": "dug", "found": True}, {"text": " all day.", "found": False},
    ]  # fmt: skip
    description = SchemaGenerator().get_schema(request=None, public=True)
    schema = description["paths"]["/api/v1/search/"]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    Draft202012Validator({**schema, "components": description["components"]}).validate(found)


def test_one_kind_comes_by_pages(client, gardens):
    first, second = (
        client.get(ADDRESS, {"q": "garden", "kind": "evidence", "page": page}).json()["kinds"][0] for page in "12"
    )
    assert (len(first["results"]), len(second["results"]), second["count"]) == (20, 2, 22)
    assert client.get(ADDRESS, {"q": "garden", "kind": "evidence", "page": "3"}).json()["kinds"][0]["results"] == []


@pytest.mark.parametrize(
    ("asked", "field", "sentence"),
    [
        ({"q": "garden", "kind": "people"}, "kind", "There is no such kind. You can use: districts, commitments,"),
        ({"q": "garden", "page": "2"}, "page", "Pages are of one kind. Give a kind too."),
        ({"q": "garden", "kind": "evidence", "page": "0"}, "page", "Give a whole number from 1 to 50."),
        ({"q": "garden", "kind": "evidence", "page": "51"}, "page", "Give a whole number from 1 to 50."),
        ({"q": "garden", "kind": "evidence", "page": "²"}, "page", "Give a whole number from 1 to 50."),
        ({"q": "a" * 201}, "q", "Write 200 characters at most. This has 201."),
        ({"q": "!?"}, "q", "There is no word in your search."),
        ({"query": "garden"}, "query", "There is no such parameter. You can use: kind, page, q."),
    ],
)
def test_what_it_can_not_use_is_refused_with_a_sentence(client, gardens, asked, field, sentence):
    answer = client.get(ADDRESS, asked)
    assert answer.status_code == 400
    assert answer.json()["errors"][field][0].startswith(sentence)


def test_without_words_there_are_no_results(client, gardens):
    assert client.get(ADDRESS).json() == {"words": [], "kinds": [], "suggestions": []}
    assert client.get(ADDRESS, {"q": "a\0b"}).status_code == 400


def test_where_nothing_is_found_it_suggests(client, gardens):
    assert client.get(ADDRESS, {"q": "gardne"}).json() == {"words": ["gardne"], "kinds": [], "suggestions": ["garden"]}
