"""A report says what was answered by the day on which its round was closed, and what became of it since."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from commitments.content.responses import ResponseContent
from commitments.models import Round
from commitments.services.responses import return_response, save_response, submit_response
from commitments.services.rounds import close_round
from reporting.assembly import between
from reporting.assembly.responses import responses
from reporting.easy import words as easy
from reporting.facts import from_json, to_json
from reporting.narrative import change_sentences, charts, sentences
from reporting.narrative import responses as narrative
from tests.factories import make_organisation, make_strategy
from tests.reporting.recommended import Recommended, day

pytestmark = pytest.mark.django_db


@pytest.fixture
def recommended():
    return Recommended().told()


def test_the_owners_responses_are_counted_and_what_was_not_accepted_is_not_silent(recommended):
    report = recommended.report()
    counts = {
        code: sum(one.owner_response == code for one in report.commitments())
        for code in ("yes", "in_part", "no", "awaited")
    }
    assert counts == {"yes": 6, "in_part": 4, "no": 1, "awaited": 4}
    assert [one.reference for one in report.commitments() if one.is_silent] == ["1b", "2d", "3a", "3c", "5a", "6a"]
    assert [one.reference for one in report.commitments() if one.awaits_response] == ["2c", "3b", "4", "5b", "6b"]
    assert report.statuses() == ["on_track", "delayed", "complete", "no", "awaited", ""]
    declined = recommended.of(report, "4")
    assert (declined.standing, declined.years[-1].standing, declined.status) == ("no", "no", "")
    assert sum(sum(priority.counts().values()) for priority in report.priorities) == 15
    assert from_json(json.loads(json.dumps(to_json(report)))) == report


def test_every_addressee_has_a_row_with_a_number_the_owner_first(recommended):
    report = recommended.report()
    assert [response.number for _, response in report.responses()] == list(range(1, 21))
    rows = [row for row in narrative.rows(report) if row.commitment.reference == "2b"]
    assert [(row.facts.addressee, row.stance.label, row.facts.is_owners) for row in rows] == [
        ("Oxfordshire County Council", "Accepted in part", True),
        ("District councils", "Awaiting a response", False),
        ("Anchor institutions", "Awaiting a response", False),
    ]
    at = recommended.closed_at - timedelta(days=20)
    owners = rows[0].facts
    assert (
        owners.words
        == "We will analyse what the county spends. The districts have not yet said whether they will join."
    )
    assert (owners.decided_where, owners.decided_on, owners.given_on) == ("Cabinet", day(at), day(at))
    assert rows[0].decided == f"Cabinet, {at.day} {at:%B %Y}"


@pytest.mark.parametrize("after_closing", [timedelta(0), timedelta(microseconds=1)])
def test_the_moment_of_closing_divides_what_was_answered_from_what_came_since(after_closing):
    recommended = Recommended(answered=False)
    recommended.close()
    at = recommended.closed_at + after_closing
    recommended.respond("4", "no", "It ends.", at=at)
    report = recommended.report()
    [response] = recommended.of(report, "4").responses
    if after_closing:
        assert (response.stance, response.words, response.stance_since, response.given_since) == ("", "", "no", day(at))
        assert recommended.of(report, "4").owner_response == "awaited"
        assert narrative.since(response) == f"Declined since, on {at.day} {at:%B %Y}."
    else:
        assert (response.stance, response.words, response.stance_since, response.given_since) == (
            "no",
            "It ends.",
            "",
            None,
        )
        assert recommended.of(report, "4").owner_response == "no"
        assert narrative.since(response) == ""


def test_what_was_withdrawn_or_changed_since_is_said_and_withdrawn_words_are_left_out(recommended):
    at = timezone.now() - timedelta(days=2)
    for reference in ("4", "1a", "2a"):
        return_response(by=recommended.second, at=at, response=recommended.response(reference), reason="Say more.")
    recommended.respond("1a", "in_part", "Only some of it.", at=at)
    recommended.respond("2a", "yes", "By the spring.", at=at)
    report, on = recommended.report(), f"{at.day} {at:%B %Y}"
    told = {reference: recommended.of(report, reference).responses[0] for reference in ("4", "1a", "2a")}
    assert (told["4"].stance, told["4"].words, narrative.since(told["4"])) == ("no", "", f"Withdrawn since, on {on}.")
    assert recommended.of(report, "4").owner_response == "no", "the count is that of the day of closing"
    assert narrative.since(told["1a"]) == f"Changed on {on} to: accepted in part."
    assert told["1a"].words.startswith("The vision will be part")
    assert narrative.since(told["2a"]) == f"The response was reworded on {on}."
    earlier = recommended.report(at=at - timedelta(seconds=1))
    assert narrative.since(recommended.of(earlier, "4").responses[0]) == ""


def test_a_draft_and_what_waits_for_a_second_person_are_not_told():
    recommended = Recommended(answered=False)
    recommended.respond("1a", "yes", at=recommended.closed_at)
    at, content = recommended.closed_at, ResponseContent("no", "It ends.")
    save_response(by=recommended.writer, at=at, response=recommended.response("4"), content=content)
    submit_response(by=recommended.writer, at=at, response=recommended.response("5a"), content=content)
    report = recommended.report()
    assert {recommended.of(report, reference).owner_response for reference in ("4", "5a")} == {"awaited"}
    assert "It ends." not in str(to_json(report))
    assert "response to the 15 actions" in narrative.summary(report)
    assert "1 accepted and 14 awaiting a response" in narrative.summary(report)


def test_the_summary_counts_responses_and_says_of_what_updates_were_needed(recommended):
    report = recommended.report()
    told = " ".join(sentences.summary(report))
    assert "6 accepted, 4 accepted in part, 1 declined and 4 awaiting a response." in told
    assert (
        "updates were received for 4 of the 10 actions that needed one: 2 on track, 1 delayed and 1 complete." in told
    )
    assert "No update was received for 6 actions: 1b, 2d, 3a, 3c, 5a and 6a." in told
    assert len(sentences.summary(report)) <= 5
    fourth = report.priorities[3]
    assert sentences.about(fourth, [], nouns=report.strategy.nouns) == (
        "This recommendation has 1 action. No update was needed for 4: 1 declined. "
        "No evidence that may be published was accepted for it."
    )
    answered, unknown = easy.answered(report), easy.silence(report)
    assert answered
    assert unknown
    assert answered.says == (
        "6 are accepted.", "4 are accepted in part.", "1 is declined.", "4 are awaiting a response.",
        "Work begins when we say yes.", "5 more answers were to come from others.", "None of these has come yet.",
    )  # fmt: skip
    assert easy.row(fourth, report.strategy.nouns) == "1 action: 1 declined."
    assert unknown.says[0] == "We got no update for 6 of 15 actions."


def test_a_strategy_that_speaks_to_nobody_says_nothing_of_responses(recommended):
    report = recommended.report()
    bare = replace(
        report,
        priorities=tuple(
            replace(
                priority,
                commitments=tuple(replace(one, owner_response="", responses=()) for one in priority.commitments),
            )
            for priority in report.priorities
        ),
    )
    assert (narrative.summary(bare), narrative.rows(bare), easy.answered(bare)) == ("", [], None)
    assert "response" not in " ".join(sentences.summary(bare))


def test_the_queries_do_not_grow_with_responses(recommended):
    strategy = make_strategy(make_organisation())
    with CaptureQueriesContext(
        connection,
    ) as many:
        responses(recommended.strategy)
    with CaptureQueriesContext(connection) as none:
        responses(strategy)
    assert (len(many), len(none)) == (2, 1)


def test_what_was_answered_between_two_days_is_a_change_and_what_was_not_accepted_is_not_silent():
    recommended, now = Recommended(answered=False), timezone.now()
    at = now - timedelta(days=5)
    recommended.respond("1a", "no", "No money.", at=at)
    recommended.respond("4", "yes", "Yes.", at=at)
    gone = recommended.respond("2a", "yes", "Yes.", at=at)
    return_response(by=recommended.second, at=now, response=gone, reason="Not yet.")
    on = f"{at.day} {at:%B %Y}"
    changes = between(recommended.strategy, since=day(at) - timedelta(days=1), until=day(now))
    assert [(one.reference, one.stance) for one in changes.responded] == [("1a", "no"), ("4", "yes")]
    assert changes.silent == ("4",)
    [group] = [group for group in change_sentences.groups(changes) if group.code == "responded"]
    assert group.says == "Two responses were published."
    assert group.lines[0].text.endswith(f": declined by Oxfordshire County Council on {on}.")
    assert "two responses were published" in change_sentences.headline(changes).lower()
    assert "Responses: 1a declined by Oxfordshire County Council; 4 accepted by Oxfordshire" in change_sentences.copied(
        changes, "It"
    )
    assert between(recommended.strategy, since=day(at), until=day(now)).responded == (), "the day after"
    earlier = between(recommended.strategy, since=day(at) - timedelta(days=9), until=day(at) - timedelta(days=1))
    assert (earlier.responded, earlier.silent) == ((), ())
    assert len(between(recommended.strategy, since=day(at) - timedelta(days=1), until=day(at)).responded) == 3


def test_the_page_of_changes_names_what_was_answered(recommended, client):
    address = reverse("reporting:changes", args=[recommended.strategy.slug])
    begins = day(timezone.now() - timedelta(days=60))
    page = " ".join(client.get(address, {"from": begins, "to": day(timezone.now())}).content.decode().split())
    assert "Eleven responses were published." in page or "11 responses were published." in page
    assert ": declined by Oxfordshire County Council on" in page


def test_a_report_says_which_responses_came_after_the_round_before_was_closed(recommended):
    round_ = recommended.round
    before = Round.objects.create(
        strategy=recommended.strategy, slug="before", observes_from=round_.observes_from - timedelta(days=365),
        observes_to=round_.observes_from - timedelta(days=1), opens_on=round_.observes_from, state="open",
        closes_on=round_.observes_from + timedelta(days=60), grace_until=round_.observes_from + timedelta(days=67),
    )  # fmt: skip
    close_round(by=recommended.administrator, at=timezone.now() - timedelta(days=31), round_=before)
    report = recommended.report()
    assert report.changes
    assert len(report.changes.responded) == 11
    assert recommended.of(report, "1a").years[0].response == "awaited"
    assert charts.in_year(report.priorities[0], "before")[1] == ["3 awaited"]
    assert "3 awaited" in charts.boards(report, report.priorities[0]).sentence
