"""The backup by the calendar: made, counted, and never missed in silence."""

from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings as django_settings
from django.utils import timezone

from partners.models import Mail
from vcsportal import tasks
from vcsportal.backup import schedule
from vcsportal.backup.create import keep_newest, newest

NIGHT = datetime(2026, 12, 1, 1, 10, tzinfo=UTC)


def names(folder):
    return sorted(one.name for one in folder.iterdir())


def test_beat_backs_up_only_where_a_folder_is_named():
    assert ("backup" in django_settings.CELERY_BEAT_SCHEDULE) == bool(django_settings.BACKUP_FOLDER)
    assert tasks.back_up.name == "vcsportal.tasks.back_up"


@pytest.mark.django_db
def test_a_backup_that_fails_is_logged_and_emailed_and_removes_nothing(
    settings, tmp_path, administrator, officer, caplog
):
    settings.BACKUP_FOLDER, settings.BACKUP_KEEP = str(tmp_path), 1
    settings.BACKUP_RECIPIENTS, settings.BACKUP_PASSPHRASE = [], ""
    for day in (28, 29):
        (tmp_path / f"portal-202611{day}T011000Z.backup").write_text("x")
    assert schedule.back_up(NIGHT) is None
    assert len(names(tmp_path)) == 2
    assert [mail.to for mail in Mail.objects.filter(kind="backup:failed")] == [administrator.email]
    mail = Mail.objects.get(kind="backup:failed")
    assert "Backups are never made without encryption." in mail.text
    assert "29 November 2026" in mail.text
    assert "The backup failed" in caplog.text


def test_only_the_newest_backups_are_kept_and_nothing_else_is_touched(tmp_path):
    made = [f"portal-20261{month}{day:02}T011000Z.backup" for month, day in ((1, 30), (2, 1), (2, 2))]
    for name in (*made, "portal-20261201T011000Z.backup.part", "notes"):
        (tmp_path / name).write_text("x")
    assert [one.name for one in keep_newest(tmp_path, 2)] == [made[0]]
    assert keep_newest(tmp_path, 2) == []
    assert names(tmp_path) == sorted([*made[1:], "portal-20261201T011000Z.backup.part", "notes"])
    assert newest(tmp_path) == datetime(2026, 12, 2, 1, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("hours", "words"), [(0, ""), (26, ""), (26.01, "The newest backup was made on 1 December 2026, 1:10am.")]
)
def test_a_backup_is_missed_after_a_day_and_two_hours(settings, tmp_path, hours, words):
    settings.BACKUP_FOLDER = str(tmp_path)
    assert schedule.alarm(NIGHT) == "There is no backup yet."
    (tmp_path / "portal-20261201T011000Z.backup").write_text("x")
    assert schedule.alarm(NIGHT + timedelta(hours=hours)) == words


def test_nothing_is_missed_where_no_backup_is_asked_for(settings):
    settings.BACKUP_FOLDER = ""
    assert schedule.alarm(NIGHT) == ""


@pytest.mark.django_db
def test_administrators_see_the_newest_backups_and_what_went_wrong(settings, tmp_path, administrator, signed_in):
    settings.BACKUP_FOLDER = ""
    assert "does not make backups by itself" in signed_in(administrator).get("/people/backups/").text
    settings.BACKUP_FOLDER = str(tmp_path / "not-there")
    assert "There is no backup yet." in signed_in(administrator).get("/people/backups/").text
    settings.BACKUP_FOLDER, settings.BACKUP_RECIPIENTS, settings.BACKUP_PASSPHRASE = str(tmp_path), [], ""
    now = timezone.now()
    schedule.back_up(now - timedelta(hours=30))
    (tmp_path / f"portal-{now - timedelta(days=3):%Y%m%dT%H%M%S}Z.backup").write_bytes(b"x" * 3_000_000)
    page = signed_in(administrator).get("/people/backups/")
    assert "The newest backup was made on " in page.text
    assert "Backups are never made without encryption." in page.text
    assert "A backup has been made since." not in page.text
    assert "2.9 MB" in page.text
    (tmp_path / f"portal-{now - timedelta(hours=6):%Y%m%dT%H%M%S}Z.backup").write_bytes(b"x")
    page = signed_in(administrator).get("/people/backups/")
    assert "The newest backup was made on " not in page.text
    assert "A backup has been made since." in page.text
    assert [one.size for one in page.context["backups"]] == [1, 3_000_000], "the newest first"


@pytest.mark.django_db
def test_readyz_reports_the_backup(settings, client, tmp_path):
    settings.BACKUP_FOLDER = ""
    assert "backup" not in client.get("/readyz").json()
    settings.BACKUP_FOLDER = str(tmp_path)
    said = client.get("/readyz").json()
    assert said["backup"] is False
    assert "There is no backup yet." in said["alarm"]
    (tmp_path / f"portal-{timezone.now():%Y%m%dT%H%M%S}Z.backup").write_text("x")
    assert client.get("/readyz").json()["backup"] is True


@pytest.mark.django_db
@pytest.mark.parametrize(("minutes", "made"), [(0, 0), (59, 0), (60, 1), (-1, 1)])
def test_two_schedules_make_one_backup(settings, tmp_path, monkeypatch, minutes, made):
    settings.BACKUP_FOLDER = str(tmp_path)
    asked = []
    monkeypatch.setattr(schedule, "_make", lambda folder, at: asked.append(at))
    (tmp_path / f"portal-{NIGHT - timedelta(minutes=minutes):%Y%m%dT%H%M%S}Z.backup").write_text("x")
    schedule.back_up(NIGHT)
    assert len(asked) == made


@pytest.mark.django_db
def test_a_backup_that_another_worker_is_making_is_left_to_it(settings, tmp_path, monkeypatch):
    settings.BACKUP_FOLDER = str(tmp_path)
    asked = []

    def make(folder, at):
        asked.append(at)
        if len(asked) == 1:
            assert schedule.back_up(NIGHT + timedelta(minutes=6)) is None

    monkeypatch.setattr(schedule, "_make", make)
    schedule.back_up(NIGHT)
    schedule.back_up(NIGHT + timedelta(days=1))
    assert asked == [NIGHT, NIGHT + timedelta(days=1)], "the lock was let go"
