"""The cast: a few named people and a small strategy, made afresh for each test that asks for them."""

import gc
import os
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import hypothesis
import pytest
from django.conf import settings as portal_settings
from django.db import connection
from django.test import Client, TransactionTestCase, override_settings
from django.utils import timezone

from commitments.models import Commitment, Round, Strategy
from partners.emails import outbox, sending
from partners.models import Area, Organisation, User
from tests.as_read import read_pages_as_browsers_do
from tests.as_sent import send_forms_as_browsers_do
from tests.browser import CHROMIUM, QUIET
from tests.emptying import empty_tables
from tests.factories import make_area, make_council, make_organisation, make_person, make_round, make_strategy
from tests.signing_in import sign_in as sign_in_on
from vcsportal.common import clock

# How long a made-up value takes tells of the machine's other work, not of the code.
hypothesis.settings.register_profile(
    "any machine", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("any machine")

# The browser's driver leaves an event loop running in this thread; Django would take every later test for asynchronous code.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


LONGEST_FIRST = (
    "tests/journeys/",
    "tests/house/test_doors.py",  # needs no demo story, which the journeys make meanwhile
    "tests/clients/",
    "tests/sights/test_partners.py",
    "tests/sights/test_officers.py",
    "tests/sights/test_long_words.py",
    "tests/sights/test_strangers.py",
    "tests/house/test_other_strategy.py",
    "tests/reporting/test_poison.py",
    "tests/house/test_many_organisations.py",
    "tests/reporting/production/test_production.py",
    "tests/reporting/production/test_jobs_faults.py",
    "tests/reporting/production/test_jobs.py",
    "tests/demo/",
    "tests/local/",
    "tests/upgrade/",
    "tests/backup/",
)
"""What takes longest, in this order: two processes that take files from one list then end at nearly the same time."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """With several processes the longest files come first."""
    if "PYTEST_XDIST_WORKER" in os.environ:
        ranks = {start: rank for rank, start in enumerate(LONGEST_FIRST)}
        items.sort(
            key=lambda item: next((ranks[start] for start in ranks if item.nodeid.startswith(start)), len(ranks))
        )


def pytest_collection_finish() -> None:
    """Let the garbage collector leave what is loaded alone: it would look through all tests whenever a report is drawn."""
    gc.collect()
    gc.freeze()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """With several processes: a file stays together, and all journeys share one running portal, as do all programs of others."""
    from xdist.scheduler import LoadScopeScheduling

    class ByFile(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            file = nodeid.split("::", 1)[0]
            return next((shared for shared in ("journeys", "clients") if f"/{shared}/" in file), file)

    return ByFile(config, log)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    return {**browser_type_launch_args, "executable_path": CHROMIUM, "args": QUIET}


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """The tests' database begins as a copy of the one whose tables were made beforehand, where there is one."""
    if template := os.environ.get("TEST_DATABASE_TEMPLATE"):
        connection.settings_dict["TEST"]["TEMPLATE"] = template


@pytest.fixture(scope="session", autouse=True)
def tables_emptied_quickly() -> Iterator[None]:
    """After a test that commits only the tables that it wrote to are emptied."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda case: empty_tables())
        yield


@pytest.fixture(scope="session", autouse=True)
def quick_settings() -> Iterator[None]:
    """Passwords are hashed quickly, also by what a file builds before its first test; static files are not looked up anew.

    Each process counts limits by itself: the keys of people begin at 1 in each of their databases.
    """
    slow = portal_settings.PASSWORD_HASHERS  # hashing slowly is Django's to test; what is hashed so still opens
    quick = ["django.contrib.auth.hashers.MD5PasswordHasher", *slow]
    # Without the second, each client would read the folders of static files once more.
    cache = portal_settings.CACHES["default"]
    own = f"{cache['KEY_PREFIX']}{os.environ.get('PYTEST_XDIST_WORKER', 'only')}:"
    caches = {"default": {**cache, "KEY_PREFIX": own}}
    with override_settings(PASSWORD_HASHERS=quick, WHITENOISE_AUTOREFRESH=True, CACHES=caches):
        yield


@pytest.fixture(autouse=True)
def data_folder(tmp_path, settings):
    """Files and emails of a test go to a folder of its own; it begins outside debug, whatever ran before it."""
    if settings.DEBUG:  # setting it, even to what it is, makes Django parse every template anew
        settings.DEBUG = False
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.DEV_MAIL_DIR = tmp_path / "mail"
    return tmp_path


@pytest.fixture(autouse=True)
def emails_at_once(monkeypatch):
    """Urgent emails go within the request: a test has no commit after which a thread could see their rows."""
    monkeypatch.setattr(outbox, "send_soon", lambda mail: sending.send_one(mail.pk, clock.now()))


@pytest.fixture(autouse=True)
def pages_as_read(monkeypatch):
    """A test says what a page shows, however its template is laid out."""
    read_pages_as_browsers_do(monkeypatch)


@pytest.fixture(autouse=True)
def forms_as_sent(monkeypatch):
    """A text of several lines arrives as from a browser, so that no rule compares it with what is stored line end by line end."""
    send_forms_as_browsers_do(monkeypatch)


@pytest.fixture
def database_travels(monkeypatch) -> None:
    """The database's clock goes with a travelling test; its own can't be turned."""
    monkeypatch.setattr(clock, "now", timezone.now)


@pytest.fixture
def now() -> datetime:
    return timezone.now()


@pytest.fixture
def council(db: None) -> Organisation:
    return make_council()


@pytest.fixture
def administrator(db: None) -> User:
    return make_person("administrator", name="Ada Administrator")


@pytest.fixture
def officer(council: Organisation) -> User:
    return make_person("officer", council, name="Olive Officer")


@pytest.fixture
def second_officer(council: Organisation) -> User:
    return make_person("officer", council, name="Oscar Officer")


@pytest.fixture
def charity(db: None) -> Organisation:
    return make_organisation("Rowan Trust")


@pytest.fixture
def other_charity(db: None) -> Organisation:
    return make_organisation("Willow Circle", "unincorporated_group")


@pytest.fixture
def partner(charity: Organisation) -> User:
    """A contributor of the charity."""
    return make_person("partner_contributor", charity, name="Pat Partner")


@pytest.fixture
def partner_lead(charity: Organisation) -> User:
    return make_person("partner_lead", charity, name="Lee Lead")


@pytest.fixture
def outsider(other_charity: Organisation) -> User:
    """A partner lead of another organisation."""
    return make_person("partner_lead", other_charity, name="Una Outsider")


@pytest.fixture
def steering_member(db: None) -> User:
    return make_person("steering_group", name="Sam Steering")


@pytest.fixture
def nobody(db: None) -> User:
    """A person whose roles have all ended."""
    return make_person(name="Nell Nobody")


@pytest.fixture
def area(db: None) -> Area:
    return make_area()


@pytest.fixture
def strategy(council: Organisation) -> Strategy:
    return make_strategy(council)


@pytest.fixture
def commitment(strategy: Strategy) -> Commitment:
    """1.1, which has an end; 1.2 has none."""
    return strategy.commitments.get(reference="1.1")


@pytest.fixture
def open_round(strategy: Strategy) -> Round:
    return make_round(strategy)


@pytest.fixture
def signed_in() -> Callable[[User], Client]:
    """Returns a client on which the person has signed in."""

    def sign_in(person: User) -> Client:
        return sign_in_on(Client(), person)

    return sign_in
