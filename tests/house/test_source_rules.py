"""Two rules for every module but those named here: nobody asks what time it is, and nobody changes rows outside a service.

The rules are written as "all but", so that a new package is looked at by itself. Each is first shown texts that break it.
"""

from collections.abc import Callable, Collection
from typing import Final

import pytest

from tests.house.source_rules import ROOT, Breach, clock_reads, is_in, module_paths, package_paths, write_calls

DOORS: Final = frozenset({"views", "people_views", "api", "tasks", "management", "page_parts", "local", "demo"})
"""Where a request, a job or a command comes in: here the clock is read, once, and passed on as ``at`` or ``today``."""

READS_THE_CLOCK: Final[dict[str, str]] = {
    "vcsportal/api_tokens.py": "where requests with a token come in",
    "vcsportal/idempotency.py": "where repeated requests come in",
    "vcsportal/api_versions.py": "a door's decorator: what is public depends on the day",
    "vcsportal/common/dates.py": "a form field: people write days without a year, which are read from today",
    "vcsportal/common/rate_limits.py": "counts what was asked for within a minute",
    "vcsportal/development_email.py": "names the file of an email by the moment it was written",
    "vcsportal/health.py": "a door: /readyz",
    "vcsportal/pages.py": "a door: security.txt, which has to name a day in the future",
    "vcsportal/refusals.py": "middleware: the moment of a refusal",
    "vcsportal/session_page.py": "a door: how long a session lasts from now",
    "vcsportal/worker_health.py": "writes and reads signs of life",
    "reporting/production/edition_files.py": "the age of a file on the disk",
    "reporting/services/stored_files.py": "the age of a file on the disk",
    "reporting/templatetags/writing_tags.py": 'a template\'s "today" and "yesterday"',
    "commitments/files/stored.py": "the age of a file on the disk",
    "commitments/filters/case_studies.py": "a filter of page and API: what may be read depends on the day",
    "commitments/filters/evidence.py": 'a filter of page and API: "in the last year"',
    "commitments/forms/consents.py": "a form: the day of a consent is not in the future",
    "commitments/forms/evidence.py": "a form: what is logged has happened",
    "commitments/forms/evidence_steps.py": "a form: what is logged has happened",
    "commitments/templatetags/commitments_tags.py": "a template's word for a day that has passed",
    "partners/emails/codes.py": "asked once for an email that is sent at once",
    "partners/sign_in/demo_code.py": "the demo's authenticator code of this half minute",
    "partners/sign_in/authentication_records.py": "when a sign-in was last confirmed",
    "partners/sign_in/provider.py": "whether the provider's own sign-in is recent",
    "partners/sign_in/second_step_guard.py": "middleware: the moment of the request",
    "partners/emails/sending.py": "the thread that sends in the background",
    "partners/sessions/limits.py": "middleware: how long a session was unused",
    "partners/sessions/engine.py": "how long a session was unused",
    "partners/sign_in/events.py": "allauth's signals bring no moment",
}
"""Other modules that read it, and why. What is named here and no longer does so is found as well."""

WRITERS: Final = frozenset({"services", "production", "outbox", "demo"})
"""Rooms whose work it is to change rows. The outbox keeps the state of emails; production that of an edition being made."""

WRITES: Final[dict[str, set[str]]] = {
    "vcsportal/backup/tables.py": {"cursor.execute"},  # a restore fills empty tables
    "vcsportal/common/stored_files.py": {"super().delete"},  # a file
    "vcsportal/worker_health.py": {"steps.delete"},  # a key of the queue's server
    "reporting/paper/docx.py": {"document.save"},  # a Word file in memory
    "reporting/rendering/chapters.py": {"links.update"},  # the link to a progress update
    "commitments/files/drawing.py": {"picture.save"},  # a photograph in memory
    "commitments/workbooks/exchange.py": {  # the kind's own service; what was refused and saved, in memory
        "self.shown.kind.save",
        "saving.save",
        "self.save",
        "refused.update",
        "part.refused.update",
        "part.saved.update",
    },
    "vcsportal/common/saving_together.py": {  # what services hand over; what they hold, in memory
        "entry.save",
        "kind._default_manager.bulk_create",
        "together.known.update",
    },
    "vcsportal/board_png.py": {"small.save"},  # a picture of the board in memory
    "partners/emails/bounces.py": {"mail.save"},  # the state of an email, as the outbox keeps it
    "partners/emails/sending.py": {"_rows(mail).update", "rows.update"},  # the same
    "partners/models/people.py": {"user.save"},  # the manager's create_user, which Django's own commands call
    "partners/security/events.py": {"event.save"},  # the one function that records an event, which services call
    "partners/sessions/ending.py": {  # the sessions' own table; allauth's adapter, below the services, removes them too
        "Session.objects.filter(pk=session.session_key).update",
        "person.sessions.exclude(session_key=keep or '').delete",
    },
    "partners/sign_in/adapter.py": {"qrcode.make(url, image_factory=SvgPathFillImage).save"},  # a picture in memory
}
"""Calls elsewhere that change a row, or only look like it."""


def breaches(rule: Callable[[str], list[Breach]], *, rooms: Collection[str]) -> tuple[dict[str, set[str]], set[str]]:
    """Return what breaks the rule outside the rooms, by module, and the packages that were looked at or left out on purpose."""
    found: dict[str, set[str]] = {}
    seen = set()
    for path in module_paths():
        seen.add(str(path.parent))
        if not is_in(path, rooms) and (broken := rule((ROOT / path).read_text())):
            found[str(path)] = {breach.code for breach in broken}
    return found, seen


def test_only_doors_read_the_clock():
    """Dates are passed in: rules, tables, services and the report never ask what time it is."""
    found, seen = breaches(clock_reads, rooms=DOORS)
    assert seen == package_paths()
    assert {path: codes for path, codes in found.items() if path not in READS_THE_CLOCK} == {}
    assert READS_THE_CLOCK.keys() - found.keys() == set(), "no longer an exception"


def test_only_services_change_rows():
    found, seen = breaches(write_calls, rooms=WRITERS)
    assert seen == package_paths()
    assert {
        path: codes - WRITES.get(path, set()) for path, codes in found.items() if codes - WRITES.get(path, set())
    } == {}
    assert {
        path: codes - found.get(path, set()) for path, codes in WRITES.items() if codes - found.get(path, set())
    } == {}


@pytest.mark.parametrize("rooms", [DOORS, WRITERS])
def test_every_room_that_is_left_out_exists(rooms):
    assert {room for room in rooms if not any(is_in(path, {room}) for path in module_paths())} == set()


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("from django.utils import timezone\ndef f():\n    return timezone.now()", "timezone.now"),
        ("from django.utils.timezone import now\ndef f():\n    return now()", "now"),
        ("from django.utils import timezone as tz\nDAY = tz.localdate()", "tz.localdate"),
        ("import django.utils.timezone\nx = django.utils.timezone.now()", "django.utils.timezone.now"),
        ("from datetime import date\ndef f():\n    return date.today()", "date.today"),
        ("import datetime\ndef f():\n    return datetime.datetime.now(tz=None)", "datetime.datetime.now"),
        ("from django.utils import timezone\nfield(default=timezone.now)", "timezone.now"),
        ("def f():\n    from django.utils import timezone\n    return timezone.localtime()", "timezone.localtime"),
        ("import time\nx = time.time()", "time.time"),
        ("from vcsportal.common import clock\nx = clock.now()", "clock.now"),
    ],
)
def test_a_look_at_the_clock_is_found_by_whatever_name(text, code):
    assert [breach.code for breach in clock_reads(text)] == [code]


@pytest.mark.parametrize(
    "text",
    [
        "from django.utils import timezone\ndef f(at):\n    return timezone.localtime(at), timezone.localdate(at)",
        "import time\nx = time.monotonic()",
        "def f(now):\n    return now()",
        "from datetime import datetime\nx = datetime.combine(day, hour)",
    ],
)
def test_converting_a_moment_is_no_look_at_the_clock(text):
    assert clock_reads(text) == []


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("def view(piece):\n    piece.state = 'accepted'\n    piece.save()", "piece.save"),
        ("piece.links.all().delete()", "piece.links.all().delete"),
        ("HistoryEntry(thing=thing).save()", "HistoryEntry(thing=thing).save"),
        ("Evidence.objects.filter(pk=1).update(state='x')", "Evidence.objects.filter(pk=1).update"),
        ("person.grants.create(role='x')", "person.grants.create"),
        ("rows.bulk_create([])", "rows.bulk_create"),
        ("async def view(piece):\n    await piece.asave()", "piece.asave"),
        ("def view(found):\n    found.update(state='x')", "found.update"),
        ("names = {}\ndef view(rows):\n    for names in rows:\n        names.delete()", "names.delete"),
        ("def view(pk):\n    names = set()\n    names = Evidence.objects.all()\n    names.delete()", "names.delete"),
        ("def one():\n    rows = {}\ndef two(rows):\n    rows.update(state='x')", "rows.update"),
        ("class F(ModelForm):\n    def clean(self):\n        self.instance.save()", "self.instance.save"),
        ("form.save()", "form.save"),
        ("cursor.execute('UPDATE commitments_evidence SET state = %s', [x])", "cursor.execute"),
        ("cursor.execute(f'  delete from {table}')", "cursor.execute"),
        ("from vcsportal.common.changing_many import change_many\nchange_many(rows, ['name'])", "change_many"),
        ("from vcsportal.common.saving_together import write_entry as note\nnote(entry)", "note"),
    ],
)
def test_a_write_is_found_on_whatever_it_is_called(text, code):
    assert [breach.code for breach in write_calls(text)] == [code]


@pytest.mark.parametrize(
    "text",
    [
        "def f():\n    names = set()\n    names.update([1])",
        "def f(**values):\n    values.update(a=1)",
        "def f(context: dict[str, int]):\n    context.update(a=1)",
        "found: dict[str, int] = {}\nfound.update(a=1)",
        "from hashlib import sha256\ndef f():\n    digest, size = sha256(), 0\n    digest.update(b'')",
        "class A:\n    def __init__(self):\n        self.sums = {}\n    def add(self):\n        self.sums.update(a=1)",
        "def f(self):\n    self.widget.attrs.update(rows=1)",
        "def f(box, layout):\n    layout.__dict__.update(box.__dict__)",
        "from django.core.cache import cache\ncache.delete('key')",
        "cursor.execute('SELECT 1')",
    ],
)
def test_a_dictionary_a_set_a_digest_and_the_cache_are_no_rows(text):
    assert write_calls(text) == []
