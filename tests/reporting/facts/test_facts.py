"""What a report says of a year: counted once, told once, and nothing invented."""

import json
import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import localdate
from hypothesis import given
from hypothesis import strategies as st

from commitments.models import Evidence, EvidenceFile, EvidenceLink, IndicatorValue, SectorView
from commitments.rules import story_consent
from commitments.services.consents import record_consent, withdraw_consent
from commitments.services.evidence import return_evidence, withdraw_evidence
from commitments.services.progress import change_status
from commitments.services.rounds import close_round, reopen_round
from reporting import assembly, facts, rendering
from reporting.exports.dictionary import everything
from reporting.facts import ProductionDetails, checksum, checksum_of, from_json, serialisation, to_json
from reporting.narrative import sentences
from reporting.paper.outline import outline
from reporting.rendering.photographs import Photographs
from tests.as_read import as_read
from tests.factories import make_evidence
from tests.reporting.year import make_year

AT = datetime(2026, 11, 22, 9, 30, 15, 123456, tzinfo=UTC)


def assembled(year, **making):
    return assembly.assemble(round_=year.round, making=ProductionDetails(at=AT, **making))


@pytest.mark.django_db
def test_facts_come_back_from_json_as_they_were(year):
    report = assembled(year, edition=2, asked_by="Olive Officer", asked_at=AT)
    assert from_json(json.loads(json.dumps(to_json(report)))) == report


def test_facts_of_another_shape_are_refused():
    with pytest.raises(ValueError, match="another version"):
        from_json({"schema": 999})
    with pytest.raises(ValueError, match="another version"):
        from_json(None)


@given(st.text(), st.text(), st.none() | st.integers(0, 10**9), st.dates(), st.none() | st.dates())
def test_any_piece_survives_json(title, words, number, begin, end):
    piece = facts.EvidenceFacts(
        number=1, id=7, organisation=words, title=title, story=words, happened_from=begin, happened_to=end,
        districts=(words, title), people_reached=number, volunteers=None, hours=0, references=("1.1",),
        links=(facts.LinkFacts(words, title),), photographs=(),
    )  # fmt: skip
    again = serialisation._read(facts.EvidenceFacts, json.loads(json.dumps(to_json(piece))))
    assert again == piece


@pytest.mark.django_db
def test_the_status_is_that_of_the_years_update_and_not_todays(year, now):
    commitment = next(c for c in year.strategy.commitments.in_order() if c.status == "on_track")
    change_status(by=year.officer, at=now, commitment=commitment, to="delayed", reason="A flood.", remedy="We move.")
    told = {c.reference: c for c in assembled(year).commitments()}
    assert told[commitment.reference].status == "on_track"
    assert [y.round for y in told[commitment.reference].years] == [round_.slug for round_ in year.rounds]


@pytest.mark.django_db
def test_a_closed_round_is_told_as_it_was_frozen_and_a_reopened_one_as_it_is(year, administrator, now):
    year.rounds[0].state, year.rounds[0].closings = "closed", 1
    year.rounds[0].save()
    update = year.round.updates.published().order_by("commitment__reference")[0]
    reference, words = update.commitment.reference, update.reason
    closed = close_round(by=administrator, at=now, round_=year.round)
    year.round.updates.filter(pk=update.pk).update(reason="Written into the table afterwards.")

    def told():
        report = assembly.assemble(round_=closed, making=ProductionDetails(at=AT))
        return report, next(c for c in report.commitments() if c.reference == reference)

    report, one = told()
    assert (one.reason, one.narrative, one.years[-1].status) == (words, update.narrative, update.status)
    assert report.round.closed_on == localdate(now)
    until = localdate(now) + timedelta(days=9)
    closed = reopen_round(by=administrator, at=now, round_=closed, reason="A mistake.", grace_until=until)
    report, one = told()
    assert one.reason == "Written into the table afterwards."
    assert report.round.closed_on is None
    closed = close_round(by=administrator, at=now, round_=closed)
    assert told()[1].reason == "Written into the table afterwards.", "the last closing counts"


@pytest.mark.django_db
def test_a_round_that_was_only_begun_says_nothing(year):
    """What is expected, drafted or sent is not said yet."""
    commitment = year.strategy.commitments.get(reference="1.2")
    for state in ("draft", "submitted", "returned"):
        year.round.updates.filter(commitment=commitment).update(state=state, published_at=None, published_by=None)
        assert next(c for c in assembled(year).commitments() if c.reference == "1.2").status == ""
    year.round.updates.filter(commitment=commitment).update(state="expected", saved_at=None, saved_by=None)
    assert next(c for c in assembled(year).commitments() if c.reference == "1.2").status == ""


@pytest.mark.django_db
def test_both_voices_what_is_still_true_and_numbers_are_told(voiced):
    report = assembled(voiced)
    one = {c.reference: c for c in report.commitments()}
    assert [(v.organisation, v.status, v.differs) for v in one["1.1"].views] == [
        ("Rowan Community Trust", "delayed", True),
        ("Willow Bank Carers", one["1.1"].status, False),
    ]
    assert (one["2.1"].confirms, one["2.1"].confirmed_on) == (
        voiced.rounds[0].slug,
        date(voiced.round.closes_on.year, 5, 20),
    )
    told = {i.code: i for i in one["1.1"].indicators}
    added = told["A"].in_round(voiced.round.slug)
    assert (added.actual, added.total, added.target, added.target_total) == (15, 45, 20, 60)
    assert (
        told["A"].sentence
        == f"45 rooms by the end of {voiced.round.slug}, 15 of them in that round; the target by then was 60 rooms. Target missed."
    )
    share = told["B"].in_round(voiced.round.slug)
    assert (share.numerator, share.denominator, share.actual_said) == (12, 48, "12 of 48 (25%)")
    [missing] = report.priorities[0].indicators
    figure = missing.in_round(voiced.round.slug)
    assert (figure.actual, figure.absent_reason) == (None, "the desk kept no book")
    assert "the target was 10 complaints" in missing.sentence.lower()
    assert [d.commitment.reference for d in sentences.disagreements(report)] == ["1.1"]
    told_short = " ".join(sentences.summary(report))
    assert (
        "Two organisations in the sector gave their own view of 1 commitment; the sector and the council see 1.1 differently"
        in told_short
    )
    assert "or 1 commitment the council confirmed that its earlier update is still true: 2.1." in told_short
    assert len(sentences.summary(report)) <= 5
    assert from_json(json.loads(json.dumps(to_json(report)))) == report


@pytest.mark.django_db
def test_a_view_that_was_withdrawn_and_a_figure_nobody_approved_are_not_told(voiced):
    SectorView.objects.update(withdrawn_at=AT)
    IndicatorValue.objects.update(state="proposed", approved_at=None, approved_by=None)
    report = assembled(voiced)
    assert not any(c.views for c in report.commitments())
    figures = [i.in_round(voiced.round.slug) for c in report.commitments() for i in c.indicators]
    assert figures
    assert all(figure.actual is None for figure in figures)
    assert "of the sector" not in " ".join(sentences.summary(report))


@pytest.mark.django_db
def test_facts_of_the_shape_before_can_still_be_read(year):
    """As an edition kept them before views, confirmations and numbers were told."""
    data = json.loads(json.dumps(to_json(assembled(year))))
    data["schema"] = 1
    del data["round"]["closed_on"]
    for priority in data["priorities"]:
        del priority["indicators"]
        for commitment in priority["commitments"]:
            for added in ("confirms", "confirmed_on", "views", "indicators"):
                del commitment[added]
    report = from_json(data)
    assert all(c.views == () for c in report.commitments())
    assert "The year in short" in as_read(rendering.to_html(report))
    assert checksum_of(report) == checksum(data) != checksum(to_json(report))
    assert "read_checksum" not in to_json(report)
    sealed = from_json(data | {"making": data["making"] | {"edition": 7}})
    printed = sealed.read_checksum
    for drawn in (as_read(rendering.to_html(sealed)), str(outline(sealed))):
        assert printed in re.sub(r"</?span>|\s", "", drawn)
    del data["priorities"][0]["title"]
    with pytest.raises(ValueError, match=r"not whole.*title"):
        from_json(data)


@pytest.mark.django_db
def test_a_story_or_photograph_that_was_taken_back_is_not_told_again(year, now):
    file = EvidenceFile.objects.filter(kind="photograph").order_by("id")[0]
    by = file.evidence.logged_by
    before = assembly.assemble(round_=year.round, making=ProductionDetails(at=now))
    agree(by, now, file.evidence, file=file, withdrawn=True)
    after = assembly.assemble(round_=year.round, making=ProductionDetails(at=now))
    [item] = [one for one in after.evidence if one.id == file.evidence_id]
    assert item.photographs == ()
    assert (item.story, item.title) == (file.evidence.story, file.evidence.title), "it was not the story's consent"
    agree(by, now, file.evidence, withdrawn=True)
    after = assembly.assemble(round_=year.round, making=ProductionDetails(at=now))
    [item] = [one for one in after.evidence if one.id == file.evidence_id]
    assert (item.story, item.title, item.story_state) == ("", story_consent.NO_TITLE, "withdrawn")
    assert sum(bool(one.story_state) for one in after.evidence) == 1
    assert sentences.figures(after.evidence) == sentences.figures(before.evidence), "the figures are the organisation's"
    assert [(one.name, one.pieces) for one in after.organisations] == [
        (one.name, one.pieces) for one in before.organisations
    ]


@pytest.mark.django_db
def test_a_photograph_that_may_be_on_the_portal_alone_is_not_in_the_report(year, now):
    file = EvidenceFile.objects.filter(kind="photograph", evidence__state="accepted").order_by("id")[0]

    def photographs(at):
        report = assembly.assemble(round_=year.round, making=ProductionDetails(at=at))
        return [one.file for item in report.evidence if item.id == file.evidence_id for one in item.photographs]

    agree(file.evidence.logged_by, now, file.evidence, file=file, uses=["report"])
    assert str(file.print_content) in photographs(now)
    agree(file.evidence.logged_by, now + timedelta(seconds=1), file.evidence, file=file, uses=["portal"])
    assert str(file.print_content) not in photographs(now)


@pytest.mark.django_db
def test_what_a_photograph_shows_is_in_the_facts_of_the_report(year, now):
    file = EvidenceFile.objects.showable(localdate(now), use="report").exclude(print_content="").earliest("id")
    words = "Three volunteers unload vegetables from a van"
    EvidenceFile.objects.filter(pk=file.pk).update(description=words)
    report = assembly.assemble(round_=year.round, making=ProductionDetails(at=now))
    found = {one.file: one.description for item in report.evidence for one in item.photographs}
    assert found.pop(str(file.print_content)) == words
    assert set(found.values()) <= {""}


def agree(by, at, evidence, *, file=None, withdrawn=False, **changes):
    said = {"given_by": "Two cooks", "given_on": localdate(at), "uses": ["portal", "report"], "lasts_until": None}
    consent = record_consent(by=by, at=at, evidence=evidence, file=file, **{**said, **changes})
    if withdrawn:
        withdraw_consent(by=by, at=at, consent=consent, why="One has moved away.")


OLD = date(2026, 1, 1)
STATES: list[tuple[str, list[dict[str, Any]]]] = [
    ("withdrawn", [{"withdrawn": True}]),
    ("withdrawn", [{"withdrawn": True}, {"given_by": "The others", "uses": ["portal"]}]),
    ("expired", [{"lasts_until": date(2026, 11, 21), "given_on": OLD}]),
    ("", [{"lasts_until": date(2026, 11, 22), "given_on": OLD}]),
    ("portal_only", [{"uses": ["portal"]}]),
    ("portal_only", [{"uses": ["portal", "publicity"]}, {"given_by": "The others"}]),
    ("refused", [{"uses": ["publicity"]}]),
    ("refused", [{"uses": ["portal"]}, {"given_by": "The others", "uses": ["report"]}]),
    ("", [{"uses": ["report"]}]),
    ("", [{"withdrawn": True}, {}]),
]


@pytest.mark.django_db
@pytest.mark.parametrize(("state", "consents"), STATES)
def test_a_report_says_why_a_story_is_not_told(year, state, consents):
    piece = Evidence.objects.filter(files__isnull=False).order_by("id")[0]
    EvidenceLink.objects.create(evidence=piece, url="https://partner.example.org/their-story", label="More about it")
    Evidence.objects.filter(pk=piece.pk).update(title="Ottilie taught the choir", story="Ottilie sang first.")
    for place, consent in enumerate(consents):
        agree(piece.logged_by, datetime(2026, 11, 1, 9, place, tzinfo=UTC), piece, **consent)
    report = assembled(year, edition=1)
    annex = rendering.to_annex_html(report, photographs=Photographs(report))
    html = as_read(rendering.to_html(report) + annex)
    [item] = [one for one in report.evidence if one.id == piece.pk]
    assert item.story_state == state
    assert ("Ottilie sang first." in html) is (not state)
    details = state not in {"withdrawn", "expired", "refused"}
    assert ("Ottilie taught the choir" in html) is details
    assert ("their-story" in html) is details
    assert bool(item.photographs) is details
    said = [sentence for sentence in story_consent.SENTENCES.values() if sentence in html]
    assert said == ([story_consent.SENTENCES[state]] if state else [])
    assert f"/evidence/{piece.pk}/" in html, "its page says more, or the same"
    tables = {table.name: table for table in everything(report)}
    columns = [column.name for column in tables["evidence"].columns]
    [row] = [dict(zip(columns, row, strict=True)) for row in tables["evidence"].rows if row[1] == piece.pk]
    assert row["story"] == (None if state else "Ottilie sang first.")
    assert row["story_note"] == (story_consent.SENTENCES[state] if state else None)
    assert row["title"] == ("Ottilie taught the choir" if details else story_consent.NO_TITLE)
    assert bool([each for each in tables["links"].rows if each[0] == item.number]) is details
    assert from_json(json.loads(json.dumps(to_json(report)))) == report


@pytest.mark.django_db
def test_older_facts_never_say_that_somebody_asked(year):
    """They hold one sentence, whatever the reason was that a story was not told."""
    data = json.loads(json.dumps(to_json(assembled(year))))
    data["schema"] = 3
    for item in data["evidence"]:
        del item["story_state"]
    data["evidence"][0]["story"] = facts.STORY_TAKEN_BACK
    report = from_json(data)
    html = as_read(rendering.to_html(report) + rendering.to_annex_html(report, photographs={}))
    assert facts.STORY_TAKEN_BACK not in html
    assert html.count(story_consent.SENTENCES["withheld"]) == 1
    assert report.evidence[0].title in html
    assert checksum_of(report) == checksum(data)


@pytest.mark.django_db
def test_where_no_update_was_published_nothing_is_said(year):
    year.round.updates.filter(commitment__reference="1.2").update(state="draft")
    report = assembled(year)
    silent = next(c for c in report.commitments() if c.reference == "1.2")
    assert (silent.status, silent.reason, silent.narrative, silent.updated_on) == ("", "", "", None)
    assert any("o update was received for" in sentence and "1.2" in sentence for sentence in sentences.summary(report))


@pytest.mark.django_db
def test_only_accepted_publishable_evidence_of_the_year_is_told(year, now):
    day = year.round.observes_from
    commitment = year.strategy.commitments.get(reference="1.1")
    by = year.people[0]

    def piece(title, state="accepted", **changes):
        return make_evidence(
            by, commitment, state=state, officer=year.reviewer, **{"happened_from": day, "title": title, **changes}
        )

    piece("told")
    piece("last day", happened_from=year.round.observes_to)
    piece("private", publishable=False)
    piece("a day too early", happened_from=day - timedelta(days=1))
    for state in ("draft", "submitted", "returned", "withdrawn"):
        piece(state, state=state)
    return_evidence(by=year.reviewer, at=now, evidence=piece("returned after all"), reason="Say where.")
    withdraw_evidence(by=by, at=now, evidence=piece("withdrawn after all"))
    told = {p.title for p in assembled(year).evidence}
    assert {"told", "last day"} <= told
    assert not told & {
        "private", "a day too early", "draft", "submitted", "returned", "withdrawn", "returned after all", "withdrawn after all",
    }  # fmt: skip


@pytest.mark.django_db
def test_a_piece_for_two_commitments_is_told_once_and_counted_once(year):
    by, both = year.people[0], year.strategy.commitments.filter(reference__in=["1.1", "2.1"])
    make_evidence(
        by, *both, state="accepted", officer=year.reviewer, title="Both", happened_from=year.round.observes_from,
        people_reached=1000,
    )  # fmt: skip
    report = assembled(year)
    piece = next(p for p in report.evidence if p.title == "Both")
    assert piece.references == ("1.1", "2.1")
    assert [c.reference for c in report.commitments() if piece.number in c.evidence] == ["1.1", "2.1"]
    reached = next(f for f in sentences.figures(report.evidence) if f.label == "people reached")
    assert reached.total == sum(p.people_reached or 0 for p in report.evidence)
    assert sum(o.pieces for o in report.organisations) == len(report.evidence)


@pytest.mark.django_db
def test_an_unknown_figure_is_not_a_nought(year):
    Evidence.objects.update(people_reached=None, volunteers=None, hours=None)
    assert sentences.figures(assembled(year).evidence) == []


@pytest.mark.django_db
def test_two_organisations_of_one_name_stay_two(year, now):
    for person, organisation in zip(year.people[:2], year.organisations[:2], strict=True):
        organisation.name = "Friends of the Park"
        organisation.save()
        make_evidence(
            person, year.strategy.commitments.get(reference="1.1"), state="accepted", officer=year.reviewer,
            happened_from=year.round.observes_from,
        )  # fmt: skip
    same = [o for o in assembled(year).organisations if o.name == "Friends of the Park"]
    assert len(same) == 2
    assert sum(o.pieces for o in assembled(year).organisations) == len(assembled(year).evidence)


@pytest.mark.django_db
def test_a_photograph_that_is_gone_is_left_out(year):
    file = EvidenceFile.objects.order_by("evidence_id", "id")[0]
    assert file.print_content.name
    file.print_content.storage.delete(file.print_content.name)
    assert sum(len(piece.photographs) for piece in assembled(year).evidence) == 1


@pytest.mark.django_db
def test_a_round_of_a_strategy_with_nothing_in_it_can_be_told(council):
    year = make_year(shape=(), pieces=0, years=1, council=council)
    report = assembled(year)
    assert report.commitments() == []
    assert "No evidence that may be published was accepted for the year." in sentences.summary(report)


@pytest.mark.django_db
def test_assembling_asks_as_many_questions_for_many_commitments_as_for_one(council):
    asked = {}
    for number, (shape, pieces) in enumerate([((1,), 1), ((8, 5, 6, 7, 6), 40), ((40,) * 8, 60)]):
        year = make_year(
            shape=shape, pieces=pieces, years=2, photographs=1, council=council, slug=f"s{number}", updates=8
        )
        with CaptureQueriesContext(
            connection,
        ) as queries:
            report = assembled(year)
        assert (len(report.commitments()), len(report.evidence)) == (sum(shape), pieces)
        asked[sum(shape)] = len(queries)
    assert len(set(asked.values())) == 1, asked
    # One a table, two for the seats and points that changed, and two for the districts of the year before.
    assert asked[1] <= 27


@pytest.mark.parametrize(
    ("begin", "end", "words"),
    [
        (date(2025, 3, 12), None, "12 March 2025"),
        (date(2025, 3, 12), date(2025, 3, 12), "12 March 2025"),
        (date(2025, 5, 3), date(2025, 5, 9), "3 to 9 May 2025"),
        (date(2025, 4, 30), date(2025, 5, 2), "30 April to 2 May 2025"),
        (date(2024, 12, 30), date(2025, 1, 2), "30 December 2024 to 2 January 2025"),
    ],
)
def test_days_are_said_as_people_say_them(begin, end, words):
    assert sentences.span(begin, end) == words


def test_lists_and_numbers_are_said_as_people_say_them():
    assert [sentences.listed([]), sentences.listed(["a"]), sentences.listed(["a", "b", "c"])] == ["", "a", "a, b and c"]
    assert [sentences.number(1, "piece"), sentences.number(1204, "piece")] == ["1 piece", "1,204 pieces"]
