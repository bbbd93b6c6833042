"""Servers of the tests' own, in this process."""

import pytest

from tests.local.prepared import servers_with_tables
from vcsportal.local.folder import Folder
from vcsportal.local.servers import Queue
from vcsportal.local.supervisor import Supervisor


@pytest.fixture
def own_servers(tmp_path):
    """Yield the addresses of a database with all tables and of a queue."""
    with servers_with_tables(tmp_path / "servers") as (_folder, servers):
        yield servers.owner_url, servers.queue_url


@pytest.fixture
def own_queue(tmp_path):
    """Yield the address of an empty queue."""
    folder = Folder(tmp_path / "queue")
    folder.take()
    supervisor = Supervisor(folder)
    try:
        queue = Queue(folder)
        supervisor.start(queue.program())
        supervisor.wait_for("queue", queue.answers, 60)
        yield queue.url
    finally:
        supervisor.stop()
        folder.release()
