"""Every page, seen by the person it is for, at a desk and on a telephone: nothing for axe or the browser to complain of, and every box within reach of the keyboard."""

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, Error

from tests.house.door_table import DOORS
from tests.journeys.keys import out_of_reach
from tests.pages import NO_PAGES, SIGHTS, Sight, Visit, at_browsers
from tests.stack import Stack, served_strictly

WIDTHS = (1280, 375)
BONES = """() => ({
    headings: document.querySelectorAll('h1').length,
    language: document.documentElement.lang,
    mains: document.querySelectorAll('main').length,
    title: document.title.trim(),
    twice: [...document.querySelectorAll('[id]')].map(e => e.id).filter((id, at, all) => all.indexOf(id) !== at),
})"""
TOO_WIDE = "() => document.documentElement.scrollWidth - window.innerWidth"


def look(visit: Visit, sight: Sight) -> list[str]:
    """Return what is wrong with one page."""
    try:
        sight.visit(visit)
    except (AssertionError, Error) as error:
        return [f"{sight.name}: nobody came to it: {str(error)[:400]}"]
    found = [f"answered {visit.status} instead of {sight.status}"] if visit.status != sight.status else []
    bones = visit.page.evaluate(BONES)
    if sight.door == "dev-look":  # shows some things several times
        bones |= {"headings": 1, "twice": []}
    if bones["headings"] != 1 or bones["mains"] != 1 or not bones["title"] or bones["language"] != "en-GB":
        found.append(f"its bones are {bones}")
    found += [f"the id {name} stands twice" for name in bones["twice"]]
    if sight.status == 422 and not bones["title"].startswith("Error: "):
        found.append(f"its title is “{bones['title']}”, with no Error before it")
    visit.page.evaluate(AXE_SCRIPT)
    for width in WIDTHS:
        visit.page.set_viewport_size({"width": width, "height": 900})
        if (more := visit.page.evaluate(TOO_WIDE)) > 0:
            found.append(f"at {width} it is {more} px too wide")
        ran = visit.page.evaluate("axe.run({resultTypes: ['violations']})")
        assert len(ran["passes"]) + len(ran["inapplicable"]) > 50
        for fault in ran["violations"]:
            found += [f"at {width} {fault['id']}: {node['html'][:160]}" for node in fault["nodes"]]
    if sight.door != "dev-look":  # it shows every box there is, more than anybody tabs through
        found += out_of_reach(visit.page)
    visit.page.set_viewport_size({"width": WIDTHS[0], "height": 900})
    # The browser itself remarks on every answer of 400 and more; that one is wanted here.
    found += [words for words in visit.said if not (sight.status >= 400 and f"status of {sight.status}" in words)]
    return [f"{sight.name}: {words}" for words in found]


@pytest.mark.timeout(600)
def test_no_page_has_anything_to_complain_of(browser: Browser, stack: Stack) -> None:
    looked, found = 0, []
    with served_strictly(stack) as strict_url:
        for visit, sights in at_browsers(browser, stack.url, strict_url):
            for sight in sights:
                found += look(visit, sight)
                looked += 1
    print(f"looked at {looked} pages at {len(WIDTHS)} widths")
    assert looked == len(SIGHTS) > 50
    assert found == [], "\n".join(found)


def test_every_page_that_somebody_may_read_is_looked_at() -> None:
    pages = {door.name for door in DOORS if "200" in door.answers("GET").values()}
    pages -= {name for name in pages if name.startswith("api:") and name != "api:docs"}
    seen = {sight.door for sight in SIGHTS}
    files = {"reporting:edition-download"}  # also a page, while there is no file
    print(f"{len(pages)} doors lead to pages, {len(NO_PAGES)} of them to something else")
    assert len(pages) > 40
    assert sorted(pages - seen - set(NO_PAGES) - files) == []
    assert sorted(seen & set(NO_PAGES)) == []
    assert sorted(set(NO_PAGES) - pages) == []
    assert len({sight.name for sight in SIGHTS}) == len(SIGHTS)
