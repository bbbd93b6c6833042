"""The database that is made once for each state of the migrations, and copied for every run of the tests."""

import os

import pytest
from django.core.management import call_command
from django.db import connection

from vcsportal.local import prepared_database
from vcsportal.local.folder import Folder


@pytest.fixture
def made(tmp_path, monkeypatch):
    """The states that were made, in a folder of the test's own; making one takes no time."""
    states = []

    def make(prepared):
        states.append(prepared.name)
        (prepared / "postgres" / "base").mkdir(parents=True)
        (prepared / "postgres" / "base" / "1").write_text(f"tables of {prepared.name}")
        (prepared / "secrets.json").write_text("{}")

    monkeypatch.setattr(prepared_database, "FOLDER", tmp_path / "prepared")
    monkeypatch.setattr(prepared_database, "_make", make)
    return states


def copied(path):
    folder = Folder(path)
    folder.take()
    prepared_database.copy_prepared(folder)
    folder.release()
    return (path / "postgres" / "base" / "1").read_text()


def test_the_tables_are_made_once_and_copied_for_each_run(made, tmp_path, monkeypatch):
    monkeypatch.setattr(prepared_database, "_state", lambda: "a")
    assert copied(tmp_path / "first") == copied(tmp_path / "second") == "tables of a"
    assert made == ["a"]
    assert (tmp_path / "first" / "secrets.json").read_text() == "{}"


def test_another_state_of_the_migrations_has_a_database_of_its_own_and_only_the_last_few_are_kept(
    made, tmp_path, monkeypatch
):
    for number, state in enumerate("abcad", start=1):
        monkeypatch.setattr(prepared_database, "_state", lambda state=state: state)
        assert copied(tmp_path / str(number)) == f"tables of {state}"
        os.utime(tmp_path / "prepared" / state, (number, number))
    assert made == ["a", "b", "c", "d"]
    assert {path.name for path in (tmp_path / "prepared").iterdir() if path.is_dir()} == {"a", "c", "d"}


def test_a_changed_migration_is_another_state(tmp_path, monkeypatch):
    before = prepared_database._state()
    (tmp_path / "partners" / "migrations").mkdir(parents=True)
    (tmp_path / "requirements").mkdir()
    (tmp_path / "requirements" / "test.txt").write_text("")
    monkeypatch.setattr(prepared_database, "ROOT", tmp_path)
    monkeypatch.setattr(prepared_database, "fingerprint", lambda files, extra: f"{len([*files])}".zfill(16))
    assert prepared_database._state() != before
    with_none = prepared_database._state()
    (tmp_path / "partners" / "migrations" / "0001_initial.py").write_text("")
    assert prepared_database._state() != with_none


@pytest.mark.django_db
def test_the_tests_run_on_tables_in_which_no_migration_is_missing():
    template = os.environ.get("TEST_DATABASE_TEMPLATE")
    assert connection.settings_dict["TEST"].get("TEMPLATE") == template
    call_command("migrate", "--check", verbosity=0)
