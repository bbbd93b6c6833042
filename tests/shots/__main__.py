"""``make shots``: pictures of every page at two widths and of every page of the report, from a running portal.

``--readme`` also writes the pictures of the README; ``help`` writes those of the help pages, or of the tasks named after it, and
no others.
"""

import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Error, Page, sync_playwright
from pypdf import PdfReader

from tests.browser import CHROMIUM, QUIET
from tests.pages import SIGHTS, at_a_browser, at_browsers, edition
from tests.shots.help_pictures import take_help_pictures
from tests.stack import ROOT, Stack, running_portal, served_strictly

OUTPUT = ROOT / "test-output"
README = ROOT / "docs" / "pictures"
WIDTHS = (1280, 375)
TALLEST = 12_000


def main(arguments: list[str]) -> int:
    """Take all pictures; answer how many pages could not be reached."""
    began, missed = time.monotonic(), 0
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        if "help" in arguments:
            take_help_pictures(browser, Path(folder), arguments[arguments.index("help") + 1 :])
            return 0
        with running_portal(Path(folder)) as stack, served_strictly(stack) as strict_url:
            if "--readme" in arguments:
                picture_of_glance(browser, stack)
            missed = pictures_of_pages(browser, stack, strict_url)
            pictures_of_report(browser, stack, readme="--readme" in arguments)
        browser.close()
    print(f"Done in {time.monotonic() - began:.0f} s.")
    return 1 if missed else 0


def emptied(name: str) -> Path:
    folder = OUTPUT / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def whole(page: Page, path: Path) -> None:
    """A picture of the whole page, as far as a picture goes."""
    high = min(page.evaluate("document.documentElement.scrollHeight"), TALLEST)
    width = page.viewport_size["width"] if page.viewport_size else WIDTHS[0]
    page.screenshot(
        path=path, full_page=True, clip={"x": 0, "y": 0, "width": width, "height": high}, animations="disabled"
    )


def pictures_of_pages(browser: Browser, stack: Stack, strict_url: str) -> int:
    folder, missed = emptied("shots"), []
    numbers = {sight.name: number for number, sight in enumerate(SIGHTS, start=1)}
    for visit, sights in at_browsers(browser, stack.url, strict_url):
        for sight in sights:
            try:
                for width in WIDTHS:
                    visit.page.set_viewport_size({"width": width, "height": 900 if width > 600 else 720})
                    if width == WIDTHS[0] or isinstance(sight.go, str):  # as the page is loaded at this width
                        sight.visit(visit)
                    whole(visit.page, folder / f"{numbers[sight.name]:03}-{sight.name}-{width}.png")
            except (AssertionError, Error) as error:
                missed.append(f"{sight.name}: {str(error)[:300]}")
            visit.page.set_viewport_size({"width": WIDTHS[0], "height": 900})
    print(f"{len(list(folder.glob('*.png')))} pictures of {len(SIGHTS)} pages in {folder.relative_to(ROOT)}/")
    for words in missed:
        print(f"  not reached: {words}")
    return len(missed)


def picture_of_glance(browser: Browser, stack: Stack) -> None:
    page = browser.new_page(base_url=stack.url, viewport={"width": 1280, "height": 900})
    page.goto("/")
    README.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=README / "glance.png")
    page.close()
    small(README / "glance.png", 1280)


def small(path: Path, width: int) -> None:
    """Make a picture small enough for a repository: this wide at most, and of few colours."""
    picture = Image.open(path).convert("RGB")
    if picture.width > width:
        picture = picture.resize((width, round(picture.height * width / picture.width)), Image.Resampling.LANCZOS)
    picture.quantize(128, dither=Image.Dither.NONE).save(path, optimize=True)
    print(f"{path.relative_to(ROOT)}: {picture.width}×{picture.height}, {path.stat().st_size // 1024} KB")


def pictures_of_report(browser: Browser, stack: Stack, *, readme: bool) -> None:
    """Ask for the report of the open round, if nobody has, and draw its pages."""
    folder = emptied("report")
    visit = at_a_browser(browser, stack.url, "steering")
    file = folder / "report.pdf"
    file.write_bytes(visit.page.request.get(f"{edition(visit)}report.pdf").body())
    visit.page.context.close()
    subprocess.run(["pdftoppm", "-r", "60", "-png", str(file), str(folder / "page")], check=True)
    print(f"{len(list(folder.glob('*.png')))} pictures of the report in {folder.relative_to(ROOT)}/")
    if readme:
        for old in README.glob("report*.png"):
            old.unlink()
        for name, page in shown(file).items():
            drawing = ["pdftoppm", "-r", "100", "-png", "-singlefile", "-f", str(page), "-l", str(page)]
            subprocess.run([*drawing, str(file), str(README / f"report-{name}")], check=True)
            small(README / f"report-{name}.png", 620)


def shown(file: Path) -> dict[str, int]:
    """The numbers of the pages that the README shows: the cover, the first priority's opening, what changed, the last."""
    pages = PdfReader(file).pages
    heads = {number: " ".join(page.extract_text()[:300].split()) for number, page in enumerate(pages, start=1)}

    def first(words: str) -> int:
        return next(number for number, head in heads.items() if number > 2 and re.search(words, head))

    return {
        "cover": 1, "changes": first(r"What changed since last year .*(moved|stand)"), "priority": first(r"Priority 1 \D"),
        "proof": len(pages),
    }  # fmt: skip


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
