"""A passkey, from adding it to signing in with it, with the library's scripts under the portal's own script policy."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser import pass_second_step
from tests.journeys.conftest import Account, follow
from tests.stack import Stack

TOUCHED = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def test_an_officer_adds_a_passkey_and_signs_in_with_it_alone(
    open_browser: Callable[..., Page], stack: Stack, accounts: list[Account]
) -> None:
    officer = next(account for account in accounts if "officer" in account.role.lower())
    page = open_browser()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if "Content Security" in message.text else None)
    device = page.context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    device.send("WebAuthn.addVirtualAuthenticator", {"options": TOUCHED})
    portal = stack.url.replace("127.0.0.1", "localhost")  # a key is bound to a name, not to a number

    page.goto(f"{portal}/account/login/password/")
    page.get_by_label("Your email address").fill(officer.email)
    page.get_by_label("Password", exact=True).fill(officer.password)
    follow(page.get_by_role("main").get_by_role("button", name="Sign in"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Second step")
    pass_second_step(page)
    page.goto(f"{portal}/account/2fa/webauthn/add/")
    page.get_by_label("Name of the key").fill("Work laptop")
    page.get_by_label("Sign in with this key alone").check()
    follow(page.get_by_role("button", name="Add the key"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Second step")
    follow(page.get_by_role("button", name="Sign out"))

    page.goto(f"{portal}/account/login/password/?next=/account/")
    page.get_by_role("button", name="Use a passkey").click()
    expect(page).to_have_url(re.compile(r"/account/$"))
    expect(page.get_by_role("main")).to_contain_text("1 key")
    follow(page.get_by_role("button", name="Sign out"))

    page.goto(f"{portal}/account/login/password/")
    page.get_by_label("Your email address").fill(officer.email)
    page.get_by_label("Password", exact=True).fill(officer.password)
    follow(page.get_by_role("main").get_by_role("button", name="Sign in"))  # before the scripts ran, a key does nothing
    page.get_by_role("button", name="Use a passkey or security key").click()
    expect(page.get_by_role("button", name="Sign out")).to_be_attached()

    # Leave the account as it was for other journeys.
    page.goto(f"{portal}/account/2fa/webauthn/")
    page.get_by_role("link", name="Remove").click()
    page.get_by_role("button", name="Remove the key").click()
    expect(page.get_by_role("main")).to_contain_text("The key is removed")
    assert complaints == []
