"""The file that locust is given: one user, who lets visitors in by the clock whatever became of those before (an open model).

A user of locust's own waits for its answer before it asks again, so a slow portal would be asked less often and look quicker
than it is. Here every visitor runs beside the others, and times count from when a request was due.
"""

import ipaddress
import json
import os
import time
from pathlib import Path
from typing import Any

import gevent
from gevent.pool import Group
from locust import User, constant, events, task
from locust.runners import STATE_CLEANUP

from tests.load.answers import refuse_other_hosts
from tests.load.hour import GIVEN_UP_SECONDS
from tests.load.journeys import WALKS
from tests.load.ledger import Ledger
from tests.load.schedule import Arrival, Clock, arrivals
from tests.load.visitor import Stopped, Visitor

TRIAL: dict[str, Any] = json.loads(Path(os.environ["LOAD_TRIAL"]).read_text(encoding="utf-8"))
PLAN: dict[str, Any] = json.loads(Path(TRIAL["plan"]).read_text(encoding="utf-8"))
_samples = Path(TRIAL["samples"]).open("w", encoding="utf-8", buffering=1)  # noqa: SIM115 - open as long as the process
_ledger = Ledger(Path(TRIAL["ledger"]).open("a", encoding="utf-8"))  # noqa: SIM115 - as above


def note(kind: str, **found: Any) -> None:
    _samples.write(json.dumps({"kind": kind, **found}) + "\n")


def _note_request(name: str, response_time: float, exception: Any, response_length: int, **_more: Any) -> None:
    note(name, at=time.monotonic(), ms=response_time, bytes=response_length, error=str(exception) if exception else "")


events.request.add_listener(_note_request)


class Door(User):
    """Lets every visitor in at their own moment."""

    fixed_count = 1
    wait_time = constant(0)

    @task
    def open(self) -> None:
        host = str(self.environment.host)
        refuse_other_hosts(host)
        visitors, began = Group(), time.monotonic() + 0.5
        for arrival in arrivals(TRIAL["counts"], TRIAL["seconds"]):
            gevent.sleep(max(0.0, began + arrival.at - time.monotonic()))
            visitors.spawn(self.walk, host, arrival, began + arrival.at)
        note("all came", at=time.monotonic() - began)
        visitors.join(timeout=TRIAL["seconds"] + 10 * GIVEN_UP_SECONDS)
        note("all left", at=time.monotonic() - began, left_behind=len(visitors))
        visitors.kill()
        self.environment.runner.quit()
        while self.environment.runner.state != STATE_CLEANUP:
            gevent.sleep(0.1)

    def walk(self, host: str, arrival: Arrival, due: float) -> None:
        number = TRIAL["first"].get(arrival.journey, 0) + arrival.number
        note("arrival", journey=arrival.journey, late=time.monotonic() - due)
        visitor = Visitor(
            host, self.environment.events, _ledger, Clock(due), _address(arrival.journey, number), TRIAL["pause"]
        )
        try:
            WALKS[arrival.journey](visitor, PLAN, number)
        except Stopped:
            note("stopped", journey=arrival.journey)
        except Exception as fault:  # a fault of the trial itself is an error of the trial, and is shown
            note("fault", journey=arrival.journey, error=f"{type(fault).__name__}: {fault}"[:300])
        finally:
            visitor.close()


def _address(journey: str, number: int) -> str:
    """Return the address of a visitor: each has one of their own, as people at home do (from the range for benchmarks, RFC 2544)."""
    return str(ipaddress.ip_address("198.18.0.0") + list(WALKS).index(journey) * 16_384 + number % 16_384)
