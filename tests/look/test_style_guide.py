"""The style guide in a browser: every component and state at once, by day and by night, on a telephone and at a desk."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, ViewportSize

PHONE, DESK = ViewportSize(width=375, height=720), ViewportSize(width=1280, height=900)


@pytest.fixture
def look(browser: Browser, style_guide: str, data_folder: Any, settings: Any) -> Iterator[Callable[..., Page]]:
    """Opens the style guide; what the browser complains about is in ``page.said``."""
    settings.DEBUG = True  # the page is there for development only
    contexts = []

    def open_one(size: ViewportSize = DESK, **options: Any) -> Page:
        context = browser.new_context(viewport=size, **options)
        contexts.append(context)
        page = context.new_page()
        said: list[str] = []
        page.said = said  # type: ignore[attr-defined]
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.goto(style_guide)
        return page

    yield open_one
    for context in contexts:
        context.close()


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["telephone", "desk"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_any_component(look, size, scheme):
    page = look(size, color_scheme=scheme)
    found = Axe().run(page).response
    print(f"{len(found['passes'])} rules passed")
    assert len(found["passes"]) > 20
    assert [f"{fault['id']}: {node['html'][:120]}" for fault in found["violations"] for node in fault["nodes"]] == []


@pytest.mark.parametrize("width", [320, 375, 768, 1024, 1280])
def test_nothing_is_wider_than_the_window(look, width):
    page = look(ViewportSize(width=width, height=700))
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_browser_has_nothing_to_complain_of(look):
    page = look()
    page.wait_for_timeout(200)
    assert page.said == []
    assert page.evaluate("document.body.classList.contains('govuk-frontend-supported')")


def test_what_is_touched_is_large_enough_on_a_telephone(look):
    page = look(PHONE)
    small = page.evaluate(
        """() => [...document.querySelectorAll('a.app-tile, button, input, select, summary.app-filters__summary, .app-account__act, .app-footer__list a')]
            .filter(e => e.offsetParent && !e.closest('.govuk-checkboxes--small, .app-board--small'))
            .map(e => [e.outerHTML.slice(0, 80), e.getBoundingClientRect()])
            .filter(([_, box]) => box.width < 40 || box.height < 40).map(([html, box]) => `${html} ${box.width}x${box.height}`)"""
    )
    assert small == []


def test_every_link_is_24_pixels_high_and_wide(look):
    for size in (PHONE, DESK):
        boxes = look(size).evaluate(
            """() => [...document.querySelectorAll('a[href]:not(.govuk-skip-link)')]
                .filter(e => e.offsetParent && getComputedStyle(e).clipPath === 'none')
                .map(e => [e.outerHTML.slice(0, 80), e.getBoundingClientRect()])
                .map(([html, box]) => [html, box.width, box.height])"""
        )
        assert len(boxes) > 60
        assert [box for box in boxes if min(box[1:]) < 24] == []


def test_all_tiles_of_a_board_are_of_one_size(look):
    for size in (PHONE, DESK):
        page = look(size)
        sizes = page.evaluate(
            "[...document.querySelector('.app-board').querySelectorAll('.app-tile')].map(e => { const b = e.getBoundingClientRect(); return `${b.width.toFixed(1)}x${b.height.toFixed(1)}` })"
        )
        assert len(sizes) == 32
        assert len(set(sizes)) == 1, set(sizes)


def test_a_tile_shows_its_full_name_in_focus_and_escape_hides_it(look):
    page = look()
    tile = page.locator("a.app-tile").nth(1)
    name = tile.locator(".app-tile__name")
    assert name.bounding_box()["width"] <= 1
    page.locator("a.app-tile").first.focus()
    page.keyboard.press("Tab")
    assert name.bounding_box()["width"] > 200
    page.keyboard.press("Escape")
    assert name.bounding_box()["width"] <= 1
    assert page.get_by_role("link", name="1.2 Publish every grant in one list, On track, updated 12 March").count() >= 1


def test_a_wrong_form_is_announced_by_focus_and_its_links_lead_to_the_fields(look):
    page = look()
    link = page.locator(".govuk-error-summary a").first
    link.click()
    assert page.evaluate("document.activeElement.id") == "id_title"


def test_a_filter_folds_on_a_telephone_unless_it_is_refused_and_is_open_without_javascript(look):
    def opened(page: Page) -> list[bool]:
        return [panel.get_attribute("open") is not None for panel in page.locator("details.app-filters__panel").all()]

    page = look(PHONE)
    assert opened(page) == [False, True]  # the second has an error to mend
    assert page.get_by_role("link", name="Remove the filter").first.is_visible(), "what is chosen stays in sight"
    assert opened(look(DESK)) == [True, True]
    bare = look(PHONE, java_script_enabled=False)
    assert opened(bare) == [True, True]
    assert bare.locator(".govuk-service-navigation__list").is_visible()
