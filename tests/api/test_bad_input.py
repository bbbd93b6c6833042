"""What no list and no write can use: each is a problem document with a sentence, and costs no more than a good request."""

import gc
import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.api.conftest import ROOT, Api, Stored, World, make_world, stored_world
from tests.api.every_list import WITH_FILES, again, every_list
from tests.api.test_problems import check
from tests.commitments.charter import make_charter
from vcsportal.api_docs import description

pytestmark = pytest.mark.django_db
JSON = "application/json"
TOKEN = "vcs_" + "a" * 43
MAX_ANSWER = 10_000
"""Bytes of a refusal: it does not send back what was sent."""
MAX_MORE_QUERIES = 8
"""Where filters are asked, their choices are read."""
MAX_TIMES = 4
"""As many times the processor time of a plain read of the same list, at most."""
EIGHT_WORDS = "halls ramps lunches gardens walks choirs libraries kitchens"
"""As many as a search looks for."""
BOMBS = {
    "combining marks": "e" + "\u0301" * 98,
    "a ligature that becomes 18 letters": "\ufdfa" * 100,
    "changes of direction": "\u202e\u2066" * 50,
    "faces joined to one": "\U0001f468\u200d" * 50,
    "letters that lower case makes longer": "\u0130" * 100,
    "quotes and signs of a search": "'\"():&|!*<->" * 8,
    "patterns": "%_\\" * 33,
    "words": "ab " * 33,
}


def make_charter_world() -> World:
    world = make_world()
    make_charter(world.council)
    again(world.evidence["accepted"], pk=WITH_FILES, form_token=None)
    return world


@pytest.fixture(scope="module")
def stored(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: Any) -> Iterator[Stored]:
    yield from stored_world(make_charter_world, django_db_blocker, tmp_path_factory)


class Costs:
    """Asks a list, and compares what an answer costs with what a good query costs; without one, a plain read of the list."""

    def __init__(self, asker: Api, rest: str, good: dict[str, str] | None = None) -> None:
        self.asker, self.rest = asker, rest
        self.plain_seconds, self.plain_queries = min(self._measured(good or {})[:2] for _ in range(3))

    def of(self, query: dict[str, str]) -> Any:
        """Return the answer to a query. It is asked again where it took long, as the machine has other work too."""
        for _ in range(4):
            seconds, queries, answer = self._measured(query)
            assert queries <= self.plain_queries + MAX_MORE_QUERIES, query
            assert len(answer.content) < MAX_ANSWER or answer.status_code == 200, query
            if seconds <= MAX_TIMES * self.plain_seconds:
                return answer
        pytest.fail(f"{query} took {seconds:.3f} s of the processor, and a good query {self.plain_seconds:.3f} s")

    def _measured(self, query: dict[str, str]) -> tuple[float, int, Any]:
        gc.collect(0)
        with CaptureQueriesContext(connection) as queries:
            began = time.thread_time()
            answer = self.asker.get(self.rest, query_params=query)
            seconds = time.thread_time() - began
        return seconds, len(queries), answer


def bad_queries(parameters: dict[str, dict[str, Any]]) -> Iterator[tuple[dict[str, str], str]]:
    """Yield queries that are refused, each with the name under which the refusal is."""
    yield {"colour": "red"}, "colour"
    yield {"ordering": "-" + "strategy__" * 200 + "slug"}, "ordering"
    yield {"pk__in": ",".join(map(str, range(500)))}, "pk__in"
    for name in ("page", "page_size"):
        for value in ("1000000000", "9" * 3_000, "-1", "0", "1.5", "1e3", "\u0663", "[]"):
            yield {name: value}, name
    yield {"cursor": "5"}, "cursor"
    yield {"cursor": "x" * 3_000}, "cursor"
    for name in ("fields", "include"):
        if name in parameters:
            yield {name: "colour"}, name
    if "updated_since" in parameters:
        yield {"updated_since": "yesterday"}, "updated_since"
    yield {"format": "xml"}, "format"
    if "q" in parameters:
        yield {"q": "x" * 1_000}, "q"
    for name, parameter in parameters.items():
        shape = parameter["schema"]
        if (shape.get("enum") or shape.get("items", {}).get("enum")) and name not in {"format", "include"}:
            yield {name: "splendid"}, name


@pytest.mark.parametrize("rest", every_list())
def test_no_list_answers_what_it_cannot_read(stranger, world, rest):
    takes = every_list()[rest]
    parameters = {each["name"]: each for each in takes["get"]["parameters"] if each["in"] == "query"}
    costs = Costs(stranger, rest)
    for query, name in bad_queries(parameters):
        [sentence] = check(costs.of(query), 400)["errors"][name]
        for value in offered(parameters.get(name, {})):
            assert value in sentence, (query, sentence)
        if name in {"colour", "ordering", "pk__in"}:
            assert "You can use: " in sentence
            assert "page_size" in sentence
    for query in ({"\x00": "1"}, {"page": "1\x00"}, {"x" * 200: "y" * 3_900}):
        check(costs.of(query), 400)
    assert "must not be in an address" in check(costs.of({"access_token": TOKEN}), 400)["detail"]
    for method in {"post", "put", "patch", "delete"}:
        answer = stranger.client.generic(method.upper(), f"{ROOT}{rest}", b"{}", "application/json")
        check(answer, 401 if method in takes else 405)
    if "q" in parameters:
        costs = Costs(stranger, rest, {"q": EIGHT_WORDS})
        for words in BOMBS.values():
            assert costs.of({"q": words}).status_code in {200, 400}, words


def offered(parameter: dict[str, Any]) -> list[str]:
    """Return the values that the description has for a parameter."""
    shape = parameter.get("schema", {})
    return [str(value) for value in shape.get("enum") or shape.get("items", {}).get("enum") or () if value]


def deep(levels: int) -> bytes:
    return b'{"a":' * levels + b"1" + b"}" * levels


BODIES: dict[str, tuple[bytes, int]] = {
    "none": (b"", 400),
    "broken": (b'{"title":', 400),
    "a list": (b"[1, 2]", 400),
    "deep": (deep(9), 400),
    "very deep": (deep(20_000), 400),
    "large": (b'{"title":"' + b"x" * 300_000 + b'"}', 413),
    "no number": (b'{"title":NaN}', 400),
    "no text": (b'{"title":"\\u0000"}', 400),
    "half a letter": (b'{"title":"\\ud800"}', 400),
    "another encoding": (b'{"title":"\xff"}', 400),
    "an unknown field": (b'{"colour":"red"}', 400),
}
WRONG: tuple[Any, ...] = ([{}], {"a": {"b": []}}, True, 10**30, "\u202e" * 1_000, "e" + "\u0301" * 1_000, ["x"] * 500)
"""Values that no field of a body takes, or hardly one."""
CREATED = [
    rest
    for rest, operations in every_list().items()
    if JSON in operations.get("post", {}).get("requestBody", {}).get("content", {})
]
"""Lists to which JSON adds something; files are added by a form."""


@pytest.mark.parametrize("rest", CREATED)
def test_no_list_takes_a_body_that_it_cannot_read(world, officer, rest):
    asker = Api(officer)
    for name, (raw, status) in BODIES.items():
        answer = asker.post(rest, raw=raw)
        refused = check(answer, 403 if answer.status_code == 403 else status)
        assert len(answer.content) < MAX_ANSWER, name
        if name == "an unknown field" and answer.status_code == 400:
            assert "colour" in refused["errors"]
    for kind in ("application/xml", "application/x-www-form-urlencoded", "nonsense"):
        check(asker.post(rest, raw=b"title=x", content_type=kind), 415)
    fields = fields_of(every_list()[rest]["post"])
    assert fields
    for value in WRONG:
        answer = asker.post(rest, dict.fromkeys(fields, value))
        check(answer, 403 if answer.status_code == 403 else 400)


def fields_of(operation: dict[str, Any]) -> list[str]:
    shape = operation["requestBody"]["content"][JSON]["schema"]
    return list(description()["components"]["schemas"][shape["$ref"].rpartition("/")[2]]["properties"])
