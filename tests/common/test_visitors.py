"""The address of a visitor: only what a proxy of ours wrote is believed."""

import pytest
from django.http import HttpRequest, HttpResponse

from vcsportal.common.visitors import Visit, VisitMiddleware, current_visit, visit_of, visitor_address

PROXY = "10.0.0.1"


@pytest.mark.parametrize(
    ("count", "header", "address"),
    [
        (0, None, PROXY),
        (0, "203.0.113.9", PROXY),  # no proxy of ours: the visitor wrote it
        (1, None, PROXY),
        (1, "", PROXY),
        (1, "198.51.100.1", "198.51.100.1"),
        (1, "203.0.113.9, 198.51.100.1", "198.51.100.1"),  # the left one is made up
        (1, "203.0.113.9,198.51.100.1", "198.51.100.1"),
        (2, "203.0.113.9, 198.51.100.1, 10.0.0.2", "198.51.100.1"),
        (2, "198.51.100.1, 10.0.0.2", "198.51.100.1"),
        (2, "198.51.100.1", PROXY),  # came past one of the two
        (1, "203.0.113.9, <script>", PROXY),
        (1, "203.0.113.9, ", PROXY),
        (1, "unknown", PROXY),
        (1, "2001:DB8:0:0::1", "2001:db8::1"),
        (1, "[2001:db8::1]:443", "2001:db8::1"),
        (1, "fe80::1%eth0", "fe80::1"),
        (1, "::ffff:198.51.100.1", "198.51.100.1"),
        (1, "198.51.100.1:50123", "198.51.100.1"),
        (1, "1.2.3.4.5", PROXY),
    ],
)
def test_the_address_is_counted_from_the_right(rf, settings, count, header, address):
    settings.TRUSTED_PROXY_COUNT = count
    more = {} if header is None else {"HTTP_X_FORWARDED_FOR": header}
    assert visitor_address(rf.get("/", REMOTE_ADDR=PROXY, **more)) == address


def test_behind_a_socket_file_without_a_header_there_is_no_address(rf, settings):
    settings.TRUSTED_PROXY_COUNT = 1
    assert visitor_address(rf.get("/", REMOTE_ADDR="")) is None


def test_what_the_browser_calls_itself_is_shortened_and_has_no_line_breaks(rf):
    browser = visit_of(rf.get("/", HTTP_USER_AGENT="A\nB" + "x" * 500)).browser
    assert browser.startswith("ABx")
    assert len(browser) == 200


def test_the_visit_is_known_while_a_request_is_answered_and_forgotten_after(rf):
    seen: list[Visit | None] = []

    def answer(request: HttpRequest) -> HttpResponse:
        seen.append(current_visit())
        return HttpResponse()

    VisitMiddleware(answer)(rf.get("/", REMOTE_ADDR="192.0.2.1", HTTP_USER_AGENT="A browser"))
    assert seen == [Visit("192.0.2.1", "A browser")]
    assert current_visit() is None


def test_a_failure_does_not_leave_the_visit_behind(rf):
    def fail(request: HttpRequest) -> HttpResponse:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        VisitMiddleware(fail)(rf.get("/"))
    assert current_visit() is None
