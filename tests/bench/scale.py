"""How pages grow with the evidence: the same pages with 1,000, 100,000 and 1,000,000 items, in one run, as ratios.

The largest dataset is written as a file of each format too, with the memory that this takes.

``make bench ARGS="scale"``; ``ARGS="scale 1000 20000"`` takes other sizes. Each size has a database of its own, copied from one
that tells the demo story, and is dropped at the end. A million items take about 2 GB of disk for that time.
"""

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from tests.bench.signing_in import sign_in
from tests.stack import ROOT, Stack, copied_database, portal_with_story, started

SIZES: Final = (1_000, 100_000, 1_000_000)
TURNS: Final = 20
DATASET: Final = "evidence"
FORMATS: Final = ("csv", "json", "ods")
BYTES_AN_ITEM: Final = 3_000
STRATEGY: Final = "/strategies/oxfordshire-vcs-2022-27/"
PAGES: Final = (
    ("search in evidence, a rare word", "/evidence/?q=Thistleholt", ""),
    ("search in evidence, a common word", "/evidence/?q=village", ""),
    ("search in everything, a rare word", "/search/?q=Thistleholt", ""),
    ("search in everything, a common word", "/search/?q=village", ""),
    ("search in everything, all of one kind", "/search/?q=village&kind=evidence", ""),
    ("search in everything, two common words", "/search/?q=volunteer+village", ""),
    ("search in everything, nothing found", "/search/?q=Thistlehollt", ""),
    ("API, search in everything", "/api/v1/search/?q=Thistleholt", ""),
    ("what changed", "/reports/of/oxfordshire-vcs-2022-27/changes/", ""),
    ("officer's evidence", "/evidence/", "officer@example.org"),
    ("update form", f"{STRATEGY}commitments/promote-the-work-of-the-sector/update/", "officer@example.org"),
    ("evidence list", "/evidence/", ""),
    ("API, evidence", "/api/v1/evidence/", ""),
)
"""What people wait for: a name, an address, and who is signed in."""


def measure(stack: Stack) -> dict[str, list[float]]:
    """Return the seconds that each page took, asked in turns so that a busy moment meets all of them."""
    cookies = {email: sign_in(stack, email) for email in {email for _, _, email in PAGES} if email}
    seconds: dict[str, list[float]] = {name: [] for name, _, _ in PAGES}
    for turn in range(TURNS + 2):
        for name, path, email in PAGES:
            request = urllib.request.Request(stack.url + path, headers={"Cookie": cookies.get(email, "")})
            began = time.perf_counter()
            with urllib.request.urlopen(request) as answer:
                answer.read()
            if turn > 1:  # the first fill what is kept in memory
                seconds[name].append(time.perf_counter() - began)
    return seconds


def datasets(stack: Stack) -> dict[str, dict[str, float]]:
    """Return what writing the largest dataset took in each format, each in a process of its own."""
    found = {}
    for ending in FORMATS:
        words = [sys.executable, "-m", "tests.bench.dataset", DATASET, ending]
        done = subprocess.run(words, cwd=ROOT, env=stack.env, capture_output=True, text=True, timeout=3600, check=False)
        assert done.returncode == 0, done.stderr
        found[ending] = json.loads(done.stdout.splitlines()[-1])
    return found


def percentile_95(seconds: Sequence[float]) -> float:
    """Return how long 95 of 100 answers took at most."""
    return statistics.quantiles(seconds, n=20, method="inclusive")[-1]


def main(*words: str) -> None:
    sizes = [int(word) for word in words] or list(SIZES)
    needed = sum(sizes) * BYTES_AN_ITEM
    with tempfile.TemporaryDirectory(prefix="bench-scale-") as folder:
        if shutil.disk_usage(os.environ.get("PORTAL_DATA", folder)).free < needed:
            sys.exit(f"This needs {needed / 1e9:.0f} GB of disk for a while.")
        found: dict[int, dict[str, list[float]]] = {}
        files: dict[int, dict[str, dict[str, float]]] = {}
        with portal_with_story(Path(folder)) as story:
            for size in sizes:
                with copied_database(story) as stack:
                    print(stack.manage("fill", "--evidence", str(size), seconds=3600, DEBUG="1").strip(), flush=True)
                    stack.env.update(
                        DEBUG="0",
                        STATIC_ROOT=str(stack.data / "static"),
                        READS_A_MINUTE="0",
                        READS_A_MINUTE_SIGNED_IN="0",
                    )
                    stack.manage("collectstatic", "--noinput", "-v0")
                    with started(stack, workers=1, jobs=False):
                        found[size] = measure(stack)
                    files[size] = datasets(stack)
    _print_pages("median ms", found, statistics.median)
    _print_pages("95 of 100 answers, ms", found, percentile_95)
    print(f"\n{f'dataset of {DATASET}':<42}{'seconds':>12}{'MB':>12}{'peak MB':>12}{'of it grown':>14}")
    for size in sizes:
        for ending, took in files[size].items():
            print(
                f"{f'{ending}, {size:,} items':<42}{took['seconds']:>12.1f}{took['bytes'] / 1e6:>12.1f}{took['peak']:>12.0f}"
                f"{took['peak'] - took['before']:>14.0f}"
            )


def _print_pages(
    title: str, found: dict[int, dict[str, list[float]]], summed_up: Callable[[list[float]], float]
) -> None:
    print(f"\n{title:<42}" + "".join(f"{size:>12,}" for size in found) + f"{'last : first':>14}")
    for name, _, _ in PAGES:
        times = [summed_up(seconds[name]) * 1000 for seconds in found.values()]
        print(f"{name:<42}" + "".join(f"{ms:>12.1f}" for ms in times) + f"{times[-1] / times[0]:>14.2f}")


if __name__ == "__main__":
    main(*sys.argv[1:])
