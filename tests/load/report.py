"""What came of a trial, in tables and sentences; and whether it passed."""

import os
import statistics
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from tests.load.hour import KIND, REQUEST_KINDS
from tests.load.machine import GROWTH_BOUND_MB
from tests.load.running import Phase, Ran

PUNCTUAL_SECONDS: Final = 0.25
"""A visitor who comes later than this came late: the machine had no time to send them, and the rate was not kept."""


@dataclass(frozen=True)
class Times:
    """Seconds within which so many of 100 requests of a kind were answered, and how many were errors."""

    requests: int
    errors: int
    p50: float
    p95: float
    p99: float
    longest: float


def percentile(ordered: list[float], part: float) -> float:
    """Return the value that ``part`` of the values, which are in order, do not exceed."""
    return ordered[max(0, -(-round(part * 1000) * len(ordered) // 1000) - 1)]


def times(samples: Iterable[dict[str, Any]]) -> dict[str, Times]:
    """Return the times of each kind of request. One without an answer took as long as the visitor waited."""
    by_kind: dict[str, list[dict[str, Any]]] = {kind.code: [] for kind in REQUEST_KINDS}
    for sample in samples:
        if sample["kind"] in by_kind:
            by_kind[sample["kind"]].append(sample)
    found = {}
    for code, those in by_kind.items():
        if those:
            seconds = sorted(sample["ms"] / 1000 for sample in those)
            errors = sum(bool(sample["error"]) for sample in those)
            p50, p95, p99 = (percentile(seconds, part) for part in (0.5, 0.95, 0.99))
            found[code] = Times(len(those), errors, p50, p95, p99, seconds[-1])
    return found


def faults(ran: Ran) -> list[str]:
    """Return what was not as it should be, in sentences."""
    samples, found = ran.samples, []
    errors = Counter(f"{KIND[s['kind']].label}: {s['error']}" for s in samples if s["kind"] in KIND and s["error"])
    found += [f"{count} × {sentence}" for sentence, count in errors.most_common()]
    found += [f"The trial itself failed: {s['error']}" for s in samples if s["kind"] == "fault"]
    for code, measured in times(samples).items():
        if measured.p95 > KIND[code].bound_seconds:
            found.append(
                f"{KIND[code].label}: 95 of 100 within {measured.p95:.2f} s, which is more than {KIND[code].bound_seconds:g} s."
            )
    found += rate_faults(ran.phase, samples)
    if ran.phase.soak:
        grown = [memory for memory in ran.watch.memory.values() if memory.growth > GROWTH_BOUND_MB]
        found += [f"A {memory.role} process has grown by {memory.growth:.1f} MB in the soak." for memory in grown]
    return found


def rate_faults(phase: Phase, samples: list[dict[str, Any]]) -> list[str]:
    """Return how the fixed rate was not kept, if it was not."""
    late = sorted(sample["late"] for sample in samples if sample["kind"] == "arrival")
    wanted, found = sum(phase.counts.values()), []
    if len(late) != wanted:
        found.append(f"{len(late)} visitors came, not {wanted}.")
    if late and late[0] < -PUNCTUAL_SECONDS:
        found.append(f"The rate was not kept: a visitor came {-late[0]:.2f} s too soon.")
    if late and percentile(late, 0.95) > PUNCTUAL_SECONDS:
        found.append(f"The rate was not kept: 95 of 100 visitors came up to {percentile(late, 0.95):.2f} s late.")
    left = next((sample["left_behind"] for sample in samples if sample["kind"] == "all left"), None)
    if left != 0:
        found.append(
            f"{'Nobody knows how many' if left is None else left} visitors had no answer when the trial ended."
        )
    return found


def print_phase(ran: Ran) -> None:
    measured, watch = times(ran.samples), ran.watch
    requests = sum(kind.requests for kind in measured.values())
    late = [sample["late"] for sample in ran.samples if sample["kind"] == "arrival"]
    print(f"\n## {ran.phase.name}\n")
    print(
        f"{len(late)} visitors, {requests} requests, {requests / ran.phase.seconds:.1f} a second. "
        f"The last visitor to be late was {max(late, default=0) * 1000:.0f} ms late.\n"
    )
    print(f"{'seconds':<30}{'requests':>9}{'errors':>8}{'p50':>8}{'p95':>8}{'p99':>8}{'longest':>9}{'bound':>8}")
    for code, kind in measured.items():
        print(
            f"{KIND[code].label:<30}{kind.requests:>9}{kind.errors:>8}{kind.p50:>8.3f}{kind.p95:>8.3f}{kind.p99:>8.3f}"
            f"{kind.longest:>9.3f}{KIND[code].bound_seconds:>8.1f}"
        )
    cores, seconds = os.cpu_count() or 1, watch.seconds
    spent = watch.spent | {"everything else on this machine": watch.others}
    print(
        f"\n{cores} cores; load average before: {', '.join(f'{load:.2f}' for load in watch.load_before)}. Share of the cores:"
    )
    for role, used in sorted(spent.items(), key=lambda item: -item[1]):
        print(f"  {role:<34}{used / seconds / cores:>6.1%}")
    print("\nMemory that a process shares with no other, in MB:")
    for memory in watch.memory.values():
        if len(memory.megabytes) > 2:
            looked = memory.megabytes
            print(
                f"  {memory.role:<8} first {looked[0]:>6.1f}  median {statistics.median(looked):>6.1f}  last {looked[-1]:>6.1f}  "
                f"most {max(looked):>6.1f}  grown in the last two thirds {memory.growth:>+5.1f}"
            )


def print_found(found: dict[str, Any]) -> None:
    print("\n## What was sent, looked for afterwards\n")
    for what, count in sorted(found["counts"].items()):
        print(f"  {what:<40}{count:>7}")
