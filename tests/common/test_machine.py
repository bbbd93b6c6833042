"""How much of the machine a process may use, in a container and outside one."""

import os

import pytest

from vcsportal.common import machine

GIGABYTE = 1024**3


@pytest.fixture
def group(tmp_path, monkeypatch):
    """A container's own files, and a machine of four processors and 8 GB."""
    (tmp_path / "meminfo").write_text("MemFree: 12 kB\nMemTotal:        8388608 kB\nMemAvailable: 99 kB\n")
    monkeypatch.setattr(machine, "GROUP", tmp_path)
    monkeypatch.setattr(machine, "MEMINFO", tmp_path / "meminfo")
    monkeypatch.setattr(os, "sched_getaffinity", lambda pid: {0, 1, 2, 3}, raising=False)
    return tmp_path


@pytest.mark.parametrize(
    ("limit", "expected"),
    [("", 4), ("max 100000", 4), ("200000 100000", 2), ("150000 100000", 2), ("50000 100000", 1), ("900000 100000", 4)],
)
def test_a_container_has_the_processors_of_its_limit(group, limit, expected):
    if limit:
        (group / "cpu.max").write_text(f"{limit}\n")
    assert machine.processors() == expected


def test_where_the_system_does_not_say_which_processors_all_count(group, monkeypatch):
    monkeypatch.delattr(os, "sched_getaffinity")
    monkeypatch.setattr(os, "cpu_count", lambda: 3)
    assert machine.processors() == 3
    monkeypatch.setattr(os, "cpu_count", lambda: None)
    assert machine.processors() == 1


@pytest.mark.parametrize(
    ("limit", "expected"),
    [("", 8 * GIGABYTE), ("max", 8 * GIGABYTE), (str(GIGABYTE), GIGABYTE), (str(64 * GIGABYTE), 8 * GIGABYTE)],
)
def test_a_container_has_the_memory_of_its_limit(group, limit, expected):
    if limit:
        (group / "memory.max").write_text(f"{limit}\n")
    assert machine.memory() == expected


def test_a_system_that_does_not_say_how_much_memory_it_has(group):
    (group / "meminfo").unlink()
    assert machine.memory() == 0
