"""Back up, destroy, restore: every row and every file is as it was; what is cut off or changed is refused.

Opening a backup that was made with a passphrase takes a second of work and a gigabyte of memory, as it is meant to. What is the
same for both kinds is tried on a backup that was made for a key.
"""

import re
import shlex
from dataclasses import dataclass
from pathlib import Path

import psycopg2
import pyrage
import pytest

from tests.backup.conftest import Portal
from tests.commands import ROOT


@dataclass(frozen=True)
class Archive:
    """A backup, and how it is opened."""

    place: Path
    identity: tuple[str, ...] = ()

    def changed(self, folder: Path, content: bytes) -> "Archive":
        """Return another one with this content."""
        (folder / "changed").write_bytes(content)
        return Archive(folder / "changed", self.identity)


WHO = "from django.db import connection as c; k = c.cursor(); k.execute('SELECT current_user'); print(k.fetchone()[0])"
PASSPHRASE_OF = "from django.conf import settings; print(settings.BACKUP_PASSPHRASE); raise SystemExit(7)"


def test_commands_have_the_role_and_the_settings_of_their_own_environment(portal):
    assert portal.done("shell", "-v0", "-c", WHO) == "portal_app\n"
    assert portal.done("shell", "-v0", "-c", WHO, owner=True) == "portal_owner\n"
    ran = portal.run("shell", "-v0", "-c", PASSPHRASE_OF, BACKUP_PASSPHRASE="another")
    assert (ran.stdout, ran.returncode) == ("another\n", 7)
    assert portal.run("shell", "-v0", "-c", "1 / 0").stderr.endswith("ZeroDivisionError: division by zero\n")


def documented() -> list[list[str]]:
    """The commands of docs/deploy.md about backups that need no Docker, in its own order."""
    text = (ROOT / "docs" / "deploy.md").read_text()
    return [shlex.split(line) for line in re.findall(r"^ *python manage\.py ((?:backup|restore) .*)$", text, re.M)]


@pytest.fixture(scope="module")
def archive(portal, tmp_path_factory):
    """A backup made with a passphrase, as docs/deploy.md says."""
    folder = tmp_path_factory.mktemp("backups")
    words = [word.replace("/srv/backups", str(folder)) for word in documented()[0]]
    said = portal.done(*words, started=True)
    [place] = folder.iterdir()
    assert "It has been read back and is complete." in said
    assert place.stat().st_mode & 0o777 == 0o600
    return Archive(place)


@pytest.fixture(scope="module")
def key(tmp_path_factory):
    """A key of age: the file of the secret one, and the public one."""
    mine = pyrage.x25519.Identity.generate()
    file = tmp_path_factory.mktemp("key") / "mine"
    file.write_text(f"# a key\n{mine}\n")
    return file, str(mine.to_public())


@pytest.fixture(scope="module")
def for_key(portal, key, tmp_path_factory):
    """A backup made for a key."""
    folder = tmp_path_factory.mktemp("for_key")
    portal.done("backup", str(folder), BACKUP_RECIPIENTS=key[1])
    [place] = folder.iterdir()
    return Archive(place, ("--identity", str(key[0])))


@dataclass(frozen=True)
class State:
    """Everything that a portal holds."""

    rows: dict[str, list[str]]
    sequences: list[tuple[str, int]]
    shape: list[tuple[str, ...]]
    files: dict[str, bytes]


def state(portal: Portal) -> State:
    return State(portal.rows(), portal.sequences(), portal.shape(), portal.files())


@dataclass(frozen=True)
class Comeback:
    """The portal before it was destroyed and after it was restored, and what was printed."""

    before: State
    after: State
    checked: str
    refused: str
    restored: str
    settings: str


@pytest.fixture(scope="module")
def comeback(portal, archive, for_key, tmp_path_factory):
    """The portal is destroyed and comes back, by the commands of docs/deploy.md.

    The first attempt meets a file that was left in the folder; once that is emptied, as the guide says, the same command works.
    """
    env = tmp_path_factory.mktemp("settings") / "env"
    before = state(portal)
    _, check, restore = (
        [word.replace("/srv/portal.env", str(env)) for word in [*words[:1], str(archive.place), *words[2:]]]
        for words in documented()
    )
    checked = portal.done(*check, owner=True, started=True)
    assert state(portal) == before
    portal.destroy()
    assert portal.rows() == {}
    assert portal.files() == {}
    left = portal.data / "files" / "reports" / "left over.pdf"
    left.write_bytes(b"x")
    said = refused(portal, for_key)
    left.unlink()
    restored = portal.done(*restore, owner=True, started=True)
    return Comeback(before, state(portal), checked, said, restored, env.read_text())


def test_a_portal_that_is_destroyed_comes_back_row_for_row_and_file_for_file(comeback):
    before, after = comeback.before, comeback.after
    assert sum(map(len, before.rows.values())) > 200
    assert len(before.files) >= 3
    assert "Missing or changed: 0." in comeback.restored
    assert after.rows == before.rows
    assert after.sequences == before.sequences
    assert after.shape == before.shape
    assert after.files == before.files
    assert 'PORTAL_COUNCIL="Ox “Council”"' in comeback.settings
    assert "BACKUP_PASSPHRASE" not in comeback.settings


def test_files_that_are_there_already_are_not_written_over(comeback):
    assert "already. Restore into an empty one." in comeback.refused


def test_what_the_documentation_says_about_backups_works(comeback):
    assert [words[0] for words in documented()] == ["backup", "restore", "restore"]
    assert ["--settings-to" in words for words in documented()] == [False, False, True]
    assert comeback.checked.startswith("Whole: ")
    assert comeback.restored.endswith("Sign-in links and sessions work only if SECRET_KEY is the same.\n")


def refused(portal, archive, **env):
    """The sentence with which a restore is refused; nothing has been touched."""
    rows, files = portal.rows(), portal.files()
    ran = portal.run("restore", str(archive.place), *archive.identity, owner=True, **env)
    assert ran.returncode == 1, ran.stdout
    assert "Traceback" not in ran.stderr
    assert (portal.rows(), portal.files()) == (rows, files)
    return ran.stderr


def test_a_portal_that_holds_people_is_not_written_over(portal, archive, for_key):
    assert "There are people in this database already" in refused(portal, for_key)
    assert "There are people in this database already" in refused(portal, archive)


def refused_as_damaged(portal, archive):
    sentence = refused(portal, archive)
    assert "people in this database" not in sentence
    assert "CommandError" in sentence


def with_changed_byte(archive, folder, where):
    content = bytearray(archive.place.read_bytes())
    content[int(where * len(content)) if isinstance(where, float) else where] ^= 1
    return archive.changed(folder, bytes(content))


def cut_off(archive, folder, left):
    content = archive.place.read_bytes()
    return archive.changed(folder, content[: int(left * len(content)) if isinstance(left, float) else left])


@pytest.mark.parametrize("where", [0.0, 0.0001, 0.3, 0.5, 0.9, 0.99999])
def test_one_changed_byte_anywhere_is_refused(portal, for_key, tmp_path, where):
    refused_as_damaged(portal, with_changed_byte(for_key, tmp_path, where))


@pytest.mark.parametrize("left", [0, 10, 300, 100_000, 0.5, -65_536 - 16, -1])
def test_an_archive_that_is_cut_off_is_refused(portal, for_key, tmp_path, left):
    refused_as_damaged(portal, cut_off(for_key, tmp_path, left))


@pytest.mark.parametrize("where", [0, 250, 0.0001, -1])
def test_one_changed_byte_is_refused_where_there_is_a_passphrase(portal, archive, tmp_path, where):
    """In the first line, in the second, which the passphrase opens, and in what follows."""
    refused_as_damaged(portal, with_changed_byte(archive, tmp_path, where))


@pytest.mark.parametrize("left", [10, 300, -1])
def test_an_archive_that_is_cut_off_is_refused_where_there_is_a_passphrase(portal, archive, tmp_path, left):
    refused_as_damaged(portal, cut_off(archive, tmp_path, left))


def test_an_archive_with_something_after_its_end_is_refused(portal, for_key, tmp_path):
    refused_as_damaged(portal, for_key.changed(tmp_path, for_key.place.read_bytes() + b"x"))


def test_another_passphrase_is_refused(portal, archive):
    assert "The passphrase does not open this backup" in refused(portal, archive, BACKUP_PASSPHRASE="another")
    assert "Set BACKUP_PASSPHRASE" in refused(portal, archive, BACKUP_PASSPHRASE="")


def test_a_server_cannot_read_a_backup_for_a_key_that_it_does_not_hold(portal, for_key, key, tmp_path):
    (tmp_path / "other").write_text(f"{pyrage.x25519.Identity.generate()}\n")
    place = for_key.place
    assert "Name the file of the secret key" in refused(portal, Archive(place))
    assert portal.run("restore", str(place), "--check", "--identity", str(tmp_path / "other")).returncode == 1
    said = portal.done("restore", str(place), "--check", "--identity", str(key[0]))
    assert said.startswith("Whole: ")
    mine = pyrage.x25519.Identity.from_str(key[0].read_text().splitlines()[1])
    plain = place.read_bytes().split(b"\n", 2)[2]
    assert b"ustar" in pyrage.decrypt(plain, [mine])[:600], "any program for age opens it"


def test_nothing_of_the_content_is_readable(portal, archive):
    content = archive.place.read_bytes()
    for word in (b"Zo\xc3\xab", b"example.org", b"partners_user", b"k" * 20):
        assert word not in content


def test_without_a_key_no_backup_is_made(portal, tmp_path):
    ran = portal.run("backup", str(tmp_path / "b"), BACKUP_PASSPHRASE="")
    assert ran.returncode == 1
    assert "Backups are never made without encryption." in ran.stderr
    ran = portal.run("backup", str(tmp_path / "b"), BACKUP_RECIPIENTS="age1x")
    assert "is not an age public key" in ran.stderr
    assert list((tmp_path / "b").iterdir()) == []


def test_a_folder_that_cannot_be_written_is_a_sentence(portal, tmp_path):
    (tmp_path / "file").write_text("")
    ran = portal.run("backup", str(tmp_path / "file"))
    assert ran.returncode == 1
    assert "The backup could not be written to" in ran.stderr


def test_a_backup_of_a_newer_version_is_refused(portal, key, tmp_path):
    row = "('commitments', '9999_of_the_next_version', now())"
    with psycopg2.connect(portal.servers.owner_url) as connection, connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO django_migrations (app, name, applied) VALUES {row} RETURNING id")
        [number] = cursor.fetchone()
    try:
        portal.done("backup", str(tmp_path), BACKUP_RECIPIENTS=key[1])
    finally:
        with psycopg2.connect(portal.servers.owner_url) as connection, connection.cursor() as cursor:
            cursor.execute("DELETE FROM django_migrations WHERE id = %s", [number])
    [place] = tmp_path.iterdir()
    said = refused(portal, Archive(place, ("--identity", str(key[0]))))
    assert "was made by a newer version of the portal" in said
    assert "commitments.9999_of_the_next_version" in said


MEASURE = """
import resource, sys
import django; django.setup()
from django.core.management import call_command
from pathlib import Path

def peak(folder):
    call_command("backup", folder)
    call_command("restore", str(next(Path(folder).iterdir())), "--check", "--identity", sys.argv[3])
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

small = peak(sys.argv[1] + "/small")
with open(sys.argv[2], "wb") as out:
    for number in range(64):
        out.write(bytes([number]) * 1_048_576)
print("more:", peak(sys.argv[1] + "/large") - small)
"""


def test_large_files_take_no_more_memory(portal, tmp_path):
    """For a key: with a passphrase, age takes as much memory as it finds fit for scrypt, which differs from run to run."""
    mine = pyrage.x25519.Identity.generate()
    (tmp_path / "key").write_text(f"{mine}\n")
    large = portal.data / "files" / "reports" / "large.pdf"
    try:
        words = ("-c", MEASURE, str(tmp_path), str(large), str(tmp_path / "key"))
        ran = portal.start(*words, BACKUP_PASSPHRASE="", BACKUP_RECIPIENTS=str(mine.to_public()))
    finally:
        large.unlink(missing_ok=True)
    assert ran.returncode == 0, ran.stderr
    more = int(ran.stdout.rpartition("more:")[2])
    print(f"{more} KiB more for 64 MiB of files")
    assert more < 16_384, "KiB; the file is four times as large"


def test_the_newest_are_kept(portal, key, tmp_path):
    names = [f"portal-202611{day:02}T010000Z.backup" for day in range(1, 6)]
    for name in [*names, "notes.txt", "portal-of-ours.backup"]:
        (tmp_path / name).write_text("x")
    said = portal.done("backup", str(tmp_path), "--keep", "3", BACKUP_RECIPIENTS=key[1])
    left = sorted(one.name for one in tmp_path.iterdir())
    assert left[:2] == ["notes.txt", names[3]]
    assert len(left) == 5
    assert f"Removed: {names[0]}" in said
    assert portal.run("backup", str(tmp_path), "--keep", "0").returncode == 1
