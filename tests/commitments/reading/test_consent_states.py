"""The rules of consents for one page in Python, in queries and in the search are the same, whatever the ledger holds."""

import random
from datetime import timedelta

import pytest
from django.utils import timezone

from commitments.models import Consent, Evidence, EvidenceFile
from commitments.reading.consent_states import consents_of_item, ledger_of, photograph_is_showable, story_state
from commitments.rules import story_consent
from tests.factories import make_evidence
from vcsportal.common.word_search import word_queries, words_in

pytestmark = pytest.mark.django_db
USES: tuple[list[str], ...] = ([], ["portal"], ["report"], ["portal", "report"], ["publicity"])


@pytest.fixture
def ledger(partner, commitment) -> list[Evidence]:
    """Sixty items with all kinds of consents, several of one person among them, and a photograph each."""
    rng, now, today = random.Random(7), timezone.now(), timezone.localdate()
    items = [make_evidence(partner, commitment) for _ in range(60)]
    for item in items:
        Evidence.objects.filter(pk=item.pk).update(title="Heron watch", story="We saw an otter")
        file = EvidenceFile.objects.create(
            evidence=item, kind="photograph", name="p.jpg", content="p.jpg", shows_people=rng.random() < 0.5,
            media_type="image/jpeg", size=1, sha256="0" * 64, added_at=now, added_by=partner,
        )  # fmt: skip
        for _ in range(rng.randrange(4)):
            withdrawn = rng.random() < 0.25
            Consent.objects.create(
                evidence=item, file=rng.choice([None, None, file]), given_by=rng.choice(["Ann", "ann", "Ben"]),
                given_on=today - timedelta(days=90), uses=rng.choice(USES),
                lasts_until=rng.choice([None, today, today - timedelta(days=1)]),
                recorded_at=now - timedelta(days=rng.randrange(3)), recorded_by=partner,
                withdrawn_at=now if withdrawn else None, withdrawn_by=partner if withdrawn else None,
            )  # fmt: skip
    return items


@pytest.mark.parametrize("use", ["portal", "report"])
def test_stories_and_photographs_stand_alike_in_python_and_in_queries(ledger, use):
    today = timezone.localdate()
    consents = Evidence.objects.annotate(consents_given=consents_of_item()).values_list("consents_given", flat=True)
    found = ledger_of(row for rows in consents for row in rows)
    states = dict(Evidence.objects.with_story_state(today, use=use).values_list("pk", "story_state"))
    assert {key: story_state(found, key, today, use=use) for key in states} == states
    assert len(set(states.values())) == 5, "every state is among them"
    showable = set(EvidenceFile.objects.showable(today, use=use).values_list("pk", flat=True))
    files = EvidenceFile.objects.values("evidence_id", "id", "shows_people")
    assert {file["id"] for file in files if photograph_is_showable(found, file, today, use=use)} == showable
    assert 0 < len(showable) < len(ledger)


def test_a_search_finds_only_what_may_be_read(ledger, outsider, partner):
    today = timezone.localdate()
    states = dict(Evidence.objects.with_story_state(today).values_list("pk", "story_state"))

    def found(word: str, person: object) -> set[int]:
        rows = Evidence.objects.matching([word], {word: []}, today, person)
        return set(rows.values_list("pk", flat=True))

    readable = {key for key, state in states.items() if not state}
    named = {key for key, state in states.items() if state not in story_consent.DETAILS_WITHHELD}
    assert found("otter", outsider) == found("otter", None) == found("otter", partner) == readable
    assert found("her", outsider) == found("heron", None) == named
    assert found("heron", partner) == set(states), "its own people find it by its title"


def test_a_word_is_found_by_its_beginning_whatever_stands_around_it(partner, commitment):
    evidence = make_evidence(partner, commitment)
    Evidence.objects.filter(pk=evidence.pk).update(
        title="“Drop-in” at St Mary’s", story="See x.example.org/a — zajęcia!"
    )
    for text in ("drop", "DROP-IN", "mary’s", "Mary", "example", "zaj", "x.example.org"):
        rows = Evidence.objects.all()
        for query in word_queries(words_in(text)):
            rows = rows.filter(words=query)
        assert rows.get() == evidence, text
    assert not Evidence.objects.filter(words=word_queries(["ary"])[0]).exists()
    assert words_in(" – ’ ") == []
