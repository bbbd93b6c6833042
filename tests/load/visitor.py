"""A visitor as locust sends one: an address of their own, one connection, requests that count from when they were due."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import gevent
from locust.contrib.fasthttp import FastHttpSession
from urllib3.filepost import encode_multipart_formdata

from tests.load.answers import Answer, fault_of, files_of, hidden_fields
from tests.load.hour import GIVEN_UP_SECONDS
from tests.load.ledger import Ledger, Write, outcome_of
from tests.load.schedule import Clock


class Stopped(Exception):
    """The visitor got an answer with which they can't go any further. It has been counted as an error."""


@dataclass
class Visitor:
    """:param address: what the proxy in front is told, so that limits for an address are as in life."""

    host: str
    events: Any
    ledger: Ledger
    clock: Clock
    address: str
    pause_seconds: float
    token: str = ""
    jar: dict[str, str] = field(default_factory=dict)
    _session: Any = None

    def __post_init__(self) -> None:
        wait: dict[str, Any] = {
            "network_timeout": GIVEN_UP_SECONDS,
            "connection_timeout": GIVEN_UP_SECONDS,
            "max_retries": 0,
        }
        self._session = FastHttpSession(self.host, self.events.request, user=None, **wait)

    def close(self) -> None:
        self._session.client.clientpool.close()

    def pause(self) -> None:
        """Read the page, then do the next thing when it is due."""
        gevent.sleep(max(0.0, self.clock.pause(self.pause_seconds) - time.monotonic()))

    def get(self, kind: str, path: str) -> Answer:
        return self.ask(kind, "GET", path, wanted=(200,))

    def ask(
        self, kind: str, method: str, path: str, *, wanted: tuple[int, ...], leads_to: str = "", write: Write | None = None, **body: Any
    ) -> Answer:  # fmt: skip
        """Ask, and count from when it was due.

        :param wanted: the statuses that are no error.
        :param leads_to: a regular expression of the address to which the answer has to lead.
        :param write: what is to be saved by it; whether that was acknowledged is written into the ledger.
        :raises Stopped: if the answer is an error.
        """
        began = self.clock.begins(time.monotonic())
        headers = {
            "X-Forwarded-For": self.address,
            "Accept-Encoding": "gzip",
            "User-Agent": "load trial",
            **body.pop("headers", {}),
        }
        if self.jar:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.jar.items())
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        asked = self._session.request(
            method, path, name=kind, catch_response=True, headers=headers, allow_redirects=False, **body
        )
        with asked as response:
            answer = Answer(response.status_code, _text(response), _header(response, "location"))
            response.request_meta["response_time"] = (time.monotonic() - began) * 1000
            self._keep_cookies(response)
            fault = fault_of(answer, wanted, leads_to, getattr(response, "error", None))
            response.failure(fault) if fault else response.success()
        if write is not None:
            outcome = outcome_of(answer.status, answer.text, saved=not fault and answer.status < 400)
            self.ledger.add(Write(write.act, write.key, outcome, answer.status, write.sent))
        if fault:
            raise Stopped(fault)
        return answer

    def send(
        self, kind: str, path: str, page: str, fields: Mapping[str, Any], *, write: Write | None, leads_to: str,
        file: tuple[str, bytes] | None = None, wanted: tuple[int, ...] = (302,),
    ) -> Answer:  # fmt: skip
        """Send the form of a page: its hidden fields, and what was typed.

        :param file: the name and the bytes of a photograph.
        """
        pairs: list[tuple[str, Any]] = list((hidden_fields(page) | dict(fields)).items())
        if file:
            pairs.append(("uploads", (file[0], file[1], "image/jpeg")))
        data, media_type = encode_multipart_formdata(pairs)
        headers = {"Content-Type": media_type, "Referer": f"{self.host}{path}", "Origin": self.host}
        return self.ask(kind, "POST", path, wanted=wanted, leads_to=leads_to, write=write, data=data, headers=headers)

    def fetch_files(self, page: str) -> None:
        """Fetch what a browser fetches for its first page, one after the other."""
        for path in files_of(page):
            self.get("file", path)

    def _keep_cookies(self, response: Any) -> None:
        for cookie in response.headers.get_all("set-cookie", []) if response.headers is not None else []:
            name, _, value = cookie.partition(";")[0].partition("=")
            if name:
                self.jar[name] = value


def _text(response: Any) -> str:
    """Return the text of an answer; "" for one that is none, such as a PDF, or that never came."""
    kind = _header(response, "content-type")
    return (response.text or "") if kind.startswith("text/") or "json" in kind else ""


def _header(response: Any, name: str) -> str:
    return str(response.headers.get(name) or "") if response.headers is not None else ""
