"""Whether everything that a page asks can be reached with the Tab key, and the focus is seen there."""

from playwright.sync_api import Page

MARK = """() => {
    const seen = one => one.checkVisibility() && !one.disabled && !one.closest('details:not([open]) > :not(summary)')
        && !one.closest('[aria-hidden=true]');  // the box that only programs fill in
    const all = [...document.querySelectorAll('main form')].flatMap(form => [...form.elements])
        .filter(one => one.matches('input:not([type=hidden]), select, textarea, button') && seen(one));
    const stops = {};
    for (const one of all) {
        const stop = one.type === 'radio' ? `radio ${one.form.id} ${one.name}` : `${one.tagName} ${one.name || one.id || one.innerText}`;
        one.dataset.stop = stops[stop] && one.type !== 'radio' ? `${stop} ${Object.keys(stops).length}` : stop;
        stops[one.dataset.stop] = true;
    }
    const main = document.querySelector('main');
    main.tabIndex = -1;
    main.focus();
    return Object.keys(stops);
}"""
RECORD = """() => {
    const drawn = style => (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2) || style.boxShadow !== 'none';
    globalThis.comeTo = [];
    document.addEventListener('focusin', event => {
        const here = event.target;
        if (!here.dataset.stop) return;
        const label = here.labels && here.labels[0];
        const ring = label && getComputedStyle(label, '::before');
        globalThis.comeTo.push([here.dataset.stop, drawn(getComputedStyle(here)) || (ring ? drawn(ring) : false)]);
    });
}"""
COME_TO = "() => globalThis.comeTo.splice(0)"
MOST = 160


def out_of_reach(page: Page) -> list[str]:
    """Return the boxes and buttons of the page's forms that the Tab key does not come to, or where no focus is seen.

    The page itself records where the focus comes to. It is asked after as many presses as boxes are still wanted.
    """
    wanted = set(page.evaluate(MARK))
    if not wanted:
        return []
    page.evaluate(RECORD)
    unseen = set()
    pressed = 0
    while wanted and pressed < MOST:
        presses = min(len(wanted), MOST - pressed)
        for _ in range(presses):
            page.keyboard.press("Tab")
        pressed += presses
        for stop, shown in page.evaluate(COME_TO):
            wanted.discard(stop)
            if not shown:
                unseen.add(stop)
    return [f"the Tab key does not come to {stop}" for stop in sorted(wanted)] + [
        f"nobody sees the focus on {stop}" for stop in sorted(unseen)
    ]
