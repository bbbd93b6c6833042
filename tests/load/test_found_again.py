"""What was sent is looked for: each kind of loss is noticed, and nothing is said where all is well."""

from collections import Counter
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from commitments.files.uploads import check_upload
from commitments.models import Evidence, RoundTask
from commitments.services import evidence as evidence_services
from commitments.services.tasks import hand_task
from tests.factories import make_evidence_content
from tests.load.cast import Numbers, as_stored, write
from tests.load.found_again import email_faults, look
from tests.load.hour import MARK
from tests.load.ledger import ACKNOWLEDGED, KEPT, REFUSED, UNKNOWN, Write
from tests.load.photographs import take

TITLE = f"{MARK} by hand 1"


@pytest.fixture
def photographs(tmp_path):
    return [as_stored(file) for file in take(tmp_path / "photographs", 2, (320, 240))]


@pytest.fixture
def log(partner, commitment, now, photographs):
    """Logs an item with the first photograph, and returns it."""
    content = make_evidence_content(commitment, title=TITLE)
    file = check_upload("hall.jpg", Path(photographs[0]["file"]).read_bytes())
    added = [evidence_services.NewFile(file, "", False, "")]
    return partial(
        evidence_services.log_evidence, by=partner, at=now, organisation=partner.organisations[0], content=content, added=added
    )  # fmt: skip


@pytest.fixture
def draft(partner, commitment, charity):
    """The line of the ledger about that item."""
    content = make_evidence_content()
    told = {
        "story": content.story, "happened_from": content.happened_from.isoformat(), "publishable": "on",
        "commitments": commitment.key, "organisation": charity.slug, "person": partner.pk, "picture": 0,
    }  # fmt: skip
    return Write("draft", TITLE, ACKNOWLEDGED, 302, told)


def test_what_is_there_once_as_it_was_sent_is_right(log, draft, photographs, partner, now):
    evidence_services.submit_evidence(by=partner, at=now, evidence=log())
    found = look([draft, Write("submit", TITLE, ACKNOWLEDGED)], photographs)
    assert found.wrong == []
    assert found.counts["files read back"] == 2


def test_a_loss_a_double_and_what_nobody_was_told_of_are_noticed(log, draft, photographs):
    assert look([draft], photographs).wrong == [f"“{TITLE}” was acknowledged, and is there 0 times."]
    assert look([replace(draft, outcome=UNKNOWN)], photographs).wrong == []
    log()
    assert look([replace(draft, outcome=UNKNOWN)], photographs).wrong == []
    assert look([replace(draft, outcome=REFUSED, status=422)], photographs).wrong == [
        f"“{TITLE}” was refused with 422, and is there.",
        f"“{TITLE}” is there, and nobody was told so.",
    ]
    log()
    assert look([draft], photographs).wrong == [f"“{TITLE}” was acknowledged, and is there 2 times."]


def test_a_form_that_came_back_and_was_sent_again_is_there_once(log, draft, photographs):
    log()
    assert look([replace(draft, key=f"{TITLE} ", outcome=REFUSED), draft], photographs).wrong == []


def test_sending_counts_once_and_only_if_it_was_acknowledged(log, draft, photographs, partner, now):
    submit = Write("submit", TITLE, ACKNOWLEDGED)
    piece = log()
    assert look([draft, submit], photographs).wrong == [f"“{TITLE}” was sent 0 times, not 1."]
    evidence_services.submit_evidence(by=partner, at=now, evidence=piece)
    assert look([draft, submit, submit], photographs).wrong == [], "a button pressed twice"
    assert look([draft, replace(submit, outcome=UNKNOWN)], photographs).wrong == []
    assert look([draft, replace(submit, outcome=REFUSED)], photographs).wrong == [f"“{TITLE}” was sent 1 times, not 0."]


def test_other_words_another_photograph_and_a_damaged_file_are_noticed(log, draft, photographs):
    piece = log()
    other = replace(draft, sent=draft.sent | {"story": "Other words.", "picture": 1})
    words, picture = look([other], photographs).wrong
    assert words == f"“{TITLE}” has story 'We met **every week** in the hall.', not 'Other words.'."
    assert picture == f"The photograph of “{TITLE}” is not the one that was sent."
    file = piece.files.get()
    Path(file.print_content.path).write_bytes(b"half of it")
    Path(file.content.path).unlink()
    assert look([draft], photographs).wrong == [
        f"{name} of “{TITLE}” is missing or damaged." for name in (file.content.name, file.print_content.name)
    ]
    without = {name: value for name, value in draft.sent.items() if name != "picture"}
    assert look([replace(draft, sent=without)], photographs).wrong == [f"“{TITLE}” has 1 files that nobody sent."]


def test_a_draft_that_was_kept_without_its_photograph_is_there_without_it(log, draft, photographs):
    kept = replace(draft, outcome=KEPT, status=422)
    assert look([kept], photographs).wrong == [f"“{TITLE}” was kept as a draft, and is there 0 times."]
    log(added=[])
    assert look([kept], photographs).wrong == []
    assert look([replace(draft, outcome=UNKNOWN)], photographs).wrong == []
    assert look([draft], photographs).wrong == [f"“{TITLE}” was acknowledged, and has 0 photographs."]


def test_a_photograph_is_not_there_where_the_page_said_that_it_was_left_out(log, draft, photographs):
    log()
    assert look([replace(draft, outcome=KEPT)], photographs).wrong == [
        f"“{TITLE}” was kept as a draft, and has 1 photographs."
    ]


@pytest.fixture
def cast(strategy, open_round, now):
    """Two people who are reached by links, an officer, and two items that wait."""
    return write(Numbers(1, 2, 1, 1, 2, photographs=[], small=False), now)


def test_decisions_are_found_with_their_officer_and_reason(cast, officer, now):
    first, second = Evidence.objects.filter(pk__in=cast.to_decide).order_by("pk")
    accepted = Write("decide", str(first.pk), ACKNOWLEDGED, 302, {"decision": "accept", "person": officer.pk})
    sent = {"decision": "return", "reason": "Please say where.", "person": officer.pk}
    returned = Write("decide", str(second.pk), ACKNOWLEDGED, 302, sent)
    assert len(look([accepted], []).wrong) == 2, "it was not decided, and is still waiting"
    evidence_services.accept_evidence(by=officer, at=now, evidence=first)
    evidence_services.return_evidence(by=officer, at=now, evidence=second, reason="Please say where.")
    assert look([accepted, returned], []).wrong == []
    assert look([accepted, replace(returned, outcome=REFUSED)], []).wrong == [
        f"The decision on “{second.title}” was refused, and was made.",
        f"“{second.title}” is returned, and nobody decided on it.",
    ]
    for other in ({"reason": "Other words."}, {"person": 0}):
        assert look([accepted, replace(returned, sent=sent | other)], []).wrong == [
            f"“{second.title}” has another officer’s name or another reason than was sent."
        ]


def test_tasks_are_found_handed_on_once(cast, now):
    task = RoundTask.objects.get(person=cast.links[0]["person"])
    write = Write("hand on", str(task.person_id), ACKNOWLEDGED, 302, {"why": "I am away, 0."})
    assert look([write], []).wrong == [
        f"The task of person {task.person_id} was handed on 0 times, not once.",
        f"The task of person {task.person_id} has another reason.",
    ]
    assert look([replace(write, outcome=REFUSED)], []).wrong == []
    hand_task(by=task.person, at=now, task=task, to=None, why="By the link in an email: I am away, 0.")
    assert look([write], []).wrong == []
    assert look([replace(write, outcome=REFUSED)], []).wrong == [
        f"Handing on the task of person {task.person_id} was refused, and was done."
    ]


def test_emails_that_were_doubled_lost_or_refused_are_noticed():
    outbox = {"states": {"sent": 2, "waiting": 1, "dropped": 1}, "sent": ["<1>", "<2>"]}
    assert email_faults(outbox, Counter(["<1>", "<2>", "<written anew>"])) == []
    assert email_faults(outbox, Counter(["<1>", "<1>", "<2>"])) == ["The email <1> came 2 times."]
    assert email_faults(outbox, Counter(["<1>"])) == ["The email <2> is recorded as sent, and did not come."]
    assert email_faults({"states": {"refused": 3}, "sent": []}, Counter()) == ["3 emails are refused."]
