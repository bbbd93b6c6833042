"""Temporary files of processes: together while they run, gone when they have ended, however that was."""

import os
import subprocess
import sys
import tempfile

import pytest

from vcsportal.common import temporary_folders


@pytest.fixture(autouse=True)
def base(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def ended() -> int:
    """The number of a process that has ended."""
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


def test_temporary_files_go_into_the_processs_own_folder_and_go_with_it(base):
    folder = temporary_folders.own_folder()
    with tempfile.NamedTemporaryFile(delete=False) as file:
        assert os.path.dirname(file.name) == str(folder)
    temporary_folders.remove_own()
    assert list(base.iterdir()) == []
    assert tempfile.gettempdir() == str(base)


def test_a_forked_process_has_one_beside_its_parents(base, monkeypatch):
    parents = temporary_folders.own_folder()
    monkeypatch.setattr(os, "getpid", lambda: 1)
    own = temporary_folders.own_folder()
    assert own.parent == parents.parent == base
    monkeypatch.setattr(tempfile, "tempdir", str(parents))
    temporary_folders.remove_own()
    assert parents.exists(), "a process removes its own folder only"


def test_what_a_killed_process_left_is_removed_and_nothing_else(base):
    left = base / f"{temporary_folders.PREFIX}{ended()}-abc"
    same_number = base / f"{temporary_folders.PREFIX}{os.getpid()}-abc"
    running = base / f"{temporary_folders.PREFIX}{os.getppid()}-abc"
    others = base / f"{temporary_folders.PREFIX}notes"
    target = base / "precious"
    for folder in (left, same_number, running, others, target):
        folder.mkdir()
    link = base / f"{temporary_folders.PREFIX}{ended()}-link"
    link.symlink_to(target)
    assert sorted(temporary_folders.remove_leftovers(base)) == sorted([left, same_number])
    assert sorted(base.iterdir()) == sorted([running, others, target, link])


def test_a_workers_process_and_a_web_process_have_their_own_folder_and_remove_it_at_an_ordinary_end(base):
    from vcsportal import celery
    from vcsportal.serving import gunicorn_conf

    for begin, end in (
        (celery.keep_temporary_files_together, celery.remove_temporary_files),
        (lambda: gunicorn_conf.post_fork(None, None), lambda: gunicorn_conf.worker_exit(None, None)),
    ):
        begin()
        assert [folder.name.startswith(temporary_folders.PREFIX) for folder in base.iterdir()] == [True]
        end()
        assert list(base.iterdir()) == []
