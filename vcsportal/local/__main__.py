"""The start of every ``make`` command: finds a Python that is new enough, then hands over. Even an old Python 3 must be
able to run this file, so that it can print a sentence instead of a syntax error.
"""

import os
import shutil
import subprocess
import sys
from typing import Optional

OLDEST = (3, 11)
SENTENCE = (
    "The portal needs Python {}.{} or newer, and this is Python {}.{} ({}). Install a newer one and try again, "
    "or name it: make PYTHON=/path/to/python3.12 run"
)


def newer_python() -> Optional[str]:  # noqa: UP045 - old Pythons read this file
    """Return the path of a Python on PATH that is new enough, or None."""
    for minor in (14, 13, 12, 11):
        interpreter = shutil.which("python3.%d" % minor)  # noqa: UP031 - old Pythons read this file
        if (
            interpreter and subprocess.call([interpreter, "-c", "import venv"], stderr=subprocess.DEVNULL) == 0
        ):  # not a mere shim
            return interpreter
    return None


def main() -> int:
    if sys.version_info[:2] < OLDEST:
        interpreter = newer_python() if not os.environ.get("PORTAL_PYTHON_TRIED") else None
        if not interpreter:
            print(SENTENCE.format(OLDEST[0], OLDEST[1], sys.version_info[0], sys.version_info[1], sys.executable))
            return 2
        os.environ["PORTAL_PYTHON_TRIED"] = "1"
        os.execv(interpreter, [interpreter, "-m", "vcsportal.local"] + sys.argv[1:])  # noqa: RUF005 - old Pythons read this file
    from vcsportal.local.commands import command

    return command(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
