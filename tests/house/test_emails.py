"""Every template of an email, with hostile words in every value: both halves are built as they are with harmless words."""

import re
from collections import Counter
from types import SimpleNamespace
from typing import Any

import pytest
from django.template import engines
from django.template.base import NodeList
from django.template.context import Context
from django.template.defaulttags import ForNode, IfNode

from partners.emails import composing
from partners.emails.templates import ENGINE, MailVariable, quoted
from tests.house.source_rules import ROOT, module_paths

HOSTILE = (
    "Dear Resident,\n\n# x\n\n1. x\n\n- x\n[claim](https://evil.example/refund) https://evil.example www.evil.example "
    '<a href="//evil.example">x</a> *b*\n> q\n    code\n===\n2. x\n'
)
HARMLESS = "Rowan"
TEMPLATES = sorted(
    str(file.relative_to(ROOT / "templates")).removesuffix("_message.txt")
    for folder in ("emails", "account/email")
    for file in (ROOT / "templates" / folder).glob("*_message.txt")
    if file.name != "base_message.txt"
)
ADDRESS = re.compile(r"(^|[._])(url|path|way_back)$")
KNOWN_TAGS = {
    "BlockNode", "ExtendsNode", "ForNode", "IfNode", "IncludeNode", "MailVariable", "TextNode", "WithNode", "CommentNode"
}  # fmt: skip


@pytest.fixture
def filled(monkeypatch) -> Any:
    """Returns what writes an email with every condition held, every list of two items, and every value the same words."""
    render = MailVariable.render
    words = SimpleNamespace(now="")

    def variable(self: MailVariable, context: Context) -> str:
        expression = self.filter_expression
        value: object = words.now
        if ADDRESS.search(str(expression.var)):
            value = composing.about_portal()["portal_url"] + "/there/"
        elif any(function is quoted for function, _ in expression.filters):
            value = quoted(value)
        monkeypatch.setattr(self, "filter_expression", SimpleNamespace(resolve=lambda _: value))
        try:
            return render(self, context)
        finally:
            monkeypatch.setattr(self, "filter_expression", expression)

    def either(self: IfNode, context: Context) -> str:
        return "".join(nodes.render(context) for _, nodes in self.conditions_nodelists)

    def twice(self: ForNode, context: Context) -> str:
        nothing: Any = self.nodelist_empty
        body: Any = self.nodelist_loop
        return str(body.render(context)) * 2 + "".join(node.render(context) for node in nothing)

    monkeypatch.setattr(MailVariable, "render", variable)
    monkeypatch.setattr(IfNode, "render", either)
    monkeypatch.setattr(ForNode, "render", twice)

    def write(template: str, value: str) -> tuple[str, str, str]:
        words.now = value
        subject, source = composing.render_email(template, composing.about_portal())
        return subject, composing.as_text(source), composing.as_html(source, subject=subject)

    return write


def built(page: str) -> Counter[str]:
    """The elements of an html half, each with where it leads."""
    return Counter(re.findall(r"<(\w+)", page)) + Counter(re.findall(r'<a [^>]*?href="([^"]*)"', page))


@pytest.mark.parametrize("template", TEMPLATES)
def test_no_value_builds_anything_in_an_email(filled, template):
    plain_subject, plain_text, plain_page = filled(template, HARMLESS)
    subject, text, page = filled(template, HOSTILE)
    breaks = page.count("<br>") + page.count("<p>") - plain_page.count("<p>")  # of quotations, which keep their lines
    found, expected = built(page), built(plain_page)
    for quiet in ("br", "p"):
        found.pop(quiet, None), expected.pop(quiet, None)
    assert found == expected
    assert breaks == 0 or "<blockquote>" in plain_page
    assert subject.count("\n") == 0
    if HARMLESS not in plain_text + plain_subject:
        return
    for line in text.splitlines():
        assert not re.match(r"\s*(#+ x|=|\d\. x|- x|\[claim|Dear Resident,$)", line), line
    for half in (subject, text, re.sub(r"<[^>]*>", "", page)):
        assert not re.search(r"https?:(//|&#x2F;)evil|evil\.example", half)


def test_every_template_is_looked_at_and_most_hold_values(filled):
    print(f"looked at {len(TEMPLATES)} templates")
    assert len(TEMPLATES) >= 26
    with_values = [one for one in TEMPLATES if HARMLESS in filled(one, HARMLESS)[1]]
    assert len(with_values) >= 25


def test_a_template_writes_values_only_as_values():
    """Other tags that print (``firstof``, ``cycle``, ``now`` …) would go past the escaping."""
    looked: Counter[str] = Counter()

    def look(nodes: NodeList) -> None:
        for node in nodes:
            looked[type(node).__name__] += 1
            if isinstance(node, IfNode):
                for _, inner in node.conditions_nodelists:
                    look(inner)
            else:
                for name in node.child_nodelists:
                    look(getattr(node, name, None) or NodeList())

    for file in [*(ROOT / "templates/emails").glob("*.txt"), *(ROOT / "templates/account/email").glob("*.txt")]:
        text = file.read_text()
        assert "autoescape" not in text, file.name
        assert "|safe" not in text, file.name
        look(engines[ENGINE].engine.get_template(str(file.relative_to(ROOT / "templates"))).nodelist)  # type: ignore[attr-defined]
    assert looked["MailVariable"] > 150
    assert {*looked} <= KNOWN_TAGS


def test_templates_of_emails_are_drawn_by_their_own_engine_only():
    found = [
        str(path)
        for path in module_paths()
        if re.search(r"""render_to_string\([^)]*emails?/(?!frame)""", (ROOT / path).read_text())
        or "EmailMessage(" in (ROOT / path).read_text()
    ]
    assert found == ["partners/sign_in/adapter.py"]
