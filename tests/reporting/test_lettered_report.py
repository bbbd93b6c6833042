"""A report of a strategy whose references are letters, words and signs: every format has them, and every link leads somewhere."""

import io
import re
from collections import Counter

import pypdf
import pytest
from django.utils import timezone

from commitments.models import Action, Commitment, Priority
from reporting import production
from reporting.facts import from_json
from reporting.models import Edition
from reporting.services.editions import request_edition
from tests.reporting.test_every_face import words_of
from tests.reporting.year import Year, make_year

pytestmark = pytest.mark.django_db(transaction=True)

REFERENCES = ["A1", "CW1.2b", "5(b)/i", "Recommendation 4.12a"]
PRIORITIES = ["A", "Theme 2"]


@pytest.fixture
def edition(council, queue) -> Edition:
    """An edition of a year in which nothing is called by its number."""
    year: Year = make_year(shape=(2, 2), pieces=4, years=2, council=council)
    for commitment, reference in zip(year.strategy.commitments.in_order(), REFERENCES, strict=True):
        Commitment.objects.filter(pk=commitment.pk).update(reference=reference)
    for priority, reference in zip(year.strategy.priorities.order_by("number"), PRIORITIES, strict=True):
        Priority.objects.filter(pk=priority.pk).update(reference=reference)
    first = year.strategy.commitments.in_order()[0]
    hub = Action.objects.create(commitment=first, reference="A1.i", title="Open a hub for everybody")
    Action.objects.create(commitment=first, parent=hub, reference="a", title="Find a building for it")
    made = request_edition(by=year.officer, at=timezone.now(), round_=year.round)
    assert production.produce(made.pk), Edition.objects.get(pk=made.pk).error
    made.refresh_from_db()
    return made


def content(edition: Edition, code: str) -> bytes:
    face = edition.face(code)
    assert face
    with face.content.open("rb") as file:
        return file.read()


def test_every_format_names_them_and_every_link_leads_somewhere(edition):
    report = from_json(edition.facts)
    assert [commitment.reference for commitment in report.commitments()] == REFERENCES
    assert [priority.reference for priority in report.priorities] == PRIORITIES

    page = content(edition, "html").decode()
    ids = re.findall(r'\bid="([^"]*)"', page)
    assert [each for each, count in Counter(ids).items() if count > 1] == []
    assert [each for each in ids if not each or re.search(r"\s", each)] == []
    links = set(re.findall(r'href="#([^"]+)"', page))
    assert links - set(ids) == set()
    assert {"commitment-A1", "commitment-5_28_b_29__2f_i"} <= links
    assert ">Priority A<" in page
    assert ">Theme 2<" in page
    assert "Priority Theme" not in page

    pdf = content(edition, "pdf")
    names = pypdf.PdfReader(io.BytesIO(pdf)).named_destinations
    assert {name for name in links if name.startswith("commitment-")} <= set(names)

    looked: set[str] = set()
    for code in {face.code for face in edition.faces.all()} - {"easy", "summary", "annex"}:
        words = words_of(code, content(edition, code))
        for reference in REFERENCES:
            assert re.sub(r"\W+", "", reference).lower() in words, f"{reference} is not in {code}"
        assert "openahubforeverybody" in words, code
        looked.add(code)
    assert {"html", "pdf", "docx", "xlsx", "json"} <= looked
