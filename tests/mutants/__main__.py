"""``make mutants``: puts each fault of the list into a copy of the code, and names those that no test notices.

``make mutants ARGS="NAME"`` tries those whose name holds this word. Green only if every fault is noticed.
"""

import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from queue import SimpleQueue
from typing import Final

from tests.mutants.mutation_list import Mutation, problems, read_list
from tests.mutants.scratch import MAX_FIRST_RUN_SECONDS, Result, Scratch, scratch_copies

COPIES: Final = 2
"""Copies that are tried at the same time, each with a database of its own on the one server."""


def chosen(words: Sequence[str]) -> list[Mutation]:
    """Return the mutations whose names hold one of the words; all without words."""
    whole = read_list()
    return [one for one in whole if not words or any(word in one.name for word in words)]


def main(words: Sequence[str]) -> int:
    """Try the mutations; return the exit status."""
    began = time.monotonic()
    mutations = chosen(words)
    if not mutations:
        print(f"No mutation is called {' or '.join(words)}.")
        return 1
    if stale := [problem for one in mutations for problem in problems(one)]:
        print("The list does not fit the code:", *stale, sep="\n  ")
        return 1
    tests = list(dict.fromkeys(test for one in mutations for test in one.tests))
    with scratch_copies(min(COPIES, len(mutations))) as copies:
        print(f"{len(mutations)} mutations. First their tests as they are …", flush=True)
        if (clean := copies[0].run_tests(tests, max_seconds=MAX_FIRST_RUN_SECONDS)).verdict != "survived":
            print(f"Without any mutation the tests are not green: {clean.detail}")
            return 1
        print(f"{'passed':<9}{clean.seconds:>6.1f} s  the unchanged code", flush=True)
        results = try_all(mutations, copies)
    return summary(mutations, results, time.monotonic() - began)


def try_all(mutations: Sequence[Mutation], copies: Sequence[Scratch]) -> dict[str, Result]:
    """Try every mutation in one of the copies, and print a line for each as it ends."""
    free: SimpleQueue[Scratch] = SimpleQueue()
    for copy in copies:
        free.put(copy)

    def attempt(mutation: Mutation) -> Result:
        copy = free.get()
        try:
            result = copy.try_out(mutation)
        finally:
            free.put(copy)
        print(f"{result.verdict:<9}{result.seconds:>6.1f} s  {mutation.name}  ({result.detail})", flush=True)
        return result

    with ThreadPoolExecutor(max_workers=len(copies)) as pool:
        results = list(pool.map(attempt, mutations))
    return {mutation.name: result for mutation, result in zip(mutations, results, strict=True)}


def summary(mutations: Sequence[Mutation], results: dict[str, Result], seconds: float) -> int:
    """Print what survived and what proved nothing; return the exit status."""
    count = {verdict: sum(one.verdict == verdict for one in results.values()) for verdict in ("killed", "survived", "broken")}  # fmt: skip
    print(
        f"\n{len(results)} mutations in {seconds / 60:.1f} minutes: {count['killed']} noticed, "
        f"{count['survived']} not noticed, {count['broken']} that prove nothing."
    )
    for mutation in mutations:
        if (verdict := results[mutation.name].verdict) != "killed":
            print(f"  {verdict}: {mutation.name} in {mutation.file}\n    What would go unseen: {mutation.unseen}")
    return 0 if count["killed"] == len(results) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
