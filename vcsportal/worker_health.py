"""Signs of life that worker and schedule leave with the queue's server. Knows neither Django nor Celery, so asking is cheap.

``python -m vcsportal.worker_health worker`` (or ``web``, ``schedule``) is the containers' health check.
"""

import logging
import os
import sys
import time
from http.client import HTTPConnection, HTTPException
from urllib.parse import urlsplit

from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

from vcsportal.queue_addresses import for_client

logger = logging.getLogger(__name__)
KEY_PREFIX = os.environ.get("QUEUE_PREFIX", "vcsportal:")
"""Two portals that share one server must not vouch for each other."""
WORKER_KEY, SCHEDULE_KEY = f"{KEY_PREFIX}alive:worker", f"{KEY_PREFIX}alive:schedule"
TRIAL_KEY = f"{KEY_PREFIX}readyz"
"""A list like a queue's own, made and removed to see whether it can be."""
WEB_ADDRESS = ("127.0.0.1", 8000)
"""Where the web process listens inside its container."""
FRESH_SECONDS = {WORKER_KEY: 20, SCHEDULE_KEY: 60}
"""Seconds after which a sign of life no longer counts."""


def client(url: str) -> Redis:
    """Return a client of the queue's server that never waits long."""
    return Redis.from_url(for_client(url), socket_timeout=1, socket_connect_timeout=1, retry=Retry(NoBackoff(), 0))


def record_sign_of_life(url: str, key: str) -> None:
    """Write down that a part of the portal works now; it is forgotten unless it says so again."""
    try:
        with client(url) as server:
            server.set(key, int(time.time()), ex=FRESH_SECONDS[key])
    except (RedisError, OSError) as error:
        logger.warning("A sign of life could not be written: %s", error)


def queue_worker_and_schedule_live(url: str) -> tuple[bool, bool, bool]:
    """Return whether the queue's server answers, and whether worker and schedule have lately shown signs of life."""
    try:
        with client(url) as server:
            worker, schedule = server.mget([WORKER_KEY, SCHEDULE_KEY])
    except (RedisError, OSError):
        return False, False, False
    return True, worker is not None, schedule is not None


def queue_takes_jobs(url: str) -> bool:
    """Return whether the queue's server takes a new job: one that is full, read-only or closed to us answers, and refuses."""
    try:
        with client(url) as server, server.pipeline() as steps:
            steps.lpush(TRIAL_KEY, 1)
            steps.expire(TRIAL_KEY, 60)
            steps.delete(TRIAL_KEY)
            steps.execute()
    except (RedisError, OSError) as error:
        logger.warning("The queue takes no work: %s", error)
        return False
    return True


def web_answers() -> bool:
    """Tell whether the web process in this container serves, asked by the name that it is known by."""
    host = urlsplit(os.environ.get("PORTAL_URL", "")).hostname or "127.0.0.1"
    connection = HTTPConnection(*WEB_ADDRESS, timeout=4)
    try:
        connection.request("GET", "/healthz", headers={"Host": host})
        return connection.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


def main(part: str) -> int:
    """Answer for one part: web, queue, worker or schedule."""
    if part == "web":
        alive = web_answers()
    else:
        queue, worker, schedule = queue_worker_and_schedule_live(os.environ["REDIS_URL"])
        alive = {"queue": queue, "worker": worker, "schedule": schedule}[part]
    print(f"{part}: {'alive' if alive else 'no sign of life'}")
    return 0 if alive else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
