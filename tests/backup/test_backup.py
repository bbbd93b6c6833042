"""Back up, destroy, restore: every row and every file is as it was; what is cut off or changed is refused."""

import psycopg2
import pyrage
import pytest


@pytest.fixture(scope="module")
def archive(portal, tmp_path_factory):
    folder = tmp_path_factory.mktemp("backups")
    said = portal.done("backup", str(folder))
    [place] = folder.iterdir()
    assert "It has been read back and is whole." in said
    assert place.stat().st_mode & 0o777 == 0o600
    return place


def test_a_portal_that_is_destroyed_comes_back_row_for_row_and_file_for_file(portal, archive, tmp_path):
    rows, sequences, shape, files = portal.rows(), portal.sequences(), portal.shape(), portal.files()
    assert sum(map(len, rows.values())) > 200
    assert len(files) >= 3
    portal.destroy()
    assert portal.rows() == {}
    assert portal.files() == {}
    said = portal.done("restore", str(archive), "--settings-to", str(tmp_path / "env"), owner=True)
    assert "Missing or changed: 0." in said
    assert portal.rows() == rows
    assert portal.sequences() == sequences
    assert portal.shape() == shape
    assert portal.files() == files
    assert 'PORTAL_COUNCIL="Ox “Council”"' in (tmp_path / "env").read_text()
    assert PASSPHRASE_NAME not in (tmp_path / "env").read_text()
    assert portal.run("restore", str(archive), owner=True).returncode == 1


PASSPHRASE_NAME = "BACKUP_PASSPHRASE"


def refused(portal, place, **env):
    """The sentence with which a restore is refused; nothing has been touched."""
    rows, files = portal.rows(), portal.files()
    ran = portal.run("restore", str(place), owner=True, **env)
    assert ran.returncode == 1, ran.stdout
    assert "Traceback" not in ran.stderr
    assert (portal.rows(), portal.files()) == (rows, files)
    return ran.stderr


def test_a_portal_that_holds_people_is_not_written_over(portal, archive):
    assert "There are people in this database already" in refused(portal, archive)


@pytest.mark.parametrize("where", [0.0, 0.0001, 0.3, 0.5, 0.9, 0.99999])
def test_one_changed_byte_anywhere_is_refused(portal, archive, tmp_path, where):
    content = bytearray(archive.read_bytes())
    content[int(where * len(content))] ^= 1
    (tmp_path / "changed").write_bytes(content)
    sentence = refused(portal, tmp_path / "changed")
    assert "people in this database" not in sentence
    assert "CommandError" in sentence


@pytest.mark.parametrize("left", [0, 10, 300, 100_000, 0.5, -65_536 - 16, -1])
def test_an_archive_that_is_cut_off_is_refused(portal, archive, tmp_path, left):
    content = archive.read_bytes()
    (tmp_path / "short").write_bytes(content[: int(left * len(content)) if isinstance(left, float) else left])
    assert "people in this database" not in refused(portal, tmp_path / "short")


def test_an_archive_with_something_after_its_end_is_refused(portal, archive, tmp_path):
    (tmp_path / "longer").write_bytes(archive.read_bytes() + b"x")
    assert "people in this database" not in refused(portal, tmp_path / "longer")


def test_another_passphrase_is_refused(portal, archive):
    assert "The passphrase does not open this backup" in refused(portal, archive, BACKUP_PASSPHRASE="another")
    assert "Set BACKUP_PASSPHRASE" in refused(portal, archive, BACKUP_PASSPHRASE="")


def test_a_server_cannot_read_a_backup_for_a_key_that_it_does_not_hold(portal, tmp_path):
    mine, other = pyrage.x25519.Identity.generate(), pyrage.x25519.Identity.generate()
    for name, one in (("mine", mine), ("other", other)):
        (tmp_path / name).write_text(f"# a key\n{one}\n")
    portal.done("backup", str(tmp_path / "b"), BACKUP_RECIPIENTS=str(mine.to_public()))
    [place] = (tmp_path / "b").iterdir()
    assert "Name the file of the secret key" in refused(portal, place)
    assert portal.run("restore", str(place), "--check", "--identity", str(tmp_path / "other")).returncode == 1
    said = portal.done("restore", str(place), "--check", "--identity", str(tmp_path / "mine"))
    assert said.startswith("Whole: ")
    plain = place.read_bytes().split(b"\n", 2)[2]
    assert b"ustar" in pyrage.decrypt(plain, [mine])[:600], "any program for age opens it"


def test_nothing_of_the_content_is_readable(portal, archive):
    content = archive.read_bytes()
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


def test_a_backup_of_a_newer_version_is_refused(portal, tmp_path):
    row = "('commitments', '9999_of_the_next_version', now())"
    with psycopg2.connect(portal.servers.owner_url) as connection, connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO django_migrations (app, name, applied) VALUES {row} RETURNING id")
        [number] = cursor.fetchone()
    try:
        portal.done("backup", str(tmp_path))
    finally:
        with psycopg2.connect(portal.servers.owner_url) as connection, connection.cursor() as cursor:
            cursor.execute("DELETE FROM django_migrations WHERE id = %s", [number])
    [place] = tmp_path.iterdir()
    said = refused(portal, place)
    assert "was made by a newer version of the portal" in said
    assert "commitments.9999_of_the_next_version" in said


def test_files_that_are_there_already_are_not_written_over(portal, archive):
    """Then, with the folder emptied as the guide says, the same command works."""
    rows, files = portal.rows(), portal.files()
    portal.destroy()
    left = portal.data / "files" / "reports" / "left over.pdf"
    left.write_bytes(b"x")
    said = refused(portal, archive)
    assert "already. Restore into an empty folder." in said
    left.unlink()
    portal.done("restore", str(archive), owner=True)
    assert (set(portal.rows()), portal.files()) == (set(rows), files)


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
        ran = portal._python(*words, BACKUP_PASSPHRASE="", BACKUP_RECIPIENTS=str(mine.to_public()))
    finally:
        large.unlink(missing_ok=True)
    assert ran.returncode == 0, ran.stderr
    more = int(ran.stdout.rpartition("more:")[2])
    print(f"{more} KiB more for 64 MiB of files")
    assert more < 16_384, "KiB; the file is four times as large"


def test_the_newest_are_kept(portal, tmp_path):
    names = [f"portal-202611{day:02}T010000Z.backup" for day in range(1, 6)]
    for name in [*names, "notes.txt", "portal-of-ours.backup"]:
        (tmp_path / name).write_text("x")
    said = portal.done("backup", str(tmp_path), "--keep", "3")
    left = sorted(one.name for one in tmp_path.iterdir())
    assert left[:2] == ["notes.txt", names[3]]
    assert len(left) == 5
    assert f"Removed: {names[0]}" in said
    assert portal.run("backup", str(tmp_path), "--keep", "0").returncode == 1
