"""``make test``, and any other command that wants real servers of its own for a while."""

import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from vcsportal.local import prepare
from vcsportal.local.checks import all_checks, run_checks
from vcsportal.local.folder import Folder, private_temporary_folder
from vcsportal.local.places import PYTHON, ROOT
from vcsportal.local.portal import Servers, environment
from vcsportal.local.programs import run_in_front
from vcsportal.local.say import Sorry, fail, plain, say
from vcsportal.local.supervisor import Supervisor


@contextmanager
def servers_for_a_while() -> Iterator[dict[str, str]]:
    """Start a database and a queue in a temporary folder; yield the environment to use them, as the tables' owner."""
    path, held = private_temporary_folder()
    folder = Folder(path)
    folder.take()
    supervisor = Supervisor(folder)
    try:
        servers = Servers(folder, supervisor, carefree=True)
        servers.start()
        env = environment(folder, servers, "http://127.0.0.1:8000")
        yield {**env, "DATABASE_URL": servers.owner_url, "APP_DATABASE_URL": servers.app_url}
    finally:
        supervisor.stop()
        folder.release()
        shutil.rmtree(path, ignore_errors=True)
        os.close(held)


def with_servers(argv: Sequence[str]) -> int:
    """Run a command against servers of its own."""
    if not argv:
        raise Sorry("Say which command to run: python3 -m vcsportal.local with-servers -- COMMAND")
    with servers_for_a_while() as env:
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
    """Check, then run every test; pytest's own summary comes last."""
    browser = prepare.install_test_tools()
    with servers_for_a_while() as env:
        env = {**env, "CHROMIUM": browser}
        counted = not arguments and bool(os.environ.get("PORTAL_LONG_TESTS"))
        if counted:
            env["TEMPLATE_DEBUG"] = "1"  # coverage of templates needs it
        failed = run_checks(env)
        if failed:
            fail(f"Checks that failed: {', '.join(failed)}. The tests run all the same; then this counts as a failure.")
        say("Running the tests …")
        argv = [str(PYTHON), "-m", "pytest"]
        if not arguments:
            argv += ["--numprocesses", "2", "--no-loadscope-reorder"]
        if counted:  # counting makes everything half as slow again
            argv += ["--cov", "--cov-report=term:skip-covered", "--cov-report=html:htmlcov"]
        code = run_in_front([*argv, *arguments], env=env, cwd=ROOT)
    if failed:
        plain(f"Checks that failed before the tests: {', '.join(failed)}.")
    return code or (1 if failed else 0)
