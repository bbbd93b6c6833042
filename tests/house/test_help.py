"""The help pages agree with the portal: their pictures, their links, and the names of what they tell people to press."""

import ast
import html
import json
import re

import pytest
from django.urls import get_resolver

from tests.house.source_rules import ROOT
from tests.shots.help_pictures import FOLDER, PICTURES
from vcsportal.help_pages import HELP_FOR, HELP_PAGES, PICTURE_SIZES

TEMPLATES = ROOT / "templates"
PAGES = {page.slug: (TEMPLATES / "pages" / "help" / f"{page.slug}.html").read_text() for page in HELP_PAGES}
MOST_BYTES = 1_500_000
STEP_LABEL = re.compile(r"<strong>(.*?)</strong>", re.S)
PICTURE = re.compile(r'{% help_picture "([\w-]+)" "([^"]+)" %}')


def tidy(text):
    return " ".join(html.unescape(text).split())


def sections(text):
    return re.findall(r"<section>(.*?)</section>", text, re.S)


def words_of_the_portal():
    """Everything that the portal can print: the words of its templates, and the texts in its code."""
    said = []
    for file in TEMPLATES.rglob("*.html"):
        if "help" not in file.parts:
            said.append(re.sub(r"\{%.*?%\}|\{#.*?#\}|<[^>]*>", " ", file.read_text(), flags=re.S))
    for package in ("commitments", "partners", "reporting", "vcsportal"):
        for file in (ROOT / package).rglob("*.py"):
            if file.name != "help_pages.py":
                nodes = list(ast.walk(ast.parse(file.read_text())))
                unread = {id(node.value) for node in nodes if isinstance(node, ast.Expr)}  # docstrings
                texts = [node for node in nodes if isinstance(node, ast.Constant) and id(node) not in unread]
                said += [node.value for node in texts if isinstance(node.value, str)]
    return "\n".join(tidy(text) for text in said)


def test_every_task_has_steps_and_one_picture():
    tasks = [section for text in PAGES.values() for section in sections(text)]
    assert len(tasks) >= 12
    for task in tasks:
        assert len(re.findall("<li>", task)) >= 3, task
        assert len(PICTURE.findall(task)) == 1, task
        assert re.search(r'<h2 class="govuk-heading-m" id="[\w-]+">', task), task


def test_each_picture_that_a_page_shows_is_there_and_no_other():
    shown = [picture for text in PAGES.values() for picture in PICTURE.findall(text)]
    names = [name for name, _ in shown]
    assert len(set(names)) == len(names)
    assert set(names) == {picture.name for picture in PICTURES}, "tests/shots/help_pictures.py takes these"
    assert set(names) == {file.stem for file in FOLDER.iterdir()}, "make shots ARGS=help takes them"
    assert set(names) == set(json.loads(PICTURE_SIZES.read_text()))
    assert all(len(alt) > 30 for _, alt in shown)
    assert sum(file.stat().st_size for file in FOLDER.iterdir()) < MOST_BYTES


def test_what_people_are_told_to_press_or_look_for_is_there():
    labels = [tidy(label) for text in PAGES.values() for label in STEP_LABEL.findall(text)]
    assert len(labels) > 30
    portal = words_of_the_portal()
    missing = [label for label in labels if label not in portal]
    assert missing == [], "rename them on the help pages too, and take the pictures again: make shots ARGS=help"
    assert "Press this button that nobody has" not in portal


@pytest.mark.django_db
def test_every_link_of_the_help_pages_leads_somewhere(client, strategy):
    looked = 0
    pages = {"/help/": client.get("/help/")} | {f"/help/{slug}/": client.get(f"/help/{slug}/") for slug in PAGES}
    for page in pages.values():
        assert page.status_code == 200
        for address in re.findall(
            r'href="(/[^"]*)"', page.content.decode().partition("<main")[2].partition("</main>")[0]
        ):
            assert client.get(address).status_code == 200, address
            looked += 1
    assert looked >= 20
    assert client.get("/help/no-such-page/").status_code == 404


@pytest.mark.django_db
def test_pages_that_are_hard_lead_to_their_own_instructions(client, signed_in, officer):
    names = {
        f"{space}:{name}" for space in ("commitments", "following", "meetings", "partners", "reporting")
        for name in get_resolver().namespace_dict[space][1].reverse_dict if isinstance(name, str)
    }  # fmt: skip
    assert set(HELP_FOR) <= names
    for place, _words in HELP_FOR.values():
        slug, _, task = place.partition("#")
        assert not slug or f'id="{task}"' in PAGES[slug], place
    assert 'href="/help/officers/#review"' in signed_in(officer).get("/review/").content.decode()
    assert 'href="/help/readers/#verify"' in client.get("/reports/verify/").content.decode()
    assert 'href="/help/"' in client.get("/cookies/").content.decode(), "the footer of every page"
