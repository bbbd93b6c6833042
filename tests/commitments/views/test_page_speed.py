"""Pages that people wait for do not become heavy again.

Seconds differ from machine to machine, and by the hour. The number of calls of Python functions does not, so each page is
compared by it with the health check, which goes through the same server and asks nothing.
"""

from cProfile import Profile

import pytest

from tests.commitments.views.test_page_queries import address, fill

pytestmark = pytest.mark.django_db

MOST = {"glance": 15, "my-work": 9, "evidence form": 15, "organisations": 6, "API": 4}
"""How many times the calls of the health check each page may take: about half as many again as it takes now."""


@pytest.fixture
def pages_as_read():
    """Pages are left as they come: laying them out anew would be counted, too."""


def calls(client, url: str) -> int:
    """Return how many calls one request takes, after others have filled what is made once in a process."""
    for _ in range(2):
        assert client.get(url).status_code == 200, url
    profile = Profile()
    profile.enable()
    client.get(url)
    profile.disable()
    return sum(entry.callcount for entry in profile.getstats())


def test_pages_that_people_wait_for_take_few_times_the_calls_of_a_health_check(
    client, signed_in, council, officer, partner
):
    strategy = fill(32, council, officer, partner)
    person = signed_in(partner)
    least = calls(person, "/healthz")
    glance = address(strategy, "glance")
    pages = {
        "glance": glance, "my-work": "/my-work/", "evidence form": f"/evidence/new/?strategy={strategy.slug}",
        "organisations": "/organisations/", "API": f"/api/v1{glance}commitments/",
    }  # fmt: skip
    taken = {name: round(calls(person, url) / least, 1) for name, url in pages.items()}
    print(taken)
    assert {name: times for name, times in taken.items() if times > MOST[name]} == {}
