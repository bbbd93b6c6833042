"""One face in a process of its own, from facts that were frozen in a file: seconds cold and warm, peak memory, and the PDF's parts."""

import json
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import django

MEGABYTE = 1024 if sys.platform == "linux" else 1024**2


def peak() -> float:
    """Return the most memory this process has held, in megabytes. What its parent held is no part of it."""
    kept = Path("/proc/self/status")
    if kept.exists():
        return int(kept.read_text().split("VmHWM:")[1].split()[0]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / MEGABYTE


def timed(work: Callable[[], Any]) -> tuple[float, float, Any]:
    """Return the processor's seconds, the wall's, and what the work made."""
    cpu, wall = time.process_time(), time.perf_counter()
    made = work()
    return time.process_time() - cpu, time.perf_counter() - wall, made


def parts(report, photographs) -> dict[str, float]:
    """Return the processor's seconds for each part of the PDF."""
    from reporting import formats, rendering
    from reporting.rendering import attached, engine
    from reporting.rendering.layout import without_collector

    template, _, html = timed(lambda: rendering.to_html(report))
    data, _, files = timed(lambda: attached.attachments(formats.data(report), report.making.at))
    with without_collector():
        layout, _, document = timed(lambda: engine.lay_out(html, photographs=photographs))
        writing, _, _ = timed(lambda: engine.write(document, files))
    return {"template": template, "data": data, "layout": layout, "writing": writing}


def main(file: str, code: str) -> None:
    django.setup()
    from reporting.facts import from_json
    from reporting.formats import FORMAT_BY_CODE
    from reporting.rendering.photographs import Photographs

    report = from_json(json.loads(Path(file).read_text()))
    photographs, before = Photographs(report), peak()
    cold, wall, made = timed(lambda: FORMAT_BY_CODE[code].write(report, photographs, None))
    most = peak()
    many = cold > 30  # the largest reports are not drawn a second time
    warm, wall, again = (
        (cold, wall, made) if many else timed(lambda: FORMAT_BY_CODE[code].write(report, photographs, None))
    )
    assert again.content == made.content, f"{code} is not the same twice"
    found = {
        "cold": cold,
        "warm": warm,
        "wall": wall,
        "before": before,
        "peak": most,
        "bytes": len(made.content),
        "pages": made.pages,
    }
    print(json.dumps(found | (parts(report, photographs) if code == "pdf" and not many else {})))


if __name__ == "__main__":
    main(*sys.argv[1:])
