"""What tests of the production of editions share."""

import threading

import pytest


@pytest.fixture
def alone(monkeypatch) -> None:
    """Threads that ran before the test, such as those of the test runner and of another test's browser, don't count."""
    everything, here = threading.enumerate, threading.main_thread()
    before = {*everything()} - {here}
    monkeypatch.setattr(threading, "enumerate", lambda: [each for each in everything() if each not in before])
