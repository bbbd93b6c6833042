"""``make shots ARGS=help``: the pictures of the help pages, from the demo story on one day, small enough for a repository.

``ARGS="help token evidence-file"`` takes these alone.
"""

import json
import os
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from PIL import Image
from playwright.sync_api import Browser

from tests.pages import SIGHTS, Visit, at_a_browser
from tests.shots.day import DAY
from tests.stack import ROOT, Stack, empty_portal, started
from vcsportal.help_pages import PICTURE_SIZES

FOLDER: Final = ROOT / "static" / "src" / "images" / "help"
TELEPHONE, DESK = 375, 800
SHARP: Final = 2
"""Pixels of the file for each pixel of the page."""
COLOURS: Final = 96


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture: its name, the page by its name in ``tests/pages.py``, how wide and high it is, and where it begins."""

    name: str
    sight: str
    width: int = DESK
    height: int = 560
    top: str = "main"


PICTURES: Final = (
    Picture("commitment", "commitment"),
    Picture("district", "districts", height=600),
    Picture("group", "group", height=640, top="#seats"),
    Picture("follow", "follow", TELEPHONE, 640),
    Picture("calendar", "partner-calendar", TELEPHONE, 640),
    Picture("tell-us", "tell-us", TELEPHONE, 640),
    Picture("verify", "verify", height=620),
    Picture("sign-in", "sign-in", TELEPHONE, 480),
    Picture("log-evidence", "partner-steps-what", TELEPHONE, 640),
    Picture("evidence-file", "partner-workbook-upload", height=945),
    Picture("token", "partner-token-new", height=800),
    Picture("case-study", "case-study-new", TELEPHONE, 640),
    Picture("returned", "partner-returned", TELEPHONE, 560),
    Picture("view", "partner-view", TELEPHONE, 640),
    Picture("sign", "sign-charter", TELEPHONE, 640),
    Picture("update", "officer-update", height=640),
    Picture("spreadsheet", "officer-workbook-upload", height=640),
    Picture("review", "officer-review-one", height=640),
    Picture("case-study-review", "case-study-review", height=640),
    Picture("approve", "officer-approval", height=640),
    Picture("respond", "response-to-write", height=640),
    Picture("point", "point-answer", height=640),
    Picture("risk", "risk-assess", height=640),
    Picture("figure", "officer-value-new", height=640),
    Picture("write", "officer-section", height=640),
    Picture("comment", "steering-report-write"),
    Picture("publish", "officer-report-publish", height=640),
    Picture("seats", "admin-seats", height=560),
    Picture("plan", "engagement-new", height=640),
    Picture("meeting", "meeting-exception", 1100, 700),
    Picture("write-up", "engagement-write-up", height=640),
    Picture("round", "round-new", height=640),
    Picture("nudge", "round", height=560),
    Picture("invite", "admin-invite", height=640),
    Picture("joining", "admin-joining-request", height=640),
    Picture("person", "admin-person", height=640),
)


def take_help_pictures(browser: Browser, folder: Path, names: Collection[str] = ()) -> None:
    """Take the pictures of these names anew, all where none is named, and write the sizes beside the code that shows them."""
    if unknown := set(names) - {picture.name for picture in PICTURES}:
        raise SystemExit(f"There are no pictures called {', '.join(sorted(unknown))}.")
    FOLDER.mkdir(parents=True, exist_ok=True)
    pictures = [picture for picture in PICTURES if not names or picture.name in names]
    known = {picture.name for picture in PICTURES} - {picture.name for picture in pictures}
    for old in FOLDER.glob("*.webp"):
        if old.stem not in known:
            old.unlink()
    sights = {sight.name: sight for sight in SIGHTS}
    kept: dict[str, tuple[int, int]] = json.loads(PICTURE_SIZES.read_text()) if names else {}
    sizes = {name: size for name, size in kept.items() if name in known}
    with portal_on_the_day(folder) as stack:
        for who in dict.fromkeys(sights[picture.sight].who for picture in pictures):
            signed_in = at_a_browser(browser, stack.url, who)
            state = signed_in.page.context.storage_state()
            for picture in (picture for picture in pictures if sights[picture.sight].who == who):
                context = browser.new_context(
                    base_url=stack.url.replace("127.0.0.1", "localhost"), storage_state=state, locale="en-GB",
                    reduced_motion="reduce", device_scale_factor=SHARP,
                    viewport={"width": picture.width, "height": picture.height},
                )  # fmt: skip
                visit = Visit(context.new_page())
                sights[picture.sight].visit(visit)
                sizes[picture.name] = save(visit, picture)
                context.close()
            signed_in.page.context.close()
    PICTURE_SIZES.write_text(json.dumps(dict(sorted(sizes.items())), indent=1) + "\n")
    print(
        f"{len(pictures)} of {len(sizes)} pictures, {sum(file.stat().st_size for file in FOLDER.glob('*.webp')) // 1024} KB in all"
    )


def save(visit: Visit, picture: Picture) -> tuple[int, int]:
    """Save the part of the page that the picture shows; return its width and height on the page, in pixels."""
    page = visit.page
    top = page.locator(picture.top).first.evaluate("e => e.getBoundingClientRect().top + scrollY")
    high = min(picture.height, page.evaluate("document.documentElement.scrollHeight") - top)
    clip = {"x": 0, "y": top, "width": picture.width, "height": high}
    file = FOLDER / f"{picture.name}.png"
    page.screenshot(path=file, full_page=True, clip=clip, animations="disabled")  # type: ignore[arg-type]
    drawn = Image.open(file).convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
    drawn.convert("RGB").save(file.with_suffix(".webp"), lossless=True, quality=100, method=6)
    file.unlink()
    print(f"{picture.name}: {drawn.width}×{drawn.height}, {file.with_suffix('.webp').stat().st_size // 1024} KB")
    return picture.width, round(high)


@contextmanager
def portal_on_the_day(folder: Path) -> Iterator[Stack]:
    """Yield a running portal with the demo story as it is on the day."""
    template = os.environ.get("TEST_DATABASE_TEMPLATE", "")
    with empty_portal(folder, template=template) as stack:
        if not template:
            stack.manage("migrate", "-v0")
        stack.manage("load_areas", "partners/areas/oxfordshire.toml")
        stack.manage("load_strategy", "commitments/strategies/oxfordshire-vcs-2022-27.toml")
        stack.manage("load_demo", "--report", "--today", DAY.isoformat())
        with started(stack, wsgi="tests.shots.fixed_day"):
            yield stack
