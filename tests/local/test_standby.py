"""A streaming standby beside the primary, made by PostgreSQL's own ``pg_basebackup``: what docs/scaling.md says of it."""

import json
import os
import random
import re
import shutil
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import psycopg2
import pytest

from tests.local.savers import MAKE, Saver
from tests.long import only_in_test_all
from tests.reporting.conftest import wait_for
from tests.reporting.servers import Server
from tests.stack import Stack, free_port, started
from vcsportal.local.folder import Folder
from vcsportal.local.postgres import APP, OWNER, SUPERUSER, LocalDatabase
from vcsportal.local.prepared_database import TEMPLATE, copy_prepared
from vcsportal.local.servers import Program

pytestmark = [
    only_in_test_all,
    pytest.mark.timeout(600),
    pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a machine has one address of its own"),
]
NETWORK: Final = "127.0.0.0/8"
RENAME: Final = """
from partners.models import Organisation
Organisation.objects.filter(slug="rowan-trust").update(name="Rowan and Hazel Trust")
"""


@dataclass
class Machine:
    """A machine with a database: the primary, or its standby."""

    folder: Folder
    database: LocalDatabase
    address: str

    def program(self) -> Program:
        """As a portal's own, and reached by the network."""
        found = self.database.program()
        argv = [word.replace("listen_addresses=", f"listen_addresses={self.address}") for word in found.argv]
        return replace(found, argv=argv)

    def server(self) -> Server:
        return Server(self.database.data, self.program, self.database.answers)

    def ask(self, statement: str) -> Any:
        with psycopg2.connect(host=self.address, user=SUPERUSER, password=self.folder.secret(SUPERUSER)) as connection:
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute(statement)
                return cursor.fetchone()[0]


def machine(path: Path, number: int) -> Machine:
    folder = Folder(path)
    folder.take()
    return Machine(folder, LocalDatabase(folder), f"127.{number}.{random.randint(1, 250)}.{random.randint(1, 250)}")


@contextmanager
def primary_of(path: Path) -> Iterator[tuple[Machine, Server]]:
    """A primary with the portal's tables, which standbys may follow."""
    found = machine(path, 81)
    copy_prepared(found.folder)
    found.database = LocalDatabase(found.folder)
    with (found.database.data / "pg_hba.conf").open("a") as file:
        file.write(f"host all all {NETWORK} scram-sha-256\nhost replication all {NETWORK} scram-sha-256\n")
    server = found.server()
    server.start()
    try:
        found.database.make_roles()
        found.database.move_back(TEMPLATE)
        yield found, server
    finally:
        server.stop()
        found.folder.release()


@contextmanager
def standby_of(primary: Machine, path: Path) -> Iterator[Machine]:
    """A standby that streams from it, with the same people and passwords."""
    path.mkdir(mode=0o700)
    shutil.copy(primary.folder.path / "secrets.json", path / "secrets.json")
    found = machine(path, 82)
    data = found.database.data
    data.mkdir(mode=0o700)
    user = found.database._as_user()
    if user:
        os.chown(data, user["user"], user["group"])
    place = (
        f"host={primary.address} user={SUPERUSER} password={primary.folder.secret(SUPERUSER)} application_name=standby"
    )
    words = ["-D", found.database._inside(data), "-d", place, "-R", "-X", "stream", "-C", "-S", "standby", "-c", "fast"]
    done = subprocess.run(
        [found.database._binary("pg_basebackup"), *words], cwd=data, env=found.database._env(), capture_output=True,
        text=True, timeout=120, check=False, **user,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    for left in data.glob(".s.PGSQL.*"):  # our servers have their sockets in their data folders
        left.unlink()
    server = found.server()
    server.start()
    try:
        yield found
    finally:
        server.stop()
        found.folder.release()


def stack_on(found: Machine, role: str, folder: Path) -> Stack:
    """A portal on this machine's database, not started."""
    port = free_port()
    env = os.environ | {
        "DATABASE_URL": found.database.url(role), "PORTAL_DATA": str(folder), "PORTAL_URL": f"http://127.0.0.1:{port}",
        "DEBUG": "1", "DJANGO_SETTINGS_MODULE": "vcsportal.settings", "QUEUE_PREFIX": f"standby-{port}:",
        "SECRET_KEY": "k" * 50, "BACKUP_PASSPHRASE": "correct horse battery staple",
    }  # fmt: skip
    folder.mkdir(exist_ok=True)
    return Stack(env["PORTAL_URL"], folder, env)


def port_of(stack: Stack) -> int:
    return int(stack.url.rpartition(":")[2])


def read(stack: Stack, address: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(f"{stack.url}{address}", timeout=30) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as refusal:
        return refusal.code, refusal.read().decode()


def test_a_standby_is_read_is_backed_up_and_takes_over(tmp_path: Path) -> None:
    with ExitStack() as stack:
        primary, server = stack.enter_context(primary_of(tmp_path / "primary"))
        writes = stack_on(primary, OWNER, tmp_path / "portal")
        writes.manage("load_areas")
        writes.manage("load_strategy", "commitments/strategies/oxfordshire-vcs-2022-27.toml")
        made = re.search(r"SESSION (\w+)", writes.manage("shell", "-v0", "-c", MAKE))
        assert made
        standby = stack.enter_context(standby_of(primary, tmp_path / "standby"))
        portal = stack_on(standby, APP, tmp_path / "portal")
        stack.enter_context(started(portal, jobs=False))
        saver = Saver(port_of(portal), made[1])
        what_strangers_read_is_there(portal)
        whoever_saves_is_told(portal, saver)
        what_is_written_to_the_primary_follows(writes, portal)
        a_backup_is_made_of_the_standby(standby, tmp_path)
        server.stop()
        assert read(portal, "/organisations/rowan-trust/")[0] == 200, "readers need no primary"
        assert standby.ask("SELECT pg_promote()") is True
        a_promoted_standby_takes_what_is_saved(portal, saver)


def what_strangers_read_is_there(portal: Stack) -> None:
    addresses = (
        "/",
        "/organisations/rowan-trust/",
        "/api/v1/strategies/",
        "/api/v1/organisations/?format=csv",
        "/data/",
    )
    assert {address: read(portal, address)[0] for address in addresses} == dict.fromkeys(addresses, 200)
    assert read(portal, "/healthz")[0] == 200


def whoever_saves_is_told(portal: Stack, saver: Saver) -> None:
    body, cookie = saver.fill_in("Changed on the standby.")
    answer = saver.save(body, cookie)
    assert (answer.status, "can be read but not changed" in answer.text) == (503, True)
    status, text = read(portal, "/readyz")
    told = json.loads(text)
    assert (status, told["database_writes"]) == (503, False)
    assert "The database can be read but not written." in told["faults"]


def what_is_written_to_the_primary_follows(writes: Stack, portal: Stack) -> None:
    writes.manage("shell", "-v0", "-c", RENAME)
    wait_for(lambda: "Rowan and Hazel Trust" in read(portal, "/organisations/rowan-trust/")[1], seconds=20)


def a_backup_is_made_of_the_standby(standby: Machine, folder: Path) -> None:
    backups = folder / "backups"
    backups.mkdir()
    owner = stack_on(standby, OWNER, folder / "portal")
    assert "It has been read back and is complete." in owner.manage("backup", str(backups))


def a_promoted_standby_takes_what_is_saved(portal: Stack, saver: Saver) -> None:
    wait_for(lambda: json.loads(read(portal, "/readyz")[1])["database_writes"], seconds=30)
    body, cookie = saver.fill_in("Changed after the primary was lost.")
    answer = saver.save(body, cookie)
    assert answer.status == 302, answer.text
    assert "Changed after the primary was lost." in read(portal, "/organisations/rowan-trust/")[1]
