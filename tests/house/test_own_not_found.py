"""What is not found is answered with the portal's own page, under DEBUG too."""

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db
OWN, LIST = "We can’t find this page", "Using the URLconf"


@pytest.mark.parametrize("debug", [True, False])
@pytest.mark.parametrize("path", ["/no-such-page/", "/strategies/none/", "/no-such-page"])
def test_the_page_is_the_portals_own_and_lists_no_addresses(settings, strategy, debug, path):
    settings.DEBUG = debug
    answer = Client().get(path)
    assert answer.status_code == 404
    text = answer.content.decode()
    assert OWN in text
    assert LIST not in text


def test_an_address_without_its_last_slash_still_leads_on(settings, strategy):
    settings.DEBUG = True
    answer = Client().get("/strategies")
    assert (answer.status_code, answer["Location"]) == (301, "/strategies/")
