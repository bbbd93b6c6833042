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
HERE = """() => {
    const here = document.activeElement;
    if (!here || !here.dataset || !here.dataset.stop) return ['', true];
    const drawn = style => (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2) || style.boxShadow !== 'none';
    const label = here.labels && here.labels[0];
    const ring = label && getComputedStyle(label, '::before');
    return [here.dataset.stop, drawn(getComputedStyle(here)) || (ring ? drawn(ring) : false)];
}"""
MOST = 160


def out_of_reach(page: Page) -> list[str]:
    """Return the boxes and buttons of the page's forms that the Tab key does not come to, or where no focus is seen."""
    wanted = set(page.evaluate(MARK))
    unseen = set()
    for _ in range(MOST if wanted else 0):
        page.keyboard.press("Tab")
        stop, shown = page.evaluate(HERE)
        wanted.discard(stop)
        if not shown:
            unseen.add(stop)
        if not wanted:
            break
    return [f"the Tab key does not come to {stop}" for stop in sorted(wanted)] + [
        f"nobody sees the focus on {stop}" for stop in sorted(unseen)
    ]
