"""``make run``: the servers, the data, then web server, worker and beat together."""

import json
import os
import socket
import sys
from collections.abc import Mapping
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from signal import SIGKILL, SIGQUIT, SIGTERM

from vcsportal.local import proxy
from vcsportal.local.folder import Folder
from vcsportal.local.places import PYTHON, ROOT, shown
from vcsportal.local.postgres import APP, OWNER, LocalDatabase
from vcsportal.local.prepare import fingerprint, mac_library_path
from vcsportal.local.programs import call
from vcsportal.local.running import forget_environment, write_environment
from vcsportal.local.say import Sorry, plain, say, step
from vcsportal.local.servers import Program, Queue
from vcsportal.local.supervisor import Supervisor

HOST = "127.0.0.1"
EMPTY = "empty"
"""What ``PORTAL_DEMO`` says for a portal without any strategy."""
NO_DEMO = "The demo story could not be loaded (to start without it: make run PORTAL_DEMO=0). The command said:"
STRATEGIES = ROOT / "commitments" / "strategies"


class Servers:
    """The database and the queue: ours, or the ones that the environment names."""

    def __init__(self, folder: Folder, supervisor: Supervisor, *, carefree: bool = False) -> None:
        self.folder, self.supervisor = folder, supervisor
        self.database = None if os.environ.get("DATABASE_URL") else LocalDatabase(folder, carefree=carefree)
        self.queue = None if os.environ.get("REDIS_URL") else Queue(folder)

    @property
    def app_url(self) -> str:
        return self.database.url(APP) if self.database else os.environ["DATABASE_URL"]

    @property
    def owner_url(self) -> str:
        """Return the address with which tables are made; the application's own role owns none of ours."""
        return self.database.url(OWNER) if self.database else os.environ.get("DATABASE_OWNER_URL", self.app_url)

    @property
    def queue_url(self) -> str:
        return self.queue.url if self.queue else os.environ["REDIS_URL"]

    def start(self) -> None:
        """Start what is ours and wait until it answers."""
        for name, ours, answers in (
            ("DATABASE_URL", self.database, database_answers),
            ("REDIS_URL", self.queue, queue_answers),
        ):
            if ours is None:
                url = os.environ[name]
                say(f"Using the server that {name} names: {without_password(url)}")
                if not answers(url):
                    raise Sorry(
                        f"No server answers at {without_password(url)}, which {name} names. Start it, correct {name}, "
                        f"or unset {name}: then the portal brings its own server."
                    )
        # Started first means stopped last: the queue may still be asked to keep what the worker gives back.
        if self.database:
            if (self.database.data / "PG_VERSION").exists():
                self.database.make()
            else:
                with step("Making the database"):
                    self.database.make()
            self.supervisor.start(self.database.program())
        if self.queue:
            self.supervisor.start(self.queue.program())
        if self.database or self.queue:
            say("Starting the database and the queue …")
        if self.database:
            self.supervisor.wait_for("database", self.database.answers, 90)
            self.database.make_roles()
        if self.queue:
            self.supervisor.wait_for("queue", self.queue.answers, 60)
            self.queue.forget_signs_of_life()


def database_answers(url: str) -> bool:
    import psycopg2

    try:
        psycopg2.connect(url, connect_timeout=5).close()
    except psycopg2.Error:
        return False
    return True


def queue_answers(url: str) -> bool:
    from vcsportal import worker_health

    return worker_health.queue_worker_and_schedule_live(url)[0]


def without_password(url: str) -> str:
    """Return an address that may be printed."""
    scheme, slashes, rest = url.partition("://")
    before, at, host = rest.rpartition("@")
    return f"{scheme}{slashes}{before.partition(':')[0]}{at}{host.partition('?')[0]}"


def port() -> int:
    """Return the port that the portal shall have."""
    text = os.environ.get("PORT") or "8000"
    if not text.isdecimal() or not 1 <= int(text) <= 65535:
        raise Sorry(f"PORT is {text!r}, which is no port's number. Choose one from 1024 to 65535: make run PORT=8001")
    return int(text)


def portal_url(folder: Folder) -> str:
    """Return where the portal of this folder was last to be found, or would be."""
    return (not os.environ.get("PORT") and folder.note("url")) or f"http://{HOST}:{port()}"


def take_port(number: int) -> socket.socket:
    """Hold the port from the first moment, so that nobody finds out after two minutes that it is taken."""
    held = socket.socket()
    held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        held.bind((HOST, number))
        held.listen(256)
    except PermissionError as error:
        raise Sorry(
            f"Port {number} is for the system's own services. Choose one above 1023: make run PORT=8001"
        ) from error
    except OSError as error:
        raise Sorry(
            f"Port {number} is taken by another program. Stop that one, or choose another port: make run PORT={number + 1}"
        ) from error
    return held


def environment(folder: Folder, servers: Servers, url: str) -> dict[str, str]:
    """Return the environment of everything that runs the portal's own code."""
    env = {**os.environ, **mac_library_path()}
    (folder.path / "static").mkdir(mode=0o700, exist_ok=True)
    env.setdefault("DEBUG", "1")
    env.setdefault("SECRET_KEY", folder.secret("secret_key"))
    env.setdefault("PORTAL_URL", url)
    env.update(PORTAL_DATA=str(folder.path), DATABASE_URL=servers.app_url, REDIS_URL=servers.queue_url)
    env.update(DJANGO_SETTINGS_MODULE="vcsportal.settings", PYTHONUNBUFFERED="1")
    return env


def manage(env: Mapping[str, str], *arguments: str, log: Path, what: str) -> None:
    call([PYTHON, ROOT / "manage.py", *arguments], log=log, what=what, env=env, cwd=ROOT)


def fill(folder: Folder, servers: Servers, env: Mapping[str, str]) -> None:
    """Bring tables and reference data up to date; tell the demo story on a first start."""
    make_tables(folder, servers, env)
    wanted = env["DEBUG"] not in {"", "0", "false", "False"} and os.environ.get("PORTAL_DEMO", "1") not in {"0", EMPTY}
    if wanted and not folder.note("demo") and not starts_empty(folder):
        log = folder.logs / "data.log"
        with step("Loading the demo story: five years, two dozen organisations (first start only)"):
            manage(env, "load_demo", "--report", log=log, what=NO_DEMO)
        people = folder.run / "people.txt"
        what = "The demo's people could not be listed. The command said:"
        call([PYTHON, ROOT / "manage.py", "load_demo", "--accounts"], log=log, out=people, what=what, env=env, cwd=ROOT)
        folder.write_note("demo", people.read_text() or "\n")


def make_tables(folder: Folder, servers: Servers, env: Mapping[str, str]) -> None:
    """Bring tables, areas and the strategies that come with the portal up to date, if they may have changed.

    No strategy is loaded into a portal that starts empty: a council begins with its own.
    """
    strategies = [] if starts_empty(folder) else sorted(STRATEGIES.glob("*.toml"))
    files = [*ROOT.glob("*/migrations/*.py"), *strategies, *ROOT.glob("partners/areas/*.toml")]
    state = fingerprint(files, (ROOT / "requirements/run.txt").read_text())
    if servers.database is not None and folder.note("data") == state:
        return
    log = folder.logs / "data.log"
    with step("Making the tables"):
        owner = {**env, "DATABASE_URL": servers.owner_url}
        manage(owner, "migrate", "--noinput", log=log, what="The tables could not be made. Django said:")
    with step(
        "Loading the districts and the strategies that come with the portal" if strategies else "Loading the districts"
    ):
        manage(env, "load_areas", log=log, what="The districts could not be loaded. The command said:")
        for file in strategies:
            what = f"The strategy {shown(file)} could not be loaded. The command said:"
            manage(env, "load_strategy", str(file), log=log, what=what)
    folder.write_note("data", state)
    if not strategies:
        folder.write_note("empty", "yes")


def starts_empty(folder: Folder) -> bool:
    """Whether the portal of a folder is one without the strategies that come with it. What its first start chose stays."""
    first = not folder.note("data")
    return (first and os.environ.get("PORTAL_DEMO") == EMPTY) or bool(folder.note("empty"))


def programs(folder: Folder, env: dict[str, str], listening: socket.socket) -> list[Program]:
    """Return worker, beat, web server and, where there is one for this machine, the proxy in front of it."""
    run = [str(PYTHON), "-m"]
    worker = [*run, "celery", "-A", "vcsportal.celery", "worker", "-Q", "default,pdf", "--concurrency", "2"]
    worker += ["--loglevel", "INFO", "--hostname", "portal@local", "--without-gossip", "--without-mingle"]
    beat = [*run, "celery", "--skip-checks", "-A", "vcsportal.celery", "beat", "--loglevel", "INFO", "--pidfile", ""]
    beat += ["--schedule", str(folder.run / "beat-schedule")]
    patient = ((SIGTERM, 8.0), (SIGQUIT, 4.0), (SIGKILL, 5.0))
    # Killed without warning, we take the worker along at once: told to quit, it would wait for a queue that went first.
    return [
        Program("worker", worker, folder.logs / "worker.log", env, ROOT, patient, SIGKILL),
        Program("beat", beat, folder.logs / "beat.log", env, ROOT),
        *proxy.web_programs(folder, env, listening),
    ]


def says_yes(number: int, path: str) -> bool:
    """Tell whether the portal answers 200 at a path."""
    connection = HTTPConnection(HOST, number, timeout=5)
    try:
        connection.request("GET", path)
        return connection.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


def faults(number: int) -> list[str]:
    """Return what the portal itself says is wrong, in sentences; nothing where it says nothing."""
    connection = HTTPConnection(HOST, number, timeout=5)
    try:
        connection.request("GET", "/readyz")
        return list(json.loads(connection.getresponse().read())["faults"])
    except (OSError, HTTPException, ValueError, KeyError):
        return []
    finally:
        connection.close()


def run_portal(folder: Folder) -> None:
    """Start everything and look after it until Ctrl-C."""
    number = port()
    listening = take_port(number)
    supervisor = Supervisor(folder)
    try:
        servers = Servers(folder, supervisor)
        servers.start()
        url = f"http://{HOST}:{number}"
        forget_environment(folder)  # of an earlier start that was killed
        folder.write_note("url", url)
        env = environment(folder, servers, url)
        fill(folder, servers, env)
        say("Starting the web server, the worker and the beat …")
        worker, beat, *web = programs(folder, env, listening)
        supervisor.start(worker, beat)
        for program in web:
            supervisor.start(program)
        supervisor.wait_for("web server", lambda: says_yes(number, "/healthz"), 60)
        try:
            supervisor.wait_for("worker", lambda: says_yes(number, "/readyz"), 60)
        except Sorry as sorry:
            raise Sorry("\n".join([*faults(number), str(sorry)])) from None
        write_environment(folder, env, servers.owner_url)
        welcome(folder, url)
        supervisor.watch()
    finally:
        listening.close()
        forget_environment(folder)
        say("Stopping web server, worker, queue and database …")
        supervisor.stop()
        say("Stopped. Nothing is left running; the data is kept.")


def welcome(folder: Folder, url: str) -> None:
    """Print the address and one line per demo account."""
    say("Ready.")
    plain(f"\n  The portal:       {url}/")
    plain(f"  Emails it sent:    {url}/dev/mail/")
    plain(f"  Data and logs:    {shown(folder.path)}   (Ctrl-C stops everything and keeps the data)\n")
    accounts = folder.note("demo").strip()
    if accounts:
        plain("  Sign in as:")
        for line in accounts.splitlines():
            plain(f"    {line.strip()}")
        plain()
    sys.stdout.flush()
