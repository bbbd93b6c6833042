"""Servers of the tests' own with a small portal on them, to back up, to destroy and to put back."""

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg2
import pytest

from tests.commands import ROOT, Commands, commands
from tests.local.prepared import servers_with_tables
from vcsportal.local.portal import Servers

PASSPHRASE = "correct horse battery staple"
MAKE = """
from django.utils import timezone
from tests.house.world import make_world
from partners.models import SubmittedForm
from vcsportal.common.atomic_files import write
world = make_world()
piece = world.evidence("draft")
world.photograph(piece)
world.consent(piece)
world.handed_over(); world.comment(); world.supplied_value(); world.planned_round(); world.view_of_outsider()
person = world.person("partner")
person.name = "Zoë \\t tab \\\\ backslash \\n line"
person.save(update_fields=["name"])
SubmittedForm.objects.create(token="6f0d3c38-2d0e-4a1c-9a51-2a0f3a3b8f11", digest="x", at=timezone.now())
"""


@dataclass
class Portal:
    """A database, a folder, and how to run commands on them."""

    servers: Servers
    data: Path
    commands: Commands

    def run(self, *words: str, owner: bool = False, **env: str) -> subprocess.CompletedProcess[str]:
        """Run a command, which is not started anew."""
        return self.commands.run(*words, env=environment(self.servers, self.data, owner=owner, **env))

    def start(self, *arguments: str, owner: bool = False, **env: str) -> subprocess.CompletedProcess[str]:
        """Start Python with these arguments."""
        here = environment(self.servers, self.data, owner=owner, **env)
        argv = [sys.executable, *arguments]
        return subprocess.run(argv, cwd=ROOT, env=here, capture_output=True, text=True, timeout=300)

    def done(self, *words: str, owner: bool = False, started: bool = False, **env: str) -> str:
        """Run a command that succeeds, and return what it printed."""
        ran = self.start("manage.py", *words, owner=owner, **env) if started else self.run(*words, owner=owner, **env)
        assert ran.returncode == 0, ran.stdout + ran.stderr
        return ran.stdout

    def fill(self) -> None:
        self.done("load_areas", owner=True)
        made = self.commands.run_code(MAKE)
        assert made.returncode == 0, made.stderr
        write = self.data / "files" / "reports" / "odd name.pdf"
        write.parent.mkdir(parents=True, exist_ok=True)
        write.write_bytes(os.urandom(5_000_000))

    def rows(self) -> dict[str, list[str]]:
        """Every row of every table, as text."""
        with psycopg2.connect(self.servers.owner_url) as connection, connection.cursor() as cursor:
            cursor.execute("SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace")
            found = {}
            for (name,) in cursor.fetchall():
                cursor.execute(f'SELECT t::text FROM "{name}" t ORDER BY 1')
                found[name] = [row for (row,) in cursor.fetchall()]
        return found

    def sequences(self) -> list[tuple[str, int]]:
        with psycopg2.connect(self.servers.owner_url) as connection, connection.cursor() as cursor:
            cursor.execute("SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = 'public' ORDER BY 1")
            return cursor.fetchall()

    def shape(self) -> list[tuple[str, ...]]:
        """Who owns every table, what the application's role may do with it, and its triggers."""
        with psycopg2.connect(self.servers.owner_url) as connection, connection.cursor() as cursor:
            cursor.execute(
                "SELECT c.relname, pg_get_userbyid(c.relowner), c.relacl::text, "
                "(SELECT string_agg(tgname || tgenabled::text, ',' ORDER BY tgname) FROM pg_trigger "
                "WHERE tgrelid = c.oid AND NOT tgisinternal) FROM pg_class c "
                "WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'S') ORDER BY 1"
            )
            return cursor.fetchall()

    def files(self) -> dict[str, bytes]:
        folder = self.data / "files"
        return {str(one.relative_to(folder)): one.read_bytes() for one in folder.rglob("*") if one.is_file()}

    def destroy(self) -> None:
        """Nothing is left of the database's tables, nor of the files."""
        with psycopg2.connect(self.servers.owner_url) as connection, connection.cursor() as cursor:
            for name in self.rows():
                cursor.execute(f'DROP TABLE IF EXISTS "{name}" CASCADE')
        for one in (self.data / "files").rglob("*"):
            if one.is_file():
                one.unlink()


def environment(servers: Servers, data: Path, *, owner: bool = False, **env: str) -> dict[str, str]:
    """Return the environment of a command; ``owner`` makes it the role that owns the tables."""
    url = servers.owner_url if owner else servers.app_url
    return {
        **os.environ, "DATABASE_URL": url, "REDIS_URL": servers.queue_url, "PORTAL_DATA": str(data),
        "DJANGO_SETTINGS_MODULE": "vcsportal.settings", "SECRET_KEY": "k" * 50, "BACKUP_PASSPHRASE": PASSPHRASE,
        "BACKUP_RECIPIENTS": "", "PORTAL_COUNCIL": "Ox “Council”", **env,
    }  # fmt: skip


@pytest.fixture(scope="module")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    path = tmp_path_factory.mktemp("backup")
    with (
        servers_with_tables(path / "servers") as (_folder, servers),
        commands(environment(servers, path / "data")) as running,
    ):
        made = Portal(servers, path / "data", running)
        made.fill()
        yield made
