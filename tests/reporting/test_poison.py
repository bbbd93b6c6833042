"""Content that nobody should have been able to enter: every face is made all the same, and nothing is fetched or read."""

import http.server
import io
import json
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pypdf
import pytest
from PIL import Image, ImageFile

from reporting.facts import LinkFacts, PhotographFacts, Report, TextFacts, checksum, to_json
from reporting.formats import FORMAT_BY_CODE, FORMATS
from reporting.narrative.sections import WRITTEN
from reporting.rendering import limits
from reporting.rendering.body import values
from reporting.rendering.links import PrintLinks
from reporting.rendering.photographs import Photographs
from tests.reporting.rendering.test_rendering import report as drawable
from tests.reporting.rendering.test_rendering import told
from tests.reporting.year import make_photograph
from tests.stack import ROOT

__all__ = ["drawable", "told"]

HOSTILE = """![x]({url}/markdown.png) <img src="{url}/tag.png"> <style>@import url({url}/style.css);</style>
<link rel=stylesheet href="{url}/link.css"><link rel=attachment href="file:///etc/passwd"> <iframe src="{url}/frame"></iframe>
<svg><image href="{url}/svg.png"/><use href="file:///etc/passwd#a"/></svg> <script src="{url}/script.js">alert(1)</script>
<p style="background:url({url}/background.png)">x</p> <img src="file:///etc/passwd"> <base href="{url}/"> {{{{ settings }}}}
<!--#include file="/etc/passwd"--> =WEBSERVICE("{url}/cell") <!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>&e;

[words](file:///etc/passwd) [more](javascript:alert(1)) <{url}/autolink> ![y](file:///etc/passwd)"""
TEXTS = {
    "ten thousand words": " ".join(f"word{number}" for number in range(10_000)),
    "a word of four hundred letters": "Donaudampfschiff" * 25,
    "two hundred thousand line breaks": "<br>" * 200_000,
    "broken Markdown": "**bold _both* ~~x~~ [a](b [c] ](d) ![ `` ``` > # \\ \n\n* \n1.\n- - - -\n>>>>\n"
    + "*" * 3000
    + "[" * 3000,
    "deep nesting": "\n".join("> " * depth + "* " * depth + "deep" for depth in range(60)) + "(" * 5000,
    "right to left": "הקהילה פתחה חדר חם \u202eevil\u202c مرحبا بالعالم and back again. \u200f\u200e\u2066x",
    "emoji": "Thanks 👩‍👩‍👧‍👦🏳️‍🌈👍🏽 \U0001f9ff ﷽ Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢L̠ͨͧͩ͘G̴̻͈͍͔̹̑͗̎̅͛́Ǫ̵̹̻̝̳͂̌̌͘ 𝔘𝔫𝔦 \ufdd0",
    "what no file may hold": "a\x00b\x0bc\x1b[31md\ufffe\x7f e",
}


STRANGE = ("broken Markdown", "deep nesting", "right to left", "emoji", "what no file may hold")


def spoilt(report: Report, *texts: str) -> Report:
    """Put the texts in turn into every kind of place that people write in; short places take their beginnings."""
    turn = lambda place: texts[place % len(texts)]  # noqa: E731
    return replace(
        report,
        strategy=replace(report.strategy, vision=turn(0)[:2000], title=turn(1)[:150]),
        priorities=tuple(
            replace(
                p, title=turn(n)[:150], summary=turn(n)[:2000],
                commitments=tuple(
                    replace(c, wording=turn(n + m)[:1000], short_title=turn(n + m)[:90], reason=turn(n + m)[:1000], narrative=turn(n + m), next_steps=turn(n + m))
                    if n + m < len(texts) else c
                    for m, c in enumerate(p.commitments)
                ),
            )
            for n, p in enumerate(report.priorities)
        ),
        evidence=tuple(
            replace(piece, title=turn(n)[:150], story=turn(n), organisation=turn(n)[:150], links=(LinkFacts(f"https://example.org/{n}", turn(n)[:150]),))
            if n < len(texts) else piece
            for n, piece in enumerate(report.evidence)
        ),
        texts=tuple(TextFacts(section.key, turn(n)) for n, section in enumerate(WRITTEN[:2])),
    )  # fmt: skip


def overlong(report: Report) -> Report:
    """Let three pieces tell what is far longer than a form lets anybody write."""
    first, second, third, *others = report.evidence
    long, endless, empty = (TEXTS[name] for name in TEXTS if name not in STRANGE)
    return replace(
        report,
        evidence=(replace(first, story=long), replace(second, title=endless[:200], story=endless), replace(third, story=empty), *others),
    )  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("poison", [overlong, lambda report: spoilt(report, *(TEXTS[name] for name in STRANGE))], ids=["long", "strange"])  # fmt: skip
def test_every_face_is_made_of_poisoned_words(drawable, poison):
    report = poison(drawable)
    for face in FORMATS:
        made = face.write(report, Photographs(report), None)
        assert len(made.content) > 1000, face.code
        if face.extension == "pdf":
            reader = pypdf.PdfReader(io.BytesIO(made.content))
            assert len(reader.pages) == made.pages
        if face.code == "annex" and poison is overlong:
            text = " ".join(page.extract_text() for page in reader.pages)
            assert "word9999" in text, "ten thousand words are told to the end"
            assert "Cut here: the text has 800,000 characters" in " ".join(text.split())


def test_what_forms_let_in_is_drawn_as_it_is_and_an_address_stays_whole():
    address = f"https://example.org/{'a' * 300}"
    assert limits._text(f"See {address} now") == f"See {address} now"
    assert limits._text("a" * 59) == "a" * 59
    assert limits._text("a" * 60) == "\u200b".join(["a" * 20] * 3)


@pytest.mark.django_db
def test_the_checksum_that_is_printed_is_that_of_the_facts_however_long_their_words_are(drawable):
    report = overlong(drawable)
    assert limits.bounded(report) != report
    proof = values(report, photographs=(), links=PrintLinks(report))["proof"]
    assert "".join(proof.groups) == checksum(to_json(report))


def jpeg(width: int, height: int, mode: str = "RGB", **how) -> bytes:
    out = io.BytesIO()
    Image.new(mode, (width, height)).save(out, how.pop("format", "JPEG"), **how)
    return out.getvalue()


def turned() -> bytes:
    exif = Image.Exif()
    exif[0x0112] = 6
    return jpeg(40, 30, exif=exif)


BAD: dict[str, Callable[[], bytes]] = {
    "cut off": lambda: make_photograph(1)[:9000],
    "empty": lambda: b"",
    "no picture": lambda: b"\xff\xd8\xff" + b"not a picture" * 90 + b"\xff\xd9",
    "forty million pixels": lambda: jpeg(8000, 5000),
    "four hundred million pixels": lambda: jpeg(100, 100).replace(b"\x00\x64\x00\x64", b"\x4e\x20\x4e\x20", 1),
    "a PNG": lambda: jpeg(40, 30, format="PNG"),
    "for a printing press": lambda: jpeg(40, 30, "CMYK"),
    "not upright": turned,
    "a web page": lambda: b"<svg xmlns='http://www.w3.org/2000/svg'><image href='file:///etc/passwd'/></svg>",
}


@pytest.mark.django_db
def test_photographs_that_can_not_be_drawn_are_left_out(drawable, caplog):
    photographs = {f"{name}.jpg": make() for name, make in BAD.items()} | {"good.jpg": make_photograph(2)}
    shown = tuple(PhotographFacts(name, f"It is {name}") for name in photographs)
    first, *others = drawable.evidence
    report = replace(
        drawable, evidence=(replace(first, photographs=shown), *(replace(p, photographs=()) for p in others))
    )
    pdf, html = (FORMAT_BY_CODE[code].write(report, photographs, None).content for code in ("annex", "html"))
    assert pdf.count(b"/DCTDecode") == html.count(b"data:image/jpeg") == 1
    assert pdf.count(photographs["good.jpg"]) == 1
    text = " ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages)
    assert "It is good" in text
    for name in BAD:
        assert f"It is {name}" not in " ".join(text.split())
        assert f"{name}.jpg is damaged or too large" in caplog.text


@pytest.mark.django_db
def test_photographs_go_into_the_pdf_as_they_are_and_none_is_unpacked(drawable, monkeypatch):
    photographs = dict(Photographs(drawable))
    assert len(photographs) == 2
    done: list[str] = []
    monkeypatch.setattr(ImageFile.ImageFile, "load", lambda self: done.append("unpacked"))
    monkeypatch.setattr(Image.Image, "save", lambda self, *args, **more: done.append("packed"))
    pdf = FORMAT_BY_CODE["annex"].write(drawable, photographs, None).content
    assert done == []
    for content in photographs.values():
        assert pdf.count(content) == 1


@pytest.fixture
def listener() -> Iterator[tuple[str, list[str]]]:
    """A web server on this machine that must never hear anything."""
    heard: list[str] = []

    class Listener(http.server.BaseHTTPRequestHandler):
        def handle_one_request(self) -> None:
            heard.append(self.rfile.readline().decode("latin-1"))
            self.close_connection = True

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Listener)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", heard
    server.shutdown()
    server.server_close()


WATCHED = """
import json, os, sys
seen, watching = [], False
def hear(event, args):
    if watching and event in {"open", "socket.connect", "socket.getaddrinfo", "subprocess.Popen", "os.system", "urllib.Request"}:
        seen.append([event, str(args[1] if event.startswith("socket") and len(args) > 1 else args[0])])
sys.addaudithook(hear)
import django; django.setup()
from reporting.formats import FORMAT_BY_CODE, FORMATS
from reporting.facts import from_json
from reporting.rendering.photographs import Photographs
from reporting.rendering import limits
facts, plain = (from_json(json.load(open(file))) for file in sys.argv[1:3])
for face in FORMATS: face.write(plain, Photographs(plain), None)
watching = True
for face in FORMATS:
    made = face.write(facts, Photographs(facts), None).content
    assert b"root:x:0" not in made, face.code
watching = False
print(json.dumps(seen))
"""


@pytest.mark.django_db
def test_no_face_fetches_or_reads_anything_that_content_names(drawable, listener, tmp_path, settings):
    url, heard = listener
    text = HOSTILE.replace("{url}", url)
    report = spoilt(drawable, text)
    named = (
        PhotographFacts("../../../etc/passwd", text),
        PhotographFacts("/etc/passwd", ""),
        PhotographFacts(f"{url}/p.jpg", ""),
    )
    report = replace(
        report,
        evidence=tuple(replace(p, photographs=named + p.photographs, links=(LinkFacts(f"{url}/link", text), LinkFacts("file:///etc/passwd", ""))) for p in report.evidence),
    )  # fmt: skip
    for name, facts in (("hostile", report), ("plain", drawable)):
        (tmp_path / name).write_text(json.dumps(to_json(facts)))
    done = subprocess.run(
        [sys.executable, "-c", WATCHED, str(tmp_path / "hostile"), str(tmp_path / "plain")],
        cwd=ROOT, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    assert heard == []
    seen = json.loads(done.stdout.splitlines()[-1])
    assert len(seen) > 3, "the watch hears nothing at all"
    ours = (
        str(ROOT),
        str(Path(settings.MEDIA_ROOT).resolve()),
        sys.prefix,
        sys.base_prefix,
        "/usr/share",
        "/usr/lib",
        "/var/cache/fontconfig",
        "/tmp",
        "/dev/null",
    )
    strange = [
        (event, name)
        for event, name in seen
        if not (event == "open" and (name.startswith(ours) or name.isdigit()))
        and not (event == "urllib.Request" and name.startswith("data:"))
    ]
    assert not strange, strange
