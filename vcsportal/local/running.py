"""The note that a running portal leaves in its data folder, for commands that are to run in its environment."""

import json
import os
import re
from collections.abc import Mapping

from vcsportal.local.folder import Folder
from vcsportal.local.places import ROOT

NAME = "running"
SETTING = re.compile(r'env\.\w+\(\s*"([A-Z][A-Z0-9_]+)"')


def write_environment(folder: Folder, env: Mapping[str, str], owner_url: str) -> None:
    """Write down which process runs the portal, and what of its environment the settings read; its owner alone can read it.

    :param owner_url: the address of the database for the role that owns the tables.
    """
    names = {name for file in ROOT.glob("vcsportal/settings*.py") for name in SETTING.findall(file.read_text())}
    settings = {name: env[name] for name in sorted(names) if name in env} | {"DATABASE_OWNER_URL": owner_url}
    folder.write_note(NAME, json.dumps({"process": os.getpid(), "environment": settings}))


def forget_environment(folder: Folder) -> None:
    """Remove the note, as the servers that it names are about to stop."""
    (folder.run / f"{NAME}.note").unlink(missing_ok=True)


def environment_of(folder: Folder, process: int | None) -> dict[str, str] | None:
    """Return what this process has written down, or None while it has not."""
    note = json.loads(folder.note(NAME) or "{}")
    return dict(note["environment"]) if process is not None and note.get("process") == process else None
