"""What a worker finds out before it forks the processes that make editions."""

from celery.signals import worker_init

from reporting.sealed import made_with
from vcsportal import celery


def test_what_draws_editions_is_found_out_before_a_process_is_forked():
    assert celery.note_what_draws in [listener() for _key, listener in worker_init.receivers]
    made_with._now.cache_clear()
    celery.note_what_draws()
    assert made_with._now.cache_info().currsize == 1
