"""Pages that anybody can open, and those of an account."""

import pytest
from playwright.sync_api import Browser

from tests.sights.looking import assert_nothing_to_complain_of
from tests.stack import Stack, served_strictly

pytestmark = pytest.mark.timeout(600)


def test_no_page_of_a_stranger_has_anything_to_complain_of(browser: Browser, stack: Stack) -> None:
    assert_nothing_to_complain_of(browser, stack.url, "stranger")


def test_no_page_of_somebody_who_is_lost_has_anything_to_complain_of(browser: Browser, stack: Stack) -> None:
    with served_strictly(stack) as strict_url:  # only there are the pages of faults the portal's own
        assert_nothing_to_complain_of(browser, strict_url, "lost")


def test_no_page_of_somebody_who_sets_up_a_second_step_has_anything_to_complain_of(
    browser: Browser, stack: Stack
) -> None:
    assert_nothing_to_complain_of(browser, stack.url, "careful")
