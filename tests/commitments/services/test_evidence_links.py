"""Links on evidence lead where they seem to lead."""

import pytest

from commitments.services.evidence import edit_evidence
from tests.factories import make_evidence, make_evidence_content
from vcsportal.common.words import Refused

pytestmark = pytest.mark.django_db
BAD = ("https://council.example@evil.example/", "https://user:pw@evil.example/", "https://ex\u0430mple.org/")


@pytest.mark.parametrize("url", BAD)
def test_a_link_that_could_mislead_is_refused_by_the_service(partner, commitment, url):
    with pytest.raises(Refused, match=r"before the @|mixes alphabets"):
        make_evidence(partner, commitment, links=((url, "Our page"),))


def test_a_link_from_before_stays_when_another_is_added(partner, commitment, now):
    piece = make_evidence(partner, commitment)
    piece.links.create(url=BAD[0], label="Old")
    links = ((BAD[0], "Old"), ("https://rowan.example/", "New"))
    edit_evidence(
        by=partner,
        at=now,
        evidence=piece,
        content=make_evidence_content(commitment, links=links),
        version=piece.version,
    )
    assert [link.url for link in piece.links.order_by("id")] == [url for url, _ in links]


@pytest.mark.parametrize("url", BAD)
def test_the_form_says_it_at_the_box(signed_in, partner, commitment, url):
    piece = make_evidence(partner, commitment)
    answer = signed_in(partner).post(
        f"/evidence/{piece.pk}/edit/", {"title": "T", "link_1": url, "version": piece.version}
    )
    assert answer.status_code == 422
    assert 'href="#id_link_1"' in answer.text
