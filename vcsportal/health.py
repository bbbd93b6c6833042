"""Health checks: is the web process running, and does the whole portal work? Both answer within three seconds."""

from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from vcsportal import readiness, worker_health
from vcsportal.backup.schedule import alarm as backup_alarm
from vcsportal.common import stored_files
from vcsportal.readiness import DatabaseReadiness, SharedQuestion

ANSWER_WITHIN_SECONDS: Final = 2.0
"""How long each part may take, in seconds; they are checked at the same time."""
FAULTS: Final = {
    "database": "The database does not answer.",
    "database_writes": "The database can be read but not written.",
    "tables": "The database does not have this version’s tables. Run manage.py migrate.",
    "disk": "Files can’t be written to the data folder, or it is nearly full.",
    "static_files": "The static files have not been collected. Run manage.py collectstatic.",
    "queue": "The queue does not answer, or does not accept new work.",
    "worker": "No worker has been heard from recently.",
}

FILES_AWAY: Final = "The bucket of the files does not answer. Photographs and reports can’t be opened."

database: SharedQuestion[DatabaseReadiness] = SharedQuestion(readiness.ask_database, DatabaseReadiness())
queue: SharedQuestion[tuple[bool, bool, bool]] = SharedQuestion(
    lambda: worker_health.queue_worker_and_schedule_live(settings.REDIS_URL), (False, False, False)
)
queue_writes: SharedQuestion[bool] = SharedQuestion(lambda: worker_health.queue_takes_jobs(settings.REDIS_URL), False)
disk: SharedQuestion[bool] = SharedQuestion(readiness.has_room, False, fresh=1.0)
files: SharedQuestion[bool] = SharedQuestion(stored_files.answers, False, fresh=1.0)


@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """The web process is running. Checks nothing else."""
    return HttpResponse("ok\n", content_type="text/plain")


@never_cache
@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """Whatever the portal needs works too: 200, or 503 with ``faults`` in words.

    The schedule (beat), the backup, the bucket of the files and the published files are reported and do not count: the portal itself
    says what can't be had, and a balancer that took every web process away for it would take the rest of the portal too.
    """
    asked = database.begin(), queue.begin(), queue_writes.begin(), disk.begin(), files.begin()
    state, (answers, worker, schedule) = asked[0].answer(ANSWER_WITHIN_SECONDS), asked[1].answer(ANSWER_WITHIN_SECONDS)
    parts = {
        "database": state.answers,
        "database_writes": state.takes_writes,
        "tables": state.has_tables,
        "disk": asked[3].answer(ANSWER_WITHIN_SECONDS),
        "static_files": readiness.has_static_files(),
        "queue": answers and asked[2].answer(ANSWER_WITHIN_SECONDS),
        "worker": worker,
    }
    known = state.answers  # of a database that does not answer, nothing more can be said
    faults = [
        sentence
        for name, sentence in FAULTS.items()
        if not parts[name] and (known or name not in {"database_writes", "tables"})
    ]
    reported: dict[str, Any] = {"schedule": schedule, "published_files": not state.altered, "faults": faults}
    if state.altered:
        what = "1 published file is" if state.altered == 1 else f"{state.altered} published files are"
        reported["alarm"] = (
            f"{what} missing or changed, and can’t be downloaded. The page “Published files” lists them."
        )
    if settings.FILES_BUCKET:
        reported["files"] = asked[4].answer(ANSWER_WITHIN_SECONDS)
        if not reported["files"]:
            reported["alarm"] = " ".join(filter(None, (reported.get("alarm"), FILES_AWAY)))
    if settings.BACKUP_FOLDER:
        reported["backup"] = not (missing := backup_alarm(timezone.now()))
        if missing:
            reported["alarm"] = " ".join(filter(None, (reported.get("alarm"), missing)))
    return JsonResponse({**parts, **reported}, status=200 if all(parts.values()) else 503)
