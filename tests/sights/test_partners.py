"""Pages of partners, the steering group and administrators."""

import pytest
from playwright.sync_api import Browser

from tests.sights.looking import assert_nothing_to_complain_of
from tests.stack import Stack

pytestmark = pytest.mark.timeout(600)


def test_no_page_of_a_partner_has_anything_to_complain_of(browser: Browser, stack: Stack) -> None:
    assert_nothing_to_complain_of(browser, stack.url, "partner")


def test_no_page_of_a_member_of_the_steering_group_has_anything_to_complain_of(browser: Browser, stack: Stack) -> None:
    assert_nothing_to_complain_of(browser, stack.url, "steering")


def test_no_page_of_an_administrator_has_anything_to_complain_of(browser: Browser, stack: Stack) -> None:
    assert_nothing_to_complain_of(browser, stack.url, "administrator")


def test_no_page_of_a_group_that_has_not_signed_has_anything_to_complain_of(browser: Browser, stack: Stack) -> None:
    assert_nothing_to_complain_of(browser, stack.url, "faith")
