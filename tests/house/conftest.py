"""One world for all the doors of a file: built once, handed to each test as it was."""

from collections.abc import Iterator
from copy import deepcopy

import pytest
from django.db import transaction
from pytest_django import DjangoDbBlocker

from tests.house.world import World, make_world


@pytest.fixture(scope="module")
def built(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    """The world, in a transaction that is undone after the file's last test. Each test's own lies within it."""
    with django_db_blocker.unblock(), transaction.atomic():
        world = make_world()
        world.sign_everybody_in()
        yield world
        transaction.set_rollback(True)


@pytest.fixture
def world(built: World, db: None) -> World:
    return deepcopy(built)  # what a test reads of people and things is kept on the objects
