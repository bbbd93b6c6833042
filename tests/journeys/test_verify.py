"""Somebody holds a file and wants to know whether it is the report: at a desk, on a telephone, with and without scripts."""

import re
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, expect

DROP = """([name, bytes]) => {
    const drag = new DataTransfer();
    drag.items.add(new File([new Uint8Array(bytes)], name));
    document.querySelector('.govuk-file-upload-button').dispatchEvent(
        new DragEvent('drop', { dataTransfer: drag, bubbles: true, cancelable: true }));
}"""
NO_CRYPTO = "Object.defineProperty(globalThis.crypto, 'subtle', { value: undefined })"


def published(page: Page) -> dict[str, Any]:
    """What the API says of the edition that the story has published: the oldest, which no other journey withdraws."""
    found = page.request.get("/api/v1/editions/").json()["results"]
    return next(dict(one) for one in reversed(found) if one["published_at"] and not one["withdrawn"])


def file_of(page: Page, edition: dict[str, Any], code: str) -> Any:
    url = next(face["url"] for face in edition["faces"] if face["code"] == code)
    return {
        "name": f"from-a-mail.{code}",
        "mimeType": "application/octet-stream",
        "buffer": page.request.get(url).body(),
    }


def posts_of(page: Page) -> list[str]:
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    return sent


def choose(page: Page, file: Any) -> None:
    page.goto("/reports/verify/")
    page.locator("input[type=file]").set_input_files(file)
    page.get_by_role("button", name="Verify the file").click()


def is_found(page: Page) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text("This is a published report")


def test_a_browser_works_the_checksum_out_and_sends_no_file(open_browser: Callable[..., Page]) -> None:
    page = open_browser(phone=True)
    sent, edition = posts_of(page), published(page)
    for code in ("pdf", "docx", "csv"):
        choose(page, file_of(page, edition, code))
        is_found(page)
    changed = file_of(page, edition, "pdf")
    changed["buffer"] += b" "
    choose(page, changed)
    expect(page.get_by_role("heading", level=1)).to_have_text("This is not a file of any edition published here")
    assert sent == []


def test_a_file_is_dropped(open_browser: Callable[..., Page]) -> None:
    page = open_browser()
    sent = posts_of(page)
    file = file_of(page, published(page), "json")
    page.goto("/reports/verify/")
    page.evaluate(DROP, [file["name"], list(file["buffer"])])
    is_found(page)
    assert sent == []


def test_the_keyboard_reaches_the_file_and_the_checksum(open_browser: Callable[..., Page]) -> None:
    page = open_browser()
    edition = published(page)
    page.goto("/reports/verify/")
    page.get_by_role("link", name="All reports").focus()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name=re.compile("^The file.*Choose a file"))).to_be_focused()
    page.locator("input[type=file]").set_input_files(file_of(page, edition, "easy"))
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Verify the file")).to_be_focused()
    page.keyboard.press("Enter")
    is_found(page)
    box = page.get_by_label("The checksum")
    box.focus()
    printed = edition["facts_sha256"].upper()
    page.keyboard.type(" ".join(printed[place : place + 8] for place in range(0, 64, 8)))
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    is_found(page)
    expect(page.get_by_role("main")).to_contain_text("It is printed on its last page")


def test_without_scripts_or_without_their_arithmetic_the_file_is_sent(open_browser: Callable[..., Page]) -> None:
    plain, old = open_browser(javascript=False), open_browser()
    old.add_init_script(NO_CRYPTO)
    for page in (plain, old):
        sent = posts_of(page)
        choose(page, file_of(page, published(page), "odt"))
        is_found(page)
        assert len(sent) == 1
    plain.goto("/reports/verify/")
    plain.get_by_role("button", name="Verify the file").click()
    expect(plain).to_have_title(re.compile("^Error: "))
