"""The web server's settings, wherever it is started: ``gunicorn --config python:vcsportal.serving.gunicorn_conf``.

The address is given by whoever starts it (``--bind``).
"""

import os
from typing import Any

wsgi_app = "vcsportal.wsgi:application"
worker_class = "vcsportal.serving.worker.LimitedThreads"
workers = int(os.environ.get("WEB_WORKERS", "2"))
threads = 12
"""Most of them wait for something: at most 5 write or wait to write, and at most 4 take in a body, so that some are free to read."""
keepalive = 75
"""Seconds. Longer than the proxy keeps a connection that it does not use (30), so that the proxy never sends into one that we close."""
timeout = 60
graceful_timeout = 20
control_socket_disable = True
"""No door of its own to steer it."""
worker_tmp_dir = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # noqa: S108 - a sign of life, in memory


def post_fork(server: Any, worker: Any) -> None:
    """Make sure that what a killed process leaves behind is found by the one that replaces it."""
    from vcsportal.common.temporary_folders import own_folder

    own_folder()


def worker_exit(server: Any, worker: Any) -> None:
    """Leave nothing behind at an ordinary end."""
    from vcsportal.common.temporary_folders import remove_own

    remove_own()
