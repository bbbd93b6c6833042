"""Pages of council officers."""

import pytest
from playwright.sync_api import Browser

from tests.sights.looking import assert_nothing_to_complain_of
from tests.stack import Stack

pytestmark = pytest.mark.timeout(600)


def test_no_page_of_an_officer_has_anything_to_complain_of(browser: Browser, stack: Stack) -> None:
    assert_nothing_to_complain_of(browser, stack.url, "officer")
