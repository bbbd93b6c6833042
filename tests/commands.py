"""Management commands without a start of Python and Django for each.

One process loads Django and every command, then makes a copy of itself (a fork) for each command that it is asked to run.
That copy reads the settings from its own environment, begins as ``manage.py`` does, and ends with the command's exit code.
What a start itself does is tested where ``manage.py`` is started.
"""

import atexit
import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib import import_module, reload
from pathlib import Path
from typing import Any

from vcsportal.common.processes import dies_with_us

ROOT = Path(__file__).resolve().parent.parent
Done = subprocess.CompletedProcess[str]


class Commands:
    """The process that has loaded everything."""

    def __init__(self, env: Mapping[str, str]) -> None:
        """:param env: the environment of the process, and of each command unless it is given another."""
        self.env = dict(env)
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.commands"],
            cwd=ROOT,
            env=self.env,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            preexec_fn=dies_with_us(signal.SIGKILL),
        )

    def run(self, *words: str, given: bytes = b"", env: Mapping[str, str] | None = None) -> Done:
        """Run ``manage.py`` with these words in the environment ``env``; ``given`` is its standard input."""
        return self._run({"words": ["manage.py", *words]}, given, env)

    def done(self, *words: str) -> str:
        """Run a command that succeeds, and return what it printed."""
        ran = self.run(*words)
        assert ran.returncode == 0, f"manage.py {' '.join(words)}\n{ran.stdout}\n{ran.stderr}"
        return ran.stdout

    def run_code(self, code: str, *, env: Mapping[str, str] | None = None) -> Done:
        """Run Python code where Django is set up."""
        return self._run({"words": ["-c"], "code": code}, b"", env)

    def _run(self, wish: dict[str, Any], given: bytes, env: Mapping[str, str] | None) -> Done:
        with tempfile.TemporaryDirectory() as folder:
            place = Path(folder)
            (place / "in").write_bytes(given)
            wish |= {"folder": folder, "env": dict(self.env if env is None else env)}
            assert self._process.stdin
            assert self._process.stdout
            self._process.stdin.write(json.dumps(wish) + "\n")
            self._process.stdin.flush()
            answer = self._process.stdout.readline()
            assert answer, "The process that runs commands has ended."
            said = [(place / name).read_text(errors="replace") for name in ("out", "err")]
        return Done(wish["words"], int(answer), *said)

    def close(self) -> None:
        """End the process."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.close()
        self._process.wait(20)
        self._process.stdout.close()


@contextmanager
def commands(env: Mapping[str, str]) -> Iterator[Commands]:
    """Yield a process that runs commands in this environment, and end it afterwards."""
    running = Commands(env)
    try:
        yield running
    finally:
        running.close()


# In that process -------------------------------------------------------------------------------------------------------


def serve() -> None:
    """Load everything, then run what comes on standard input, one wish a line; answer with the exit code."""
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what is printed while loading is no answer
    _load()
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            _begin(json.loads(line))
        _, status = os.waitpid(child, 0)
        answers.write(f"{os.waitstatus_to_exitcode(status)}\n")
        answers.flush()


def _load() -> None:
    import django

    django.setup()
    from django.core import checks
    from django.core.management import get_commands, load_command_class
    from django.db import connections

    ours = {name: app for name, app in get_commands().items() if not isinstance(app, str) or "allauth" not in app}
    for name, app in ours.items():
        load_command_class(app, name)
    checks.run_checks()
    connections.close_all()


def _begin(wish: dict[str, Any]) -> None:
    """Become the command: its environment, its settings, its input and output."""
    folder = Path(wish["folder"])
    for number, name, flags in ((0, "in", os.O_RDONLY), (1, "out", os.O_WRONLY), (2, "err", os.O_WRONLY)):
        os.dup2(os.open(folder / name, flags | os.O_CREAT, 0o600), number)
    sys.stdin, sys.stdout, sys.stderr = os.fdopen(0), os.fdopen(1, "w"), os.fdopen(2, "w")
    code = 1
    try:
        _read_settings_again(wish["env"])
        sys.argv = wish["words"]
        if "code" in wish:
            exec(wish["code"], {"__name__": "__main__"})
            code = 0
        else:
            code = import_module("manage").main()
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:
        sys.excepthook(*sys.exc_info())
    finally:
        atexit._run_exitfuncs()
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _read_settings_again(env: dict[str, str]) -> None:
    """Let this process have the settings that a new one would read from this environment."""
    from django.conf import settings
    from django.core.cache import CacheHandler, caches
    from django.db import connections
    from django.db.utils import ConnectionHandler
    from django.utils.functional import empty

    os.environ.clear()
    os.environ.update(env)
    parts = [name for name in sys.modules if name.startswith("vcsportal.") and "settings" in name]
    for name in [
        *sorted(part for part in parts if part != env["DJANGO_SETTINGS_MODULE"]),
        env["DJANGO_SETTINGS_MODULE"],
    ]:
        reload(import_module(name))
    settings._wrapped = empty
    vars(connections).pop("settings", None)
    vars(caches).pop("settings", None)
    ConnectionHandler.__init__(connections)  # as they were before anything asked for their settings
    CacheHandler.__init__(caches)


if __name__ == "__main__":
    serve()
