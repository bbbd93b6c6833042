"""Every form that refuses what was sent does it in the same way: 422, a summary that leads to each box, and the title says so."""

import ast
import re
from typing import Final

import pytest
from django.test import Client
from django.urls import reverse

from tests.house.door_table import DOORS
from tests.house.doors import PEOPLE
from tests.house.source_rules import ROOT, module_paths
from tests.house.world import World
from tests.signing_in import sign_in
from vcsportal.common.widgets import TextBox

NO_BOX = {"mfa_add_webauthn", "mfa_generate_recovery_codes", "commitments:case-study-withdraw"}
"""Their faults are those of a key or of the account, or of a form that was not opened: there is no box to lead to."""
FORMS = [
    door
    for door in DOORS
    if "422" in door.post.split() and not door.name.startswith("api:") and door.name not in NO_BOX
]


def test_there_are_forms_to_look_at():
    print(f"looked at {len(FORMS)} forms")
    assert len(FORMS) >= 15


@pytest.mark.parametrize("name", [door.name for door in FORMS])
def test_a_form_sent_empty_says_what_is_missing_and_where(name: str, world: World):
    door = next(door for door in FORMS if door.name == name)
    who = next(person for person in PEOPLE if door.answers("POST")[person] == "422")
    client = Client()
    if (person := world.people[who]) is not None:
        sign_in(client, person)
    answer = client.post(reverse(door.name, args=door.args(world)) + door.query)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert re.search(r"<title>\s*Error: ", page), "the title does not say that something is wrong"
    summary = re.search(r'<div class="govuk-error-summary".*?</ul>', page, re.S)
    assert summary, "no error summary"
    links = re.findall(r'href="#([^"]+)"', summary[0])
    assert links, "the summary leads nowhere"
    for target in links:
        assert f'id="{target}"' in page, f"the summary leads to #{target}, which is not on the page"
    assert "govuk-error-message" in page, "no message at a box"


# What a browser sends back of a text is not what it was given: every line ends with CR LF.

BROWSER_SENT: Final = "forms.CharField(widget=forms.HiddenInput, initial=words)", "forms.Textarea(attrs={'rows': 2})"


def compared_as_sent(text: str) -> list[str]:
    """Return the fields of a module that would compare the line ends that a browser sends with those that are stored.

    A text box is a TextBox, and a hidden field that carries a text a PlainText: both read CR LF as LF.
    """
    calls = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call)]
    found = []
    for call in calls:
        given = {keyword.arg: ast.unparse(keyword.value) for keyword in call.keywords}
        carries = ast.unparse(call.func) == "forms.CharField" and "initial" in given
        if ast.unparse(call.func).endswith("Textarea") or (carries and "HiddenInput" in given.get("widget", "")):
            found.append(ast.unparse(call))
    return found


def test_no_form_compares_line_ends_as_a_browser_sends_them():
    for text in BROWSER_SENT:
        assert compared_as_sent(text) == [text]
    modules = [path for path in module_paths() if "forms" in {*path.parts[:-1], path.stem}]
    assert len(modules) > 40
    assert {str(path): found for path in modules if (found := compared_as_sent((ROOT / path).read_text()))} == {}


def test_a_text_box_reads_what_a_browser_sends_as_what_was_stored():
    box = TextBox()
    assert box.value_from_datadict({"words": "one\r\ntwo\rthree"}, {}, "words") == "one\ntwo\nthree"
    assert box.value_from_datadict({}, {}, "words") is None
