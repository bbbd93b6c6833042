"""The commands of docs/deploy.md about backups that need no Docker do what it says, in its own order."""

import re
import shlex

from tests.backup.conftest import ROOT


def commands() -> list[str]:
    text = (ROOT / "docs" / "deploy.md").read_text()
    return re.findall(r"^ *python manage\.py ((?:backup|restore) .*)$", text, re.M)


def test_what_the_documentation_says_about_backups_works(portal, tmp_path):
    listed = commands()
    assert [one.split()[0] for one in listed] == ["backup", "restore", "restore"]
    backups = tmp_path / "backups"
    rows, files = portal.rows(), portal.files()
    for command in listed:
        words = shlex.split(
            command.replace("/srv/backups", str(backups)).replace("/srv/portal.env", str(tmp_path / "env"))
        )
        if words[0] == "restore":
            [words[1]] = [str(one) for one in backups.iterdir()]
        if "--settings-to" in words:
            portal.destroy()
        portal.done(*words, owner=True)
    assert (portal.rows(), portal.files()) == (rows, files)
