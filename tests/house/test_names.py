"""A name says what it names: no local and no name in a template is `one`, and no two modules share a class's name."""

import ast
import re
from collections import defaultdict

import pytest

from tests.house.source_rules import ROOT, module_paths, vague_names

VAGUE = frozenset({"one"})
"""Names that leave it to the reader to find out what a thing is: `for commitment in …` says it."""

TAG = re.compile(r"{[%{].*?[%}]}", re.DOTALL)
TEXT = re.compile(r"\"[^\"]*\"|'[^']*'")
VAGUE_IN_TAG = re.compile(rf"(?<![\w.|-])(?:{'|'.join(sorted(VAGUE))})(?![\w-])")

SHARED = {
    "Command": "Django finds a command by this name",
    "SessionStore": "Django finds the session engine's class by this name",
    "HistoryEntry": "each floor keeps its own history, in a table of its own",
}
"""Classes whose names stand in several modules, and why."""


def vague_in_template(text):
    """Names in a template's tags that say nothing of what they hold; words in quotation marks are text."""
    return [name for tag in TAG.findall(text) for name in VAGUE_IN_TAG.findall(TEXT.sub("", tag))]


def class_places():
    """The modules of the four floors in which each class stands, by the class's name."""
    places = defaultdict(list)
    for path in module_paths():
        for node in ast.parse((ROOT / path).read_text()).body:
            if isinstance(node, ast.ClassDef):
                places[node.name].append(str(path))
    return places


def test_every_local_is_named_after_what_it_is():
    found = {str(path): vague for path in module_paths() if (vague := vague_names((ROOT / path).read_text(), VAGUE))}
    assert len(module_paths()) > 550
    assert found == {}


def test_every_name_in_a_template_says_what_it_holds():
    files = [file for kind in ("html", "txt") for file in (ROOT / "templates").rglob(f"*.{kind}")]
    assert len(files) > 250
    assert {str(file): vague for file in files if (vague := vague_in_template(file.read_text()))} == {}


def test_no_two_modules_share_the_name_of_a_class():
    places = class_places()
    assert len(places) > 500
    shared = {name: where for name, where in places.items() if len(where) > 1}
    assert shared.keys() == SHARED.keys(), {name: shared[name] for name in shared.keys() - SHARED.keys()}


@pytest.mark.parametrize(
    "text",
    [
        "for one in commitments: pass",
        "for number, (one, other) in pairs: pass",
        "titles = [one.title for one in commitments]",
        "titles = {key: one for key, one in commitments.items()}",
        "one = first(commitments)",
        "one: Commitment = first(commitments)",
        "if one := first(commitments): pass",
        "def title(one): pass",
        "def title(*, one=None): pass",
        "def titles(*one): pass",
        "key = lambda one: one.pk",
        "with open(path) as one: pass",
        "try: pass\nexcept ValueError as one: pass",
        "match value:\n    case [one, *rest]: pass",
        "import commitments as one",
    ],
)
def test_a_vague_name_is_found_wherever_it_is_given(text):
    assert [breach.code for breach in vague_names(text, VAGUE)] == ["one"]


@pytest.mark.parametrize(
    "text", ["for commitment in one_list: pass", "page.one", "say(one=commitment)", "'one'", "one_off = True", "f(one)"]
)
def test_a_name_that_only_looks_like_it_is_left_alone(text):
    assert vague_names(text, VAGUE) == []


@pytest.mark.parametrize(
    ("text", "vague"),
    [
        ("{% for one in commitments %}{{ title }}{% endfor %}", ["one"]),
        ("{% for key, one in commitments %}{% endfor %}", ["one"]),
        ("{{ one.title }}", ["one"]),
        ('{% include "a.html" with one=commitment only %}', ["one"]),
        ("{% with item=one.file %}{% endwith %}", ["one"]),
        ("One item, one day {# one #}", []),
        ('{{ count|agree:"one,many" }}{{ line.one }}{{ one_off }}', []),
    ],
)
def test_a_vague_name_in_a_template_is_found(text, vague):
    assert vague_in_template(text) == vague
