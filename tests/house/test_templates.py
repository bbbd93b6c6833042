"""Templates can be read and reviewed: no line has to be scrolled, and none decides by the code of a state."""

import re

import pytest

from tests.house.source_rules import ROOT

LONGEST_CHARACTERS = 160
ONE_PIECE = {
    "commitments/_marked.html": "white space in it is drawn as it stands",
    "report/_cover.html": "an attribute of several parts",
}
"""Templates with a line that no tool and no hand can break without changing what is drawn."""

TAG = re.compile(r"{%.*?%}")
BY_CODE = re.compile(
    r"""(?x)
    \b (?:state | status | standing | stands | outcome | (?: state | status | tag | standing | act ) \.code)
    \s (?: == | != | in | not\ in ) \s ["']
    | ["'] \s (?: == | != ) \s [\w.]* \b (?: state | status | standing | stands | code ) \b"""
)

LOOSE_STOP = re.compile(r"(?:endif|endfor|endwith) %}\n\s*(?:{% (?:if|for|with) [^%]*%})*[.,;:)?!]")
"""A line break that is drawn as a space before a full stop or a comma."""


def templates():
    return sorted((ROOT / "templates").rglob("*.html"))


def by_code(text):
    """Lines of a template that compare a state with its code, with their numbers."""
    return [
        (number, tag)
        for number, line in enumerate(text.splitlines(), 1)
        for tag in TAG.findall(line)
        if BY_CODE.search(tag)
    ]


def test_no_line_of_a_template_has_to_be_scrolled():
    looked = {str(file.relative_to(ROOT / "templates")): file.read_text() for file in templates()}
    assert len(looked) > 250
    long = {name for name, text in looked.items() if max(map(len, text.splitlines()), default=0) > LONGEST_CHARACTERS}
    assert long - set(ONE_PIECE) == set(), "run make format, then break these lines by hand"
    assert set(ONE_PIECE) - long == set(), "these are short enough now: take them from the list"


def test_no_full_stop_or_comma_stands_apart_from_its_sentence():
    looked = {str(file.relative_to(ROOT / "templates")): file.read_text() for file in templates()}
    assert len(looked) > 250
    assert LOOSE_STOP.search("{% if a %}one{% endif %}\n  {% if b %}, and two{% endif %}")
    assert not LOOSE_STOP.search("{% if a %}one{% endif %}, two")
    found = {name: apart.group() for name, text in looked.items() if (apart := LOOSE_STOP.search(text))}
    assert found == {}, "put the sign into the condition before it, or keep the format of this element"


def test_no_template_decides_by_the_code_of_a_state():
    looked = {file: by_code(file.read_text()) for file in templates()}
    assert len(looked) > 250
    found = [f"{file.relative_to(ROOT)}:{number}: {tag}" for file, lines in looked.items() for number, tag in lines]
    assert found == [], "say it with a named value of the view, the reading or the model"


@pytest.mark.parametrize(
    "tag",
    [
        '{% if update.state == "published" %}',
        "{% if update.state != 'published' %}",
        '{% if one.state.code == "approved" %}',
        '{% elif form and act.code == "close" %}',
        '{% if "closed" == round.state %}',
        '{% if round.state in "open closed" %}',
        '{% if part.stands == "waiting" %}',
    ],
)
def test_comparisons_of_states_are_found(tag):
    assert by_code(f"<p>{tag}</p>")


@pytest.mark.parametrize("tag", ["{% if update.is_published %}", '{% if step == "what" %}', "{% if state.code %}"])
def test_other_conditions_are_left_alone(tag):
    assert by_code(f"<p>{tag}</p>") == []
