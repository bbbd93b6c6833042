"""The proxy's file, with a web server of the test's own behind it that says what it was sent."""

import json
import socket
import threading
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests.proxy import HOST, proxy_before
from tests.stack import free_port
from vcsportal.local import proxy
from vcsportal.local.folder import Folder


class Mirror(BaseHTTPRequestHandler):
    """Answers with the head of the request, and the length of its body."""

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        content = json.dumps(
            {**{name.lower(): value for name, value in self.headers.items()}, "body": len(body)}
        ).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    do_GET = do_POST

    def log_message(self, format, *words):
        pass


@pytest.fixture
def mirror():
    server = ThreadingHTTPServer((HOST, 0), Mirror)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"{HOST}:{server.server_address[1]}"
    server.shutdown()
    thread.join()
    server.server_close()


def ask(port: int, path: str = "/", *, sent: bytes | None = None, heads: dict[str, str] | None = None):
    """Ask, or send; names in ``heads`` are written with underscores."""
    connection = HTTPConnection(HOST, port, timeout=30)
    connection.request(
        "GET" if sent is None else "POST",
        path,
        sent,
        {name.replace("_", "-"): value for name, value in (heads or {}).items()},
    )
    answer = connection.getresponse()
    return answer, answer.read()


FORGED = {
    "X_Forwarded_For": "203.0.113.7",
    "X_Forwarded_Proto": "https",
    "X_Real_IP": "203.0.113.8",
    "Forwarded": "for=203.0.113.9",
}


def test_what_visitors_say_about_themselves_is_dropped_and_the_truth_put_in_its_place(mirror, tmp_path):
    with proxy_before(mirror, tmp_path) as port:
        seen = json.loads(ask(port, heads=FORGED)[1])
    assert (seen["x-forwarded-for"], seen["x-forwarded-proto"]) == (HOST, "http")
    assert seen["host"] == f"{HOST}:{port}"
    assert "203.0.113" not in str(seen)


def test_a_proxy_of_the_councils_own_is_believed_and_only_about_the_visitor(mirror, tmp_path):
    with proxy_before(mirror, tmp_path, PROXY_TRUSTED="127.0.0.1/32") as port:
        seen = json.loads(ask(port, heads=FORGED)[1])
        beyond = json.loads(ask(port, heads=FORGED | {"X_Forwarded_For": "198.51.100.1, 203.0.113.7"})[1])
    assert (seen["x-forwarded-for"], seen["x-forwarded-proto"]) == ("203.0.113.7", "https")
    assert "203.0.113.8" not in str(seen)
    assert "203.0.113.9" not in str(seen)
    assert beyond["x-forwarded-for"] == "203.0.113.7", "one address, the one that the trusted proxy has seen"


def test_a_body_arrives_whole(mirror, tmp_path):
    with proxy_before(mirror, tmp_path) as port:
        for size in (1, 1_000_000, 9_000_000):
            assert json.loads(ask(port, sent=b"x" * size)[1])["body"] == size


def test_a_web_server_that_is_away_is_503_in_words_as_a_page_and_as_json(tmp_path):
    with proxy_before(f"{HOST}:{free_port()}", tmp_path) as port:
        page, text = ask(port, "/my-work/?key=very-secret", heads={"Cookie": "sessionid=very-secret"})
        data, content = ask(port, "/api/v1/evidence/")
    assert page.status == data.status == 503
    assert page.getheader("Retry-After") == data.getheader("Retry-After") == "10"
    assert "can’t be reached at the moment" in text.decode()
    assert "text/html" in (page.getheader("Content-Type") or "")
    assert list(json.loads(content)) == ["type", "title", "status", "detail"]
    assert data.getheader("Content-Type") == "application/problem+json"
    log = (tmp_path / "proxy.log").read_text()
    assert log.count('"status":503') == 2, "whoever looks for the reason finds when it was"
    assert "very-secret" not in log


def test_without_a_proxy_for_this_machine_or_with_one_of_ones_own_the_web_server_has_the_port(
    tmp_path, monkeypatch, capsys
):
    folder = Folder(tmp_path / "data")
    folder.take()
    with socket.socket() as listening:
        listening.bind((HOST, 0))
        both = proxy.web_programs(folder, {}, listening)
        assert [program.name for program in both] == ["web server", "proxy"]
        assert (both[0].env or {})["BEHIND_PROXY"] == "1"
        assert capsys.readouterr().out == ""
        own = proxy.web_programs(folder, {"BEHIND_PROXY": "1"}, listening)
        assert [program.name for program in own] == ["web server"]
        assert capsys.readouterr().out == ""
        monkeypatch.setattr(proxy, "caddy", lambda: None)
        alone = proxy.web_programs(folder, {}, listening)
        assert [program.name for program in alone] == ["web server"]
        assert "BEHIND_PROXY" not in (alone[0].env or {})
        assert alone[0].listening is listening
        assert "stands alone" in capsys.readouterr().out
    folder.release()
