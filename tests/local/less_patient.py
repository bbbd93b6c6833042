"""The web server as it is, but with less patience for slow senders, so that a test need not wait as long as a visitor may.

Named to gunicorn by :data:`ARGUMENTS`, in ``GUNICORN_CMD_ARGS``. The limits themselves are held by ``test_slow_clients.py``.
"""

from vcsportal.serving import body_limits, worker

HEAD_SECONDS, PIECE_SECONDS = 1, 2
ARGUMENTS = f"--worker-class {__name__}.LessPatientThreads"


class LessPatientThreads(worker.LimitedThreads):
    """Named in the environment, it takes the place of the one in the web server's settings."""

    def init_process(self) -> None:
        vars(worker)["HEAD_SECONDS"] = HEAD_SECONDS
        vars(body_limits)["PIECE_SECONDS"] = PIECE_SECONDS
        super().init_process()
