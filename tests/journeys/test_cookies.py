"""After a whole visit the browser holds three cookies, the session's, the form's and the known browser's, and nothing else of ours."""

from collections.abc import Callable

from playwright.sync_api import Page

from tests.journeys.conftest import Account, account_of, follow, sign_in_with_password

KEPT = "[Object.keys(localStorage), Object.keys(sessionStorage)].flat()"


def test_a_stranger_who_only_reads_gets_no_cookie(open_browser: Callable[..., Page]) -> None:
    page = open_browser()
    page.goto("/")
    for name in ("Commitments", "Evidence", "Organisations", "Reports"):
        follow(page.get_by_label("Menu").get_by_role("link", name=name))
    follow(page.locator("footer").get_by_role("link", name="Cookies"))
    assert page.context.cookies() == []


def test_a_whole_visit_leaves_three_cookies_that_no_script_and_no_other_site_can_use(
    open_browser: Callable[..., Page], accounts: list[Account]
) -> None:
    page = open_browser()
    sign_in_with_password(page, account_of(accounts, "officer"))
    for address in (
        "/",
        "/my-work/",
        "/evidence/",
        "/evidence/new/",
        "/review/",
        "/reports/",
        "/account/",
        "/cookies/",
    ):
        page.goto(address)
    cookies = {cookie["name"]: cookie for cookie in page.context.cookies()}
    assert sorted(cookies) == ["csrftoken", "known_device", "sessionid"]
    assert cookies["sessionid"]["httpOnly"]
    assert cookies["csrftoken"]["httpOnly"]
    assert cookies["known_device"]["httpOnly"]
    assert {cookie["sameSite"] for cookie in cookies.values()} == {"Lax"}
    assert cookies["sessionid"]["expires"] == -1  # it ends with the browser
    assert page.evaluate(KEPT) == []
    named = page.get_by_role("main").inner_text()
    assert all(name in named for name in cookies)

    follow(page.get_by_role("button", name="Sign out"))
    page.goto("/")
    assert "sessionid" not in {cookie["name"] for cookie in page.context.cookies()}
