"""The parts of the load trial: when visitors come, what their times count from, and what is said of them."""

import os

import pytest

from tests.load.__main__ import phases
from tests.load.answers import Answer, fault_of, files_of, hidden_fields, refuse_other_hosts
from tests.load.hour import JOURNEYS, KIND, PEOPLE_SENDING, journeys_in
from tests.load.ledger import ACKNOWLEDGED, KEPT, REFUSED, UNKNOWN, outcome_of
from tests.load.machine import GROWTH_BOUND_MB, Memory, Watch
from tests.load.report import faults, percentile, rate_faults, times
from tests.load.running import Phase, Ran
from tests.load.schedule import Clock, arrivals


def test_visitors_are_spread_evenly_and_as_many_come_as_in_the_part_of_an_hour():
    found = arrivals({"reader": 4, "data": 2}, 8.0)
    assert [arrival.at for arrival in found if arrival.journey == "reader"] == [0.5, 2.5, 4.5, 6.5]
    assert [(arrival.at, arrival.number) for arrival in found if arrival.journey == "data"] == [(3.0, 0), (7.0, 1)]
    assert found == sorted(found)
    sending = {"photograph", "link", "program"}
    assert sum(journey.an_hour for journey in JOURNEYS if journey.code in sending) == PEOPLE_SENDING
    assert journeys_in(3600, times=1) == {journey.code: journey.an_hour for journey in JOURNEYS}
    assert journeys_in(360, times=10) == journeys_in(3600, times=1)
    assert set(journeys_in(1, times=1).values()) == {1}, "one of each comes at least"


def test_a_request_that_begins_late_counts_from_when_it_was_due():
    clock = Clock(100.0)
    assert clock.begins(103.0) == 100.0, "the visitor was let in late"
    assert clock.begins(104.0) == 104.0, "what follows at once is due at once"
    assert clock.pause(4.0) == 104.0
    assert clock.begins(109.0) == 104.0, "the answer before it was slow"
    assert clock.pause(4.0) == 108.0, "and the pauses do not move"
    assert clock.begins(108.0) == 108.0


def test_percentiles_are_of_the_values_themselves():
    values = [float(number) for number in range(1, 101)]
    assert [percentile(values, part) for part in (0.5, 0.95, 0.99)] == [50.0, 95.0, 99.0]
    assert percentile([7.0], 0.95) == 7.0
    assert percentile([1.0, 2.0], 0.95) == 2.0


@pytest.mark.parametrize(
    ("status", "text", "saved", "outcome"),
    [
        (302, "", True, ACKNOWLEDGED),
        (302, "to the page for signing in", False, REFUSED),
        (422, "Say what you did", False, REFUSED),
        (422, '<form action="/evidence/12/edit/" method="post">', False, KEPT),
        (429, "", False, REFUSED),
        (503, "your changes have not been saved yet", False, REFUSED),
        (503, "The portal can’t be reached at the moment.", False, UNKNOWN),
        (503, "What you sent may not have been saved.", False, UNKNOWN),
        (500, "", False, UNKNOWN),
        (0, "", False, UNKNOWN),
    ],
)
def test_what_an_answer_says_of_what_was_sent(status, text, saved, outcome):
    assert outcome_of(status, text, saved=saved) == outcome


def test_answers_that_were_not_wanted_are_errors_with_their_sentence():
    page = "<html><h1 class='l'>Sorry, <b>try</b> again</h1>"
    assert fault_of(Answer(503, page, ""), (200,), "", None) == "503: Sorry, try again"
    left_out = f'{page}<ul class="govuk-error-summary__list"><li><a href="#x">“hall.jpg” was left out.</a></li></ul>'
    assert fault_of(Answer(422, left_out, ""), (302,), "", None) == "422: “hall.jpg” was left out."
    assert fault_of(Answer(429, '{"detail": "Too often."}', ""), (200,), "", None) == "429: Too often."
    assert fault_of(Answer(0, "", ""), (200,), "", TimeoutError("30 s")) == "no answer: TimeoutError 30 s"
    sent = Answer(302, "", "/evidence/12/submit/")
    assert fault_of(sent, (302,), r"^/evidence/[0-9]+/submit/", None) == ""
    assert fault_of(sent, (302,), r"^/evidence/[0-9]+/$", None) == "302 leads to /evidence/N/submit/"


def test_a_form_is_sent_with_its_hidden_fields_and_a_page_with_its_files():
    page = """<link href="/static/a.css" rel="stylesheet"><link href="/feed/"><script src="/static/b.js?x=1&amp;y=2"></script>
    <script src="/static/b.js?x=1&amp;y=2"></script><input type="hidden" name="version" value="3"><input
    name="base" value="&quot;x&quot;" type="hidden"><input name="title" value="typed"><input type="hidden" value="no name">"""
    assert hidden_fields(page) == {"version": "3", "base": '"x"'}
    assert files_of(page) == ["/static/a.css", "/static/b.js?x=1&y=2"]


@pytest.mark.parametrize("address", ["http://127.0.0.1:8000", "http://localhost:8000", "http://[::1]:8000"])
def test_this_machine_is_put_under_load(address):
    refuse_other_hosts(address)


@pytest.mark.parametrize(
    "address", ["https://portal.example.org", "http://192.0.2.1:8000", "http://127.0.0.1.example.org/", ""]
)
def test_another_machine_is_not(address):
    with pytest.raises(SystemExit, match="is not this machine"):
        refuse_other_hosts(address)


def test_words_of_make_load():
    assert phases([]) == [Phase(1, 120), Phase(10, 120)]
    assert phases(["minutes=5", "times=10"]) == [Phase(10, 300)]
    assert phases(["soak"]) == [Phase(1, 600, soak=True)]
    assert phases(["soak", "times=3", "minutes=1"]) == [Phase(3, 60, soak=True)]


@pytest.mark.parametrize(
    "word", ["minutes=0", "minutes=31", "times=21", "times=nan", "minutes=many", "host=portal.example.org"]
)
def test_other_words_are_refused_with_a_sentence(word):
    with pytest.raises(SystemExit, match="Say: make load"):
        phases([word])


def _ran(*samples, soak=False, grown=()):
    phase = Phase(10, 1, soak=soak)
    watch = Watch(dict)
    for number, growth in enumerate(grown):
        watch.memory[number] = Memory("web", megabytes=[50.0, 90.0, 100.0, 100.0, 100.0 + growth, 100.0 + growth])
    came = [{"kind": "arrival", "journey": "data", "late": 0.0} for _ in range(sum(phase.counts.values()))]
    return Ran(phase, [*came, *samples, {"kind": "all left", "left_behind": 0}], watch)


def _requests(kind, *seconds, error=""):
    return [{"kind": kind, "ms": value * 1000, "error": error} for value in seconds]


def test_errors_slow_answers_and_growing_memory_are_named():
    bound = KIND["page"].bound_seconds
    assert faults(_ran(*_requests("page", *[bound] * 20))) == []
    assert faults(_ran(*_requests("page", *[0.1] * 95, *[9.0] * 5))) == [], "five of a hundred may be slower"
    assert faults(_ran(*_requests("page", *[0.1] * 94, *[9.0] * 6))) == [
        "page, not signed in: 95 of 100 within 9.00 s, which is more than 1 s."
    ]
    errors = _requests("save", 0.1, 0.2, error="503: Sorry")
    assert faults(_ran(*errors)) == ["2 × something saved: 503: Sorry"]
    assert times(errors)["save"].errors == 2
    assert faults(_ran({"kind": "fault", "error": "KeyError: 'url'"})) == ["The trial itself failed: KeyError: 'url'"]
    assert faults(_ran(soak=True, grown=[GROWTH_BOUND_MB])) == []
    assert faults(_ran(grown=[GROWTH_BOUND_MB + 1])) == [], "only a soak is long enough to tell"
    assert faults(_ran(soak=True, grown=[GROWTH_BOUND_MB + 1, 0])) == [
        f"A web process has grown by {GROWTH_BOUND_MB + 1:.1f} MB in the soak."
    ]


def test_a_rate_that_was_not_kept_is_named():
    phase, wanted = Phase(1, 1), sum(Phase(1, 1).counts.values())
    came = [{"kind": "arrival", "late": 0.01} for _ in range(wanted)]
    left = {"kind": "all left", "left_behind": 0}
    assert rate_faults(phase, [*came, left]) == []
    assert rate_faults(phase, [*came[1:], left]) == [f"{wanted - 1} visitors came, not {wanted}."]
    slow = [{"kind": "arrival", "late": 2.0} for _ in range(wanted)]
    assert rate_faults(phase, [*slow, left]) == ["The rate was not kept: 95 of 100 visitors came up to 2.00 s late."]
    soon = [{"kind": "arrival", "late": -1.0}, *came[1:]]
    assert rate_faults(phase, [*soon, left]) == ["The rate was not kept: a visitor came 1.00 s too soon."]
    assert rate_faults(phase, [*came, {"kind": "all left", "left_behind": 3}]) == [
        "3 visitors had no answer when the trial ended."
    ]
    assert rate_faults(phase, came) == ["Nobody knows how many visitors had no answer when the trial ended."]


def test_the_watch_sees_what_this_process_uses():
    with Watch(lambda: {os.getpid(): "web"}) as watch:
        sum(number * number for number in range(2_000_000))
    assert watch.spent["web"] > 0.02
    assert len(watch.memory[os.getpid()].megabytes) == 2
    assert watch.memory[os.getpid()].megabytes[0] > 10
    assert watch.memory[os.getpid()].growth == 0.0, "too few looks to tell"
