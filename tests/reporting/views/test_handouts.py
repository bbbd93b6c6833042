"""Papers of a page or two."""

import io
import re
import socket
import threading
import time
from html.parser import HTMLParser
from types import SimpleNamespace
from urllib.parse import unquote

import pypdf
import pytest
import segno
from django.conf import settings
from django.core.cache import cache
from django.test import Client
from outloud import check

from reporting.paper import handouts
from reporting.views import drawing_limit
from reporting.views import handouts as views_papers
from tests.pdf import in_catalogue
from vcsportal.common import rate_limits


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
    content = handouts.paper(template("<p>Hello {{ name }}</p>"), {"title": "A brief", "name": "<b>you</b>"})
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
        handouts.paper(template(f'<p><img src="{address}" alt="x">Words</p>'), {"title": "A brief"})
        with pytest.raises(TimeoutError):
            server.accept()


def test_the_same_values_give_the_same_bytes(template):
    name = template("<p>{{ title }}</p>")
    assert handouts.paper(name, {"title": "Same"}) == handouts.paper(name, {"title": "Same"})


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
    for seen in ("1.1", "Do the thing called 1.1 for everybody", "Can we publish this?", settings.PORTAL_CONTACT_EMAIL):
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


@pytest.fixture
def drawn(monkeypatch):
    """How often a form was drawn. It takes a little while."""
    cache.clear()
    times = []

    def draw(template, values):
        times.append(values["reference"])
        time.sleep(0.2)
        return b"%PDF-1.7 " + values["wording"].encode()

    monkeypatch.setattr(views_papers, "paper", draw)
    return times


@pytest.mark.django_db
def test_a_form_is_drawn_once_for_everybody_until_it_changes(client, strategy, drawn):
    assert client.get(FORM).content == client.get(FORM).content == b"%PDF-1.7 Do the thing called 1.1 for everybody"
    assert drawn == ["1.1"]
    promise = strategy.commitments.get(reference="1.1")
    promise.wording = "Do it better"
    promise.save()
    assert client.get(FORM).content == b"%PDF-1.7 Do it better"
    assert drawn == ["1.1", "1.1"]


@pytest.mark.django_db
def test_an_address_can_have_so_many_forms_drawn_and_those_that_are_stored_for_nothing(
    strategy, drawn, settings, monkeypatch
):
    monkeypatch.setattr(rate_limits, "time", SimpleNamespace(time=lambda: 1_800_000_000))
    settings.PAPER_FORMS_A_MINUTE = 2
    asks = Client(REMOTE_ADDR="192.0.2.1")
    others = [FORM.replace("thing-1-1", key) for key in ("thing-1-2", "thing-2-1")]
    assert [asks.get(one).status_code for one in (FORM, FORM, FORM, others[0])] == [200] * 4
    refused = asks.get(others[1])
    assert (refused.status_code, refused["Retry-After"], refused["Cache-Control"]) == (429, "61", "no-store")
    assert "Many forms are being drawn at the moment. Try again in 61 seconds." in refused.content.decode()
    assert asks.get(FORM).status_code == 200
    assert Client(REMOTE_ADDR="192.0.2.2").get(others[1]).status_code == 200
    assert drawn == ["1.1", "1.2", "2.1"]


def form(**changes) -> views_papers.PrintedForm:
    said = {name: name for name in ("slug", "key", "reference", "wording", "note", "strategy", "contact", "drawn_by")}
    return views_papers.PrintedForm(**(said | changes))


def test_whatever_is_printed_makes_another_form():
    assert form().digest == form().digest
    digests = {form(**{name: "another"}).digest for name in views_papers.PrintedForm.__slots__}
    assert len(digests | {form().digest}) == 10


def test_several_who_ask_at_once_wait_for_the_same_drawing(drawn):
    found = []
    threads = [threading.Thread(target=lambda: found.append(views_papers.draw_once(form()))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert found == [b"%PDF-1.7 wording"] * 4
    assert drawn == ["reference"]


def test_nobody_waits_for_ever_for_a_drawing(drawn, monkeypatch):
    monkeypatch.setattr(views_papers, "WAIT_SECONDS", 0.1)
    cache.add(f"paper-form-drawn:{form().digest}", 1, timeout=30)  # somebody else draws it
    assert views_papers.draw_once(form()) is None
    monkeypatch.setattr(drawing_limit, "_places", threading.BoundedSemaphore(1))
    with drawing_limit.drawing_place(1) as free:
        assert free
        assert views_papers.draw_once(form(key="b")) is None
    assert views_papers.draw_once(form(key="b")) == b"%PDF-1.7 wording"
    assert drawn == ["reference"]


@pytest.mark.django_db
def test_a_form_that_cannot_be_drawn_in_time_is_a_sentence(client, strategy, monkeypatch):
    cache.clear()
    monkeypatch.setattr(views_papers, "draw_once", lambda form: None)
    answer = client.get(FORM)
    assert (answer.status_code, answer["Retry-After"]) == (429, "5")


def test_a_drawing_that_fails_leaves_the_way_free(monkeypatch):
    cache.clear()

    def fail(template, values):
        raise ValueError("cannot be drawn")

    monkeypatch.setattr(views_papers, "paper", fail)
    for _ in range(2):
        with pytest.raises(ValueError, match="cannot be drawn"):
            views_papers.draw_once(form())
