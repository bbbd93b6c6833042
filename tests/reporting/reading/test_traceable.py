"""Traceable both ways: from each statement of a report to what it rests on, and from the evidence to the reports."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from commitments.models import Evidence
from reporting import assembly
from reporting.facts import ProductionDetails, to_json
from reporting.models import Citation, Edition
from reporting.paper.blocks import Paragraph
from reporting.paper.outline import outline, paragraphs_citing
from reporting.production.citations import uses
from tests import factories
from tests.factories import make_edition

MOST = 12


@pytest.fixture
def told(year, now):
    """The year's report, and a function that makes an edition of it with its citations, perhaps published."""
    report = assembly.assemble(round_=year.round, making=ProductionDetails(at=now, edition=1))

    def make(*, published: bool) -> Edition:
        edition = make_edition(round_=year.round, by=year.officer, facts=to_json(report), at=now)
        Citation.objects.bulk_create(
            Citation(
                edition=edition, evidence=use.evidence, note=use.note, references=list(use.references),
                paragraphs=list(use.paragraphs),
            )
            for use in uses(report)
        )  # fmt: skip
        if published:
            factories.seal(edition, by=year.officer, at=now)
        return edition

    return report, make


def body(client, address):
    response = client.get(address)
    assert response.status_code == 200, address
    return response.content.decode()


def words_of(html):
    return " ".join(re.sub(r"<[^>]+>", "", html).split())


@pytest.mark.django_db
def test_each_statement_of_the_report_leads_to_its_update_and_its_evidence(told, client):
    report, make = told
    page = body(client, reverse("reporting:edition-read", args=[make(published=True).pk]))
    links = set(re.findall(r'href="([^"#][^"]*)"', page))
    for piece in report.evidence:
        address = next(link for link in links if link.endswith(f"/evidence/{piece.id}/"))
        assert piece.title in words_of(body(client, re.sub(r"^https?://[^/]+", "", address)))
    spoken = [one for one in report.commitments() if one.update is not None]
    assert spoken
    for one in spoken:
        address = next(link for link in links if link.endswith(f"#update-{one.update}"))
        assert f'id="update-{one.update}"' in body(client, re.sub(r"^https?://[^/]+", "", address.split("#")[0]))


@pytest.mark.django_db
def test_an_evidence_page_says_which_paragraphs_of_which_editions_use_it(told, client):
    report, make = told
    edition = make(published=True)
    paragraphs = paragraphs_citing(report)
    assert set(paragraphs) == {piece.number for piece in report.evidence}
    twin = body(client, reverse("reporting:edition-read", args=[edition.pk]))
    for piece in report.evidence:
        page = body(client, reverse("commitments:evidence", args=[piece.id]))
        said = words_of(page)
        assert f"Report for {report.round.slug}, edition 1 (published" in said
        assert f"note {piece.number}" in said
        assert paragraphs[piece.number][0] in said.split("committee paper, paragraph", 1)[1].split(".")[0]
        [(there, place)] = set(re.findall(r'href="([^"#]*)#(piece-\d+)"', page))
        assert there == reverse("reporting:edition-read", args=[edition.pk])
        assert f'id="{place}"' in twin
        for reference in piece.references:
            assert f"{there}#commitment-{reference}" in page
            assert f'id="commitment-{reference}"' in twin


@pytest.mark.django_db
def test_the_paragraphs_that_are_named_hold_the_note(told):
    report, _ = told
    numbered = {str(block.number): block for block in outline(report).blocks if isinstance(block, Paragraph)}
    for use in uses(report):
        assert use.paragraphs
        for paragraph in use.paragraphs:
            assert use.note in numbered[paragraph].notes


@pytest.mark.django_db
def test_the_public_sees_published_editions_only_and_officers_drafts_too(told, client, year, signed_in, now):
    report, make = told
    make(published=False)
    piece = report.evidence[0]
    address = reverse("commitments:evidence", args=[piece.id])
    assert "Used in" not in words_of(body(client, address))
    assert "(a draft, not published)" in words_of(body(signed_in(year.officer), address))
    second = make(published=True)
    said = words_of(body(client, address))
    assert "edition 2 (published" in said
    assert "edition 1" not in said
    factories.withdraw_edition(by=year.officer, at=now, edition=second, reason="A wrong number.")
    assert "; withdrawn " in words_of(body(client, address))


@pytest.mark.django_db
def test_a_commitment_says_which_reports_tell_of_it(told, client):
    report, make = told
    one = next(c for c in report.commitments() if c.status)
    slug, round_ = report.strategy.slug, report.round.slug
    address = reverse("commitments:commitment", args=[slug, one.key])
    make(published=False)
    assert "Included in the" not in words_of(body(client, address))
    make(published=True)
    page = body(client, address)
    assert f"Included in the {round_} report." in words_of(page)
    assert f'href="{reverse("reporting:report", args=[slug, round_])}#commitment-{one.reference}"' in page
    assert f'id="commitment-{one.reference}"' in body(client, reverse("reporting:report", args=[slug, round_]))


@pytest.mark.django_db
def test_the_pages_ask_no_more_for_many_editions(told, year):
    report, make = told
    piece = Evidence.objects.get(pk=report.evidence[0].id)
    one = next(c for c in report.commitments() if c.status)
    asked = []
    for _ in range(2):
        make(published=True)
        for address in (
            piece.get_absolute_url(),
            reverse("commitments:commitment", args=[report.strategy.slug, one.key]),
        ):
            with CaptureQueriesContext(connection) as queries:
                assert Client().get(address).status_code == 200
            asked.append(len(queries))
    assert asked[:2] == asked[2:]
    assert max(asked) <= MOST, asked
