#!/usr/bin/env python
"""Django's command line for the portal."""

import gc
import os
import shlex
import sys

NO_PORTAL = (
    "manage.py can’t tell which portal it is for, because {missing} not set. To run this in the portal of `make run`:\n\n"
    "    make manage ARGS={arguments}\n\n"
    "On a server, set the portal’s own environment first (docs/deploy.md lists it)."
)


def main() -> int:
    """Run one command; without the portal's environment, say what is missing and return 2."""
    if not os.environ.get("SECRET_KEY"):
        return explain("SECRET_KEY", "DATABASE_URL")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "vcsportal.settings")
    gc.disable()  # until everything is loaded (vcsportal/apps.py)
    from django.core.management import execute_from_command_line
    from django.db.utils import OperationalError

    from vcsportal.database.limits import begin

    begin("migration" if sys.argv[1:2] == ["migrate"] else "command")
    try:
        execute_from_command_line(sys.argv)
    except OperationalError:
        if os.environ.get("DATABASE_URL"):
            raise
        return explain("DATABASE_URL")
    return 0


def explain(*names: str) -> int:
    """Print which of these names are missing and how to run the command, and return 2."""
    missing = [name for name in names if not os.environ.get(name)]
    arguments = shlex.join(sys.argv[1:]) or "help"
    quoted = '"' + arguments.replace("$", "$$") + '"' if '"' not in arguments else shlex.quote(arguments)
    text = NO_PORTAL.format(
        missing=" and ".join(missing) + (" is" if len(missing) == 1 else " are"),
        arguments=quoted,
    )
    print(text, file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main())
