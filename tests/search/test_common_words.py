"""A word that very many items have is looked for in another way than a rare one; what is found, and in which order, is the same."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from commitments.models import Commitment, Evidence
from commitments.reading import evidence_search
from commitments.services.consents import take_down
from partners.models import User
from tests.factories import make_evidence, make_organisation, make_person

pytestmark = pytest.mark.django_db
Make = Callable[..., int]


def found(*words: str) -> list[int]:
    return evidence_search.find_evidence(words, timezone.localdate())


@pytest.fixture
def evidence(partner: User, officer: User, commitment: Commitment) -> Make:
    """Makes published evidence that happened so many days ago."""

    def make(days: int, title: str = "Something", story: str = "", by: User = partner) -> int:
        return make_evidence(
            by, commitment, state="accepted", officer=officer, title=title, story=story,
            happened_from=timezone.localdate() - timedelta(days),
        ).pk  # fmt: skip

    return make


@pytest.mark.parametrize("newest_first", [True, False])
def test_both_ways_find_the_same_in_the_same_order(
    newest_first: bool, evidence: Make, partner: User, commitment: Commitment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(evidence_search, "_read_newest_first", lambda *asked: newest_first)
    mentioned = evidence(2, "Open day", "A kestrel came.")
    older, newer = evidence(300, "The kestrel"), evidence(200, "The kestrel")
    others = make_person("partner_contributor", make_organisation("Kestrel Friends"))
    named = evidence(1, "A walk", by=others)
    evidence(3, "An otter")
    make_evidence(partner, commitment, title="The kestrel")
    assert found("kestrel") == [newer, older, mentioned, named]
    assert found("kestrel", "open") == [mentioned]
    assert found("kestrel", "otter") == []
    with connection.cursor() as cursor:
        cursor.execute("SHOW enable_seqscan")
        assert cursor.fetchone() == ("on",), "nothing else in the transaction is asked in another way"


@pytest.mark.parametrize(
    ("items", "kestrel", "otter"),
    [(5_000, True, True), (1_000_000, False, False), (100_000_000, True, False)],
)
def test_items_are_read_newest_first_for_a_common_word_by_its_share_of_the_newest_and_where_there_are_few(
    items: int, kestrel: bool, otter: bool, evidence: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    for day in range(3):
        evidence(day, "The kestrel")
    monkeypatch.setattr(evidence_search, "rows_of", lambda model: items)
    asked = {word: evidence_search._read_newest_first([word], {word: []}) for word in ("kestrel", "otter")}
    assert asked == {"kestrel": kestrel, "otter": otter}


@pytest.mark.parametrize("withheld", [0, 1, 3, 5])
def test_what_consents_keep_back_leaves_room_for_older_items(
    withheld: int, evidence: Make, partner: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(evidence_search, "_LOOKED_AT", (2, 4))
    monkeypatch.setattr(evidence_search, "MAX_COUNTED", 1)
    keys = [evidence(day, "The kestrel", "It sang.") for day in range(7)]
    for key in keys[:withheld]:
        piece: Any = Evidence.objects.get(pk=key)
        take_down(by=partner, at=timezone.now(), evidence=piece, asked_by="A reader")
    assert found("kestrel")[:2] == keys[withheld : withheld + 2]
