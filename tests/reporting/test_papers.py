"""Papers of a page or two."""

import io
import re
import socket
from html.parser import HTMLParser
from urllib.parse import unquote

import pypdf
import pytest
import segno
from django.conf import settings
from outloud import check

from reporting import papers
from reporting.views import papers as views_papers
from tests.pdf import in_catalogue


@pytest.fixture
def template(tmp_path, settings):
    """Returns a way to make a paper of some words."""
    folder = tmp_path / "templates"
    folder.mkdir()
    settings.TEMPLATES = [{**one, "DIRS": [*one["DIRS"], folder]} for one in settings.TEMPLATES]

    def write(words: str) -> str:
        (folder / "words.html").write_text(
            '{% extends "papers/paper.html" %}{% block paper %}' + words + "{% endblock %}"
        )
        return "words.html"

    return write


def test_a_paper_is_tagged_and_says_whose_it_is(template, tmp_path):
    content = papers.paper(template("<p>Hello {{ name }}</p>"), {"title": "A brief", "name": "<b>you</b>"})
    reader = pypdf.PdfReader(io.BytesIO(content))
    assert "Hello <b>you</b>" in reader.pages[0].extract_text(), "what people wrote stays words"
    assert reader.metadata is not None
    assert (reader.metadata.title, reader.metadata.author) == ("A brief", settings.PORTAL_COUNCIL)
    assert in_catalogue(reader, "/MarkInfo", "/Marked")
    assert str(in_catalogue(reader, "/Lang")) == "en-GB"
    file = tmp_path / "paper.pdf"
    file.write_bytes(content)
    assert check(str(file)).errors == 0


def test_a_paper_fetches_nothing(template):
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        address = f"http://127.0.0.1:{server.getsockname()[1]}/x.png"
        papers.paper(template(f'<p><img src="{address}" alt="x">Words</p>'), {"title": "A brief"})
        with pytest.raises(TimeoutError):
            server.accept()


def test_the_same_values_give_the_same_bytes(template):
    name = template("<p>{{ title }}</p>")
    assert papers.paper(name, {"title": "Same"}) == papers.paper(name, {"title": "Same"})


# The form to write on by hand

FORM = "/reports/strategies/our-strategy/commitments/thing-1-1/paper-form.pdf"


def squares(address: str) -> set[tuple[int, int]]:
    """The dark squares of a QR code, read back from the lines of its picture."""
    lines: list[str] = []

    class Reader(HTMLParser):
        def handle_starttag(self, tag, attrs):
            if "stroke" in dict(attrs):
                lines.append(dict(attrs)["d"])

    Reader().feed(unquote(views_papers.square(address)))
    dark, x, y = set(), 0.0, 0.0
    for letter, numbers in re.findall(r"([Mmh])([-\d. ]+)", lines[0]):
        said = [float(number) for number in re.findall(r"-?[\d.]+", numbers)]
        if letter == "h":
            dark |= {(int(x) + step, int(y)) for step in range(int(said[0]))}
            x += said[0]
        else:
            x, y = (said[0], said[1]) if letter == "M" else (x + said[0], y + said[1])
    return dark


def test_the_square_on_the_form_leads_to_the_commitments_first_question_on_a_telephone(settings):
    settings.PORTAL_URL = "https://portal.example.org"
    address = views_papers.telephone_way("our-strategy", "1.1")
    assert address == "https://portal.example.org/evidence/new/steps/?strategy=our-strategy&commitment=1.1"
    code = segno.make_qr(address, error="q")
    border = 4
    expected = {
        (column + border, row + border)
        for row, modules in enumerate(code.matrix)
        for column, dark in enumerate(modules)
        if dark
    }
    assert len(expected) > 300
    assert squares(address) == expected
    assert squares(address + "x") != expected


@pytest.mark.django_db
def test_the_form_is_one_page_that_a_screen_reader_can_read(client, strategy, tmp_path, settings):
    settings.PORTAL_URL = "https://portal.example.org"
    answer = client.get(FORM)
    assert answer["Content-Type"] == "application/pdf"
    reader = pypdf.PdfReader(io.BytesIO(answer.content))
    assert len(reader.pages) == 1
    text = " ".join(reader.pages[0].extract_text().split())
    for seen in ("1.1", "Do the thing called 1.1 for everybody", "May it be published?", settings.PORTAL_CONTACT_EMAIL):
        assert seen in text
    file = tmp_path / "form.pdf"
    file.write_bytes(answer.content)
    found = check(str(file))
    assert found.stats["tagged"]
    assert found.errors == 0, found.findings


@pytest.mark.django_db
def test_a_long_promise_leaves_room_for_everything_else(client, strategy):
    promise = strategy.commitments.get(reference="1.1")
    promise.wording = "Work with the whole of the sector, the health service and the districts. " * 5
    promise.save()
    assert len(pypdf.PdfReader(io.BytesIO(client.get(FORM).content)).pages) == 1


@pytest.mark.django_db
def test_the_form_is_sent_again_only_when_it_has_changed(client, strategy):
    etag = client.get(FORM)["ETag"]
    assert client.get(FORM, headers={"If-None-Match": etag}).status_code == 304
    promise = strategy.commitments.get(reference="1.1")
    promise.wording = "Do it better"
    promise.save()
    assert client.get(FORM, headers={"If-None-Match": etag}).status_code == 200
    assert client.get(FORM.replace("thing-1-1", "thing-9-9")).status_code == 404
