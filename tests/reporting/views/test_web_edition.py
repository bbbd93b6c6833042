"""The report as a page: it says what the PDF says, at an address that stays, for those who may read it."""

import re
from dataclasses import replace
from datetime import timedelta
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from commitments.models import Consent, Evidence, EvidenceLink
from commitments.rules import story_consent
from commitments.services.consents import record_consent, withdraw_consent
from reporting import assembly, rendering
from reporting.facts import ProductionDetails, Report, from_json, to_json
from reporting.models import Edition
from reporting.rendering.photographs import Photographs
from tests import factories
from tests.factories import withdraw_edition

pytestmark = pytest.mark.django_db


def facts(year) -> Report:
    return assembly.assemble(round_=year.round, making=ProductionDetails(timezone.now(), edition=1))


def make(year, **more) -> Edition:
    return factories.make_edition(round_=year.round, by=year.officer, facts=to_json(facts(year)), **more)


def address(year, name: str = "report") -> str:
    return reverse(f"reporting:{name}", args=[year.strategy.slug, year.round.slug])


def read(edition: Edition, name: str = "edition-read") -> str:
    return reverse(f"reporting:{name}", args=[edition.pk])


def words(html: str) -> list[str]:
    """What is said, without tags; pictures, their texts and what only the screen adds are left out."""
    html = re.sub(r"<(svg|style)\b.*?</\1>|<img[^>]*>", " ", html, flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split()).split()


def body(html: str) -> str:
    return html.split('class="app-report__body">')[1].split('id="cite"')[0]


# What it says
def test_the_page_says_all_that_the_report_in_print_says(voiced, client):
    told = from_json(make(voiced, published=True).facts)
    page = client.get(address(voiced)).content.decode()
    printed = rendering.to_html(told)
    for commitment in told.commitments():
        for text in (commitment.wording, commitment.reason, *(view.reason for view in commitment.views)):
            assert text in unescape(page)
    for piece in told.evidence:
        assert piece.title in unescape(page)
        assert piece.organisation in unescape(page)
    for_paper = {"Contents", "Page"}  # the list of contents, and the table's column of pages
    missing = set(words(printed.split('id="summary">')[1])) - set(words(body(page))) - for_paper
    assert not missing, f"only in print: {sorted(missing)[:20]}"


def test_every_anchor_of_the_report_in_print_is_on_the_page(voiced, client):
    make(voiced, published=True)
    told = facts(voiced)
    page = client.get(address(voiced)).content.decode()
    anchors = set(re.findall(r'\bid="([^"]+)"', rendering.to_html(told))) - {"contents"}
    assert {"summary", "glance", "priority-1", "commitment-1.1", "piece-1", "organisations", "method"} <= anchors
    assert anchors <= set(re.findall(r'\bid="([^"]+)"', page))
    ids = re.findall(r'\bid="([^"]+)"', page)
    assert len(ids) == len(set(ids)), "an anchor stands twice"
    for target in re.findall(r'href="#([^"]+)"', page):
        assert target in ids


def test_statements_lead_to_what_they_rest_on(voiced, client):
    edition = make(voiced, published=True)
    told = facts(voiced)
    page = client.get(address(voiced)).content.decode()
    spoken = [commitment for commitment in told.commitments() if commitment.update]
    assert spoken
    for commitment in spoken:
        at = reverse("commitments:commitment", args=[voiced.strategy.slug, commitment.key])
        anchor = f"update-{commitment.update}"
        assert f'href="{at}#{anchor}"' in page
        assert f'id="{anchor}"' in client.get(at).content.decode()
    for piece in told.evidence:
        assert f'href="{reverse("commitments:evidence", args=[piece.id])}"' in page
        assert f'href="{read(edition)}#piece-{piece.number}"' in page
    assert page.count('class="app-tile status--') >= 2 * len(told.commitments())
    assert f'href="#commitment-{told.commitments()[0].reference}"' in page


def test_nothing_on_the_page_needs_a_looser_policy(voiced, client):
    make(voiced, published=True)
    for at in (address(voiced), address(voiced, "report-easy")):
        page = client.get(at).content.decode()
        assert not re.search(r"<[^>]+\sstyle=", page)
        assert "<style" not in page
        assert not re.search(r"<[^>]+\son\w+=", page)
        inline = re.findall(r"<script(?![^>]*\bsrc=)[^>]*>", page)
        assert set(inline) <= {'<script type="application/ld+json">'}, "data, which no browser runs"


# Where it stands
def test_the_address_stays_while_editions_come_and_go(year, client, officer):
    def status(at: str) -> int:
        return client.get(at).status_code

    there = address(year)
    assert status(there) == 404
    first = make(year)
    assert (status(there), status(read(first))) == (404, 404), "a draft is nobody's business yet"
    assert "There is no report for" in client.get(there).content.decode()

    factories.seal(first, by=officer, at=timezone.now() - timedelta(days=3))
    assert (status(there), status(read(first))) == (200, 200)
    assert "Edition 1, published on" in client.get(there).content.decode()

    second = make(year, published=True)
    assert "Edition 2, published on" in client.get(there).content.decode()
    older = client.get(read(first)).content.decode()
    assert "There is a newer edition" in older
    assert "Edition 1, published on" in older

    withdraw_edition(by=officer, at=timezone.now(), edition=second, reason="Two figures were counted twice.")
    assert "Edition 1, published on" in client.get(there).content.decode(), "the one before stands in again"
    answer = client.get(read(second))
    gone = answer.content.decode()
    assert answer.status_code == 410
    assert "Withdrawn on" in gone
    assert "Two figures were counted twice." in gone
    assert "piece-1" not in gone, "nothing of it is shown"

    withdraw_edition(by=officer, at=timezone.now(), edition=first, reason="It was not better.")
    answer = client.get(there)
    assert answer.status_code == 410
    said = answer.content.decode()
    assert "is withdrawn" in said
    assert "It was not better." in said


@pytest.mark.parametrize(("slug", "name"), [("no-such", "2024-25"), ("report-strategy", "1999-00")])
def test_a_year_or_strategy_that_is_not_there_is_not_found(year, client, slug, name):
    assert client.get(reverse("reporting:report", args=[slug, name])).status_code == 404


def test_officers_read_a_draft_at_its_own_address_and_are_told_what_it_is(year, signed_in, officer, partner):
    draft = make(year)
    page = signed_in(officer).get(read(draft))
    assert page.status_code == 200
    assert "Draft, not published" in page.content.decode()
    assert "private" in page["Cache-Control"]
    assert signed_in(partner).get(read(draft)).status_code == 404
    assert "Edition 1" in signed_in(officer).get(address(year)).content.decode()


def test_facts_of_another_shape_are_a_sentence_and_not_an_error(year, client):
    odd = factories.make_edition(round_=year.round, by=year.officer, facts={"schema": 99}, published=True)
    answer = client.get(read(odd))
    assert answer.status_code == 404
    assert "can’t be read as a page" in answer.content.decode()


def test_the_easy_summary_stands_at_an_address_of_its_own(year, client):
    edition = make(year, published=True)
    page = client.get(address(year, "report-easy")).content.decode()
    assert "Easy summary for" in page
    assert address(year) in page
    assert client.get(read(edition, "edition-easy")).status_code == 200


# How fast it is
def test_a_browser_that_has_the_page_is_told_so_until_something_changes(year, client, officer):
    first = make(year, published=True)
    answer = client.get(address(year))
    assert answer["Cache-Control"] == "no-cache"
    again = client.get(address(year), headers={"if-none-match": answer["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    make(year, published=True)
    assert client.get(address(year), headers={"if-none-match": answer["ETag"]}).status_code == 200
    own = client.get(read(first))
    withdraw_edition(by=officer, at=timezone.now(), edition=first, reason="Wrong.")
    assert client.get(read(first), headers={"if-none-match": own["ETag"]}).status_code == 410


def test_whoever_is_signed_in_gets_a_page_of_their_own(year, signed_in, officer, client):
    make(year, published=True)
    etag = client.get(address(year))["ETag"]
    answer = signed_in(officer).get(address(year), headers={"if-none-match": etag})
    assert answer.status_code == 200
    assert "ETag" not in answer
    assert "private" in answer["Cache-Control"]


@pytest.mark.parametrize("who", ["stranger", "officer"])
def test_the_page_asks_few_questions(year, client, signed_in, officer, who):
    edition = make(year, published=True)
    make(year, published=True)
    browser = client if who == "stranger" else signed_in(officer)
    for at in (address(year), read(edition), address(year, "report-easy"), edition.get_absolute_url()):
        with CaptureQueriesContext(connection) as queries:
            assert browser.get(at).status_code == 200
        assert len(queries) <= 12


# Photographs
def shown(page: str) -> list[str]:
    return re.findall(r'<img src="(/reports/\d+/photographs/[^"]+)"', page)


def test_photographs_come_with_their_size_and_for_those_who_may_see_them(year, client, signed_in, officer):
    edition = make(year)
    own = signed_in(officer).get(read(edition)).content.decode()
    pictures = shown(own)
    assert len(pictures) == 2
    assert own.count('loading="lazy"') == 2
    assert re.search(r'width="\d+" height="\d+"', own)
    assert client.get(pictures[0]).status_code == 404, "it is a draft"
    assert signed_in(officer).get(pictures[0]).status_code == 200

    factories.seal(edition, by=officer, at=timezone.now())
    answer = client.get(pictures[0])
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/jpeg")
    assert b"".join(answer.streaming_content)[:2] == b"\xff\xd8"
    assert "max-age=86400" in answer["Cache-Control"]
    assert client.get(pictures[0], headers={"if-none-match": answer["ETag"]}).status_code == 304

    withdraw_edition(by=officer, at=timezone.now(), edition=edition, reason="Wrong.")
    assert client.get(pictures[0]).status_code == 410
    assert shown(client.get(read(edition)).content.decode()) == []
    assert len(shown(signed_in(officer).get(read(edition)).content.decode())) == 2


def test_only_photographs_that_the_facts_name_are_there(year, client):
    told = facts(year)
    name = next(photograph.file for piece in told.evidence for photograph in piece.photographs)
    bare = tuple(replace(piece, photographs=()) for piece in told.evidence)
    edition = factories.make_edition(
        round_=year.round, by=year.officer, facts=to_json(replace(told, evidence=bare)), published=True
    )
    for note, place in ((1, 1), (1, 0), (0, 1), (999999999999, 1), (1, 99999)):
        assert client.get(f"/reports/{edition.pk}/photographs/{note}/{place}.jpg").status_code == 404
    assert client.get(f"/reports/{edition.pk}/photographs/{name}").status_code == 404


def test_what_is_taken_back_goes_from_the_page_and_not_from_the_sealed_files(year, client, officer):
    edition = make(year, published=True)
    piece = year.round.strategy.commitments.get(reference="1.1").evidence.filter(files__isnull=False).order_by("id")[0]
    file = piece.files.get()
    by = year.people[0] if piece.organisation in year.people[0].organisations else officer
    before = client.get(read(edition))
    picture = f"/photographs/{next(e.number for e in facts(year).evidence if e.id == piece.pk)}/1.jpg"
    assert picture in before.content.decode()
    for of in (file, None):
        consent = record_consent(
            by=by, at=timezone.now(), evidence=piece, file=of, given_by="The singers", given_on=timezone.localdate(),
            uses=["portal", "report"],
        )  # fmt: skip
        assert isinstance(consent, Consent)
        withdraw_consent(by=by, at=timezone.now(), consent=consent, why="They asked.")
    after = client.get(read(edition), headers={"if-none-match": before["ETag"]})
    assert after.status_code == 200
    assert picture not in after.content.decode()
    assert story_consent.SENTENCES["withdrawn"] in after.content.decode()
    assert edition.facts_sha256[:8] in after.content.decode(), "the facts and their checksum are what they were"
    assert client.get(f"/reports/{edition.pk}{picture}").status_code == 404
    edition.refresh_from_db()
    assert file.print_content.name in str(edition.facts)


@pytest.mark.parametrize(
    ("uses", "withdrawn", "state", "details"),
    [
        (["portal", "report"], True, "withdrawn", False),
        (["publicity"], False, "refused", False),
        (["portal"], False, "portal_only", True),
        (["report"], False, "", True),
    ],
)
def test_the_page_of_a_sealed_edition_leaves_out_all_that_tells_a_withdrawn_story(
    year, client, officer, uses, withdrawn, state, details
):
    piece = year.round.strategy.commitments.get(reference="1.1").evidence.filter(files__isnull=False).order_by("id")[0]
    by = year.people[0] if piece.organisation in year.people[0].organisations else officer
    EvidenceLink.objects.create(evidence=piece, url="https://partner.example.org/their-story", label="More about it")
    Evidence.objects.filter(pk=piece.pk).update(title="Ottilie taught the choir", story="Ottilie sang first.")
    edition = make(year, published=True)
    number = next(e.number for e in facts(year).evidence if e.id == piece.pk)
    picture = f"/reports/{edition.pk}/photographs/{number}/1.jpg"
    before = client.get(read(edition))
    for found in ("Ottilie taught", "Ottilie sang", "their-story", picture):
        assert found in before.content.decode()
    consent = record_consent(
        by=by, at=timezone.now(), evidence=piece, given_by="Ottilie", given_on=timezone.localdate(), uses=uses
    )
    if withdrawn:
        withdraw_consent(by=by, at=timezone.now(), consent=consent, why="She asked.")
    answer = client.get(read(edition), headers={"if-none-match": before["ETag"]})
    page = answer.content.decode()
    assert answer.status_code == (200 if state else 304)
    if state:
        assert "Ottilie sang" not in page
        assert page.count(story_consent.SENTENCES[state]) == 1
        assert ("Ottilie taught" in page) is details
        assert ("their-story" in page) is details
        assert (picture in page) is details
        assert (story_consent.NO_TITLE in page) is not details
        assert edition.facts_sha256[:8] in page
    assert client.get(picture).status_code == (200 if details else 404)


# One file that stands alone
def test_the_file_stands_alone(voiced):
    told = facts(voiced)
    file = rendering.to_alone(told, photographs=Photographs(told))
    assert "<script" not in file
    assert "default-src 'none'" in file
    for found in re.findall(r'(?:src|href)="([^"]+)"', file):
        assert found.startswith(("#", "data:", "mailto:", "http://", "https://")), found
    assert not re.search(r'<(?:img|link|source|iframe)[^>]+(?:src|href)="(?!data:)', file)
    assert all(found.startswith("data:") for found in re.findall(r"""url\(["']?([^"')]+)""", file))
    assert file.count("data:font/woff2") == 8
    assert file.count("data:image/jpeg") == 2
    assert rendering.to_alone(told, photographs=Photographs(told)) == file
    for piece in told.evidence:
        assert piece.title in unescape(file)


def test_the_file_is_downloaded_and_never_shown_as_a_page_of_ours(year, client):
    edition = make(year, published=True)
    answer = client.get(reverse("reporting:face", args=[edition.pk, "html"]))
    assert answer["Content-Disposition"].startswith("attachment;")
    assert answer["Content-Type"].startswith("text/html")
