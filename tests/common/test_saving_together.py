"""Many rows in one transaction: what is held is read once, history is written at the end, and a row that fails leaves nothing."""

from contextlib import suppress

import pytest
from django.db import IntegrityError, OperationalError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from partners.models import HistoryEntry, Organisation
from tests.factories import make_organisation
from vcsportal.common.saving_together import (
    RowFailed,
    change_known,
    forget_known,
    held_once,
    hold_known,
    saving_together,
    write_entry,
)

pytestmark = pytest.mark.django_db


def entry(act: str) -> HistoryEntry:
    return HistoryEntry(at=timezone.now(), act=act, detail="")


def acts() -> list[str]:
    return list(HistoryEntry.objects.order_by("id").values_list("act", flat=True))


class WrongRow(Exception):
    """A row that can't be saved."""


class Asked:
    """Answers with a number that grows each time."""

    def __init__(self) -> None:
        self.times = 0

    def __call__(self) -> int:
        self.times += 1
        return self.times


def test_outside_everything_is_asked_again_and_written_at_once():
    ask = Asked()
    hold_known({"key": 40})
    change_known("key", lambda known: known + 1)
    forget_known("key")
    assert [held_once("key", ask), held_once("key", ask)] == [1, 2]
    write_entry(entry("edited"))
    assert acts() == ["edited"]


def test_what_is_held_is_asked_once_and_forgotten_with_the_transaction():
    ask = Asked()
    with saving_together():
        assert [held_once("key", ask), held_once("key", ask), held_once("other", ask)] == [1, 1, 2]
        hold_known({"key": 40})
        change_known("key", lambda known: known + 1)
        change_known("never asked for", lambda known: known + 1)
        assert (held_once("key", ask), held_once("never asked for", ask)) == (41, 3)
        forget_known("key", "never asked for", "not there")
        assert held_once("key", ask) == 4
    assert held_once("key", ask) == 5


def test_nothing_is_something_that_was_found():
    with saving_together():
        hold_known({"key": None})
        assert held_once("key", Asked()) is None


def test_entries_are_written_at_the_end_in_their_order():
    with saving_together() as together:
        for act in ("registered", "edited"):
            with together.row():
                write_entry(entry(act))
        assert acts() == []
    assert acts() == ["registered", "edited"]


def test_a_row_that_fails_leaves_nothing_and_the_others_stay():
    ask = Asked()
    with saving_together() as together:
        with together.row():
            held_once("key", ask)
            make_organisation("Hill Singers")
            write_entry(entry("suspended"))
        with suppress(WrongRow), together.row():
            make_organisation("Vale Choir")
            write_entry(entry("edited"))
            raise WrongRow
        with suppress(IntegrityError), together.row():
            write_entry(entry("edited"))
            Organisation.objects.create(slug="hill-singers", name="Twice", joined_at=timezone.now())
            raise AssertionError("the address is taken")
        assert held_once("key", ask) == 2  # a service that failed may have changed what it was given
        with together.row():
            write_entry(entry("ended"))
    assert acts() == ["registered", "suspended", "ended"]  # the first is that of the organisation itself
    assert list(Organisation.objects.values_list("name", flat=True)) == ["Hill Singers"]


def test_a_failure_between_rows_takes_all_of_them_back():
    def save() -> None:
        with saving_together() as together:
            with together.row():
                make_organisation("Hill Singers")
                write_entry(entry("registered"))
            raise WrongRow

    with suppress(WrongRow), transaction.atomic():
        save()
    assert (acts(), Organisation.objects.count()) == ([], 0)
    ask = Asked()
    assert [held_once("key", ask), held_once("key", ask)] == [1, 2]  # the one that failed is over


# Rows that can't fail by themselves


@transaction.atomic
def add(name: str) -> None:
    """Add an organisation with its history, as a service does."""
    Organisation.objects.create(slug=name.lower(), name=name, joined_at=timezone.now())
    write_entry(entry("registered"))


def test_rows_that_cannot_fail_by_themselves_are_saved_without_a_savepoint():
    with CaptureQueriesContext(connection) as asked, saving_together(row_by_row=False) as together:
        for name in ("Singers", "Choir"):
            with together.row():
                add(name)
    assert [query["sql"].split(" ")[0] for query in asked] == ["SAVEPOINT", "INSERT", "INSERT", "INSERT", "RELEASE"]
    assert (acts(), Organisation.objects.count()) == (["registered", "registered"], 2)
    with CaptureQueriesContext(connection) as asked:
        add("Band")
    assert len(asked) == 4  # savepoints are back


@pytest.mark.parametrize("wrong", [WrongRow(), IntegrityError("it is there")])
def test_a_row_that_cannot_fail_by_itself_takes_all_of_them_back(wrong):
    def save() -> None:
        with saving_together(row_by_row=False) as together:
            with together.row():
                add("Singers")
            with together.row():
                add("Choir")
                raise wrong

    with pytest.raises(RowFailed) as failed:
        save()
    assert failed.value.__cause__ is wrong
    assert (acts(), Organisation.objects.count()) == ([], 0)
    with CaptureQueriesContext(connection) as asked:
        add("Band")
    assert len(asked) == 4


def test_a_failure_that_a_service_catches_takes_all_of_them_back_too():
    def save() -> None:
        with saving_together(row_by_row=False) as together, together.row():
            add("Singers")
            with suppress(WrongRow), transaction.atomic():
                add("Choir")
                raise WrongRow

    with pytest.raises(RowFailed):
        save()
    assert (acts(), Organisation.objects.count()) == ([], 0)
    with saving_together() as together, together.row():
        add("Singers")
        with suppress(WrongRow), transaction.atomic():
            Organisation.objects.create(slug="choir", name="Choir", joined_at=timezone.now())
            raise WrongRow
    assert list(Organisation.objects.values_list("name", flat=True)) == ["Singers"]


def test_what_a_service_asks_after_it_has_caught_a_failure_is_that_row_s_failure():
    def save() -> None:
        with saving_together(row_by_row=False) as together, together.row():
            with suppress(IntegrityError), transaction.atomic():
                raise IntegrityError("it is there")
            Organisation.objects.count()

    with pytest.raises(RowFailed):
        save()


def test_a_database_that_gives_up_is_no_fault_of_the_row():
    with pytest.raises(OperationalError), saving_together(row_by_row=False) as together, together.row():
        raise OperationalError("deadlock detected")
