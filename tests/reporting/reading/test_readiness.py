"""The checks before publishing, each with the case in which it speaks and the one in which it does not."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from commitments.models import Commitment, FrozenStanding, Round
from reporting.facts import Report, TextFacts, to_json
from reporting.models import Edition, EditionOpening
from reporting.narrative.sections import FOR_THE_PAPER, WRITTEN
from reporting.paper.skeleton import default
from reporting.reading.differences import differences
from reporting.reading.readiness import Readiness, ReadinessCheck, situation
from reporting.reading.readiness_rules import readiness
from reporting.services.comments import add_comment, resolve_comment
from reporting.services.openings import note_opening
from reporting.services.texts import save_text
from tests.factories import make_edition, make_person, make_round
from tests.reporting.small import small

pytestmark = pytest.mark.django_db


@pytest.fixture
def closed_round(strategy) -> Round:
    return make_round(strategy, years_ago=1)


def edition_of(round_: Round, by: Any, report: Report, **more: Any) -> Edition:
    return make_edition(round_=round_, by=by, facts=to_json(report), **more)


def checks(edition: Edition, **more: Any) -> dict[str, ReadinessCheck]:
    found: Readiness = readiness(
        situation(edition, **{"today": timezone.localdate(), "others": [edition.requested_by], **more})
    )
    return {one.code: one for one in found.checks}


def filled() -> Report:
    """The small report without its evidence, with something written for every section and an update for every commitment."""
    told = replace(small(), evidence=())
    keys = [*(one.key for one in (*WRITTEN, *FOR_THE_PAPER)), *(f"priority-{one.number}" for one in told.priorities)]
    priorities = tuple(
        replace(
            one,
            commitments=tuple(replace(each, status=each.status or "on_track") for each in one.commitments),
        )
        for one in told.priorities
    )
    return replace(told, texts=tuple(TextFacts(key, "Written.") for key in keys), priorities=priorities)


def test_a_year_that_is_complete_has_nothing_to_warn_of(closed_round, officer):
    found = checks(edition_of(closed_round, officer, filled()))
    assert {one.code: one.sentence for one in found.values() if one.state != "ready"} == {}
    assert {
        "round",
        "consents",
        "files",
        "second-person",
        "updates",
        "sections",
        "header",
        "comments",
        "photographs",
    } <= set(found)


def test_commitments_without_an_update_are_named_and_closed_ones_are_not(closed_round, officer, strategy):
    told = filled()
    first, *others = told.priorities
    silent = tuple(
        replace(one, status="", key=f"thing-{one.reference.replace('.', '-')}") for one in first.commitments[:2]
    )
    edition = edition_of(
        closed_round,
        officer,
        replace(told, priorities=(replace(first, commitments=(*silent, *first.commitments[2:])), *others)),
    )
    found = checks(edition)["updates"]
    assert (found.state, found.items) == ("warning", ("1.1", "1.2"))
    assert found.sentence == "2 of 5 commitments have no approved update."
    Commitment.objects.filter(strategy=strategy, reference="1.1").update(
        status="closed", status_at=timezone.now(), status_by=officer, closed_on=timezone.localdate()
    )
    found = checks(edition)["updates"]
    assert found.items == ("1.2",)
    assert found.sentence == "1 of 4 commitments has no approved update."


def test_empty_sections_and_lines_of_the_header_are_named_apart(closed_round, officer):
    told = filled()
    bare = {"foreword", "priority-2", "paper-date", "paper-cabinet-member", "legal"}
    edition = edition_of(
        closed_round, officer, replace(told, texts=tuple(one for one in told.texts if one.section not in bare))
    )
    found = checks(edition)
    assert found["sections"].state == found["header"].state == "warning"
    assert found["sections"].items[0] == "Foreword"
    assert found["sections"].items[1].startswith("Priority 2: ")
    assert found["sections"].items[2:] == ("Legal implications",)
    assert found["header"].items == ("Date: Not stated", "Cabinet Member with responsibility: Not stated")
    assert found["header"].sentence.startswith("2 lines are not filled in")
    assert found["header"].url == reverse(
        "reporting:report-write", args=[closed_round.strategy.slug, closed_round.slug]
    )


def test_lines_that_the_paper_can_not_do_without_stop_it(closed_round, officer):
    lines = tuple(
        replace(line, required=line.section in {"paper-date", "paper-key-decision"}) for line in default().header
    )
    told = replace(filled(), skeleton=replace(default(), header=lines))
    assert checks(edition_of(closed_round, officer, told))["header"].state == "ready"
    for missing, named in (
        ({"paper-date"}, "The committee paper still needs: Date. Write it with"),
        (
            {"paper-date", "paper-key-decision", "paper-wards"},
            "The committee paper still needs: Date and Key decision. Write them with",
        ),
    ):
        left = replace(told, texts=tuple(one for one in told.texts if one.section not in missing))
        found = checks(edition_of(closed_round, officer, left))["header"]
        assert (found.state, found.sentence.startswith(named)) == ("stop", True), found.sentence
        assert found.url.endswith("/write/")


def test_a_kept_line_that_was_changed_after_it_was_made_is_named(closed_round, officer, strategy):
    told, before = filled(), make_round(strategy, years_ago=2)
    edition = edition_of(closed_round, officer, told)
    later = told.making.at + timedelta(seconds=1)
    for section in ("paper-author", "foreword"):
        save_text(by=officer, at=later, round_=before, section=section, text="Later.", version=None)
    assert checks(edition)["texts"].items == ("Report author",)


def test_open_comments_are_counted_by_section_and_resolved_ones_are_not(closed_round, officer, steering_member, now):
    edition = edition_of(closed_round, officer, filled())
    made = [
        add_comment(by=steering_member, at=now, round_=closed_round, section=key, words=words)
        for key, words in (("foreword", "Say more."), ("foreword", "And sooner."), ("legal", "Which law?"))
    ]
    found = checks(edition)["comments"]
    assert (found.state, found.sentence) == ("warning", "3 comments are open.")
    assert found.items == ("Foreword: 2", "Legal implications: 1")
    for one in made[1:]:
        resolve_comment(by=officer, at=now, comment=one)
    assert checks(edition)["comments"].sentence == "1 comment is open."


def test_texts_that_were_changed_after_it_was_made_are_named(closed_round, officer):
    told = filled()
    at = told.making.at
    edition = edition_of(closed_round, officer, told)
    save_text(by=officer, at=at, round_=closed_round, section="legal", text="At that very moment.", version=None)
    assert "texts" not in checks(edition)
    save_text(
        by=officer, at=at + timedelta(seconds=1), round_=closed_round, section="foreword", text="Later.", version=None
    )
    found = checks(edition)["texts"]
    assert (found.state, found.items) == ("warning", ("Foreword",))


@pytest.mark.parametrize(("seconds", "state"), [(-1, "ready"), (0, "ready"), (1, "stop")])
def test_an_edition_made_before_its_round_was_closed_last_is_stale(closed_round, officer, commitment, seconds, state):
    told = filled()
    edition = edition_of(closed_round, officer, told)
    for closing, at in ((1, told.making.at - timedelta(days=90)), (2, told.making.at + timedelta(seconds=seconds))):
        FrozenStanding.objects.create(round=closed_round, closing=closing, commitment=commitment, frozen_at=at)
    Round.objects.filter(pk=closed_round.pk).update(closings=2)
    edition.round.refresh_from_db()
    found = checks(edition)["current"]
    assert found.state == state
    assert ("Request a new edition" in found.sentence) is (state == "stop")


def test_a_letter_without_a_font_is_named_with_its_place(closed_round, officer):
    told = filled()
    texts = tuple(replace(one, text="A seal: \U00012000.") if one.section == "foreword" else one for one in told.texts)
    found = checks(edition_of(closed_round, officer, replace(told, texts=texts)))["letters"]
    assert (found.state, found.sentence) == ("warning", "1 character can’t be printed.")
    assert "cuneiform sign a" in found.items[0]


def test_a_text_that_contradicts_the_figures_is_quoted(closed_round, officer):
    told = filled()
    texts = tuple(
        replace(one, text="Four commitments are delayed.") if one.section == "foreword" else one for one in told.texts
    )
    found = checks(edition_of(closed_round, officer, replace(told, texts=texts)))["figures"]
    assert (found.state, found.sentence) == ("warning", "1 statement in the texts differs from the report’s figures.")
    assert found.items[0].startswith("Foreword says “Four commitments are delayed”, but ")


def test_photographs_that_were_lost_are_counted_with_their_items(closed_round, officer):
    told = replace(filled(), evidence=small().evidence)
    lost = tuple(replace(piece, lost=2) if piece.number == 3 else piece for piece in told.evidence)
    found = checks(edition_of(closed_round, officer, replace(told, evidence=lost)))["photographs"]
    assert found.state == "warning"
    assert found.sentence.startswith("2 photographs are left out")
    assert found.items == (told.evidence[2].title,)


def test_a_newer_edition_is_pointed_out(closed_round, officer):
    older, newer = (edition_of(closed_round, officer, filled(), number=number) for number in (1, 2))
    edition_of(make_round(closed_round.strategy, years_ago=2), officer, filled(), number=3)
    make_edition(round_=closed_round, by=officer, state="failed", number=4)
    assert "Edition 2 of this round was made after" in checks(older)["newer"].sentence
    assert "newer" not in checks(newer)


def test_facts_of_another_shape_are_a_warning(closed_round, officer):
    found = checks(make_edition(round_=closed_round, by=officer, facts={"schema": 99}))
    assert found["facts"].state == "warning"
    assert "updates" not in found


def test_what_a_proposal_records_is_the_whole_list(closed_round, officer):
    found = readiness(situation(edition_of(closed_round, officer, filled()), today=timezone.localdate(), others=[]))
    assert [one.code for one in found.stops] == ["second-person"]
    recorded = found.to_json()
    assert len(recorded) == len(found.checks)
    assert set(recorded[0]) == {"code", "label", "state", "sentence", "items"}


# What the steering group has seen --------------------------------------------------------------------------------------------


def changed(told: Report) -> Report:
    first, *others = told.priorities
    one, two, *rest = first.commitments
    commitments = (replace(one, status="delayed"), replace(two, next_steps="Meet again."), *rest)
    return replace(
        told,
        priorities=(replace(first, commitments=commitments), *others),
        texts=tuple(replace(text, text="New words.") if text.section == "foreword" else text for text in told.texts),
        evidence=told.evidence[1:],
    )


def test_what_changed_between_two_editions_is_said_in_a_few_words():
    told = replace(filled(), evidence=small().evidence)
    assert differences(told, told) == ()
    assert differences(told, changed(told)) == (
        "1.1 was “On track” and is now “Delayed”",
        "different wording for 1.2",
        "changed texts: Foreword",
        "1 item of evidence left out",
    )
    assert differences(changed(told), told)[-1] == "1 more item of evidence"
    first, *others = told.priorities
    silent = replace(
        told, priorities=(replace(first, commitments=(replace(first.commitments[0], status=""),)), *others)
    )
    assert differences(silent, told)[0] == "1.1 was without an update and is now “On track”"


def test_each_member_is_told_of_with_the_edition_that_they_opened_last(closed_round, officer, steering_member, now):
    make_person("steering_group", name="Una Unread")
    gone = make_person("steering_group", name="Gil Gone")
    gone.role_grants.update(ended_at=now, ended_by=officer)
    told = filled()
    first, second, third = (
        edition_of(closed_round, officer, facts, number=number)
        for number, facts in ((1, told), (2, told), (3, changed(told)))
    )
    elsewhere = edition_of(make_round(closed_round.strategy, years_ago=2), officer, told)
    note_opening(by=steering_member, at=now - timedelta(days=3), edition=third)
    note_opening(by=steering_member, at=now - timedelta(days=1), edition=second)
    note_opening(by=steering_member, at=now - timedelta(days=2), edition=first)
    note_opening(by=steering_member, at=now, edition=elsewhere)
    found = checks(third)["steering-group"]
    assert found.state == "warning"
    assert found.sentence == "2 of 2 members have not seen all that this edition says."
    sam, una = found.items
    assert sam.startswith("Sam Steering last opened edition 2, on ")
    assert "Changed since then: 1.1 was “On track” and is now “Delayed”; different wording for 1.2" in sam
    assert una == "Una Unread has not opened any edition of this report."
    assert "Nothing has changed since." in checks(second)["steering-group"].items[0]
    note_opening(by=steering_member, at=now + timedelta(hours=1), edition=third)
    assert "last opened edition 3" in checks(third)["steering-group"].items[0]
    assert checks(third)["steering-group"].sentence.startswith("1 of 2 members")


def test_opening_is_noted_for_people_who_see_drafts_first_and_last(
    closed_round, officer, steering_member, partner, now
):
    edition = edition_of(closed_round, officer, filled())
    edition = Edition.objects.select_related("round__strategy").get(pk=edition.pk)  # as pages read it
    for person, hours in ((steering_member, 0), (steering_member, 2), (partner, 0), (None, 0)):
        with CaptureQueriesContext(connection) as queries:
            note_opening(by=person, at=now + timedelta(hours=hours), edition=edition)
        assert len(queries) <= 2, "the roles may have to be read first"
    opening = EditionOpening.objects.get()
    assert (opening.person, opening.first_at, opening.last_at) == (steering_member, now, now + timedelta(hours=2))


def test_pages_and_files_are_noted_and_lists_and_headers_are_not(closed_round, officer, steering_member, signed_in):
    edition = edition_of(closed_round, officer, small())
    client = signed_in(steering_member)
    client.get(reverse("reporting:edition-list"))
    client.get(edition.get_absolute_url())
    client.head(reverse("reporting:edition-read", args=[edition.pk]))
    data = reverse("reporting:face", args=[edition.pk, "json"])
    client.head(data)
    assert not EditionOpening.objects.exists()
    assert client.get(reverse("reporting:edition-read", args=[edition.pk])).status_code == 200
    assert EditionOpening.objects.count() == 1
    EditionOpening.objects.all().delete()
    assert client.get(data).status_code == 200
    assert EditionOpening.objects.get().person == steering_member


def test_the_checks_ask_as_many_questions_for_many_members_as_for_one(closed_round, officer, steering_member, now):
    editions = [edition_of(closed_round, officer, filled(), number=number) for number in range(1, 6)]
    counts = []
    for members in (1, 6):
        while EditionOpening.objects.count() < members:
            number = EditionOpening.objects.count()
            note_opening(by=make_person("steering_group"), at=now, edition=editions[number % 4])
        with CaptureQueriesContext(connection) as queries:
            checks(Edition.objects.get(pk=editions[-1].pk))
        counts.append(len(queries))
    assert counts[0] == counts[1]
