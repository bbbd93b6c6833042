"""A real mail server on loopback for tests: takes emails, refuses some, or goes away."""

import html
import re
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller

from tests.stack import free_port


class MailServer:
    """What came in, and how to answer: ``refuse`` maps an address, ``after_data`` an email's number, to a reply."""

    def __init__(self) -> None:
        self.port = free_port()
        self.came: list[EmailMessage] = []
        self.connections = 0
        self.refuse: dict[str, str] = {}
        self.data_reply: str = ""
        self.at_recipient: Callable[[str], None] = lambda address: None
        self.at_data: Callable[[EmailMessage], None] = lambda message: None
        self._controller: Controller | None = None

    def start(self) -> None:
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port)
        self._controller.start()

    def stop(self) -> None:
        if self._controller:
            self._controller.stop()
            self._controller = None

    @property
    def counted(self) -> Counter[str]:
        """How many emails came for each address."""
        return Counter(str(message["to"]) for message in self.came)

    async def handle_EHLO(
        self, server: Any, session: Any, envelope: Any, hostname: str, responses: list[str]
    ) -> list[str]:
        self.connections += 1
        session.host_name = hostname
        return responses

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, rcpt_options: list[str]) -> str:
        self.at_recipient(address)
        if address in self.refuse:
            return self.refuse[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        if self.data_reply:
            return self.data_reply
        message = message_from_bytes(envelope.content, _class=EmailMessage, policy=policy.default)
        self.came.append(message)
        self.at_data(message)
        return "250 OK"


@contextmanager
def mail_server() -> Iterator[MailServer]:
    server = MailServer()
    server.start()
    try:
        yield server
    finally:
        server.stop()


def words_of(page: str) -> list[str]:
    """The words of an email's HTML half, each link's address after its words, as the plain half has it."""
    body = page.split("<main>")[1].split("</main>")[0]
    body = re.sub(
        r'<a href="([^"]*)"[^>]*>(.*?)</a>', lambda m: m[2] if m[1] == m[2] else f"{m[2]}: {m[1]}", body, flags=re.S
    )
    return html.unescape(re.sub(r"<[^>]+>", " ", re.sub(r"</?(em|strong)>", "", body))).split()


def plain_words_of(text: str) -> list[str]:
    """The words of the plain half, without the signs that stand for lists and quotations."""
    return re.sub(r"^(\* |#+ |> ?)", "", text, flags=re.M).split()
