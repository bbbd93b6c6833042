"""What a test has committed is gone before the next one, however well the database guards it."""

import pytest
from django.db import IntegrityError, connection
from django.utils import timezone

from reporting.models import Edition
from tests.emptying import KEPT, empty_tables
from tests.factories import seal
from tests.house.world import World, make_world

pytestmark = pytest.mark.django_db(transaction=True)


def make_committed_world() -> World:
    """Make a world and commit it, with an edition that the database lets nobody delete."""
    world = make_world()
    administrator = world.people["administrator"]
    assert administrator is not None
    seal(world.edition(), by=administrator, at=timezone.now())
    return world


def enabled_triggers() -> dict[str, str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tgrelid::regclass || '.' || tgname, tgenabled FROM pg_trigger WHERE NOT tgisinternal")
        return dict(cursor.fetchall())


def tables_with_rows() -> set[str]:
    found = set()
    with connection.cursor() as cursor:
        for name in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT EXISTS (SELECT FROM "{name}")')
            if cursor.fetchone()[0]:
                found.add(name)
    return found


def test_every_table_is_emptied_and_every_trigger_guards_it_as_before() -> None:
    make_committed_world()
    triggers, filled = enabled_triggers(), tables_with_rows() - KEPT
    assert len(filled) > 10
    assert set(empty_tables()) == filled
    assert tables_with_rows() == KEPT
    assert empty_tables() == []
    assert enabled_triggers() == triggers
    assert len(triggers) > 10


def test_what_the_database_refuses_to_delete_it_refuses_afterwards_too() -> None:
    make_committed_world()
    empty_tables()
    make_committed_world()
    with pytest.raises(IntegrityError):
        Edition.objects.all()._raw_delete("default")
