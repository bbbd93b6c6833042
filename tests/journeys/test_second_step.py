"""The first sign-in of somebody who may publish, a forgotten password, and the council's identity provider, in a browser."""

import re
from collections.abc import Callable
from typing import Any

import requests
from oidc_provider_mock import run_server_in_thread
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Account, account_of, follow
from tests.pages import app_code
from tests.stack import Stack, served_strictly

NORA = "nora.newly@example.org"


def code_from_mail(page: Page) -> str:
    with page.expect_popup() as opening:
        page.get_by_role("link", name="its emails in a new tab").click()
    mails = opening.value
    follow(mails.get_by_role("main").get_by_role("listitem").filter(has_text=NORA).get_by_role("link").first)
    code = re.search(r"\b\d{4}-\d{4}\b", mails.get_by_role("main").inner_text())
    assert code, mails.get_by_role("main").inner_text()
    mails.close()
    return code.group()


def set_password(page: Page, password: str) -> None:
    """Ask for a code, type it, choose the password and sign in with it."""
    page.goto("/account/password/reset/")
    page.get_by_label("Your email address").fill(NORA)
    page.get_by_role("button", name="Email me a code").click()
    page.get_by_label("Code", exact=True).fill(code_from_mail(page))
    page.get_by_role("button", name="Continue").click()
    page.get_by_label("New password").fill(password)
    page.get_by_label("The same password again").fill(password)
    page.get_by_role("button", name="Save the password").click()
    page.get_by_label("Your email address").fill(NORA)
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_role("main").get_by_role("button", name="Sign in").click()


def test_a_new_administrator_sets_up_a_second_step_first_and_a_reset_asks_for_it(
    open_browser: Callable[..., Page], stack: Stack
) -> None:
    stack.manage("make_administrator", NORA, "Nora Newly")
    page = open_browser(phone=True)
    set_password(page, "walnut kettle harbour")
    expect(page.get_by_role("heading", level=1)).to_have_text("Set up your second step")
    page.goto("/people/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Set up your second step")
    follow(page.get_by_role("button", name="Use an app"))
    shown = re.search(r"\b[A-Z2-7]{4}(?: ?[A-Z2-7]{2,4}){3,}\b", page.get_by_role("main").inner_text())
    assert shown, "the page shows no key"
    secret = shown.group().replace(" ", "")
    page.get_by_label("Code").fill(app_code(secret))
    page.get_by_role("main").get_by_role("button").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Recovery codes")
    codes = page.locator(".app-codes li").all_inner_texts()
    assert len(codes) == 10
    page.get_by_role("button", name="I have saved the codes. Continue").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("People")

    elsewhere = open_browser()
    set_password(elsewhere, "gravel otter lantern")
    expect(elsewhere.get_by_role("heading", level=1)).to_have_text("Second step")
    elsewhere.goto("/my-work/")
    expect(elsewhere.get_by_role("heading", level=1)).to_have_text("Sign in")
    elsewhere.goto("/account/2fa/authenticate/")
    elsewhere.get_by_label("Code").fill(codes[0])
    elsewhere.get_by_role("main").get_by_role("button", name="Sign in").click()
    expect(elsewhere.get_by_role("button", name="Sign out")).to_be_attached()


def test_an_officer_signs_in_by_the_councils_provider(
    open_browser: Callable[..., Page], stack: Stack, accounts: list[Account]
) -> None:
    officer = account_of(accounts, "marigold.mead")
    with run_server_in_thread(require_nonce=True) as running:
        server = f"http://localhost:{running.server_port}"
        claims: dict[str, Any] = {"email": officer.email, "email_verified": True}
        requests.put(f"{server}/users/marigold", json=claims, timeout=5).raise_for_status()
        settings = {
            "OIDC_URL": server,
            "OIDC_CLIENT_ID": "portal",
            "OIDC_CLIENT_SECRET": "s",
            "OIDC_NAME": "Barchester",
        }
        with served_strictly(Stack(stack.url, stack.data, stack.env | settings)) as url:
            page = open_browser()
            complaints: list[str] = []
            page.on("console", lambda said: complaints.append(said.text) if "Content Security" in said.text else None)
            page.goto(f"{url}/account/login/?next=/evidence/")
            page.get_by_role("button", name="Sign in with Barchester").click()
            page.locator('input[name="sub"]').first.fill("marigold")

            page.locator('input[name="sub"]').first.press("Enter")
            expect(page).to_have_url(re.compile(f"^{re.escape(url)}/account/2fa/authenticate/"))
            expect(page.get_by_role("heading", level=1)).to_have_text("Second step")
            expect(page.get_by_role("main")).not_to_contain_text("Demo")  # this one is served as in production
            assert complaints == []
