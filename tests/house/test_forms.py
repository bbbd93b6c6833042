"""Every form that refuses what was sent does it in the same way: 422, a summary that leads to each box, and the title says so."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from tests.house.door_table import DOORS
from tests.house.doors import PEOPLE
from tests.house.world import World
from tests.signing_in import sign_in

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
