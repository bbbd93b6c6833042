"""``make bench``: pages against a bare Django view on the same server, queries a page, and what the report costs.

``make bench ARGS="report"`` measures the report alone; ``ARGS="report --quick"`` leaves out its largest year, and
``ARGS="report --engines"`` only compares the drawing with stock WeasyPrint's (:mod:`tests.bench.engines`).
``ARGS="scale"`` compares pages with 1,000, 100,000 and 1,000,000 items of evidence, and writes them as datasets
(:mod:`tests.bench.scale`).
``ARGS="saving"`` saves 1,000 rows of an uploaded spreadsheet of every kind (:mod:`tests.bench.saving`).
"""

import os
import subprocess
import sys
import tempfile
import urllib.request
from pathlib import Path

from tests.bench import scale
from tests.bench.load import requests_per_second
from tests.bench.signing_in import sign_in
from tests.stack import ROOT, Stack, fresh_database, running_portal

STRATEGY = "/strategies/oxfordshire-vcs-2022-27/"
PAGES = {
    "glance": STRATEGY,
    "commitments": f"{STRATEGY}commitments/",
    "commitment 1.1": f"{STRATEGY}commitments/promote-the-work-of-the-sector/",
    "evidence list": "/evidence/",
    "organisations": "/organisations/",
    "API, 32 commitments": "/api/v1/strategies/oxfordshire-vcs-2022-27/commitments/",
}
SIGNED_IN = {
    "glance, signed in": STRATEGY,
    "my work, signed in": "/my-work/",
    "evidence form, signed in": "/evidence/new/",
}


def pages(stack: Stack) -> None:
    """Print requests a second, each also as a part of the bare view's rate in this run."""
    cookie = sign_in(stack, "partner@example.org")
    bare = requests_per_second(f"{stack.url}/bare")
    print(f"\n{'page':<28}{'requests/s':>12}{'of bare':>10}{'bytes':>10}")
    print(f"{'bare view, no middleware':<28}{bare:>12.0f}{1:>10.3f}{4:>10}")
    for name, path in PAGES.items():
        with urllib.request.urlopen(stack.url + path) as answer:
            size, etag = len(answer.read()), answer.headers.get("ETag")
        row(name, requests_per_second(stack.url + path), bare, size)
        if etag:
            unchanged = {"If-None-Match": etag}
            row(f"{name}, 304", requests_per_second(stack.url + path, headers=unchanged, wanted=304), bare, 0)
    for name, path in SIGNED_IN.items():
        headers = {"Cookie": cookie}
        with urllib.request.urlopen(urllib.request.Request(stack.url + path, headers=headers)) as answer:
            size = len(answer.read())
        row(name, requests_per_second(stack.url + path, headers=headers), bare, size)
    row("bare view again", requests_per_second(f"{stack.url}/bare"), bare, 4)


def row(name: str, rate: float, bare: float, size: int) -> None:
    print(f"{name:<28}{rate:>12.0f}{rate / bare:>10.3f}{size:>10}", flush=True)


def run(stack: Stack, *words: str) -> None:
    subprocess.run([sys.executable, "-m", *words], cwd=ROOT, env=stack.env, check=True, timeout=900)


def alone(module: str, *words: str) -> None:
    """Measure in a database of its own, which nothing else fills."""
    with tempfile.TemporaryDirectory(prefix="bench-") as folder, fresh_database(os.environ["DATABASE_URL"]) as url:
        env = os.environ | {
            "DATABASE_URL": url,
            "PORTAL_DATA": folder,
            "DEBUG": "1",
            "DJANGO_SETTINGS_MODULE": "vcsportal.settings",
        }
        subprocess.run([sys.executable, "-m", module, *words], cwd=ROOT, env=env, check=True, timeout=3600)


def report(*words: str) -> None:
    """Measure the report."""
    print("\nthe report, without the queue", flush=True)
    alone("tests.bench.report", *words)


def main(only: str = "", *words: str) -> None:
    os.environ.update(READS_A_MINUTE="0", READS_A_MINUTE_SIGNED_IN="0")  # nobody is refused for asking too often
    if only == "report":
        return report(*words)
    if only == "saving":
        return alone("tests.bench.saving", *words)
    if only == "scale":
        return scale.main(*words)
    with (
        tempfile.TemporaryDirectory(prefix="bench-") as folder,
        running_portal(Path(folder), workers=2, wsgi="tests.bench.wsgi", debug=False) as stack,
    ):
        pages(stack)
        run(stack, "tests.bench.queries")
    return report()


if __name__ == "__main__":
    main(*sys.argv[1:])
