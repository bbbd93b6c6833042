#!/usr/bin/env python
"""Django's command line for the portal."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "vcsportal.settings")
    from django.core.management import execute_from_command_line

    from vcsportal.database.limits import begin

    begin("migration" if sys.argv[1:2] == ["migrate"] else "command")
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
