"""A running portal and a real browser, for tests that do what people do. They never use the ORM."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, ViewportSize, expect

from tests.browser import pass_second_step
from tests.stack import Stack, running_portal

PHONE = ViewportSize(width=375, height=720)
DESKTOP = ViewportSize(width=1280, height=900)


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    with running_portal(tmp_path_factory.mktemp("portal")) as running:
        yield running


@dataclass(frozen=True)
class Account:
    """One line of ``manage.py load_demo --accounts``."""

    email: str
    role: str
    password: str


@pytest.fixture(scope="session")
def accounts(stack: Stack) -> list[Account]:
    lines = stack.manage("load_demo", "--accounts").splitlines()
    found = []
    for line in lines:
        email = re.search(r"\S+@example\.org", line)
        if email:
            password = re.search(r"password[: ]+(\S+)", line)
            found.append(Account(email.group(), line, password.group(1).strip(",.;") if password else ""))
    assert found, f"the demo printed no accounts: {lines}"
    return found


@pytest.fixture
def open_browser(browser: Browser, stack: Stack) -> Iterator[Callable[..., Page]]:
    """Opens a page of its own (as another person's telephone or computer would)."""
    contexts: list[BrowserContext] = []

    def open_one(*, phone: bool = False, javascript: bool = True) -> Page:
        size = PHONE if phone else DESKTOP
        context = browser.new_context(
            base_url=stack.url, viewport=size, java_script_enabled=javascript, locale="en-GB", accept_downloads=True
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(10_000)
        return page

    yield open_one
    for context in contexts:
        context.close()


def follow(leads_on: Locator) -> None:
    """Click what leads to another page and wait for that page: otherwise the next step may still read the one before, or
    leave before the browser has sent a form."""
    with leads_on.page.expect_navigation():
        leads_on.click()


def sign_in_with_password(page: Page, account: Account) -> None:
    page.goto("/account/login/password/")
    page.get_by_label("Your email address").fill(account.email)
    page.get_by_label("Password", exact=True).fill(account.password)
    with page.expect_navigation(timeout=20_000):  # the first page of a cold portal
        page.get_by_role("main").get_by_role("button", name="Sign in", exact=True).click()
    pass_second_step(page)
    expect(page.get_by_role("button", name="Sign out")).to_be_attached(
        timeout=20_000
    )  # the first page of a cold portal


def account_of(accounts: list[Account], who: str) -> Account:
    """The demo account whose address begins with this."""
    return next(account for account in accounts if account.email.startswith(f"{who}@"))


def sign_in_with_code(page: Page, account: Account) -> None:
    """Ask for a code, read it in the development's email in another tab, type it."""
    page.goto("/account/login/")
    page.get_by_label("Your email address").fill(account.email)
    page.get_by_role("button", name="Email me a code").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Enter your code")
    with page.expect_popup() as opening:
        page.get_by_role("link", name="its emails in a new tab").click()
    mails = opening.value
    follow(mails.get_by_role("main").get_by_role("listitem").filter(has_text=account.email).get_by_role("link").first)
    code = re.search(r"\b\d{4}-\d{4}\b", mails.get_by_role("main").inner_text())
    assert code, mails.get_by_role("main").inner_text()
    mails.close()
    page.get_by_label("Code", exact=False).first.fill(code.group())
    page.get_by_role("main").get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("button", name="Sign out")).to_be_attached()
