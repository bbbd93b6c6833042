"""Keeps the programs of one portal running, and ends them in order, in one thread."""

import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from vcsportal.common.processes import dies_with_us
from vcsportal.local.folder import Folder
from vcsportal.local.places import shown
from vcsportal.local.programs import end_group, kill_group, pause, tail, wish
from vcsportal.local.say import Sorry, say
from vcsportal.local.servers import Program

MAX_RESTARTS = 5
"""So many unexpected ends of one program within ``RESTARTS_WITHIN_SECONDS`` seconds, and the whole portal stops."""
RESTARTS_WITHIN_SECONDS = 60.0
LOG_CHECK_SECONDS = 10.0
"""Seconds between two looks at the size of the logs."""


@dataclass
class Running:
    """A program that was started and has not been asked to end."""

    program: Program
    process: "subprocess.Popen[bytes]"
    ends: list[float] = field(default_factory=list)
    again_at: float | None = None


class Supervisor:
    """Starts programs, restarts one that ends by itself, and stops all in the opposite order of their start."""

    def __init__(self, folder: Folder) -> None:
        self.folder = folder
        self._running: list[list[Running]] = []

    def start(self, *programs: Program) -> None:
        """Start programs that belong together; they will be stopped together too."""
        group: list[Running] = []
        self._running.append(group)
        for program in programs:
            group.append(Running(program, self._launch(program)))
        self._remember()

    def wait_for(self, name: str, answers: Callable[[], bool], seconds: float) -> None:
        """Wait until a program answers; report its last output if it ends or does not answer."""
        running = next(program for group in self._running for program in group if program.program.name == name)
        until = time.monotonic() + seconds
        while not answers():
            if running.process.poll() is not None:
                raise Sorry(self._obituary(running.program, f"ended at its start (code {running.process.returncode})"))
            if time.monotonic() > until:
                raise Sorry(self._obituary(running.program, f"did not answer within {seconds:.0f} s"))
            pause(0.1)

    def watch(self) -> None:
        """Look after the programs until somebody wishes to stop."""
        look_again = 0.0
        while not wish.times:
            logs_too = time.monotonic() >= look_again
            for group in self._running:
                for running in group:
                    self._look_at(running)
                    if logs_too:
                        running.program.bound_log()
            if logs_too:
                look_again = time.monotonic() + LOG_CHECK_SECONDS
            time.sleep(0.1)

    def stop(self) -> None:
        """End everything, the last started first; members of a group at the same time."""
        for group in reversed(self._running):
            for running in group[1:]:
                running.process.send_signal(running.program.ending[0][0])
            for running in group:
                end_group(running.process, running.program.ending)
        self._running.clear()

    # ------------------------------------------------------------------------------------------------------------------

    def _launch(self, program: Program) -> "subprocess.Popen[bytes]":
        with program.open_log() as log:
            return subprocess.Popen(
                program.argv,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env=program.env,
                cwd=program.cwd,
                start_new_session=True,  # Ctrl-C in the terminal is for us alone; we stop the others in order
                preexec_fn=dies_with_us(program.when_we_die),
                **program.options,
            )

    def _look_at(self, running: Running) -> None:
        now = time.monotonic()
        if running.again_at is not None:
            if now >= running.again_at:
                running.again_at = None
                running.process = self._launch(running.program)
                self._remember()
            return
        if running.process.poll() is None:
            return
        kill_group(running.process.pid)
        running.ends = [*(end for end in running.ends if now - end < RESTARTS_WITHIN_SECONDS), now]
        if len(running.ends) >= MAX_RESTARTS:
            raise Sorry(self._obituary(running.program, f"ended {MAX_RESTARTS} times within a minute"))
        wait = 0.2 * 2 ** (len(running.ends) - 1)
        say(f"The {running.program.name} ended by itself (code {running.process.returncode}); starting it again.")
        running.again_at = now + wait

    def _obituary(self, program: Program, what: str) -> str:
        return f"The {program.name} {what}. Its log {shown(program.log)} ends with:\n{tail(program.log)}"

    def _remember(self) -> None:
        groups = reversed(self._running)
        self.folder.remember_children([running.process.pid for group in groups for running in group])
