"""Every page, seen by the person it is for, at a desk and on a telephone: nothing for axe or the browser to complain of, and every box within reach of the keyboard."""

from typing import Any

from playwright.sync_api import Browser, Error

from tests.journeys.keys import out_of_reach
from tests.long import LONG
from tests.pages import SIGHTS, Sight, Visit, at_a_browser
from tests.sights.axe import START_AXE

DESK, TELEPHONE = 1280, 375
NARROW = ["aria-hidden-focus", "color-contrast", "link-in-text-block", "scrollable-region-focusable", "target-size"]
RULES: dict[int, list[str] | None] = {DESK: [], TELEPHONE: NARROW if LONG else None}
"""Widths of the window, in pixels, and the rules of axe run there: all of them (an empty list), then those that a narrow window can
break. None runs no axe: ``make test`` asks of a telephone only that the page fits and every box is within reach.
"""
TOO_WIDE = "() => document.documentElement.scrollWidth - window.innerWidth"
# No page has frames, so axe does not look for what other frames answer; and no rule that it runs reads style sheets anew.
LOOK = """async rules => {
    await new Promise(requestAnimationFrame);  // what the page does when its window is resized, it has done by then
    const bones = {
        frames: document.querySelectorAll('iframe, frame, object').length,
        headings: document.querySelectorAll('h1').length,
        language: document.documentElement.lang,
        mains: document.querySelectorAll('main').length,
        title: document.title.trim(),
        twice: [...document.querySelectorAll('[id]')].map(e => e.id).filter((id, at, all) => all.indexOf(id) !== at),
    };
    const tooWide = (TOO_WIDE)();
    if (rules === null) return {bones, tooWide, tried: [], faults: []};
    if (!globalThis.axe) startAxe();
    const ran = await axe.run({
        resultTypes: ['violations'], iframes: false, preload: {assets: ['media']}, ...(rules.length ? {runOnly: {type: 'rule', values: rules}} : {}),
    });
    const tried = [ran.passes, ran.inapplicable, ran.violations, ran.incomplete].flat().map(rule => rule.id);
    const faults = ran.violations.flatMap(rule => rule.nodes.map(node => `${rule.id}: ${node.html.slice(0, 160)}`));
    return {bones, tooWide, tried, faults};
}""".replace("TOO_WIDE", TOO_WIDE)


def look(visit: Visit, sight: Sight) -> list[str]:
    """Return what is wrong with one page."""
    try:
        sight.visit(visit)
    except (AssertionError, Error) as error:
        return [f"{sight.name}: nobody came to it: {str(error)[:400]}"]
    found = [f"answered {visit.status} instead of {sight.status}"] if visit.status != sight.status else []
    for width, rules in RULES.items():
        visit.page.set_viewport_size({"width": width, "height": 900})
        seen = visit.page.evaluate(LOOK, rules)
        if width == DESK:
            found += wrong_bones(seen["bones"], sight)
        if seen["tooWide"] > 0:
            found.append(f"at {width} it is {seen['tooWide']} px too wide")
        tried = set(seen["tried"])
        assert len(tried) > 50 if rules == [] else tried == set(rules or [])
        found += [f"at {width} {fault}" for fault in seen["faults"]]
    if sight.door != "dev-look":  # it shows every box there is, more than anybody tabs through
        found += out_of_reach(visit.page)
    visit.page.set_viewport_size({"width": DESK, "height": 900})
    # The browser itself remarks on every answer of 400 and more; that one is wanted here.
    found += [words for words in visit.said if not (sight.status >= 400 and f"status of {sight.status}" in words)]
    return [f"{sight.name}: {words}" for words in found]


def wrong_bones(bones: dict[str, Any], sight: Sight) -> list[str]:
    """Return what is wrong with a page's headings, language, title and ids."""
    found = []
    if sight.door == "dev-look":  # shows some things several times
        bones |= {"headings": 1, "twice": []}
    if bones["headings"] != 1 or bones["mains"] != 1 or not bones["title"] or bones["language"] != "en-GB":
        found.append(f"its bones are {bones}")
    if bones["frames"]:
        found.append("it holds a frame, into which axe does not look")
    found += [f"the id {name} stands twice" for name in bones["twice"]]
    if sight.status == 422 and not bones["title"].startswith("Error: "):
        found.append(f"its title is “{bones['title']}”, with no Error before it")
    return found


def seen_by(who: str) -> list[Sight]:
    """Return the pages of one kind of visitor. Of the states of a page, such as a form with faults, ``make test`` looks at the first."""
    first: dict[tuple[str, str, str], Sight] = {}
    for sight in SIGHTS:
        first.setdefault((sight.who, sight.door, sight.name if LONG else ""), sight)
    return [sight for sight in first.values() if sight.who == who]


def assert_nothing_to_complain_of(browser: Browser, url: str, who: str) -> None:
    """Look at every page of one kind of visitor."""
    sights = seen_by(who)
    assert sights, f"nobody is called {who}"
    visit = at_a_browser(browser, url, who)
    visit.page.context.add_init_script(START_AXE)
    found = [fault for sight in sights for fault in look(visit, sight)]
    visit.page.context.close()
    print(f"looked at {len(sights)} pages of {who} at {len(RULES)} widths")
    assert found == [], "\n".join(found)
