"""Servers of the tests' own, in this process."""

import pytest

from tests.local.helpers import OURS
from vcsportal.local.folder import Folder
from vcsportal.local.portal import Servers
from vcsportal.local.supervisor import Supervisor


@pytest.fixture
def own_servers(tmp_path, monkeypatch):
    """Yield the addresses of an empty database and a queue, started by the supervisor in this process."""
    for name in OURS:
        monkeypatch.delenv(name, raising=False)
    folder = Folder(tmp_path / "servers")
    folder.take()
    supervisor = Supervisor(folder)
    try:
        servers = Servers(folder, supervisor, carefree=True)
        servers.start()
        yield servers.owner_url, servers.queue_url
    finally:
        supervisor.stop()
        folder.release()
