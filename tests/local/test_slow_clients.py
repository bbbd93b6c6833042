"""Slow visitors against what ``make run`` starts: nobody else notices them, and an honest telephone gets through."""

import gzip
import re
import socket
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPResponse

import pytest

from tests.local import less_patient
from tests.local.helpers import Portal
from tests.local.prepared import prepared
from tests.local.slow import BODY, HEAD, HOST, dripping, ratio, readers, times
from tests.long import LONG, only_in_test_all
from vcsportal.serving import body_limits, worker

pytestmark = pytest.mark.timeout(900 if LONG else 400)
LIMIT = 3.0
"""Seconds for any answer while others are slow. A quiet portal needs a few milliseconds; this machine may be busy."""


@pytest.fixture(scope="module")
def portal(tmp_path_factory):
    """The portal as ``make run`` starts it."""
    with Portal(prepared(tmp_path_factory.mktemp("slow") / "data")) as portal:
        portal.ready()
        assert "proxy" in portal.children()
        yield portal


@pytest.fixture(scope="module")
def alone(tmp_path_factory):
    """The portal on a machine for which no proxy is bundled. Its web server loses patience sooner."""
    folder = prepared(tmp_path_factory.mktemp("alone") / "data")
    with Portal(folder, PORTAL_PROXY="0", GUNICORN_CMD_ARGS=less_patient.ARGUMENTS) as portal:
        portal.ready()
        assert "proxy" not in portal.children()
        assert "the web server stands alone" in portal.said
        yield portal


def test_the_limits_of_a_web_server_that_stands_alone():
    assert (worker.HEAD_SECONDS, body_limits.PIECE_SECONDS) == (5, 10)
    assert less_patient.HEAD_SECONDS * 5 == worker.HEAD_SECONDS
    assert less_patient.PIECE_SECONDS * 5 == body_limits.PIECE_SECONDS


@pytest.mark.parametrize("number", [16, 64])
@pytest.mark.parametrize("start", [BODY, HEAD], ids=["bodies", "heads"])
def test_those_who_drip_are_not_noticed_by_others(portal, start, number):
    quiet = {path: times(portal.port, path) for path in ("/", "/healthz")}
    with dripping(portal.port, number, start):
        time.sleep(1.5)  # all of them have arrived
        busy = {path: times(portal.port, path, limit=LIMIT) for path in quiet}
    for path, took in busy.items():
        ratio(f"{path} beside {number} who drip", quiet[path], took)
        assert max(took) < LIMIT


@pytest.mark.parametrize(("number", "limit"), [(16, 3), pytest.param(64, 9, marks=only_in_test_all)])
@pytest.mark.parametrize("start", [BODY, HEAD], ids=["bodies", "heads"])
def test_a_web_server_that_stands_alone_gets_rid_of_those_who_drip(alone, start, number, limit):
    """Each holds a thread for as long as its limit says, and no longer. Without a limit nobody was served while they went on.

    :param limit: seconds; five times as long with the web server's own limits.
    """
    with dripping(alone.port, number, start):
        time.sleep(1.5)
        waited = times(alone.port, "/", 10, limit)
    print(f"/ beside {number} who drip, without a proxy: the slowest of ten answers took {max(waited):.1f} s")


def ask(portal: Portal, method: str, path: str, **headers: str) -> tuple[HTTPResponse, bytes]:
    connection = HTTPConnection(HOST, portal.port, timeout=30)
    connection.request(method, path, None, {name.replace("_", "-"): value for name, value in headers.items()})
    answer = connection.getresponse()
    content = answer.read()
    connection.close()
    return answer, content


def send_slowly(portal: Portal, size: int, rate: int) -> tuple[int, bytes]:
    """Send the sign-in form with a photograph of so many bytes, so many bytes a second; return the answer."""
    form, page = ask(portal, "GET", "/account/login/")
    token = re.search(rb'name="csrfmiddlewaretoken" value="(\w+)"', page)
    assert token
    cookie = (form.getheader("Set-Cookie") or "").partition(";")[0]
    fields = {"csrfmiddlewaretoken": token[1].decode(), "login": "nobody@example.org", "password": "not the right one"}
    part = '--cut\r\nContent-Disposition: form-data; name="{}"{}\r\n\r\n{}'
    before = "\r\n".join(part.format(name, "", value) for name, value in fields.items()) + "\r\n"
    before += part.format("photo", '; filename="a.jpg"\r\nContent-Type: image/jpeg', "")
    body = before.encode() + b"x" * size + b"\r\n--cut--\r\n"
    head = (
        f"POST /account/login/ HTTP/1.1\r\nHost: {HOST}:{portal.port}\r\nCookie: {cookie}\r\nConnection: close\r\n"
        f"Content-Type: multipart/form-data; boundary=cut\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    with socket.create_connection((HOST, portal.port), timeout=120) as connection:
        connection.sendall(head.encode())
        for start in range(0, len(body), rate // 4):
            connection.sendall(body[start : start + rate // 4])
            time.sleep(0.25)
        answer = HTTPResponse(connection)
        answer.begin()
        return answer.status, answer.read()


@dataclass
class Meanwhile:
    """What those met who used a server at the same time."""

    telephone: tuple[int, bytes]
    answered: int
    wrong: list[str]


def use(portal: Portal) -> Meanwhile:
    """Let a telephone send its photograph while two drip, then fifty read and keep their connections."""
    size, rate = (15_000_000, 50_000) if LONG else (1_500_000, 150_000)
    with dripping(portal.port, 2, BODY):
        telephone = send_slowly(portal, size, rate)
    return Meanwhile(telephone, *readers(portal.port, "/healthz", 50, 60 if LONG else 12))


@pytest.fixture(scope="module")
def used(portal, alone):
    """Both servers, used at the same time: most of it is waiting."""
    with ThreadPoolExecutor(2) as pool:
        return dict(zip(("portal", "alone"), pool.map(use, (portal, alone)), strict=True))


@pytest.mark.parametrize("which", ["portal", "alone"])
def test_an_honest_telephone_gets_its_photograph_through_meanwhile(used, which):
    status, page = used[which].telephone
    assert status == 422, page[-500:]
    assert b"There is a problem" in page, "the form itself has answered"


@pytest.mark.parametrize("which", ["portal", "alone"])
def test_kept_connections_are_not_reset(used, which):
    met = used[which]
    print(f"{len(met.wrong)} of {met.answered} requests of 50 readers went wrong")
    assert met.answered > 300
    assert met.wrong == []


def test_a_body_that_stops_ends_with_a_sentence_where_the_web_server_stands_alone(alone):
    with dripping(alone.port, 1, BODY, every=0.4) as (one,):
        one.settimeout(8)
        answer = HTTPResponse(one)
        answer.begin()
        text = answer.read().decode()
    assert answer.status == 408
    assert "arrived too slowly" in text


def test_pages_come_through_the_proxy_as_they_were(portal):
    page, content = ask(portal, "GET", "/", Accept_Encoding="gzip")
    assert page.getheader("Content-Encoding") == "gzip"
    assert b"</html>" in gzip.decompress(content)
    assert page.getheader("Server") is None
    assert page.getheader("Via") is None
    again, nothing = ask(portal, "GET", "/", Accept_Encoding="gzip", If_None_Match=page.getheader("ETag") or "")
    assert (again.status, nothing) == (304, b"")
    head, nothing = ask(portal, "HEAD", "/")
    plain, content = ask(portal, "GET", "/")
    assert (head.status, nothing) == (200, b"")
    assert head.getheader("Content-Length") == plain.getheader("Content-Length") == str(len(content))


def test_an_unknown_host_is_refused_by_the_portal_and_not_by_the_proxys_silence(portal):
    answer, content = ask(portal, "GET", "/", Host="evil.example.org")
    assert answer.status == 400
    assert content


def test_what_visitors_say_about_their_own_address_is_dropped(portal):
    forged = {"X_Forwarded_For": "203.0.113.77", "X_Real_IP": "203.0.113.78", "Forwarded": "for=203.0.113.79"}
    assert ask(portal, "GET", "/cookies/?ever-so-forged", **forged)[0].status == 200
    time.sleep(0.5)
    log = (portal.folder / "logs" / "web.log").read_text()
    assert "ever-so-forged" in log
    assert "203.0.113" not in log


def test_a_head_that_is_too_large_is_refused(portal):
    answer, _ = ask(portal, "GET", "/", Cookie="a" * 40_000)
    assert answer.status == 431


def test_the_proxy_writes_only_below_the_data_folder_and_logs_no_addresses(portal):
    process = portal.children()["proxy"]
    own = process.environ()
    assert all(own[name].startswith(str(portal.folder)) for name in ("HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME"))
    assert "SECRET_KEY" not in own
    assert "DATABASE_URL" not in own
    ask(portal, "GET", "/account/?key=very-secret")
    assert "very-secret" not in (portal.folder / "logs" / "proxy.log").read_text()
