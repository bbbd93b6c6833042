"""Report and annex, drawn by stock WeasyPrint and as the worker draws them: in turns in one run, as ratios.

Stock is the library's own ``HTML(…).write_pdf`` on the same HTML, one after the other in one process. The worker's way is measured
with everything that it does beside: HTML, the page that sums up the report, and the files of data.
"""

import json
import os
import resource
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, Final

import django

from tests.bench.face import MEGABYTE, peak

WAYS: Final = {
    "stock": "stock, one process",
    "1": "worker, one process at a time",
    "2": "worker, two processes",
}
TURNS: Final = 3


def stock(report: Any, photographs: Any) -> None:
    """Draw as the library does that nobody has touched. What it is given is made before the clock starts."""
    from weasyprint import CSS, HTML
    from weasyprint.text.fonts import FontConfiguration

    from reporting import rendering
    from reporting.rendering.fetching import Fetcher, assets
    from reporting.rendering.fonts import OWN_SCHEME, rules
    from reporting.rendering.pictures import sound
    from reporting.rendering.printable_text import printable

    pages = [(rendering.to_html(report), {}), (rendering.to_annex_html(report, photographs=photographs), photographs)]
    with _measured():
        for html, pictures in pages:
            html, needed = printable(html)
            fetcher, fonts = Fetcher(assets(sound(pictures))), FontConfiguration()
            named = CSS(string=rules(needed), base_url=OWN_SCHEME, url_fetcher=fetcher, font_config=fonts)
            HTML(string=html, base_url=OWN_SCHEME, url_fetcher=fetcher).write_pdf(
                stylesheets=[named], font_config=fonts, pdf_variant="pdf/ua-1"
            )
    assert "reporting.rendering.engine" not in sys.modules, "our changes are in the stock engine"


def worker(report: Any, photographs: Any, at_once: int) -> None:
    """Draw as the worker does."""
    from reporting.formats import FORMATS
    from reporting.production.drawing import SideBySide, shares
    from reporting.rendering import engine  # noqa: F401 - the worker loads it before it is given anything to do

    def write(each, on_page):
        return {"code": each.code, "pages": each.write(report, photographs, on_page).pages}

    with _measured(), SideBySide(shares(each for each in FORMATS if each.tells_pages), write, at_once=at_once) as work:
        work.run(lambda make: make(), lambda: None)


class _measured:
    """Print the processor's seconds of this process and those that it made, the wall's, and the most memory that one of them had."""

    def __enter__(self) -> None:
        self._before, self._wall = _spent(), time.perf_counter()

    def __exit__(self, *error: object) -> None:
        wall, children = time.perf_counter() - self._wall, resource.getrusage(resource.RUSAGE_CHILDREN)
        most = max(peak(), children.ru_maxrss / MEGABYTE)
        print(json.dumps({"cpu": _spent() - self._before, "wall": wall, "peak": most}))


def _spent() -> float:
    return sum(sum(resource.getrusage(who)[:2]) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))


def compare(files: dict[str, Path], turns: int = TURNS) -> None:
    """Print each year's medians, and their ratios to stock."""
    print(
        f"\n{'report and annex':<18}{'':<32}{'CPU s':>8}{'wall s':>8}{'CPU : stock':>13}{'wall : stock':>14}{'peak MB':>9}"
    )
    for name, file in files.items():
        found: dict[str, list[dict[str, float]]] = {way: [] for way in WAYS}
        for _ in range(turns):
            for way in WAYS:
                words = [sys.executable, "-m", "tests.bench.engines", str(file), way]
                done = subprocess.run(words, capture_output=True, text=True, timeout=900, check=False)
                assert done.returncode == 0, done.stderr
                found[way].append(json.loads(done.stdout.splitlines()[-1]))
        medians = {
            way: {what: statistics.median(each[what] for each in all_) for what in all_[0]}
            for way, all_ in found.items()
        }
        # a busy moment meets all ways of a turn, so ratios are taken within each turn
        ratios = {
            way: {
                what: statistics.median(each[what] / ref[what] for each, ref in zip(all_, found["stock"], strict=True))
                for what in ("cpu", "wall")
            }
            for way, all_ in found.items()
        }
        for way, words_ in WAYS.items():
            one, ratio = medians[way], ratios[way]
            print(
                f"{name:<18}{words_:<32}{one['cpu']:>8.2f}{one['wall']:>8.2f}"
                f"{ratio['cpu']:>13.2f}{ratio['wall']:>14.2f}{one['peak']:>9.0f}",
                flush=True,
            )


def main(file: str, way: str) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "vcsportal.settings")
    django.setup()
    from reporting.facts import from_json
    from reporting.rendering.photographs import Photographs

    report = from_json(json.loads(Path(file).read_text()))
    photographs = Photographs(report)
    if way == "stock":
        stock(report, photographs)
    else:
        worker(report, photographs, int(way))


if __name__ == "__main__":
    main(*sys.argv[1:])
