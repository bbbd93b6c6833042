"""Data folders whose tables are made already, for tests that are not about making them."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.local.helpers import OURS
from tests.stack import made_once
from vcsportal.local.folder import Folder
from vcsportal.local.portal import Servers, environment, make_tables
from vcsportal.local.prepared_database import TEMPLATE, copy, copy_prepared
from vcsportal.local.supervisor import Supervisor

NAME = "portal_folder"
"""The folder that is made once for each run of the tests."""
PARTS = ("postgres", "secrets.json", "run/data.note")


def prepared(folder: Path) -> Path:
    """Fill this data folder, which is not there yet, with what a first start leaves in it, and return it."""
    if "PORTAL_DATA" in os.environ:  # else there is no place for what all tests of a run share
        source = made_once(NAME, _make)
        (folder / "run").mkdir(mode=0o700, parents=True)
        folder.chmod(0o700)
        for part in PARTS:
            copy(source / part, folder / part)
    return folder


@contextmanager
def servers_with_tables(path: Path) -> Iterator[tuple[Folder, Servers]]:
    """Servers of the test's own in an empty folder, started by the supervisor in this process.

    The database has its tables, and in them what migrations write.
    """
    folder = Folder(path)
    folder.take()
    supervisor = Supervisor(folder)
    with pytest.MonkeyPatch.context() as patch:
        for name in OURS:
            patch.delenv(name, raising=False)
        try:
            copy_prepared(folder)
            servers = Servers(folder, supervisor, carefree=True)
            servers.start()
            assert servers.database
            servers.database.move_back(TEMPLATE)
            yield folder, servers
        finally:
            supervisor.stop()
            folder.release()


def _make(path: Path) -> None:
    with servers_with_tables(path) as (folder, servers):
        make_tables(folder, servers, environment(folder, servers, "http://127.0.0.1:8000"))
