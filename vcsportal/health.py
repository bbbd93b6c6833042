"""Two questions a machine may ask: is the web process there, and can the whole portal work? Both answer within three seconds."""

import logging
import threading
from typing import Any, Final

from django.conf import settings
from django.db import DatabaseError, connections
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from vcsportal import alive

logger = logging.getLogger(__name__)
ALTERED: Final = (
    "SELECT count(*) FROM reporting_integritycheck c JOIN reporting_edition e ON e.id = c.edition_id "
    "WHERE c.trouble <> '' AND e.published_at IS NOT NULL"
)


class DatabaseQuestion:
    """Asks the database in a thread of its own, so that a database that hangs can't hang the answer.

    One question at a time: while an earlier one is unanswered, the answer is no. ``altered`` is how many parts of published
    editions were found not to be as they were published, as the last answer said; 0 where it could not be asked.
    """

    def __init__(self) -> None:
        self._busy = threading.Lock()
        self.altered = 0

    def ask(self, seconds: float) -> bool:
        if not self._busy.acquire(blocking=False):
            return False
        answer: list[bool] = []
        ended = threading.Event()
        connection = connections["default"].copy()
        connection.settings_dict["OPTIONS"] = {**connection.settings_dict.get("OPTIONS", {}), "connect_timeout": 2}
        connection.inc_thread_sharing()

        def run() -> None:
            try:
                with connection.cursor() as cursor:
                    cursor.execute("SELECT 1")
                    answer.append(cursor.fetchone() == (1,))
                    self.altered = _altered(cursor)
            except Exception as error:  # whatever it is, the database does not work
                logger.warning("The database does not answer: %s", error)
            finally:
                self._busy.release()
                ended.set()
                connection.close()

        threading.Thread(target=run, daemon=True, name="readyz-database").start()
        ended.wait(seconds)
        return answer == [True]


def _altered(cursor: Any) -> int:
    try:
        cursor.execute(ALTERED)
        return int(cursor.fetchone()[0])
    except DatabaseError as error:  # before the tables are made: the database works all the same
        logger.warning("The checks of published files could not be read: %s", error)
        return 0


database = DatabaseQuestion()


@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """The web process serves. Asks nobody else."""
    return HttpResponse("ok\n", content_type="text/plain")


@never_cache
@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """Database, queue and worker work too: 200, or 503 with the one that does not.

    The schedule (beat) and the published files are reported and do not count: the portal itself refuses an altered file,
    and a balancer that took every web process away for it would take the rest of the portal too.
    """
    queue, worker, schedule = alive.ask(settings.REDIS_URL)
    parts = {"database": database.ask(2.0), "queue": queue, "worker": worker}
    altered = database.altered
    reported: dict[str, Any] = {"schedule": schedule, "published_files": not altered}
    if altered:
        what = "1 published file is" if altered == 1 else f"{altered} published files are"
        reported["alarm"] = (
            f"{what} missing or changed, and can’t be downloaded. The page “Published files” says which."
        )
    return JsonResponse({**parts, **reported}, status=200 if all(parts.values()) else 503)
