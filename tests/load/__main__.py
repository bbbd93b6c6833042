"""``make load``: the hour before a round ends, against a portal of its own on this machine; docs/load.md says how to read it.

``make load`` sends visitors for two minutes at the rate of that hour, then for two minutes at ten times that.
``ARGS="minutes=5"`` takes longer, ``ARGS="times=10"`` sends at that rate only, ``ARGS=soak`` sends for ten minutes and looks
at memory. It ends with an error if anything failed, was lost, was saved twice, or took longer than its bound.
"""

import os
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from tests.load.report import faults, print_found, print_phase
from tests.load.running import Phase, portal_under_load
from tests.stack import portal_with_story, static_files

MOST_MINUTES: Final = 30.0
MOST_TIMES: Final = 20.0
MINUTES: Final = 2.0
SOAK_MINUTES: Final = 10.0
USAGE: Final = 'Say: make load, or make load ARGS="minutes=2 times=10", or make load ARGS=soak.'


def phases(words: Sequence[str]) -> list[Phase]:
    """Return the parts of the trial that these words ask for. Raise ``SystemExit`` with a sentence for any other word."""
    given, soak = {}, False
    for word in words:
        name, _, value = word.partition("=")
        if word == "soak":
            soak = True
        elif name in {"minutes", "times"}:
            given[name] = _number(name, value, MOST_MINUTES if name == "minutes" else MOST_TIMES)
        else:
            raise SystemExit(f"“{word}” is not known. {USAGE}")
    seconds = 60 * given.get("minutes", SOAK_MINUTES if soak else MINUTES)
    if soak:
        return [Phase(given.get("times", 1.0), seconds, soak=True)]
    return [Phase(times, seconds) for times in ([given["times"]] if "times" in given else [1.0, 10.0])]


def _number(name: str, value: str, most: float) -> float:
    try:
        number = float(value)
    except ValueError:
        number = 0.0
    if not 0 < number <= most:
        raise SystemExit(f"{name} is a number above 0, up to {most:g}. {USAGE}")
    return number


def main(*words: str) -> int:
    parts = phases(words)
    with tempfile.TemporaryDirectory(prefix="load-") as folder, portal_with_story(Path(folder)) as stack:
        stack.env.update(DEBUG="0", STATIC_ROOT=str(static_files(stack)))
        wrong: list[str] = []
        with portal_under_load(stack, parts) as trial:
            for phase in parts:
                print(f"Sending visitors: {phase.name} …", flush=True)
                ran = trial.run(phase)
                print_phase(ran)
                wrong += [f"At {phase.name}: {sentence}" for sentence in faults(ran)]
            found = trial.find_again()
        print_found(found)
        wrong += found["wrong"]
    print(
        "\n## What was wrong\n"
        if wrong
        else "\nNothing failed, nothing was lost, and nothing took longer than its bound."
    )
    for sentence in wrong[:200]:
        print(f"  {sentence}")
    return 1 if wrong else 0


if __name__ == "__main__":
    os.umask(0o077)
    sys.exit(main(*sys.argv[1:]))
