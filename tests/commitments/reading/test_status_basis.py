"""Why is this at risk? The sentences, from plain values and from what was really said."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.utils import timezone

from commitments.content.updates import UpdateContent
from commitments.reading import status_basis
from commitments.reading.partner_views import PartnerView
from commitments.reading.status_basis import Basis, sentences, title
from commitments.rules import status as words
from commitments.services.actions import complete_action, plan_action
from commitments.services.progress import change_status, confirm_update, submit_update
from commitments.services.update_approval import approve_update
from tests.factories import make_evidence, make_round, publish_update
from vcsportal.common.dates import in_words

TODAY = date(2026, 6, 20)
SAID = Basis(
    status=words.AT_RISK, today=TODAY, said_by="Olive Officer", said_on=date(2026, 5, 10), round="2025-26",
    approved_by="April Approver", approved_on=date(2026, 5, 12), reason="Two venues may close", remedy="Ask the library.",
    updated_on=date(2026, 5, 12), updated_for="2025-26",
)  # fmt: skip


@pytest.mark.parametrize("word", words.STATUSES)
def test_the_question_holds_the_very_word(word):
    assert title(word) == f"Why is this {word.label.lower()}?"


def test_where_nothing_was_said_it_says_so_and_counts_what_was_done():
    told = sentences(Basis(status=words.NO_UPDATE, today=TODAY, pieces=2))
    assert title(words.NO_UPDATE) == "Why is nothing known yet?"
    assert told[0].startswith("The council has not given an update on this commitment yet.")
    assert told[1:] == ["2 items of accepted evidence are published."]


def test_who_said_so_who_approved_it_and_why():
    told = sentences(SAID)
    assert told[:4] == [
        "Reported by Olive Officer in the update for 2025-26 on 10 May 2026; approved by April Approver on 12 May 2026.",
        "The reason given: Two venues may close.",
        "What will be done about it: Ask the library.",
        "The last update, for 2025-26, was approved 1 month ago.",
    ]


def test_a_confirmation_names_the_round_whose_words_they_are():
    told = sentences(replace(SAID, confirms="2024-25", approved_on=SAID.said_on))
    assert told[0] == (
        "Confirmed by Olive Officer for 2025-26 on 10 May 2026: still at risk, no change since 2024-25; "
        "approved by April Approver."
    )


def test_a_status_outside_a_rounds_update_says_so():
    told = sentences(replace(SAID, round="", approved_by="", updated_on=None, reason=""))
    assert told[0] == "Reported by Olive Officer on 10 May 2026, outside the updates of a round."
    assert "No reason was asked for or given." in told
    assert "There is no approved update for it." in told


def test_an_old_update_is_called_old():
    assert (
        "The last update, for 2023-24, was approved 2 years ago. No update has been approved for more than a year."
        in sentences(replace(SAID, updated_on=date(2024, 5, 1), updated_for="2023-24"))
    )


@pytest.mark.parametrize(
    ("pieces", "since", "sentence"),
    [
        (0, 0, "No accepted evidence has been published for it."),
        (1, 1, "1 item of accepted evidence is published, accepted since then."),
        (4, 0, "4 items of accepted evidence are published, none of them accepted since then."),
        (1204, 3, "1,204 items of accepted evidence are published, 3 of them accepted since then."),
    ],
)
def test_evidence_is_counted_in_all_and_since(pieces, since, sentence):
    assert sentence in sentences(replace(SAID, pieces=pieces, pieces_since=since))


def test_actions_targets_voices_and_silent_rounds_are_told():
    told = sentences(
        replace(
            SAID, actions_done=1, actions_late=2, actions_open=0, targets=("40 in 2025-26; the target was 50.",),
            voices=(PartnerView("Rowan Trust", "delayed", "x", True), PartnerView("Willow Circle", "at_risk", "x", False)),
            silent_rounds=("2026-27",),
        )
    )  # fmt: skip
    assert told[4:] == [
        "40 in 2025-26; the target was 50.",
        "No accepted evidence has been published for it.",
        "Of 3 planned actions, 1 is done and 2 are late.",
        "Rowan Trust sees it differently: delayed, not at risk.",
        "Willow Circle agrees: at risk.",
        "No update was received for 2026-27.",
    ]


def basis(client, commitment) -> Basis:
    return client.get(commitment.get_absolute_url()).context["basis"]


@pytest.mark.django_db
def test_the_page_answers_from_what_was_said(client, signed_in, officer, partner, commitment, open_round, now):
    today = timezone.localdate(now)
    make_evidence(partner, commitment, state="accepted", officer=officer, at=now - timedelta(days=9))
    make_evidence(partner, commitment, state="accepted", officer=officer, publishable=False)
    said = UpdateContent("at_risk", "No venue", "Ask around")
    publish_update(by=officer, at=now - timedelta(days=3), commitment=commitment, round_=open_round, content=said)
    make_evidence(partner, commitment, state="accepted", officer=officer, at=now)
    step = plan_action(by=officer, at=now, commitment=commitment, title="Find a hall", due_on=today)
    complete_action(by=officer, at=now, action=step, done_on=today)
    plan_action(by=officer, at=now, commitment=commitment, title="Paint it", due_on=today - timedelta(days=1))
    response = client.get(commitment.get_absolute_url())
    text = response.content.decode()
    assert "Why is this at risk?" in text
    day = in_words(today - timedelta(days=3))
    post = "Council officer, Oxfordshire County Council"
    said_so = f"in the update for {open_round.slug} on {day}"
    for sentence in (
        f"Reported by {post} {said_so}; approved by {post}.",
        "2 items of accepted evidence are published, 1 of them accepted since then.",
        "Of 2 planned actions, 1 is done and 1 is late.",
    ):
        assert sentence in response.context["why"]["sentences"], sentence
    assert "Up to date" in text
    inside = signed_in(officer).get(commitment.get_absolute_url()).context["why"]["sentences"]
    assert f"Reported by Olive Officer {said_so}; approved by April Approver." in inside


@pytest.mark.django_db
def test_a_status_changed_since_the_update_stands_alone(client, officer, commitment, open_round, now):
    publish_update(
        by=officer,
        at=now - timedelta(days=3),
        commitment=commitment,
        round_=open_round,
        content=UpdateContent("on_track", "Good"),
    )
    commitment.refresh_from_db()
    change_status(by=officer, at=now, commitment=commitment, to="delayed", reason="A flood", remedy="Move out")
    found = basis(client, commitment)
    assert (found.round, found.approved_by, found.updated_for) == ("", "", open_round.slug)
    assert "outside the updates of a round." in status_basis.sentences(found)[0]


@pytest.mark.django_db
def test_an_update_confirmed_unchanged_says_when_and_whose_words(
    client, signed_in, officer, administrator, strategy, commitment, open_round, now
):
    before = make_round(strategy, years_ago=1)
    year_ago = now - timedelta(days=365)
    publish_update(
        by=officer, at=year_ago, commitment=commitment, round_=before, content=UpdateContent("on_track", "Good")
    )
    update = confirm_update(by=officer, at=now, commitment=commitment, round_=open_round, version=None)
    approve_update(by=administrator, at=now, update=update)
    text = client.get(commitment.get_absolute_url()).content.decode()
    assert (
        text.count(f"Confirmed unchanged on {in_words(timezone.localdate(now))}; no change since {before.slug}.") == 2
    )
    confirmed = (
        f"for {open_round.slug} on {in_words(timezone.localdate(now))}: still on track, no change since {before.slug}"
    )
    assert f"Confirmed by Council officer, Oxfordshire County Council {confirmed}" in text
    assert f"Confirmed by Olive Officer {confirmed}" in signed_in(officer).get(commitment.get_absolute_url()).text


@pytest.mark.django_db
def test_answers_to_honesty_questions_are_for_the_councils_own_people(
    client, signed_in, officer, administrator, partner_lead, commitment, open_round, now
):
    question = {
        "code": "no_evidence",
        "question": "Nothing for a year. Is it on track?",
        "answer": "The forms are late.",
    }
    update = submit_update(
        by=officer, at=now, commitment=commitment, round_=open_round, content=UpdateContent("on_track", "Good"), version=None,
        answers=[question],
    )  # fmt: skip
    approve_update(by=administrator, at=now, update=update)
    for who, sees in ((officer, True), (administrator, True), (partner_lead, False)):
        assert ("The forms are late." in signed_in(who).get(commitment.get_absolute_url()).content.decode()) is sees
    assert "The forms are late." not in client.get(commitment.get_absolute_url()).content.decode()
