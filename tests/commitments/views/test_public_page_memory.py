"""What writing does to public pages in memory: nothing, more to read, or something that has gone. And what many visitors at once get."""

import time
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.http import HttpResponse
from django.test import Client, RequestFactory

from commitments.content.updates import UpdateContent
from commitments.models import HistoryEntry
from commitments.reading import public_version
from commitments.reading.public_version import PublicVersion
from commitments.services.consents import record_consent, withdraw_consent
from commitments.services.evidence import edit_evidence, reopen_evidence, withdraw_evidence
from commitments.services.evidence_review import accept_evidence, return_evidence
from commitments.services.progress import save_update, submit_update
from commitments.services.update_approval import return_update, take_back_update
from tests.crawler import crawl
from tests.factories import make_evidence, make_evidence_content, publish_update
from vcsportal import public_page_cache
from vcsportal.public_page_cache import MANY_AT_ONCE, OLDEST_SECONDS, PublicPageCacheMiddleware, _Page, _pages

pytestmark = pytest.mark.django_db
READ = (
    "/strategies/", "/evidence/", "/organisations/", "/districts/", "/changes/", "/about-the-figures/", "/api/v1/strategies/",
    "/api/v1/evidence/", "/api/v1/organisations/",
)  # fmt: skip
SAID = UpdateContent("on_track", "It began.", "", "We met.", "We meet again.")


@pytest.fixture(autouse=True)
def empty_memory():
    _pages.clear()


@pytest.fixture
def crowded(monkeypatch):
    """Each request meets as many others at work as make a page of half a minute ago good enough."""
    monkeypatch.setattr(public_page_cache, "MANY_AT_ONCE", 1)


@pytest.fixture
def seconds_later(monkeypatch):
    """Lets time pass for the memory of pages."""
    clock = SimpleNamespace(now=1000.0)
    monkeypatch.setattr(time, "monotonic", lambda: clock.now)

    def pass_by(seconds: float) -> None:
        clock.now += seconds

    return pass_by


def text_of(response) -> str:
    return response.content.decode()


def test_what_only_people_of_the_portal_see_leaves_every_public_page_as_it_is(
    client, officer, second_officer, partner, strategy, commitment, open_round, now, settings
):
    settings.READS_A_MINUTE = 0
    published = make_evidence(partner, commitment, state="accepted", officer=officer, title="Everyone may read this")
    first = publish_update(by=officer, at=now, commitment=commitment, round_=open_round, content=SAID)
    assert first.state == "published"
    drafts = [make_evidence(partner, commitment, title=f"Not for everyone {number}") for number in range(5)]
    others = [each for each in strategy.commitments.in_order() if each != commitment][:3]
    pages = crawl(client, site=settings.PORTAL_URL, within=READ)
    assert len(pages) > 40, sorted(pages)
    assert any(
        "Everyone may read this" in page.content.decode() for page in pages.values() if page.media_type == "text/html"
    )
    today = now.date()
    version, entries = public_version.versions(today), set(HistoryEntry.objects.values_list("pk", flat=True))

    edit_evidence(
        by=partner, at=now, evidence=drafts[0], content=make_evidence_content(commitment, title="Not for everyone, again"),
        version=drafts[0].version,
    )  # fmt: skip
    make_evidence(partner, commitment, state="submitted", title="Not for everyone, sent")
    make_evidence(partner, commitment, state="returned", officer=officer, title="Not for everyone, returned")
    gone = withdraw_evidence(by=partner, at=now, evidence=drafts[1])
    reopen_evidence(by=partner, at=now, evidence=withdraw_evidence(by=partner, at=now, evidence=drafts[2]))
    assert gone.state == "withdrawn"
    told = {"at": now, "round_": open_round, "content": SAID, "version": None}
    save_update(by=officer, commitment=others[0], **told)
    returned = submit_update(by=officer, commitment=others[1], **told)
    return_update(by=second_officer, at=now, update=returned, reason="Please say when.")
    take_back_update(by=officer, at=now, update=submit_update(by=officer, commitment=others[2], **told))

    written = HistoryEntry.objects.exclude(pk__in=entries)
    assert set(written.values_list("act", flat=True)) == {
        "log", "edit", "submit", "return", "withdraw", "reopen", "save", "take_back",
    }  # fmt: skip
    assert set(written.values_list("public_effect", flat=True)) == {"nothing"}
    assert public_version.versions(today) == version
    _pages.clear()
    again = crawl(Client(), site=settings.PORTAL_URL, within=READ)
    assert again.keys() == pages.keys()
    differ = [address for address, page in pages.items() if list(again[address].texts) != list(page.texts)]
    assert not differ
    assert published.state == "accepted"


def test_what_more_there_is_to_read_leaves_what_was_there_as_it_was(officer, partner, commitment, open_round, now):
    piece = make_evidence(partner, commitment, state="submitted")
    before = public_version.versions(now.date())
    accept_evidence(by=officer, at=now, evidence=piece)
    accepted = public_version.versions(now.date())
    assert accepted.whole != before.whole
    assert accepted.lasting == before.lasting
    tomorrow = public_version.versions(now.date() + timedelta(days=1))
    assert tomorrow.lasting != accepted.lasting, "pages say how long ago things were"
    publish_update(by=officer, at=now, commitment=commitment, round_=open_round, content=SAID)
    effects = dict(HistoryEntry.objects.values_list("act", "public_effect"))
    assert effects == {
        "log": "nothing", "submit": "nothing", "accept": "adds", "approve": "changes", "status": "changes",
    }  # fmt: skip


def test_what_has_gone_or_reads_differently_changes_everything(officer, partner, commitment, open_round, now):
    pieces = [make_evidence(partner, commitment, state="accepted", officer=officer) for _ in range(3)]
    update = publish_update(by=officer, at=now, commitment=commitment, round_=open_round, content=SAID)
    record = {"evidence": pieces[2], "given_by": "Everyone who was there.", "given_on": now.date(), "uses": ["portal"]}
    consent = record_consent(by=partner, at=now, **record)
    for take_away in (
        lambda: withdraw_evidence(by=partner, at=now, evidence=pieces[0]),
        lambda: return_evidence(by=officer, at=now, evidence=pieces[1], reason="Please say where."),
        lambda: withdraw_consent(by=partner, at=now, consent=consent),
        lambda: HistoryEntry.objects.create(
            at=now, by=partner, act="edit", evidence=pieces[2], from_state="accepted", to_state="accepted"
        ),
        lambda: return_update(by=officer, at=now, update=update, reason="It is about another hall."),
        lambda: HistoryEntry.objects.create(
            at=now, by=officer, act="nobody knows", evidence=pieces[0], to_state="draft"
        ),
        lambda: HistoryEntry.objects.create(at=now, by=officer, act="accept", commitment=commitment),
        lambda: HistoryEntry.objects.create(at=now, by=officer, act="status", commitment=commitment),
        lambda: HistoryEntry.objects.create(at=now, by=officer, act="submit", round=open_round, to_state="draft"),
    ):
        before = public_version.versions(now.date())
        take_away()
        assert HistoryEntry.objects.latest("id").public_effect == "changes"
        assert public_version.versions(now.date()).lasting != before.lasting


def test_many_visitors_at_once_may_read_a_page_of_half_a_minute_ago(
    client, officer, partner, commitment, now, crowded, seconds_later
):
    first = client.get("/evidence/")
    piece = make_evidence(partner, commitment, state="accepted", officer=officer, title="A new sewing group")
    seconds_later(OLDEST_SECONDS)
    second = client.get("/evidence/")
    assert (second.content, second["ETag"]) == (first.content, first["ETag"])
    assert client.get("/evidence/", headers={"If-None-Match": first["ETag"]}).status_code == 304
    seconds_later(0.1)
    third = client.get("/evidence/", headers={"If-None-Match": first["ETag"]})
    assert third["ETag"] != first["ETag"]
    assert piece.title in text_of(third)


def test_a_reader_who_meets_no_crowd_reads_what_is_new_at_once(client, officer, partner, commitment):
    client.get("/evidence/")
    piece = make_evidence(partner, commitment, state="accepted", officer=officer, title="A new sewing group")
    assert piece.title in text_of(client.get("/evidence/"))


def test_what_was_taken_away_is_gone_at_once_in_the_thickest_crowd(client, officer, partner, commitment, now, crowded):
    piece = make_evidence(partner, commitment, state="accepted", officer=officer, title="A sewing group")
    pages = ("/evidence/", piece.get_absolute_url())
    assert all(piece.title in text_of(client.get(page)) for page in pages)
    withdraw_evidence(by=partner, at=now, evidence=piece)
    assert not any(piece.title in text_of(client.get(page)) for page in pages)


def test_a_browser_that_has_the_newer_page_keeps_it(client, officer, partner, commitment, crowded):
    client.get("/evidence/")
    held = _pages.get("/evidence/")
    assert held
    piece = make_evidence(partner, commitment, state="accepted", officer=officer, title="A new sewing group")
    _pages.clear()
    newer = client.get("/evidence/")
    _pages.clear()
    _pages.put("/evidence/", held)  # as in another process
    assert piece.title not in text_of(client.get("/evidence/"))
    answer = client.get("/evidence/", headers={"If-None-Match": newer["ETag"]})
    assert (answer.status_code, answer["ETag"]) == (304, newer["ETag"])


@pytest.mark.parametrize(("others", "may"), [(MANY_AT_ONCE - 2, False), (MANY_AT_ONCE - 1, True)])
def test_a_crowd_is_counted_in_requests_that_are_at_work(db, now, others, may):
    request = RequestFactory().get("/evidence/")
    version = public_version.versions(now.date())
    _pages.put("/evidence/", _Page(PublicVersion("older", version.lasting), time.monotonic(), b"older", {}))
    seen = []

    def answer(asked):
        if asked.path == "/evidence/":
            return HttpResponse(b"newer")
        waiting = int(asked.GET["waiting"])
        inner = RequestFactory().get(f"/slow/?waiting={waiting - 1}") if waiting else request
        seen.append(middleware(inner).content)  # while this one is at work
        return HttpResponse()

    middleware = PublicPageCacheMiddleware(answer)
    middleware(RequestFactory().get(f"/slow/?waiting={others - 1}"))
    assert seen[0] == (b"older" if may else b"newer")
    _pages.clear()
    assert middleware(request).content == b"newer", "all have gone"
    assert middleware._at_work == 0


def test_a_page_whose_drawing_began_earlier_does_not_replace_a_newer_one():
    newer, slower = (
        _Page(PublicVersion(name, "same"), began, name.encode(), {})
        for name, began in (("newer", 2.0), ("slower", 1.0))
    )
    _pages.put("/", newer)
    _pages.put("/", slower)
    assert _pages.get("/") == newer


def test_the_memory_of_pages_has_an_end_in_number_and_in_bytes(monkeypatch):
    monkeypatch.setattr(public_page_cache, "MAX_PAGES", 20)
    monkeypatch.setattr(public_page_cache, "MAX_BYTES", 1000)

    def keep(address: str, size: int) -> None:
        _pages.put(address, _Page(PublicVersion("", ""), 1.0, b"x" * size, {}))

    for number in range(25):
        keep(f"/{number}", 10)
        assert _pages.get("/0"), "what is asked for stays"
    assert [number for number in range(25) if _pages.get(f"/{number}")] == [0, *range(6, 25)]
    keep("/0", 800)
    assert [number for number in range(25) if _pages.get(f"/{number}")] == [0, *range(6, 25)]
    keep("/0", 850)
    assert [number for number in range(25) if _pages.get(f"/{number}")] == [0, *range(10, 25)]
    keep("/large", 1001)
    assert not _pages.get("/large")


@pytest.mark.parametrize("key", [2**63 - 1, 2**63, 10**30])
def test_an_item_whose_number_no_database_has_is_not_there(client, key):
    assert client.get(f"/evidence/{key}/").status_code == 404
