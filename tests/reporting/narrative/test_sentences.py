"""What the report's own sentences say of its counts: which organisations, what is left out, how people are added up."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from commitments.rules.evidence_figures import FIGURE_BY_CODE
from partners.services.roles import add_person_with_role
from reporting import assembly, rendering
from reporting.assembly import section_counts
from reporting.easy import drawing
from reporting.exports.dictionary import everything
from reporting.facts import PriorityFacts, ProductionDetails, Report
from reporting.narrative import sentences
from reporting.paper.outline import outline
from reporting.rendering.pictures import sound
from tests.factories import make_evidence
from tests.reporting.paper_facts import make_commitment

pytestmark = pytest.mark.django_db


def assembled(year) -> Report:
    return assembly.assemble(round_=year.round, making=ProductionDetails(timezone.now(), edition=1))


def words(html: str) -> str:
    html = re.sub(r"<(style|title|svg)\b.*?</\1>", " ", html, flags=re.S)
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def paper(report: Report) -> str:
    return " ".join("".join(run.text for run in getattr(block, "runs", ())) for block in outline(report).blocks)


def faces(report: Report) -> dict[str, str]:
    """What the report in print, its page, the easy summary and the paper say."""
    return {
        "print": words(rendering.to_html(report)),
        "page": words(rendering.to_alone(report, photographs=sound({}))),
        "easy": words(drawing.to_html(report)),
        "paper": paper(report),
    }


@pytest.fixture
def council_too(year):
    """The year with one item of the council's own, under 1.1, that may be published, and three that may not."""
    council = year.strategy.owner
    person = add_person_with_role(
        by=None, at=timezone.now(), email="c@example.org", name="Carl", role="partner_lead", organisation=council
    )
    commitment = year.strategy.commitments.get(reference="1.1")
    day = year.round.observes_from
    make_evidence(
        person, commitment, state="accepted", officer=year.reviewer, title="A council deed", happened_from=day
    )
    for when in (day, year.round.observes_to, day - timedelta(days=1)):
        make_evidence(
            year.people[0], commitment, state="accepted", officer=year.reviewer, publishable=False, happened_from=when
        )
    make_evidence(year.people[0], commitment, state="submitted", publishable=False, happened_from=day)
    return year


def test_the_council_is_counted_once_with_the_others_and_named_in_every_face(council_too):
    report = assembled(council_too)
    name = council_too.strategy.owner.name
    count = len(report.organisations)
    assert [one.name for one in report.organisations if one.is_owner] == [name]
    said = faces(report)
    summary = f"organisations, {name} among them, reported what they did in {len(report.evidence)} accepted items"
    assert summary in said["print"]
    assert summary in said["page"]
    assert summary in said["paper"]
    assert f"{count} organisations told us what they did. One of them is {name}." in said["easy"]
    first = {piece.organisation for piece in report.evidence if any(r.startswith("1.") for r in piece.references)}
    opening = f"Evidence for it came from {len(first)} organisations, {name} among them, in"
    assert all(opening in said[face] for face in ("print", "page", "paper"))
    assert said["print"].count(f"{name} among them") == 2, "the second priority has nothing of the council's"
    tables = {table.name: table for table in everything(report)}
    [row] = tables["round"].rows
    column = [each.name for each in tables["round"].columns].index
    assert row[column("organisations")] == count == len(tables["organisations"].rows)
    assert row[column("council_among_organisations")] == name
    marked = [each.name for each in tables["organisations"].columns].index("is_council")
    assert [each[0] for each in tables["organisations"].rows if each[marked]] == [name]
    assert section_counts.of_priority(council_too.round, 1).sentence in said["print"]


def test_where_the_council_sent_nothing_it_is_not_named_among_them(year):
    report = assembled(year)
    assert report.owner_taking_part() == ""
    assert not any("among them" in words for words in faces(report).values())
    assert "One of them is" not in faces(report)["easy"]


def test_what_may_not_be_published_is_counted_in_every_face_and_in_nothing_else(council_too):
    report = assembled(council_too)
    assert report.unpublished == 2, "both border days of the year; neither the day before it nor what is not accepted"
    said = faces(report)
    sentence = "2 more items were accepted but may not be published; they are not counted here."
    assert said["print"].count(sentence) == 2, "in the summary and in the method"
    assert said["page"].count(sentence) == 2
    assert sentence in said["paper"]
    assert "We cannot publish 2 more stories. They are not counted here." in said["easy"]
    tables = {table.name: table for table in everything(report)}
    column = [each.name for each in tables["round"].columns].index
    assert tables["round"].rows[0][column("accepted_not_published")] == 2
    assert tables["round"].rows[0][column("pieces_of_evidence")] == len(report.evidence)


def test_where_everything_may_be_published_the_method_says_so(year):
    report = assembled(year)
    assert report.unpublished == 0
    said = faces(report)
    assert "Every item accepted for the year may be published, so none is left out." in said["print"]
    assert not any("may not be published" in words for words in (said["paper"], said["easy"]))


def test_one_item_is_counted_as_one(year):
    make_evidence(
        year.people[0], year.strategy.commitments.get(reference="1.1"), state="accepted", officer=year.reviewer,
        publishable=False, happened_from=year.round.observes_from,
    )  # fmt: skip
    assert (
        sentences.unpublished(assembled(year))
        == "1 more item was accepted but may not be published; it is not counted here."
    )


def test_a_sum_of_people_reached_is_never_printed_without_how_it_adds_up(year):
    report = assembled(year)
    said = faces(report)
    for face in ("print", "page"):
        sums = len(re.findall(r"\d people reached from \d", said[face]))
        assert sums >= 1, "under the priorities"
        found = said[face].rsplit("What the words and figures mean", 1)[0]
        assert found.count(FIGURE_BY_CODE["people_reached"].sum_note) == sums + 3, (
            "and in the summary, beside earlier years and under the districts"
        )
    assert re.search(
        r"They reached \d+ people\. [^.]*\. We add up the stories, so one person may be counted more than once\.",
        said["easy"],
    )
    [meaning] = [
        row[-1]
        for table in everything(report)
        for row in table.rows
        if table.name == "dictionary" and row[:2] == ("round", "people_reached")
    ]
    assert FIGURE_BY_CODE["people_reached"].sum_note in str(meaning)


def test_up_to_twelve_commitments_without_an_update_are_listed_and_more_are_counted():

    def told(quiet: int, spoken: int = 0) -> str:
        commitments = [
            make_commitment(f"1.{n}", status="" if n <= quiet else "on_track") for n in range(1, quiet + spoken + 1)
        ]
        return sentences.about(PriorityFacts(1, "Networks", "", tuple(commitments)), [])

    assert "No update was received for 1.1 and 1.2." in told(2)
    assert "1.11 and 1.12." in told(12, 1)
    assert "No update was received for 13 of them." in told(13, 1)
    assert "No update was received for any of them." in told(13)
