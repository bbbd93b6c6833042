"""Evidence that was accepted after the report on its year was sealed is told in the next report, once and apart."""

import json
import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from commitments.models import Evidence, Round
from commitments.reading import consents as reading
from commitments.rules import story_consent
from commitments.services.consents import take_down
from reporting import assembly, rendering
from reporting.easy import drawing
from reporting.exports.dictionary import everything
from reporting.facts import ProductionDetails, Report, from_json, to_json
from reporting.models import Citation, Edition
from reporting.narrative import sentences
from reporting.paper.outline import outline
from reporting.production.citations import uses
from reporting.rendering.photographs import Photographs
from reporting.sealed.checking import find_taken_back
from tests.factories import make_edition, make_evidence, seal, withdraw_edition
from tests.reporting.year import attach_photograph

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


def assembled(round_: Round, at: datetime) -> Report:
    return assembly.assemble(round_=round_, making=ProductionDetails(at, edition=1))


def publish(year, round_: Round, at: datetime) -> Edition:
    """An edition of what may be told at a moment, with its citations, published a day later."""
    report = assembled(round_, at)
    edition = make_edition(round_=round_, by=year.officer, facts=to_json(report), at=at, started_at=at)
    Citation.objects.bulk_create(
        Citation(edition=edition, evidence=use.evidence, note=use.note, references=list(use.references))
        for use in uses(report)
    )
    seal(edition, by=year.officer, at=at + DAY)
    return edition


def came_in(year, accepted: datetime, *, title: str = "Late evidence", **changes: Any) -> Evidence:
    """An item of the first year, accepted at a moment."""
    person, before = year.people[0], year.rounds[0]
    said = {"happened_from": before.observes_to - 9 * DAY, "people_reached": 1000, **changes}
    piece = make_evidence(
        person,
        year.strategy.commitments.get(reference="2.1"),
        state="accepted",
        officer=year.reviewer,
        title=title,
        **said,
    )
    Evidence.objects.filter(pk=piece.pk).update(accepted_at=accepted)
    return piece


def late(report: Report) -> list[str]:
    return [item.title for item in report.late]


def words(html: str) -> str:
    html = re.sub(r"<(style|title|svg)\b.*?</\1>", " ", html, flags=re.S)
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


@pytest.fixture
def sealed(year, now) -> datetime:
    """The moment at which the facts of the first year's edition were gathered; it is published since."""
    at: datetime = now - 40 * DAY
    publish(year, year.rounds[0], at)
    return at


def test_only_what_was_accepted_after_the_facts_were_gathered_is_late(year, sealed, now):
    came_in(year, sealed + timedelta(seconds=1), title="A moment later")
    came_in(year, sealed + timedelta(hours=3), title="Before it was published")
    came_in(year, sealed, title="At the same moment")
    came_in(year, now, title="Not to be published", publishable=False)
    first, last = year.rounds[0].observes_from, year.rounds[0].observes_to
    came_in(year, now, title="On the first day", happened_from=first, happened_to=None)
    came_in(year, now, title="On the last day", happened_from=last, happened_to=None)
    came_in(year, now, title="Before the first", happened_from=first - DAY, happened_to=None)
    came_in(year, now, title="This year's", happened_from=year.round.observes_from, happened_to=None)
    withdrawn = came_in(year, now, title="Withdrawn")
    Evidence.objects.filter(pk=withdrawn.pk).update(state="withdrawn", accepted_at=None, accepted_by=None)
    report = assembled(year.round, now)
    assert set(late(report)) == {"A moment later", "Before it was published", "On the first day", "On the last day"}
    assert "This year's" in {item.title for item in report.evidence}
    assert {item.late_for for item in report.late} == {year.rounds[0].slug}
    assert assembled(year.rounds[0], now).late == (), "the first year has no earlier one"


def test_nothing_is_late_while_the_report_on_its_year_is_still_to_come(year, now):
    came_in(year, now)
    assert assembled(year.round, now).late == ()
    draft = make_edition(round_=year.rounds[0], by=year.officer, at=now - 40 * DAY, started_at=now - 40 * DAY)
    assert assembled(year.round, now).late == (), "a draft seals nothing"
    seal(draft, by=year.officer, at=now - 39 * DAY)
    assert late(assembled(year.round, now)) == ["Late evidence"]
    withdraw_edition(by=year.officer, at=now, edition=draft, reason="It was wrong.")
    assert assembled(year.round, now).late == (), "another edition will be made, and holds it"


def test_it_is_told_once_and_again_only_in_another_edition_of_the_same_report(year, sealed, now):
    came_in(year, now - 30 * DAY)
    last = year.round.observes_to
    next_ = Round.objects.create(
        strategy=year.strategy, slug="2098-99", observes_from=last + DAY, observes_to=last + 365 * DAY,
        opens_on=last + 366 * DAY, closes_on=last + 400 * DAY, grace_until=last + 407 * DAY, state="open",
    )  # fmt: skip
    assert late(assembled(next_, now)) == ["Late evidence"], "two years on, if nobody told of it before"
    first = publish(year, year.round, now - 20 * DAY)
    assert late(from_json(first.facts)) == ["Late evidence"]
    assert late(assembled(next_, now)) == [], "it was told"
    assert late(assembled(year.round, now)) == ["Late evidence"], "an edition is whole"
    withdraw_edition(by=year.officer, at=now, edition=first, reason="It was wrong.")
    assert late(assembled(next_, now)) == ["Late evidence"]


def test_a_newer_edition_of_its_own_year_tells_of_it_in_its_place(year, sealed, now):
    came_in(year, now - 30 * DAY)
    publish(year, year.rounds[0], now - 20 * DAY)
    assert assembled(year.round, now).late == ()


def test_it_is_in_no_count_of_the_year_and_in_every_face(year, sealed, now):
    before = assembled(year.round, now)
    piece = came_in(year, now - 30 * DAY)
    attach_late(year, piece)
    report = assembled(year.round, now)
    [item] = report.late
    assert item.number == len(report.evidence) + 1
    assert report.evidence == before.evidence
    assert report.organisations == before.organisations
    assert [c.evidence for c in report.commitments()] == [c.evidence for c in before.commitments()]
    assert sentences.figures(report.evidence) == sentences.figures(before.evidence)
    slug = year.rounds[0].slug
    sentence = f"1 item of evidence about {slug} came in after the report for {slug} was made; it is listed separately and not counted here."
    for html in (
        rendering.to_html(report),
        rendering.to_alone(report, photographs=Photographs(report)),
    ):
        assert words(html).count(sentence) == 2, "in the summary and in its own chapter"
        assert f"About {slug} Note {item.number} Late evidence" in words(html)
        assert "For 2.1" in words(html)
        assert "#came-in-late" in html
    for html in (
        rendering.to_annex_html(report, photographs=Photographs(report)),
        rendering.to_alone(report, photographs=Photographs(report)),
    ):
        assert "A late photograph" in html
    assert "1 story about earlier years came in late. It is not counted here." in words(drawing.to_html(report))
    paper = outline(report)
    tables: list[Any] = [block for block in paper.blocks if getattr(block, "caption", "").startswith("Late evidence")]
    assert [row[:3] for row in tables[0].rows] == [(str(item.number), item.organisation, "Late evidence")]
    found = {table.name: table for table in everything(report)}
    columns = [column.name for column in found["late_evidence"].columns]
    [row] = found["late_evidence"].rows
    assert (row[columns.index("round")], row[columns.index("title")]) == (slug, "Late evidence")
    assert "Late evidence" not in str(found["evidence"].rows)
    round_columns = [column.name for column in found["round"].columns]
    assert found["round"].rows[0][round_columns.index("came_in_late")] == 1
    pictures = [row[:3] for row in found["photographs"].rows]
    assert (item.number, 1, "A late photograph") in pictures
    assert [use.note for use in uses(report) if use.evidence == piece.pk] == [item.number]
    assert from_json(json.loads(json.dumps(to_json(report)))) == report


def attach_late(year, piece: Evidence) -> None:
    """Give it a photograph, whatever state it is in."""
    Evidence.objects.filter(pk=piece.pk).update(state="draft", accepted_at=None, accepted_by=None)
    accepted, by = piece.accepted_at, piece.accepted_by
    piece.refresh_from_db()
    attach_photograph(piece, year.people[0], timezone.now(), 3, "A late photograph")
    Evidence.objects.filter(pk=piece.pk).update(state="accepted", accepted_at=accepted, accepted_by=by)


def test_consents_reach_it_as_they_reach_the_others(year, sealed, now, client):
    piece = came_in(year, now - 30 * DAY, story="Ottilie sang.")
    attach_late(year, piece)
    edition = publish(year, year.round, now - 20 * DAY)
    number = from_json(edition.facts).late[0].number
    read = reverse("reporting:edition-read", args=[edition.pk])
    picture = f"/reports/{edition.pk}/photographs/{number}/1.jpg"
    assert picture in client.get(read).text
    assert client.get(picture).status_code == 200
    [held] = reading.holders(piece)
    assert held.story
    assert held.files
    assert find_taken_back(edition.facts, timezone.localdate(now)) == ""
    take_down(by=year.reviewer, at=now, evidence=piece, asked_by="Ottilie")
    page = client.get(read).text
    assert "Ottilie sang." not in page
    assert story_consent.SENTENCES["withdrawn"] in page
    assert client.get(picture).status_code == 404
    assert "story" in find_taken_back(edition.facts, timezone.localdate(now))
    [item] = assembled(year.round, now).late
    assert (item.title, item.photographs) == (story_consent.NO_TITLE, ())
