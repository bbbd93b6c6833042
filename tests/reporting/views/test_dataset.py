"""The page of a published report tells programs what it covers, its licence and its files, and so does a file."""

import hashlib
import json
import re

import pytest
from django.urls import reverse
from django.utils import timezone

from reporting.formats import FORMATS
from reporting.models import Edition
from reporting.reading.dataset import data_block, dataset_of
from tests import factories
from tests.reporting.views.test_web_edition import address, make
from tests.signing_in import sign_in

pytestmark = pytest.mark.django_db
BLOCK = re.compile(r'<script type="application/ld\+json">(.*?)</script>', re.S)


def file_of(edition: Edition) -> str:
    return reverse("reporting:edition-dataset", args=[edition.pk])


def test_the_page_and_the_file_say_the_same(year, client, settings):
    settings.PORTAL_URL = "https://portal.example.org/"
    edition = make(year, published=True)
    answer = client.get(address(year))
    [block] = BLOCK.findall(answer.content.decode())
    found = json.loads(block)
    given = client.get(file_of(edition))
    assert given["Content-Type"] == "application/ld+json"
    assert given.json() == found
    assert f'<link rel="alternate" type="application/ld+json" href="{file_of(edition)}">' in answer.content.decode()
    assert "unsafe-inline" not in answer["Content-Security-Policy"].split("style-src")[0], "a data block needs no leave"
    round_ = edition.round
    assert found["@type"] == "Dataset"
    assert found["@id"] == f"https://portal.example.org{reverse('reporting:edition-read', args=[edition.pk])}"
    assert found["temporalCoverage"] == f"{round_.observes_from}/{round_.observes_to}"
    assert found["datePublished"] == timezone.localdate(edition.published_at).isoformat()
    assert found["version"] == str(edition.number)
    assert found["identifier"] == f"sha256:{edition.facts_sha256}"
    assert found["license"].startswith("https://www.nationalarchives.gov.uk/doc/open-government-licence/")
    assert found["creator"]["name"] == round_.strategy.owner.name


def test_each_file_is_named_with_its_size_and_checksum(year, client, settings):
    settings.PORTAL_URL = "http://testserver"
    edition = make(year, published=True)
    downloads = client.get(file_of(edition)).json()["distribution"]
    kept = {face.sha256: face for face in edition.faces.all()}
    assert len(downloads) == len(kept) > 0
    types = {face.label: face.media_type for face in FORMATS}
    for download in downloads:
        content = b"".join(client.get(download["contentUrl"]))
        assert download["sha256"] == hashlib.sha256(content).hexdigest()
        assert download["contentSize"] == f"{len(content)} B"
        assert download["encodingFormat"] == types[download["name"]]


def test_what_is_suspended_or_erased_is_no_distribution(year):
    edition = make(year, published=True)
    edition = Edition.objects.with_files().get(pk=edition.pk)
    every = {download["name"] for download in dataset_of(edition, frozenset())["distribution"]}
    left = {download["name"] for download in dataset_of(edition, frozenset({"stories"}))["distribution"]}
    assert left < every


def test_a_draft_is_told_to_nobody_outside_and_in_no_page(year, client, officer):
    edition = make(year)
    assert client.get(file_of(edition)).status_code == 404
    sign_in(client, officer)
    assert "datePublished" not in client.get(file_of(edition)).json()
    page = client.get(reverse("reporting:edition-read", args=[edition.pk])).content.decode()
    assert not BLOCK.findall(page)


def test_a_withdrawn_edition_is_told_no_more(year, client, officer):
    edition = make(year, published=True)
    factories.withdraw_edition(edition=edition, by=officer, at=timezone.now(), reason="A mistake.")
    assert client.get(file_of(edition)).status_code == 410


def test_nothing_in_the_block_can_end_it():
    block = data_block({"name": "</script><script>alert(1)</script>&<!--"})
    assert block.count("<") == 2
    [inner] = BLOCK.findall(block)
    assert json.loads(inner) == {"name": "</script><script>alert(1)</script>&<!--"}
