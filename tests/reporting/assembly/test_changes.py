"""What changed: between any two days from the history, and since last year from what the report itself holds."""

import json
import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.timezone import localdate

from commitments.content.updates import UpdateContent
from commitments.models import HistoryEntry
from commitments.services.actions import complete_action, plan_action
from commitments.services.delivery import set_partners
from commitments.services.evidence import withdraw_evidence
from commitments.services.progress import change_status
from commitments.services.update_approval import return_update
from reporting import assembly
from reporting.facts import AmendedFacts, ChangesFacts, MovedFacts, ProductionDetails, SlippedFacts, from_json, to_json
from reporting.narrative import change_sentences, sentences
from tests.factories import (
    make_edition,
    make_evidence,
    make_organisation,
    make_person,
    make_round,
    make_strategy,
    publish_update,
)
from tests.reporting.year import make_year
from vcsportal.common.dates import in_words

RISK: Any = {"to": "at_risk", "reason": "The hall closes.", "remedy": "We ask the school."}


def days(now, *, back=10):
    return {"since": localdate(now) - timedelta(days=back), "until": localdate(now)}


def ask(client, strategy, **when):
    return client.get(reverse("reporting:changes", args=[strategy.slug]), when)


def words_of(response):
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


@pytest.mark.django_db
def test_a_status_that_moved_is_told_with_its_way_and_reason(strategy, commitment, officer, now):
    change_status(by=officer, at=now - timedelta(days=40), commitment=commitment, to="on_track", reason="Begun.")
    change_status(by=officer, at=now - timedelta(days=3), commitment=commitment, **RISK)
    late: Any = {"to": "delayed", "reason": "It stands still.", "remedy": "A new hall."}
    change_status(by=officer, at=now - timedelta(days=2), commitment=commitment, **late)
    [moved] = assembly.between(strategy, **days(now)).moved
    assert moved.on is not None
    assert (moved.reference, moved.was, moved.now, moved.reason, moved.via) == (
        "1.1", "on_track", "delayed", "It stands still.", ("at_risk",),
    )  # fmt: skip
    found = assembly.between(strategy, **days(now))
    assert change_sentences.sentences(found)[:2] == [
        "One commitment changed status.",
        f"1.1 Thing 1.1 went from On track to Delayed, by way of At risk on {in_words(moved.on)}. "
        "The reason given: It stands still.",
    ]


@pytest.mark.django_db
def test_the_first_day_is_not_counted_and_the_last_is(strategy, commitment, officer, now):
    change_status(by=officer, at=now, commitment=commitment, to="on_track", reason="Begun.")
    today = localdate(now)
    day = timedelta(days=1)
    assert assembly.between(strategy, since=today - day, until=today).moved
    assert not assembly.between(strategy, since=today, until=today + day).moved
    assert not assembly.between(strategy, since=today - 9 * day, until=today - day).moved


@pytest.mark.django_db
def test_a_first_word_is_not_called_a_move(strategy, commitment, officer, now):
    change_status(by=officer, at=now, commitment=commitment, to="on_track", reason="Begun.")
    found = assembly.between(strategy, **days(now))
    assert change_sentences.headline(found) == (
        "One commitment had its first update. 3 of 4 commitments had no update: 1.2, 2.1 and 2.2."
    )


@pytest.mark.django_db
def test_silence_is_named_and_is_never_a_status_or_a_nought(strategy, open_round, commitment, officer, now):
    said = UpdateContent("on_track", "Begun.")
    update = publish_update(by=officer, at=now, commitment=commitment, round_=open_round, content=said)
    found = assembly.between(strategy, **days(now))
    assert (found.silent, found.spoken, found.commitments) == (("1.2", "2.1", "2.2"), 1, 4)
    return_update(by=make_person("administrator"), at=now, update=update, reason="Say why.")
    assert assembly.between(strategy, **days(now)).spoken == 0, "what is not approved any more is not public"
    told = " ".join(change_sentences.sentences(found))
    assert not re.search(r"\b0\b|not started|zero", told, re.I)


@pytest.mark.django_db
def test_what_is_closed_owes_no_word(strategy, commitment, officer, now):
    change_status(by=officer, at=now - timedelta(days=60), commitment=commitment, to="closed", reason="It ended.")
    assert "1.1" not in assembly.between(strategy, **days(now)).silent


@pytest.mark.django_db
def test_actions_slip_and_are_done(strategy, commitment, officer, now):
    today = localdate(now)

    def action(title, due, done=None):
        one = plan_action(by=officer, at=now, commitment=commitment, title=title, due_on=today - timedelta(days=due))
        if done is not None:
            complete_action(by=officer, at=now, action=one, done_on=today - timedelta(days=done))

    action("slipped and open", 3)
    action("slipped, done late", 8, 2)
    action("in time", 4, 5)
    action("long ago", 50)
    action("due today", 0)
    action("to come", -5)
    found = assembly.between(strategy, **days(now))
    assert [(one.title, one.done_on) for one in found.slipped] == [
        ("slipped, done late", today - timedelta(days=2)), ("slipped and open", None),
    ]  # fmt: skip
    assert [one.title for one in found.done] == ["slipped, done late", "in time"]
    assert [one.title for one in found.overdue] == ["long ago"]
    early = assembly.between(strategy, since=today - timedelta(days=10), until=today - timedelta(days=4), as_at=today)
    assert [(one.title, one.done_on, one.done_since) for one in early.slipped] == [
        ("slipped, done late", None, today - timedelta(days=2))
    ]
    assert (
        f"Two actions were not done by the date they were due; 1 was done later and 1 was still not done on {in_words(today)}."
        in change_sentences.sentences(found)
    )
    began = in_words(found.since + timedelta(days=1))
    assert (
        f"One action that was due before {began} was still not done on {in_words(today)}."
        in change_sentences.sentences(found)
    )
    assert (
        f"One action that was due before {in_words(early.since + timedelta(days=1))} was not done by "
        f"{in_words(early.until)}; it was still not done on {in_words(today)}."
    ) in change_sentences.sentences(early), "two days, so both are named"
    assert (
        f"not done by {in_words(today - timedelta(days=4))}; done since, on {in_words(today - timedelta(days=2))}."
        in (" ".join(change_sentences.sentences(early)))
    )


@pytest.mark.django_db
def test_the_council_s_own_evidence_counts_and_the_council_is_named(strategy, commitment, officer, partner, now):
    make_evidence(partner, commitment, state="accepted", officer=officer)
    assert assembly.between(strategy, **days(now)).owner == ""
    lead = make_person("partner_lead", strategy.owner)
    make_evidence(lead, commitment, state="accepted", officer=officer)
    found = assembly.between(strategy, **days(now))
    name = strategy.owner.name
    assert (found.pieces, found.organisations, found.owner) == (2, 2, name)
    assert name not in found.partners, "it is no partner of its own"
    assert (
        f"Two items of evidence from two organisations, {name} among them, were accepted."
        in change_sentences.sentences(found)
    )


@pytest.mark.django_db
def test_an_action_becomes_late_in_one_time_and_in_no_other(strategy, commitment, officer, now):
    """Whatever days somebody chooses, times that follow one another tell it once."""
    today = localdate(now)
    due = today - timedelta(days=5)
    plan_action(by=officer, at=now, commitment=commitment, title="Ask", due_on=due)

    def told(since, until):
        found = assembly.between(strategy, since=today - timedelta(days=since), until=today - timedelta(days=until))
        return len(found.slipped), len(found.overdue)

    assert told(9, 5) == (0, 0), "it may still be done on the day on which it is due"
    assert told(9, 4) == (1, 0)
    assert told(5, 4) == (1, 0)
    assert told(5, 0) == (1, 0)
    assert told(4, 0) == (0, 1), "it was late before, and still is"
    counts = [told(days, days - 1)[0] for days in range(9, 0, -1)]
    assert sum(counts) == 1


@pytest.mark.django_db
def test_a_partner_is_new_when_it_first_takes_part(strategy, commitment, officer, partner, outsider, now):
    before = now - timedelta(days=90)
    make_evidence(partner, commitment, state="accepted", officer=officer, at=before, happened_from=localdate(before))
    make_evidence(partner, commitment, state="accepted", officer=officer)
    make_evidence(outsider, commitment, state="accepted", officer=officer, publishable=False)
    gone = make_evidence(outsider, commitment, state="accepted", officer=officer)
    withdraw_evidence(by=outsider, at=now, evidence=gone)
    named = make_organisation("Zinnia Street Singers")
    set_partners(by=officer, at=now, commitment=commitment, partners=[(named, "delivers")])
    found = assembly.between(strategy, **days(now))
    assert found.partners == ("Zinnia Street Singers",)
    assert (found.pieces, found.organisations) == (1, 1)
    make_evidence(outsider, commitment, state="accepted", officer=officer)
    assert assembly.between(strategy, **days(now)).partners == ("Willow Circle", "Zinnia Street Singers")
    set_partners(by=officer, at=now, commitment=commitment, partners=[(named, "funds")])
    assert not assembly.between(strategy, since=localdate(now), until=localdate(now) + timedelta(days=9)).partners


@pytest.mark.django_db
def test_a_wording_that_was_amended_is_told_with_its_old_and_new_words(strategy, commitment, now):
    def amend(was, now_, at):
        said = {"strategy": strategy.slug, "was": {"wording": was}, "now": {"wording": now_}}
        HistoryEntry.objects.create(at=at, by=None, act="amend", commitment=commitment, said=said)

    amend("Do it.", "Do it soon.", now - timedelta(days=5))
    amend("Do it soon.", "Do it well.", now)
    assert assembly.between(strategy, **days(now)).amended == (
        AmendedFacts("1.1", "Do it.", "Do it well.", localdate(now)),
    )
    amend("Do it well.", "Do it.", now)
    assert not assembly.between(strategy, **days(now)).amended, "it says what it said"


@pytest.mark.django_db
def test_the_year_is_compared_with_the_report_s_own_standings(year, now):
    """Whatever happened since, and whatever the history says, a report does not contradict itself."""
    commitment = year.strategy.commitments.get(reference="1.2")
    change_status(by=year.officer, at=now, commitment=commitment, to="closed", reason="It has ended since.")
    report = assembly.assemble(round_=year.round, making=ProductionDetails(at=now))
    told = report.changes
    assert told is not None
    assert (told.against, told.since, told.until) == (
        year.rounds[0].slug, year.rounds[0].observes_to, year.round.observes_to,
    )  # fmt: skip
    by_reference = {one.reference: one for one in report.commitments()}
    both = {one.commitment.reference: (one.was.code, one.now.code) for one in sentences.changes(report)}
    assert both
    assert {one.reference: (one.was, one.now) for one in told.moved if one.was} == both
    assert all(one.now == by_reference[one.reference].status for one in told.moved)
    assert all(one.reason == by_reference[one.reference].reason for one in told.moved)
    assert told.silent == tuple(one.reference for one in report.commitments() if not one.status)
    assert "closed" not in {one.now for one in told.moved}
    assert from_json(json.loads(json.dumps(to_json(report)))) == report
    assert assembly.assemble(round_=year.rounds[0], making=ProductionDetails(at=now)).changes is None


@pytest.mark.django_db
def test_an_action_that_is_due_after_the_report_was_made_has_not_slipped(strategy, commitment, officer, now):
    make_round(strategy, years_ago=1)
    running = make_round(strategy)
    today = localdate(now)
    running.observes_to, running.closes_on, running.grace_until = (today + timedelta(days=n) for n in (60, 90, 97))
    running.save()
    plan_action(by=officer, at=now, commitment=commitment, title="Soon", due_on=today + timedelta(days=30))
    report = assembly.assemble(round_=running, making=ProductionDetails(at=now))
    assert report.changes is not None
    assert not report.changes.slipped
    assert not report.commitments()[0].actions[0].slipped


@pytest.mark.django_db
def test_questions_do_not_grow_with_what_changed(council, client):
    asked = {}
    for number, shape in enumerate([(1,), (8, 5, 6), (30,) * 4]):
        year = make_year(shape=shape, pieces=sum(shape) // 2 + 1, years=2, council=council, slug=f"c{number}")
        begins = date(localdate().year - 3, 1, 1)
        with CaptureQueriesContext(connection) as queries:
            found = assembly.between(year.strategy, since=begins, until=localdate())
        assert found.commitments == sum(shape)
        with CaptureQueriesContext(connection) as page:
            assert ask(client, year.strategy, **{"from": begins}).status_code == 200
        asked[number] = (len(queries), len(page))
    assert len(set(asked.values())) == 1, asked
    assert asked[0][0] == 6
    assert asked[0][1] <= 13


@pytest.mark.django_db
def test_everybody_reads_what_changed_and_each_change_leads_to_its_commitment(
    client, strategy, commitment, officer, now
):
    change_status(by=officer, at=now, commitment=commitment, to="on_track", reason="<b>Begun.</b>")
    response = ask(client, strategy)
    assert response.status_code == 200
    assert f'href="{commitment.get_absolute_url()}"' in response.content.decode()
    told = words_of(response)
    assert "One commitment had its first update." in told
    assert "Text to copy into an agenda" in told
    assert "<b>Begun" not in response.content.decode()
    assert ask(client, strategy, **{"from": "1 January 2020", "to": "2 January 2020"}).status_code == 200


@pytest.mark.django_db
def test_days_that_cannot_be_read_are_answered_with_a_sentence_and_kept(client, strategy):
    response = ask(client, strategy, **{"from": "soon", "to": "2 May 2020"})
    assert response.status_code == 422
    assert "Error: What changed" in response.content.decode()
    assert "“soon” is not one" in words_of(response)
    assert 'value="soon"' in response.content.decode()
    assert 'value="2 May 2020"' in response.content.decode()
    turned = ask(client, strategy, **{"from": "3 May 2020", "to": "2 May 2020"})
    assert turned.status_code == 422
    assert "3 May 2020 is after 2 May 2020" in words_of(turned)
    tomorrow = localdate() + timedelta(days=1)
    assert "is in the future" in words_of(ask(client, strategy, to=tomorrow))
    assert ask(client, strategy, **{"from": "1990-01-01\x00"}).status_code == 422
    assert client.get(reverse("reporting:changes", args=["no-such-strategy"])).status_code == 404


def test_what_is_said_reads_well_for_one_and_for_many():
    one = ChangesFacts(
        date(2024, 3, 31), date(2025, 3, 31), against="2023-24", commitments=2, silent=("2.1",),
        moved=(MovedFacts("1.1", "Thing", "on_track", "at_risk", "The hall closes", date(2025, 5, 1)),),
        slipped=(SlippedFacts("1.1", "Ask", date(2024, 5, 1), None),), partners=("Rowan",),
    )  # fmt: skip
    assert change_sentences.headline(one) == (
        "One commitment changed status, one action was late and one new partner joined. "
        "No update was received for 1 of 2 commitments: 2.1."
    )
    assert change_sentences.sentences(one) == [
        "One commitment changed status since 2023-24.",
        "1.1 Thing went from On track to At risk. The reason given: The hall closes.",
        "No update was received for 1 of 2 commitments: 2.1.",
        "One action was not done by the date it was due; it was still not done on 31 March 2025.",
        "1.1 Ask: due 1 May 2024, still not done on 31 March 2025.",
        "One organisation takes part for the first time: Rowan.",
    ]
    nothing = ChangesFacts(date(2024, 3, 31), date(2025, 3, 31))
    assert change_sentences.sentences(nothing) == [change_sentences.headline(nothing)] == [change_sentences.NOTHING]


@pytest.mark.django_db
def test_the_page_begins_after_the_last_round_closed_and_never_days_ago(client, strategy, commitment, officer, now):
    today = localdate(now)
    first, second = make_round(strategy, years_ago=2), make_round(strategy, years_ago=1)
    change_status(by=officer, at=now, commitment=commitment, to="on_track", reason="Begun.")
    for closes_on, named in ((today - timedelta(days=31), second), (today - timedelta(days=30), first)):
        second.closes_on, second.grace_until = closes_on, closes_on + timedelta(days=7)
        second.save()
        told = words_of(ask(client, strategy))
        begins = in_words(named.closes_on + timedelta(days=1))
        assert f"Since the round for {named.slug} closed: {begins} to {in_words(today)}." in told
        assert "One commitment had its first update." in told


@pytest.mark.django_db
def test_the_last_public_report_and_three_months_are_offered(client, year, now):
    made = now - timedelta(days=20)
    make_edition(round_=year.round, by=year.officer, published=True, at=made, started_at=made)
    response = ask(client, year.strategy)
    assert f"Since the report for {year.round.slug} was made" in words_of(response)
    assert f'href="?from={localdate(made)}&amp;to={localdate(now)}"' in response.content.decode()


@pytest.mark.django_db
def test_what_did_not_change_comes_last_and_folded(client, strategy, commitment, officer, now):
    change_status(by=officer, at=now, commitment=commitment, to="on_track", reason="Begun.")
    long_ago = localdate(now) - timedelta(days=300)
    plan_action(by=officer, at=now - timedelta(days=400), commitment=commitment, title="Ask", due_on=long_ago)
    only_today = {"from": localdate(now), "to": localdate(now)}
    response = ask(client, strategy, **only_today)
    assert [each.group.code for each in response.context["groups"]] == ["first", "overdue", "silent"]
    assert not response.context["unchanged"]
    silent = response.content.decode().split('id="silent"')[1]
    assert re.search(r"<details.*Show 3 commitments.*Thing 1.2.*</details>", silent, re.DOTALL)
    assert f"On {in_words(localdate(now))}." in words_of(response)


@pytest.mark.django_db
def test_a_time_without_changes_leads_to_longer_ones(client, strategy, commitment, officer, now):
    change_status(by=officer, at=now - timedelta(days=9), commitment=commitment, to="on_track", reason="Begun.")
    response = ask(client, strategy, **{"from": localdate(now)})
    assert "No changes are recorded for these dates. Choose an earlier date, or one of these:" in words_of(response)
    assert "No changes are recorded" not in words_of(ask(client, strategy))


def test_a_strategy_without_anything_says_so(db, client, council):
    empty = make_strategy(council, slug="empty", shape=())
    assert change_sentences.NOTHING in words_of(ask(client, empty))
