"""The page of an edition in the making: how far it is, when it is silent, stopping it, and a spinner that always ends."""

import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect

from reporting.formats import FORMATS
from reporting.models import Edition
from reporting.production import failures
from reporting.reading.progress import progress
from tests import factories
from tests.reporting.conftest import Workers, assert_whole, point_to_queue, wait_for
from tests.stack import ROOT, free_port
from vcsportal.common.processes import dies_with_us

POLLS = re.compile(r'hx-get="[^"]+/progress/"')


@pytest.fixture
def no_queue(queue):
    """Rows wait; nothing is made behind the test's back."""
    point_to_queue(broker_url="redis://127.0.0.1:1/0")


def make(year, state: str, **more: Any) -> Edition:
    return factories.make_edition(round_=year.round, by=year.officer, state=state, **more)


def text(answer) -> str:
    return " ".join(answer.content.decode().split())


@pytest.mark.django_db
class TestPage:
    def test_every_file_is_counted_and_named_as_it_is_written(self, year, now):
        for done, face in enumerate(FORMATS):
            found = progress(
                Edition(state="running", stage="writing", done=done, total=len(FORMATS), lease_until=now), at=now
            )
            assert (found.words, found.done, found.total) == (f"Writing “{face.label}”", done, len(FORMATS))
        over = progress(Edition(state="running", stage="writing", done=len(FORMATS), lease_until=now), at=now)
        assert over.words == "Saving the finished files"

    @pytest.mark.parametrize(
        ("ago", "words"), [(60, "a minute"), (300, "5 minutes"), (7300, "2 hours"), (90000, "25 hours")]
    )
    def test_a_worker_that_is_silent_is_told_of(self, year, now, signed_in, officer, settings, ago, words):
        lease = timedelta(seconds=ago - settings.REPORT_LEASE_SECONDS)
        edition = make(year, "running", stage="drawing", done=3, total=9, attempts=1, lease_until=now - lease)
        found = progress(edition, at=now)
        if ago > settings.REPORT_LEASE_SECONDS:
            assert found.note == f"There has been no progress for {words}. The portal will try again by itself."
        else:
            assert found.note == "", "its lease still holds"
        assert found.under_way

    def test_one_that_is_spent_shows_its_sentence_where_nobody_sweeps(self, year, now, signed_in, officer, no_queue):
        edition = make(
            year, "running", stage="drawing", done=3, total=9, attempts=3, lease_until=now - timedelta(minutes=9)
        )
        client = signed_in(officer)
        for end in ("", "progress/"):
            page = text(client.get(f"{edition.get_absolute_url()}{end}"))
            assert failures.spent(3) in page
            assert not POLLS.search(page)
            assert "<progress" not in page
            assert 'http-equiv="refresh"' not in page
            assert "Cancel" not in page
        assert "Try again" in page
        assert Edition.objects.get().state == "running", "who reads does not write"
        client.post(reverse("reporting:edition-retry", args=[edition.pk]))
        again = Edition.objects.get()
        assert (again.state, again.attempts_allowed) == ("queued", 6)

    def test_one_that_nobody_takes_says_why_that_may_be(self, year, now):
        edition = make(
            year, "queued", at=now - timedelta(minutes=7), sent_at=now - timedelta(minutes=1)
        )  # fmt: skip
        assert progress(edition, at=now).note.startswith("It has waited for 7 minutes.")
        assert progress(edition, at=now - timedelta(minutes=6)).note == ""

    @pytest.mark.parametrize("state", ["ready", "failed", "cancelled"])
    def test_what_is_over_is_not_asked_for_again(self, year, now, signed_in, officer, state):
        more = {"cancelled_at": now, "cancelled_by": officer} if state == "cancelled" else {}
        edition = make(year, state, error="It is broken." if state == "failed" else "", **more)
        client = signed_in(officer)
        for end in ("", "progress/"):
            page = text(client.get(f"{edition.get_absolute_url()}{end}"))
            assert not POLLS.search(page)
            assert "<progress" not in page
            assert 'http-equiv="refresh"' not in page

    def test_without_javascript_the_page_loads_itself_again(self, year, signed_in, officer):
        edition = make(year, "running", attempts=1)
        page = text(signed_in(officer).get(edition.get_absolute_url()))
        assert '<noscript><meta http-equiv="refresh" content="2"></noscript>' in page
        assert POLLS.search(page)


@pytest.mark.django_db(transaction=True)
class TestStopping:
    def test_a_button_stops_it_and_its_page_says_who_did(self, year, signed_in, officer, steering_member, no_queue):
        edition = make(year, "running", stage="drawing", done=3, total=9, attempts=1)
        client = signed_in(steering_member)
        assert "Cancel" in text(client.get(edition.get_absolute_url()))
        address = reverse("reporting:edition-cancel", args=[edition.pk])
        assert client.get(address).status_code == 405
        page = text(client.post(address, follow=True))
        assert "Sam Steering cancelled it before it was made." in page
        assert "Request another one" in page
        assert "Download" not in page
        edition.refresh_from_db()
        assert (edition.state, edition.cancelled_by) == ("cancelled", steering_member)
        assert_whole(edition)
        assert "Sam Steering cancelled it" in text(client.post(address, follow=True)), "twice is once"
        answer = signed_in(officer).post("/reports/request/", {"round": year.round.pk})
        assert answer["Location"] == Edition.objects.get(number=2).get_absolute_url()

    def test_a_button_that_is_pressed_too_late_shows_what_came_of_it(self, year, signed_in, officer):
        edition = make(year, "ready")
        page = text(signed_in(officer).post(reverse("reporting:edition-cancel", args=[edition.pk]), follow=True))
        assert "there is nothing to cancel" in page
        assert "Download" in page
        assert Edition.objects.get().state == "ready"

    def test_strangers_stop_nothing(self, year, signed_in, partner, client):
        edition = make(year, "running", attempts=1)
        address = reverse("reporting:edition-cancel", args=[edition.pk])
        assert signed_in(partner).post(address).status_code == 404
        assert client.post(address).status_code == 302
        assert Edition.objects.get().state == "running"


class Web:
    """A web server on the test's own database, to stop and to start again at the same address."""

    def __init__(self, workers: Workers) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._env = workers.environment() | {"PORTAL_URL": self.url, "DEBUG": "1"}
        self._log = workers.folder / "web.log"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        words = [sys.executable, "-m", "gunicorn", "vcsportal.wsgi", "--bind", f"127.0.0.1:{self.port}"]
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [*words, "--threads", "2"],
                cwd=ROOT,
                env=self._env,
                stdout=log,
                stderr=log,
                preexec_fn=dies_with_us(signal.SIGKILL),
            )
        wait_for(lambda: "Listening at" in self._log.read_text(), seconds=30)

    def stop(self) -> None:
        if self._process:
            self._process.terminate()
            self._process.wait(20)


@pytest.fixture
def web(workers) -> Iterator[Web]:
    found = Web(workers)
    found.start()
    yield found
    found.stop()


def look(browser: Browser, web: Web, client: Client, *, javascript: bool = True) -> Page:
    """A window of somebody who is signed in."""
    context = browser.new_context(base_url=web.url, java_script_enabled=javascript)
    context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": web.url}])
    return context.new_page()


@pytest.mark.django_db(transaction=True)
class TestBrowser:
    def test_it_goes_on_when_the_web_server_was_away_and_stops_when_it_is_over(
        self, year, officer, signed_in, web, browser
    ):
        edition = make(year, "running", stage="drawing", done=3, total=9, attempts=1)
        page = look(browser, web, signed_in(officer))
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.goto(edition.get_absolute_url())
        words = page.get_by_role("status").filter(has_text="Drawing the pages")
        expect(words).to_contain_text("3 of 9")
        stop = page.get_by_role("button", name="Cancel")
        stop.focus()
        Edition.objects.update(done=4)
        expect(words).to_contain_text("4 of 9", timeout=10_000)
        expect(stop).to_be_focused()  # what is told anew takes nothing out of anybody's hands
        web.stop()
        page.wait_for_timeout(2500)
        Edition.objects.update(stage="drawing", done=7)
        web.start()
        expect(words).to_contain_text("7 of 9", timeout=20_000)
        Edition.objects.update(state="failed", error="The disk is full.")
        expect(page.get_by_text("The disk is full.")).to_be_visible(timeout=10_000)
        expect(page.get_by_role("button", name="Try again")).to_be_visible()
        page.wait_for_timeout(500)
        asked.clear()
        page.wait_for_timeout(2500)
        assert asked == []
        page.context.close()

    def test_without_javascript_the_page_follows_too_and_can_be_stopped(self, year, officer, signed_in, web, browser):
        edition = make(year, "running", stage="drawing", done=3, total=9, attempts=1)
        page = look(browser, web, signed_in(officer), javascript=False)
        page.goto(edition.get_absolute_url())
        expect(page.get_by_text("3 of 9")).to_be_visible()
        Edition.objects.update(done=8)
        expect(page.get_by_text("8 of 9")).to_be_visible(timeout=15_000)
        page.get_by_role("button", name="Cancel").click()
        expect(page.get_by_text("Olive Officer cancelled it")).to_be_visible(timeout=15_000)
        edition.refresh_from_db()
        assert edition.state == "cancelled"
        page.context.close()
