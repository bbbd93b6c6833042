"""Two questions a machine may ask: is the web process there, and can the whole portal work? Both answer within three seconds."""

import logging
import threading

from django.conf import settings
from django.db import connections
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from vcsportal import alive

logger = logging.getLogger(__name__)


class DatabaseQuestion:
    """Asks the database in a thread of its own, so that a database that hangs can't hang the answer.

    One question at a time: while an earlier one is unanswered, the answer is no.
    """

    def __init__(self) -> None:
        self._busy = threading.Lock()

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
            except Exception as error:  # whatever it is, the database does not work
                logger.warning("The database does not answer: %s", error)
            finally:
                self._busy.release()
                ended.set()
                connection.close()

        threading.Thread(target=run, daemon=True, name="readyz-database").start()
        ended.wait(seconds)
        return answer == [True]


database = DatabaseQuestion()


@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """The web process serves. Asks nobody else."""
    return HttpResponse("ok\n", content_type="text/plain")


@never_cache
@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """Database, queue and worker work too: 200, or 503 with the one that does not. The schedule (beat) is told, not counted."""
    queue, worker, schedule = alive.ask(settings.REDIS_URL)
    parts = {"database": database.ask(2.0), "queue": queue, "worker": worker}
    return JsonResponse({**parts, "schedule": schedule}, status=200 if all(parts.values()) else 503)
