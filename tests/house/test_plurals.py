"""One rule makes numbers agree with their nouns and verbs: nobody does it by hand."""

import re

import pytest
from django.conf import settings
from django.template import Context, Template

from tests.house.source_rules import ROOT, module_paths

BY_HAND = (
    re.compile(r"""(?:''|""|'s'|"s"|'\w+'|"\w+") if [\w.()\[\]'"]+ == 1 else (?:''|""|'s'|"s"|'\w+'|"\w+")"""),
    re.compile(r"""\+ ["']s["']"""),
    re.compile(r"""f"1 \w+[^"]*" if [\w.()]+ == 1"""),
)
HOME = "vcsportal/common/plurals.py"


def templates():
    return [file for file in sorted((ROOT / "templates").rglob("*")) if file.suffix in {".html", ".txt"}]


def test_no_module_makes_plurals_by_hand():
    looked, found = 0, []
    for path in module_paths():
        looked += 1
        if str(path) != HOME and not path.is_relative_to("vcsportal/local"):
            lines = (ROOT / path).read_text().splitlines()
            found += [f"{path}:{n}" for n, line in enumerate(lines, 1) if any(p.search(line) for p in BY_HAND)]
    print(f"looked at {looked} modules")
    assert looked > 200
    assert found == []


def test_no_template_makes_plurals_by_hand():
    looked, found = 0, []
    for file in templates():
        looked += 1
        text = file.read_text()
        if "pluralize" in text or re.search(r"\}\}s\b|\{% if [\w.|]+ [=!]= 1 %\}s?\{% (?:else %\}s\{% )?endif", text):
            found.append(str(file.relative_to(ROOT)))
    print(f"looked at {looked} templates")
    assert looked > 100
    assert found == []


@pytest.mark.parametrize(
    "line",
    ["f\"{n} email{'' if n == 1 else 's'}\"", "{'is' if len(x) == 1 else 'are'}", 'one + "s"', 'f"1 fault" if count == 1 else ""'],
)  # fmt: skip
def test_a_plural_by_hand_would_be_found(line):
    assert any(pattern.search(line) for pattern in BY_HAND)


@pytest.mark.parametrize(
    ("count", "words"),
    [
        (0, "0 commitments are, people have, 0 items of evidence"),
        (1, "1 commitment is, person has, 1 item of evidence"),
        (2000, "2,000 commitments are, people have, 2,000 items of evidence"),
    ],
)
def test_templates_use_the_same_rule(count, words):
    assert settings.TEMPLATES
    text = '{{ n|counted:"commitment" }} {{ n|agree:"is,are" }}, {{ n|noun:"person,people" }} {{ n|agree:"has,have" }}, {{ n|counted:"item of evidence" }}'
    assert Template(text).render(Context({"n": count})) == words
