"""``make test``, and any other command that wants real servers of its own for a while."""

import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from vcsportal.local import prepare
from vcsportal.local.checks import all_checks, run_checks
from vcsportal.local.folder import Folder, private_temporary_folder
from vcsportal.local.places import PYTHON, ROOT
from vcsportal.local.portal import Servers, environment
from vcsportal.local.prepared_database import TEMPLATE, copy_prepared
from vcsportal.local.programs import run_in_front
from vcsportal.local.say import Sorry, plain, say
from vcsportal.local.supervisor import Supervisor


@contextmanager
def servers_for_a_while(*, carefree: bool = True) -> Iterator[dict[str, str]]:
    """Start a database and a queue in a temporary folder; yield the environment to use them, as the tables' owner.

    :param carefree: False for a database that writes to the disk what it has promised to keep, as in production.

    ``TEST_DATABASE_TEMPLATE`` in it names a database with all tables, where the database's server is ours.
    """
    path, held = private_temporary_folder()
    folder = Folder(path)
    folder.take()
    supervisor = Supervisor(folder)
    try:
        servers = Servers(folder, supervisor, carefree=carefree)
        if servers.database:
            copy_prepared(folder)
        servers.start()
        env = environment(folder, servers, "http://127.0.0.1:8000")
        env |= {"DATABASE_URL": servers.owner_url, "APP_DATABASE_URL": servers.app_url}
        env = keep_compiled_code(env, path / "compiled")
        yield env | ({"TEST_DATABASE_TEMPLATE": TEMPLATE} if servers.database else {})
    finally:
        supervisor.stop()
        folder.release()
        shutil.rmtree(path, ignore_errors=True)
        os.close(held)


def keep_compiled_code(env: Mapping[str, str], folder: Path) -> dict[str, str]:
    """Let programs keep their compiled code in ``folder`` if they may not keep it beside the code, as in many containers.

    A run of the tests starts hundreds of them, and compiling takes a fifth of each start.
    """
    if not env.get("PYTHONDONTWRITEBYTECODE") or env.get("PYTHONPYCACHEPREFIX"):
        return dict(env)
    kept = {name: value for name, value in env.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return kept | {"PYTHONPYCACHEPREFIX": str(folder)}


def with_servers(argv: Sequence[str], *, carefree: bool = True) -> int:
    """Run a command against servers of its own."""
    if not argv:
        raise Sorry("Say which command to run: python3 -m vcsportal.local with-servers -- COMMAND")
    with servers_for_a_while(carefree=carefree) as env:
        bin_first = {"PATH": f"{PYTHON.parent}{os.pathsep}{env.get('PATH', '')}"}
        browser = prepare.find_browser()
        return run_in_front(argv, env={**env, **bin_first, **({"CHROMIUM": browser} if browser else {})}, cwd=ROOT)


def check() -> int:
    """Run all checks against servers of their own."""
    with servers_for_a_while() as env:
        failed = run_checks(env)
    count = len(all_checks())
    plain(
        f"\n{len(failed)} of {count} checks failed: {', '.join(failed)}." if failed else f"\nAll {count} checks passed."
    )
    return 1 if failed else 0


def test(arguments: Sequence[str]) -> int:
    """Run the tests that the arguments name; without arguments every test, and the checks at the same time."""
    browser = prepare.install_test_tools()
    with servers_for_a_while() as env:
        env = {**env, "CHROMIUM": browser}
        argv = [str(PYTHON), "-m", "pytest"]
        if arguments:
            say("Running these tests, without the checks of the code (make check) …")
            return run_in_front([*argv, *arguments], env=env, cwd=ROOT)
        argv += ["--numprocesses", "2", "--no-loadscope-reorder"]
        if os.environ.get("PORTAL_LONG_TESTS"):  # counting what is covered makes everything half as slow again
            env["TEMPLATE_DEBUG"] = "1"  # coverage of templates needs it
            argv += ["--cov", "--cov-report=term:skip-covered", "--cov-report=html:htmlcov"]
        # The checks run one after another beside the tests, in the moments in which these wait for a server or a browser.
        with ThreadPoolExecutor(max_workers=1) as pool:
            checks = pool.submit(run_checks, env, at_once=1)
            say("Running the tests …")
            code = run_in_front(argv, env=env, cwd=ROOT)
            failed = checks.result()
    if failed:
        plain(f"The tests are above. Checks that failed: {', '.join(failed)}.")
    return code or (1 if failed else 0)
