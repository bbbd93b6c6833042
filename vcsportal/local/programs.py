"""Starts, watches and ends programs. Nothing here blocks for long, so Ctrl-C always works."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import FrameType
from typing import Any

from vcsportal.common.processes import dies_with_us
from vcsportal.local.say import Sorry, Stopped, say

TAIL_LINES = 15


class Wish:
    """Records a request to stop; a second request ends the programs at once."""

    def __init__(self) -> None:
        self.times = 0

    def listen(self) -> None:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._heard)

    def _heard(self, number: int, frame: FrameType | None) -> None:
        self.times += 1

    def check(self) -> None:
        if self.times:
            raise Stopped


wish = Wish()


def tail(log: Path, lines: int = TAIL_LINES) -> str:
    """Return the last lines of a log, for a message."""
    try:
        text = log.read_text(errors="replace")
    except OSError:
        return ""
    return "\n".join("    " + line for line in text.splitlines()[-lines:])


def pause(seconds: float = 0.05) -> None:
    """Wait a moment, but not when we were asked to stop."""
    wish.check()
    time.sleep(seconds)


def call(
    argv: Sequence[str | Path],
    *,
    log: Path | None = None,
    out: Path | None = None,
    what: str = "",
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    progress: Callable[[str], str] | None = None,
    **kwargs: Any,
) -> int:
    """Run a program to its end and return its exit code; its output goes to ``log`` when one is given, or in part to ``out``.

    With ``what`` a failure becomes a sentence with the log's last lines. ``progress`` makes a line from the log now and then.
    """
    output = log.open("wb") if log else None
    own = out.open("wb") if out else output
    began = said = time.monotonic()
    try:
        child = subprocess.Popen(
            [str(part) for part in argv],
            stdin=subprocess.DEVNULL,
            stdout=own,
            stderr=output,
            env=dict(env) if env is not None else None,
            cwd=cwd,
            start_new_session=True,
            preexec_fn=dies_with_us(signal.SIGTERM),
            **kwargs,
        )
    finally:
        for file in (output, own):
            if file:
                file.close()
    try:
        while child.poll() is None:
            pause()
            now = time.monotonic()
            if log and now - said >= 5:
                said = now
                word = progress(log.read_text(errors="replace")) if progress else ""
                say(f"  … {word or 'still at it'} ({now - began:.0f} s)")
    except BaseException:
        end_group(child, ((signal.SIGTERM, 5.0),))
        raise
    if child.returncode and what:
        shown = tail(log) if log else ""
        raise Sorry(f"{what}\n{shown}\n    (all of it: {log})" if shown else what)
    return child.returncode


def run_in_front(argv: Sequence[str | Path], *, env: Mapping[str, str], cwd: Path) -> int:
    """Run a program that has the terminal for itself; Ctrl-C reaches it directly, any other wish is handed on."""
    child = subprocess.Popen(
        [str(part) for part in argv], env=dict(env), cwd=cwd, preexec_fn=dies_with_us(signal.SIGTERM)
    )
    handed_on = 0
    while child.poll() is None:
        time.sleep(0.05)
        if wish.times > handed_on:
            handed_on = wish.times
            if not sys.stdin.isatty():
                child.send_signal(signal.SIGINT if handed_on < 3 else signal.SIGKILL)
    return child.returncode


def end_group(child: "subprocess.Popen[bytes]", signals: Sequence[tuple[int, float]]) -> None:
    """Send the program each signal in turn, wait as long as it says, and at last kill all it started."""
    for number, seconds in signals:
        if child.poll() is not None:
            break
        already = wish.times
        child.send_signal(number)
        until = time.monotonic() + seconds
        while child.poll() is None and time.monotonic() < until and wish.times <= max(already, 1):
            time.sleep(0.02)
    kill_group(child.pid)
    child.wait()


def kill_group(pid: int) -> None:
    """Kill what is left of a program's own group."""
    try:
        os.killpg(pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        return


def birthmark(pid: int) -> str:
    """Return what tells this process from a later one with the same number; empty where there is none."""
    if sys.platform == "linux":
        try:
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            return "" if fields[0] == "Z" else fields[19]
        except (OSError, IndexError):
            return ""
    process = subprocess.run(["ps", "-o", "lstart=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return process.stdout.strip()
