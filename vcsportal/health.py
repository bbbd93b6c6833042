"""Two questions a machine may ask: is the web process there, and can the whole portal work? Both answer within three seconds."""

import logging
import threading
import time

from django.conf import settings
from django.db import connections
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

from vcsportal.addresses import for_client

logger = logging.getLogger(__name__)
WORKER, SCHEDULE = "vcsportal:alive:worker", "vcsportal:alive:schedule"
FRESH = {WORKER: 20, SCHEDULE: 60}
"""Seconds after which a sign of life no longer counts."""


def queue_client() -> Redis:
    """Return a client of the queue's server that never waits long."""
    return Redis.from_url(
        for_client(settings.REDIS_URL),
        socket_timeout=1,
        socket_connect_timeout=1,
        retry=Retry(NoBackoff(), 0),
    )


def note_sign_of_life(key: str) -> None:
    """Write down that a part of the portal works now; it is forgotten when it does not say so again."""
    try:
        with queue_client() as client:
            client.set(key, int(time.time()), ex=FRESH[key])
    except (RedisError, OSError) as error:
        logger.warning("A sign of life could not be written: %s", error)


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


def ask_queue() -> tuple[bool, bool, bool]:
    """Return whether the queue's server answers, and whether worker and schedule have lately shown signs of life."""
    try:
        with queue_client() as client:
            worker, schedule = client.mget([WORKER, SCHEDULE])  # type: ignore[misc]
    except (RedisError, OSError):
        return False, False, False
    return True, worker is not None, schedule is not None


@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """The web process serves. Asks nobody else."""
    return HttpResponse("ok\n", content_type="text/plain")


@never_cache
@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """Database, queue and worker work too: 200, or 503 with the one that does not. The schedule (beat) is told, not counted."""
    queue, worker, schedule = ask_queue()
    parts = {"database": database.ask(2.0), "queue": queue, "worker": worker}
    return JsonResponse({**parts, "schedule": schedule}, status=200 if all(parts.values()) else 503)
