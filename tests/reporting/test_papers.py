"""Papers of a page or two."""

import io
import socket

import pypdf
import pytest
from django.conf import settings
from outloud import check

from reporting import papers
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
