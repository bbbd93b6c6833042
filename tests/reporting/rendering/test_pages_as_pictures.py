"""Every page of a small year and of an empty one, compared with how it looked when somebody last looked at it.

The pictures in ``pages/`` are small and grey. After a change of the look that is meant, look at the new pages and renew
the pictures: ``RENEW_PAGES=1 pytest tests/reporting/rendering/test_pages_as_pictures.py``.
"""

import os
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image, ImageChops

from reporting import rendering
from tests.reporting.small import empty, small

PAGES = Path(__file__).parent / "pages"
DPI = 36
BLOCK = 6
"""Pixels of a square that are compared together: letters may be drawn a little otherwise, a line may not move."""
TOLERANCE = 20
"""The most by which a square's grey may differ, of 255."""
SHADES = 16


def pictures(content: bytes) -> list[Image.Image]:
    """Return each page as a small grey picture."""
    document = pypdfium2.PdfDocument(content)
    pages = [document[number].render(scale=DPI / 72, grayscale=True).to_pil() for number in range(len(document))]
    document.close()
    return [page.convert("L").point(lambda shade: shade * (SHADES - 1) // 255 * 255 // (SHADES - 1)) for page in pages]


def furthest(one: Image.Image, other: Image.Image) -> int:
    """Return by how much the grey of the most different square differs; 255 for pictures of two sizes."""
    if one.size != other.size:
        return 255
    size = (one.width // BLOCK, one.height // BLOCK)
    shades = [picture.resize(size, Image.Resampling.BOX) for picture in (one, other)]
    return max(ImageChops.difference(*shades).tobytes())


@pytest.fixture(scope="module", params=["small", "empty"])
def drawn(request) -> tuple[str, list[Image.Image]]:
    report = {"small": small, "empty": empty}[request.param]()
    return request.param, pictures(rendering.to_pdf(report).content)


def test_every_page_looks_as_it_did_when_somebody_looked_at_it(drawn, tmp_path):
    name, pages = drawn
    if os.environ.get("RENEW_PAGES"):
        for old in PAGES.glob(f"{name}-*.png"):
            old.unlink()
        for number, page in enumerate(pages, 1):
            page.quantize(SHADES).save(PAGES / f"{name}-{number:02}.png", optimize=True)
    kept = sorted(PAGES.glob(f"{name}-*.png"))
    assert kept, "there are pictures to compare with"
    changed = []
    for number, page in enumerate(pages, 1):
        file = PAGES / f"{name}-{number:02}.png"
        if file not in kept or furthest(Image.open(file).convert("L"), page) > TOLERANCE:
            page.save(tmp_path / file.name)
            changed.append(number)
    assert not changed, (
        f"Pages {changed} of the {name} year look otherwise; see {tmp_path}. If that is meant, renew: see above."
    )
    assert len(kept) == len(pages)


def test_a_heading_that_moved_by_a_line_would_be_seen(drawn):
    _, pages = drawn
    page = pages[1]
    moved = Image.new("L", page.size, 255)
    moved.paste(page, (0, round(14 / 72 * DPI)))
    assert furthest(page, page) == 0
    assert furthest(page, moved) > TOLERANCE


def test_hardly_a_page_is_nearly_empty(drawn):
    """Between running head and page number something reaches below the upper quarter; a chapter's last page may be short."""
    _, pages = drawn
    short = []
    for number, page in enumerate(pages[1:], 2):
        words = page.crop((0, page.height // 12, page.width, page.height * 11 // 12)).point(lambda shade: 255 - shade)
        box = words.getbbox()
        assert box is not None, f"page {number} is empty"
        if box[3] < page.height // 4 - page.height // 12:
            short.append(number)
    assert len(short) <= len(pages) // 10, short
