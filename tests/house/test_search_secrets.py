"""A secret word in everything that is not published: nobody finds it, in results, counts, excerpts, suggestions or the API."""

import re
import uuid
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from html import unescape

import pytest
from django.urls import reverse
from django.utils import timezone

from commitments.content.case_studies import CaseStudyContent
from commitments.content.engagement import EngagementAccount
from commitments.content.points import SentPoint
from commitments.content.updates import UpdateContent
from commitments.services.case_studies import save_case_study, submit_case_study, withdraw_case_study
from commitments.services.case_study_review import accept_case_study
from commitments.services.consents import record_consent, take_down, withdraw_consent
from commitments.services.engagement_account import reopen_engagement, write_up_engagement
from commitments.services.evidence import withdraw_evidence
from commitments.services.notes import write_note
from commitments.services.points import close_point, publish_point, take_down_point
from commitments.services.progress import submit_update
from commitments.services.receiving_points import send_point
from commitments.services.update_approval import approve_update, return_update
from partners.models import Organisation
from partners.services.removal import remove_listing
from tests.factories import make_edition, make_evidence, make_organisation, make_person, withdraw_edition
from tests.house.doors import PEOPLE
from tests.house.world import SECRET, World
from vcsportal.common.words import Refused

pytestmark = pytest.mark.django_db
TYPO = "Quilwort"
QUERIES = (SECRET, "Quillw", "quill wort", f"{SECRET}s", TYPO, f"meadow {SECRET}", f"meadow {TYPO}")
HELD_BACK = f"{SECRET} in a meadow"


def _published_evidence(world: World, **more):
    return make_evidence(
        world.person("partner"), world.commitment, state="accepted", officer=world.person("second_officer"),
        **{"title": HELD_BACK, "story": HELD_BACK, **more},
    )  # fmt: skip


def _evidence_that_was_withdrawn(world: World) -> None:
    withdraw_evidence(by=world.person("partner"), at=timezone.now(), evidence=_published_evidence(world))


def _consent(world: World, uses: list[str], **more):
    piece = _published_evidence(world, **more)
    today = timezone.localdate()
    return record_consent(
        by=world.person("partner"), at=timezone.now(), evidence=piece, given_by="A singer", given_on=today, uses=uses
    )


def _story_whose_consent_was_withdrawn(world: World) -> None:
    withdraw_consent(by=world.person("partner"), at=timezone.now(), consent=_consent(world, ["portal", "report"]))


def _story_for_the_report_only(world: World) -> None:
    _consent(world, ["report"], title="In a meadow")


def _story_that_was_taken_down(world: World) -> None:
    take_down(by=world.person("partner"), at=timezone.now(), evidence=_published_evidence(world), asked_by="A reader")


def _draft_case_study(world: World) -> None:
    piece = _published_evidence(world, title="A meadow", story="")
    save_case_study(by=world.person("partner"), at=timezone.now(), evidence=piece, content=CaseStudyContent(HELD_BACK))


def _sent_case_study(world: World, **more):
    piece = _published_evidence(world, title="A meadow", story="")
    content = replace(CaseStudyContent(HELD_BACK, problem=HELD_BACK, what_was_done="We cooked."), **more)
    return submit_case_study(by=world.person("partner"), at=timezone.now(), evidence=piece, content=content)


def _published_case_study(world: World, **more):
    made = _sent_case_study(world, **more)
    return accept_case_study(by=world.person("officer"), at=timezone.now(), case_study=made)


def _withdrawn_case_study(world: World) -> None:
    withdraw_case_study(by=world.person("partner"), at=timezone.now(), case_study=_published_case_study(world))


def _quotation_without_consent(world: World) -> None:
    _published_case_study(world, headline="A meadow", problem="", quotation=HELD_BACK, said_by="A neighbour")


def _quotation_that_was_withdrawn(world: World) -> None:
    text = _published_case_study(world, headline="A meadow", problem="", quotation=HELD_BACK, said_by=SECRET).published
    by, today = world.person("partner"), timezone.localdate()
    consent = record_consent(
        by=by, at=timezone.now(), evidence=text.case_study.evidence, quotation=text.quotation, given_by=SECRET,
        given_on=today, uses=["portal"],
    )  # fmt: skip
    withdraw_consent(by=by, at=timezone.now(), consent=consent)


def _case_study_of_withdrawn_evidence(world: World) -> None:
    evidence = _published_case_study(world).evidence
    withdraw_evidence(by=world.person("partner"), at=timezone.now(), evidence=evidence)


def _sent_update(world: World):
    return submit_update(
        by=world.person("officer"), at=timezone.now(), commitment=world.commitment, round_=world.open_round,
        content=UpdateContent("on_track", HELD_BACK), version=None,
    )  # fmt: skip


def _published_update(world: World):
    return approve_update(by=world.person("second_officer"), at=timezone.now(), update=_sent_update(world))


def _returned_update(world: World) -> None:
    update = _sent_update(world)
    return_update(by=world.person("second_officer"), at=timezone.now(), update=update, reason=HELD_BACK)


def _point(world: World):
    content = SentPoint("proposal", HELD_BACK, strategy=world.strategy, email="quillwort@example.org", name=SECRET)
    return send_point(at=timezone.now(), token=uuid.uuid4(), content=content)


def _published_point(world: World, words: str = HELD_BACK):
    return publish_point(by=world.person("officer"), at=timezone.now(), point=_point(world), public_words=words)


def _original_words_of_a_published_point(world: World) -> None:
    _published_point(world, "Something about a meadow")


def _point_that_was_taken_down(world: World) -> None:
    point = _published_point(world)
    take_down_point(by=world.person("officer"), at=timezone.now(), point=point, reason="It names someone.")


def _spam(world: World) -> None:
    close_point(by=world.person("officer"), at=timezone.now(), point=_point(world), reason=HELD_BACK, is_spam=True)


def _written_up(world: World):
    engagement = world.engagement("held")
    return write_up_engagement(
        by=world.person("officer"), at=timezone.now(), engagement=engagement, account=EngagementAccount(HELD_BACK)
    )


def _reopened_engagement(world: World) -> None:
    reopen_engagement(by=world.person("officer"), at=timezone.now(), engagement=_written_up(world))


def _listing(world: World) -> Organisation:
    return make_organisation(HELD_BACK, "unincorporated_group", standing="listed", description=HELD_BACK)


def _removed_listing(world: World) -> None:
    by = world.person("administrator")
    remove_listing(by=by, at=timezone.now(), organisation=_listing(world), why="They asked.")


def _draft_edition(world: World) -> None:
    type(world.open_round).objects.filter(pk=world.open_round.pk).update(title="Quillwort year")
    world.edition()


def _withdrawn_edition(world: World) -> None:
    round_ = world.closed_round()
    type(round_).objects.filter(pk=round_.pk).update(title="Quillwort year")
    by, at = world.person("administrator"), timezone.now()
    edition = make_edition(round_=round_, by=by, published=True)
    withdraw_edition(by=by, at=at, edition=edition, reason="A mistake.")


def _notes_and_comments(world: World) -> None:
    by, at = world.person("officer"), timezone.now()
    write_note(by=by, at=at, about=world.draft_update(), text=HELD_BACK)
    world.comment()


SECRETS: dict[str, Callable[[World], object]] = {
    "draft evidence": lambda world: world.evidence("draft"),
    "sent evidence": lambda world: world.evidence("submitted"),
    "returned evidence": lambda world: world.evidence("returned"),
    "accepted evidence that may not be published": lambda world: world.evidence("accepted"),
    "withdrawn draft": lambda world: world.evidence("withdrawn"),
    "evidence that was withdrawn": _evidence_that_was_withdrawn,
    "story whose consent was withdrawn": _story_whose_consent_was_withdrawn,
    "story for the report only": _story_for_the_report_only,
    "story that was taken down": _story_that_was_taken_down,
    "draft case study": _draft_case_study,
    "sent case study": _sent_case_study,
    "withdrawn case study": _withdrawn_case_study,
    "quotation without consent": _quotation_without_consent,
    "quotation that was withdrawn": _quotation_that_was_withdrawn,
    "case study of withdrawn evidence": _case_study_of_withdrawn_evidence,
    "draft update": lambda world: world.draft_update(),
    "sent update": _sent_update,
    "returned update": _returned_update,
    "point": _point,
    "original words of a published point": _original_words_of_a_published_point,
    "point that was taken down": _point_that_was_taken_down,
    "spam": _spam,
    "held engagement": lambda world: world.engagement("held"),
    "reopened engagement": _reopened_engagement,
    "removed listing": _removed_listing,
    "draft edition": _draft_edition,
    "withdrawn edition": _withdrawn_edition,
    "notes and comments": _notes_and_comments,
    "private contacts": lambda world: (world.complaint(), world.joining_request(), make_person(name=SECRET)),
}  # fmt: skip
FOUND_ONCE_PUBLISHED: dict[str, Callable[[World], object]] = {
    "evidence": _published_evidence,
    "case-studies": _published_case_study,
    "updates": _published_update,
    "points": _published_point,
    "engagement": _written_up,
    "organisations": _listing,
}


def _text(page: bytes) -> str:
    return unescape(re.sub(r"<[^>]+>", "", page.decode()))


@pytest.mark.parametrize("name", SECRETS)
def test_a_stranger_does_not_find_what_is_not_published(name: str, world: World):
    SECRETS[name](world)
    check_nothing_is_found(world, "anonymous", (SECRET, TYPO))


@pytest.mark.parametrize("who", PEOPLE)
def test_nobody_finds_what_is_not_published(who: str, world: World):
    for make in SECRETS.values():
        with suppress(Refused):  # of two that exclude each other the first is enough
            make(world)
    check_nothing_is_found(world, who, QUERIES)


def check_nothing_is_found(world: World, who: str, queries: Iterable[str]) -> None:
    client = world.client(who)
    for query in queries:
        shown = client.get(reverse("search"), {"q": query})
        answer = client.get(reverse("api:search"), {"q": query})
        assert (shown.status_code, answer.status_code) == (200, 200)
        assert answer.json()["kinds"] == [], f"{who} finds {query} in the API"
        assert "Nothing that is published has" in _text(shown.content), f"{who} finds {query}"
        assert not [one for one in answer.json()["suggestions"] if SECRET.casefold() in one.casefold()]
        if SECRET.casefold() not in query.casefold():
            assert SECRET.casefold() not in shown.content.decode().casefold(), f"{who} reads it at {query}"


@pytest.mark.parametrize("kind", FOUND_ONCE_PUBLISHED)
def test_everybody_finds_the_same_once_it_is_published(kind: str, world: World):
    FOUND_ONCE_PUBLISHED[kind](world)
    for who in ("anonymous", "outsider", "officer"):
        client = world.client(who)
        found = client.get(reverse("api:search"), {"q": SECRET}).json()["kinds"]
        assert [one["count"] for one in found if one["kind"] == kind] == [1]
        assert client.get(reverse("api:search"), {"q": TYPO}).json()["suggestions"] == ["quillwort"]


def test_of_withheld_evidence_the_excerpt_shows_no_word_and_the_title_only_where_it_may(world: World):
    piece = _published_evidence(world, title="Reed beds", story=HELD_BACK)
    by, today = world.person("partner"), timezone.localdate()
    record_consent(by=by, at=timezone.now(), evidence=piece, given_by="A singer", given_on=today, uses=["report"])
    shown = world.client("partner").get(reverse("search"), {"q": "reed beds"}).content.decode()
    assert "<mark>Reed</mark> <mark>beds</mark>" in shown
    assert SECRET not in shown


def test_a_consent_that_ends_today_still_counts_and_tomorrow_does_not(world: World, monkeypatch):
    piece = _published_evidence(world)
    by, today = world.person("partner"), timezone.localdate()
    record_consent(
        by=by,
        at=timezone.now(),
        evidence=piece,
        given_by="A singer",
        given_on=today,
        uses=["portal"],
        lasts_until=today,
    )
    count = lambda: len(world.client("anonymous").get(reverse("api:search"), {"q": SECRET}).json()["kinds"])  # noqa: E731
    assert count() == 1
    monkeypatch.setattr(timezone, "localdate", lambda *args: today + timedelta(1))
    assert count() == 0
