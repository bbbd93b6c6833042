"""What all tests of a file begin with: written to the database once, and handed to each test as it was."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import deepcopy
from pathlib import Path
from typing import TypeVar

import pytest
from django.db import connection, transaction
from django.test import override_settings
from pytest_django import DjangoDbBlocker

from partners.emails import outbox, sending
from vcsportal.common import clock

Built = TypeVar("Built")


@contextmanager
def built_once(make: Callable[[], Built], *, blocker: DjangoDbBlocker, files: Path) -> Iterator[Built]:
    """Yield what ``make`` builds, in a transaction that is undone at the end. Each test's own lies within it.

    While it is built, emails go at once, as in a test.

    :param files: the folder for what is stored meanwhile.
    """
    with blocker.unblock(), transaction.atomic():
        assert len(connection.savepoint_ids) == 0, (
            "A test began before its file's things were built: ask for them by name."
        )
        with as_in_a_test(files):
            built = make()
        yield built
        transaction.set_rollback(True)


@contextmanager
def as_in_a_test(files: Path) -> Iterator[None]:
    """Emails go at once, and what is stored goes to ``files``."""
    with override_settings(MEDIA_ROOT=files), pytest.MonkeyPatch.context() as patch:
        patch.setattr(outbox, "send_soon", lambda mail: sending.send_one(mail.pk, clock.now()))
        yield


def as_built(built: Built, *, files: Path, folder: Path) -> Built:
    """Return a copy of what was built, as what a test reads of people and things is kept on the objects.

    :param folder: the test's own; the files that were stored are copied into it.
    """
    if files.exists():
        shutil.copytree(files, folder, dirs_exist_ok=True)
    return deepcopy(built)


def commits(item: pytest.Item) -> bool:
    """Tell whether a test commits what it writes."""
    mark = item.get_closest_marker("django_db")
    return bool(mark and mark.kwargs.get("transaction")) or "transactional_db" in _fixtures(item)


def all_begin_with(fixture: str, request: pytest.FixtureRequest) -> bool:
    """Tell whether a thing can be built once for the requesting file.

    It can where no test commits, and every test that uses the database asks for that thing.
    """
    tests = [item for item in request.session.items if item.path == request.path]
    return not any(commits(item) or (_uses_database(item) and fixture not in _fixtures(item)) for item in tests)


def _uses_database(item: pytest.Item) -> bool:
    return item.get_closest_marker("django_db") is not None or "db" in _fixtures(item)


def _fixtures(item: pytest.Item) -> list[str]:
    return item.fixturenames if isinstance(item, pytest.Function) else []
