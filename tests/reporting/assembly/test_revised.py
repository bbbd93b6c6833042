"""What a year's report makes of a strategy that was revised: closed, added, renumbered and reworded commitments."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse

from commitments.content.updates import UpdateContent
from commitments.models import Commitment, FormerReference, HistoryEntry, Round
from commitments.services.progress import change_status
from commitments.services.rounds import close_round
from reporting import assembly, rendering
from reporting.assembly.round_standings import RoundStanding, or_closed
from reporting.easy import words as easy
from reporting.exports.data import TABLES
from reporting.exports.rows import NOT_YET
from reporting.facts import (
    AddedFacts,
    CommitmentFacts,
    MovedFacts,
    ProductionDetails,
    RenumberedFacts,
    Report,
    YearFacts,
    from_json,
    to_json,
)
from reporting.narrative import change_sentences, charts, sentences
from reporting.paper.outline import outline
from tests.as_read import as_read
from tests.factories import make_edition, make_evidence, make_strategy, publish_update
from tests.reporting.paper_back import expected
from tests.reporting.small import empty, small


def at(year: int, month: int, day: int, hour: int = 12, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=ZoneInfo("Europe/London"))


FROZEN = {2023: at(2024, 6, 10), 2024: at(2025, 6, 10)}
MADE = at(2026, 6, 1)


class Plan:
    """A strategy of three commitments (1.1, 1.2, 2.1) through three years, of which the last is running."""

    def __init__(self, council, officer, administrator):
        self.officer, self.administrator = officer, administrator
        self.strategy = make_strategy(council, slug="revised", shape=(2, 1))
        self.rounds = {
            year: Round.objects.create(
                strategy=self.strategy, slug=f"{year}-{year - 1999}", observes_from=date(year, 4, 1), observes_to=date(year + 1, 3, 31),
                opens_on=date(year + 1, 4, 1), closes_on=date(year + 1, 5, 31), grace_until=date(year + 1, 6, 7), state="in_review",
            )
            for year in (2023, 2024, 2025)
        }  # fmt: skip

    def of(self, reference: str) -> Commitment:
        return self.strategy.commitments.get(reference=reference)

    def freeze(self, year: int, when: datetime | None = None) -> None:
        close_round(by=self.administrator, at=when or FROZEN[year], round_=Round.objects.get(pk=self.rounds[year].pk))

    def say(self, reference: str, year: int, status: str) -> None:
        publish_update(
            by=self.officer, at=at(year + 1, 5, 1), commitment=self.of(reference), round_=self.rounds[year],
            content=UpdateContent(status, f"Why {status}.", "We act." if status in {"at_risk", "delayed"} else ""),
        )  # fmt: skip

    def close(self, reference: str, when: datetime, into: str = "") -> None:
        change_status(
            by=self.officer, at=when, commitment=self.of(reference), to="closed", reason="The money ended.",
            into=self.of(into) if into else None,
        )  # fmt: skip

    def note(self, act: str, of: str, when: datetime, **said: Any) -> None:
        HistoryEntry.objects.create(at=when, by=None, act=act, commitment=self.of(of), said=said)

    def reword(self, reference: str, when: datetime, was: str = "Old words", now: str = "New words") -> None:
        self.note("amend", reference, when, was={"wording": was}, now={"wording": now})

    def report(self, year: int, when: datetime = MADE) -> Report:
        return assembly.assemble(round_=Round.objects.get(pk=self.rounds[year].pk), making=ProductionDetails(at=when))

    def told(self, year: int, reference: str) -> CommitmentFacts:
        return next(one for one in self.report(year).commitments() if one.reference == reference)


@pytest.fixture
def plan(council, officer, administrator) -> Plan:
    return Plan(council, officer, administrator)


@pytest.fixture
def closed(plan: Plan) -> Plan:
    """1.1 was on track in 2023-24, and was closed and merged into 2.1 before 2024-25 was frozen."""
    plan.say("1.1", 2023, "on_track")
    plan.say("2.1", 2023, "on_track")
    plan.freeze(2023)
    plan.close("1.1", at(2024, 8, 1), into="2.1")
    plan.say("2.1", 2024, "on_track")
    plan.freeze(2024)
    return plan


@pytest.mark.django_db
class TestClosed:
    def test_it_is_closed_in_every_later_report_with_its_day_its_reason_and_what_carries_it_on(self, closed):
        for year in (2024, 2025):
            one = closed.told(year, "1.1")
            assert (one.status, one.reason, one.updated_on) == ("closed", "The money ended.", None)
            assert (one.closed_on, one.closed_why, one.closed_into) == (date(2024, 8, 1), "The money ended.", "2.1")
            assert not one.has_update
            assert not one.is_silent
        assert [(y.round, y.status) for y in closed.told(2025, "1.1").years] == [
            ("2023-24", "on_track"), ("2024-25", "closed"), ("2025-26", "closed"),
        ]  # fmt: skip

    def test_the_year_before_it_was_closed_stays_as_it_was(self, closed):
        one = closed.told(2023, "1.1")
        assert (one.status, one.closed_on, one.has_update) == ("on_track", None, True)

    def test_it_moved_once_and_is_never_silent(self, closed):
        first, second = closed.report(2024).changes, closed.report(2025).changes
        assert first is not None
        assert second is not None
        assert first.moved == (
            MovedFacts("1.1", "Thing 1.1", "on_track", "closed", "The money ended.", date(2024, 8, 1), into="2.1"),
        )
        assert first.silent == ("1.2",)
        assert (second.moved, second.silent) == ((), ("1.2", "2.1"))
        assert (first.spoken, first.commitments) == (1, 3)

    def test_opened_again_the_frozen_year_still_says_how_it_was(self, closed):
        change_status(
            by=closed.officer, at=at(2025, 9, 1), commitment=closed.of("1.1"), to="on_track", reason="New money."
        )
        then, now = closed.told(2024, "1.1"), closed.told(2025, "1.1")
        assert (then.status, then.closed_on, then.closed_into) == ("closed", date(2024, 8, 1), "2.1")
        assert (now.status, now.closed_on, now.is_silent) == ("", None, True)

    def test_one_that_was_closed_after_the_freezing_was_silent_in_that_year(self, plan):
        plan.freeze(2023)
        plan.close("1.1", FROZEN[2023] + timedelta(days=1))
        plan.freeze(2024)
        assert plan.told(2023, "1.1").is_silent
        assert plan.told(2024, "1.1").status == "closed"

    def test_an_update_of_the_year_says_more_than_the_closing(self, plan):
        plan.say("1.1", 2023, "on_track")
        plan.close("1.1", at(2024, 6, 1))
        plan.freeze(2023)
        assert plan.told(2023, "1.1").status == "on_track"
        assert plan.told(2024, "1.1").status == "closed"

    def test_an_update_that_closes_it_is_an_update(self, plan):
        plan.say("1.1", 2023, "closed")
        plan.freeze(2023)
        one = plan.told(2023, "1.1")
        assert (one.status, one.closed_on, one.has_update) == ("closed", date(2024, 5, 1), True)

    def test_what_was_frozen_by_an_earlier_version_is_closed_all_the_same(self):
        closed = Commitment(closed_on=date(2024, 8, 1), status_at=at(2024, 8, 1), status_reason="It ended.")
        assert or_closed(RoundStanding(), closed, at(2024, 8, 1)).status == "closed"
        assert or_closed(RoundStanding(), closed, at(2024, 8, 1) - timedelta(seconds=1)) == RoundStanding()
        assert or_closed(RoundStanding(), closed, at(2024, 8, 2, 0)).status == "closed"
        corrected = Commitment(closed_on=date(2024, 8, 1), status_at=at(2025, 1, 1))
        assert or_closed(RoundStanding(), corrected, at(2024, 8, 2)).status == "closed", (
            "a corrected reason moves no day"
        )
        assert or_closed(RoundStanding(), corrected, at(2024, 7, 31, 23)) == RoundStanding()
        spoken = RoundStanding("on_track")
        assert or_closed(spoken, closed, at(2025, 1, 1)) == spoken
        kept = RoundStanding("closed", closed_on=date(2023, 1, 1), closed_into="1.3")
        assert or_closed(kept, closed, at(2025, 1, 1)) == kept

    def test_closed_on_the_day_of_freezing_the_moment_decides(self, plan):
        plan.close("2.1", FROZEN[2023] - timedelta(minutes=1))
        plan.freeze(2023)
        plan.close("1.1", FROZEN[2023] + timedelta(minutes=1))
        plan.freeze(2024)
        assert plan.told(2023, "2.1").status == "closed"
        assert [year.status for year in plan.told(2024, "1.1").years] == ["", "closed"]
        changes = plan.report(2024).changes
        assert changes is not None
        assert [one.reference for one in changes.moved] == ["1.1"]

    def test_the_page_of_changes_does_not_call_it_silent_later(self, closed):
        found = assembly.between(closed.strategy, since=date(2025, 7, 1), until=date(2026, 5, 31))
        assert "1.1" not in found.silent
        then = assembly.between(closed.strategy, since=date(2024, 7, 31), until=date(2024, 8, 1))
        assert [(one.now, one.into) for one in then.moved] == [("closed", "2.1")]


def one_closed(**more: Any) -> Report:
    """A small report whose first commitment is closed."""
    report = small()
    first, *others = report.priorities
    gone = replace(
        first.commitments[0], status="closed", reason="The money ended.", remedy="", narrative="", next_steps="", updated_on=None,
        update=None, confirms="", closed_on=date(2024, 8, 1), closed_why="The money ended.", closed_into="2.1", **more,
    )  # fmt: skip
    priorities = (replace(first, commitments=(gone, *first.commitments[1:])), *others)
    return replace(report, priorities=priorities)


class TestEveryFaceOfAClosedOne:
    SENTENCE = "Closed since 1 August 2024. It was merged into 2.1."

    def test_the_page_and_the_print(self):
        html = as_read(rendering.to_html(one_closed()))
        begin = html.index('id="commitment-1.1"')
        section = html[begin : html.index("</section>", begin)]
        assert self.SENTENCE in section
        assert "The money ended." in section
        assert "No update was received" not in section

    def test_the_committee_paper(self):
        text = "\n".join(one[2] for one in expected(outline(one_closed())))
        assert f"{self.SENTENCE} The money ended." in text

    def test_the_sentences_and_counts(self):
        report = one_closed()
        told = " ".join(sentences.summary(report))
        assert "1 commitment is closed and needed no update: 1.1." in told
        spoken = sum(one.has_update for one in report.commitments())
        asked = spoken + sum(one.is_silent for one in report.commitments())
        assert f"received for {spoken} of the {asked} commitments" in told
        assert asked == len(report.commitments()) - 1
        assert "1 commitment is closed and needed no update: 1.1." in sentences.about(report.priorities[0], ())
        table: Any = sentences.counts_table(report)
        assert table["total"] == len(report.commitments())
        assert table["totals"][[one.code for one in table["columns"]].index("closed")] == 1

    def test_the_easy_summary(self):
        report = one_closed()
        unknown = easy.silence(report)
        assert unknown is None or "1.1" not in " ".join(unknown.says)

    def test_the_tables(self):
        row = next(row for row in rows(one_closed(), "commitments") if row["commitment"] == "1.1")
        assert (row["status"], row["closed_on"], row["merged_into"]) == ("Closed", date(2024, 8, 1), "2.1")
        summary = rows(one_closed(), "round")[0]
        assert summary["commitments_with_update"] == sum(one.has_update for one in one_closed().commitments())

    def test_one_without_a_day_on_record_says_nothing_of_it(self):
        assert sentences.closed_since(replace(small().commitments()[0], closed_on=None)) == ""
        assert (
            sentences.closed_since(replace(one_closed().commitments()[0], closed_into=""))
            == "Closed since 1 August 2024."
        )


def rows(report: Report, name: str) -> list[dict[str, Any]]:
    """The rows of a table of the data, by the names of their columns."""
    table = next(one for one in TABLES if one.name == name)
    return [{column.name: column.read(thing) for column in table.columns} for thing in table.things(report)]


@pytest.mark.django_db
class TestJoined:
    @pytest.fixture
    def joined(self, plan: Plan) -> Plan:
        """1.2 joined on 1 September 2024: after 2023-24, and within 2024-25."""
        plan.freeze(2023)
        Commitment.objects.filter(pk=plan.of("1.2").pk).update(added_on=date(2024, 9, 1))
        plan.note("add", "1.2", at(2024, 9, 1), reference="1.2", short_title="Thing 1.2", on="2024-09-01")
        plan.freeze(2024)
        return plan

    def test_the_report_of_a_year_that_was_over_leaves_it_out(self, joined):
        assert [one.reference for one in joined.report(2023).commitments()] == ["1.1", "2.1"]
        assert [one.reference for one in joined.report(2024).commitments()] == ["1.1", "1.2", "2.1"]

    @pytest.mark.parametrize(("day", "there"), [(date(2024, 3, 31), True), (date(2024, 4, 1), False)])
    def test_the_last_day_of_the_period_decides(self, plan, day, there):
        plan.freeze(2023)
        Commitment.objects.filter(pk=plan.of("1.2").pk).update(added_on=day)
        assert ("1.2" in [one.reference for one in plan.report(2023).commitments()]) is there

    def test_it_was_not_there_in_earlier_years_and_is_silent_only_afterwards(self, joined):
        one = joined.told(2024, "1.2")
        assert one.years == (YearFacts("2023-24", "", was_there=False), YearFacts("2024-25", "", was_there=True))
        assert one.added_on == date(2024, 9, 1)
        assert one.is_silent
        changes = joined.report(2024).changes
        assert changes is not None
        assert changes.silent == ("1.1", "1.2", "2.1")

    def test_its_first_update_is_no_end_of_silence(self, joined):
        joined.say("1.2", 2025, "on_track")
        later = joined.report(2025).changes
        assert later is not None
        assert [one.reference for one in later.moved] == ["1.2"], "it had a year without an update"
        joined.strategy.commitments.filter(reference="1.2").update(added_on=date(2025, 9, 1))
        later = joined.report(2025).changes
        assert later is not None
        assert later.moved == ()

    def test_one_report_tells_of_it(self, joined):
        told = {year: joined.report(year).changes for year in (2024, 2025)}
        assert told[2024] is not None
        assert told[2025] is not None
        assert told[2024].added == (AddedFacts("1.2", "Thing 1.2", date(2024, 9, 1)),)
        assert told[2025].added == ()

    def test_evidence_of_the_year_brings_it_into_the_report_without_calling_it_silent(self, joined, partner):
        make_evidence(
            partner,
            joined.of("1.2"),
            state="accepted",
            officer=joined.officer,
            happened_from=date(2023, 6, 1),
            at=at(2024, 9, 2),
        )
        one = joined.told(2023, "1.2")
        assert (one.status, one.is_silent, one.was_there) == ("", False, False)
        assert "1.2" not in " ".join(sentences.summary(joined.report(2023)))

    def test_the_page_of_changes_tells_of_it_and_does_not_call_it_silent(self, joined, client):
        found = assembly.between(joined.strategy, since=date(2024, 8, 31), until=date(2024, 9, 30))
        assert found.added == (AddedFacts("1.2", "Thing 1.2", date(2024, 9, 1)),)
        assert "1.2" not in found.silent
        assert assembly.between(joined.strategy, since=date(2024, 8, 1), until=date(2024, 8, 31)).commitments == 2
        page = client.get(reverse("reporting:changes", args=["revised"]), {"from": "2024-09-01", "to": "2024-09-30"})
        assert f'href="{joined.of("1.2").get_absolute_url()}"' in page.text
        assert "was added on 1 September 2024." in page.text


def test_a_year_before_it_joined_has_a_dashed_tile_that_says_so():
    report = small()
    pairs = [("2022-23", "", False), ("2023-24", "", True), ("2024-25", "on_track", True)]
    picture = charts.years(report, pairs)
    assert ">Not yet</text>" in picture.svg
    assert picture.sentence == (
        "How the commitment stood in each year: not yet a commitment in 2022-23, no update was received in 2023-24, "
        "on track in 2024-25."
    )


def test_the_boards_of_years_count_it_apart():
    report = small()
    first = report.priorities[0]
    new = replace(
        first.commitments[0],
        years=tuple(replace(year, status="", was_there=False) for year in first.commitments[0].years),
    )
    drawn = charts.boards(report, replace(first, commitments=(new, *first.commitments[1:])))
    assert "1 not yet there" in drawn.sentence


def test_the_table_of_years_says_it_in_words():
    report = small()
    first, *others = report.priorities
    years = (YearFacts(report.rounds[0], "", was_there=False), *first.commitments[0].years[1:])
    told = replace(
        report,
        priorities=(
            replace(first, commitments=(replace(first.commitments[0], years=years), *first.commitments[1:])),
            *others,
        ),
    )
    assert rows(told, "years")[0]["status"] == NOT_YET


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("when", "told_in"),
    [
        (FROZEN[2023], 2023),  # the very moment belongs to what was frozen
        (FROZEN[2023] + timedelta(seconds=1), 2024),
        (FROZEN[2023] - timedelta(seconds=1), 2023),
        (FROZEN[2023].replace(hour=23, minute=59), 2024),
        (FROZEN[2024].replace(hour=0, minute=1), 2024),
        (FROZEN[2024] + timedelta(seconds=1), 2025),
    ],
)
def test_a_wording_changed_on_the_day_of_freezing_is_told_by_one_report(council, officer, administrator, when, told_in):
    plan = Plan(council, officer, administrator)
    before = plan.rounds[2023]
    Round.objects.create(
        strategy=plan.strategy, slug="2022-23", observes_from=date(2022, 4, 1), observes_to=date(2023, 3, 31),
        opens_on=date(2023, 4, 1), closes_on=date(2023, 5, 31), grace_until=date(2023, 6, 7),
    )  # fmt: skip
    assert before.observes_from == date(2023, 4, 1)
    plan.freeze(2023)
    plan.freeze(2024)
    plan.reword("1.1", when)
    found = []
    for year in (2023, 2024, 2025):
        changes = plan.report(year).changes
        assert changes is not None
        found += [year] if changes.amended else []
    assert found == [told_in]


@pytest.mark.django_db
class TestRenumbered:
    @pytest.fixture
    def renumbered(self, plan: Plan) -> Plan:
        """1.2 became 1.1 and 1.1 became 1.2 between the two freezings; the first had been on track."""
        plan.say("1.1", 2023, "on_track")
        plan.freeze(2023)
        first, second = plan.of("1.1"), plan.of("1.2")
        for one, number in ((first, 2), (second, 1)):
            FormerReference.objects.create(commitment=one, reference=one.reference, held_until=date(2024, 9, 1))
            plan.note(
                "renumber", one.reference, at(2024, 9, 1), was={"reference": one.reference, "priority": 1},
                now={"reference": f"1.{number}", "priority": 1},
            )  # fmt: skip
            one.number, one.reference = number, f"1.{number}"
        Commitment.objects.bulk_update([first, second], ["number", "reference"])
        plan.say("1.2", 2024, "complete" if not first.ongoing else "at_risk")
        plan.freeze(2024)
        return plan

    def test_a_commitment_is_compared_with_itself(self, renumbered):
        changes = renumbered.report(2024).changes
        assert changes is not None
        [moved] = changes.moved
        assert (moved.reference, moved.was, moved.now) == ("1.2", "on_track", "complete")
        assert changes.renumbered == (
            RenumberedFacts("1.1", "Thing 1.2", "1.2", date(2024, 9, 1)),
            RenumberedFacts("1.2", "Thing 1.1", "1.1", date(2024, 9, 1)),
        )
        assert "1.2 Thing 1.1 (was 1.1) went from On track to Complete." in " ".join(
            change_sentences.sentences(changes)
        )
        html = as_read(rendering.to_html(renumbered.report(2024)))
        assert "Thing 1.1 (was 1.1)</td>" in html
        assert '<p class="wording-note">Its number was 1.1 in the report for 2023-24.</p>' in html
        assert any(
            "Its number was 1.1 in the report for 2023-24." in one[2]
            for one in expected(outline(renumbered.report(2024)))
        )
        later = renumbered.report(2025).changes
        assert later is not None
        assert later.renumbered == ()

    def test_one_that_got_its_number_back_is_not_told(self, renumbered):
        plan = renumbered
        for one in ("1.1", "1.2"):
            other = "1.2" if one == "1.1" else "1.1"
            plan.note(
                "renumber",
                one,
                at(2024, 10, 1),
                was={"reference": one, "priority": 1},
                now={"reference": other, "priority": 1},
            )
        first, second = plan.of("1.1"), plan.of("1.2")
        first.number, first.reference, second.number, second.reference = 2, "1.2", 1, "1.1"
        Commitment.objects.bulk_update([first, second], ["number", "reference"])
        changes = plan.report(2024).changes
        assert changes is not None
        assert changes.renumbered == ()

    def test_its_page_leads_to_the_number_that_it_had_in_the_report(self, renumbered, client):
        for year, made in ((2023, at(2024, 6, 20)), (2024, at(2025, 6, 20))):
            make_edition(
                round_=renumbered.rounds[year],
                by=renumbered.officer,
                published=True,
                at=made,
                facts=to_json(renumbered.report(year)),
            )
        page = client.get(renumbered.of("1.2").get_absolute_url()).text
        assert "/reports/of/revised/2023-24/#commitment-1.1" in page
        assert "/reports/of/revised/2024-25/#commitment-1.2" in page


def test_what_changed_is_said_in_plain_words():
    report = small()
    assert report.changes is not None
    changes = replace(
        report.changes, added=(AddedFacts("1.2", "Map", date(2024, 9, 1)),),
        renumbered=(RenumberedFacts("1.3", "Chairs", "1.2", date(2024, 9, 1)),),
        moved=(MovedFacts("1.3", "Chairs", "", "closed", "It ended.", date(2024, 9, 2), into="2.1"),),
    )  # fmt: skip
    assert change_sentences.headline(changes).startswith("One commitment was added, one commitment changed status")
    assert "one commitment was renumbered" in change_sentences.headline(changes)
    text = " ".join(change_sentences.sentences(changes))
    for sentence in (
        "One commitment was added to the strategy. 1.2 Map was added on 1 September 2024.",
        "1.3 Chairs (was 1.2) is Closed. The reason given: It ended. It was merged into 2.1.",
        "One commitment has a new number. 1.3 Chairs was 1.2 and became 1.3 on 1 September 2024.",
    ):
        assert sentence in text, sentence
    assert "Updated again" not in [group.title for group in change_sentences.groups(changes)], "closed is no update"
    copied = change_sentences.copied(changes, "The plan")
    assert "Status changed: 1.3 to Closed." in copied
    assert "Added: 1.2 Map." in copied
    assert "Renumbered: 1.2 is now 1.3." in copied
    says = " ".join(easy.changed(replace(report, changes=changes), 5).says)  # type: ignore[union-attr]
    assert "1 commitment is new." in says
    assert "1 commitment has a new number." in says


def test_one_that_has_no_place_in_the_report_is_named_without_a_link():
    report = small()
    assert report.changes is not None
    changes = replace(report.changes, added=(AddedFacts("9.9", "Map", date(2025, 9, 1)),))
    html = as_read(rendering.to_html(replace(report, changes=changes)))
    assert "9.9 Map was added on 1 September 2025." in html
    assert "#commitment-9.9" not in html


class TestWhoseWords:
    """The strategy's own introductions and notes, and summaries of ours."""

    def report(self, **priority: str) -> Report:
        report = small()
        first, *others = report.priorities
        noted = replace(
            first.commitments[0],
            wording="Explore the Compact*",
            note="The Compact is an agreement.",
            note_source="The strategy, page 9.",
        )
        changed_ = replace(first, commitments=(noted, *first.commitments[1:]), **priority)  # type: ignore[arg-type]
        return replace(report, priorities=(changed_, *others))

    def test_an_introduction_is_quoted_with_its_source_and_our_summary_gives_way(self):
        report = self.report(
            introduction="First part.\n\nSecond part.", introduction_source="The strategy, page 8.", summary="Ours."
        )
        html = as_read(rendering.to_html(report))
        assert '<blockquote class="opener__introduction"><p>First part.</p><p>Second part.</p></blockquote>' in html
        assert "Quoted from: The strategy, page 8." in html
        opener = html[html.index('id="priority-1"') :]
        assert "Ours." not in opener[: opener.index("opener__about")]

    def test_a_summary_of_ours_is_marked(self):
        html = as_read(rendering.to_html(self.report(summary="In short.")))
        assert '<p class="opener__summary">In short.</p>' in html
        assert "A summary by the portal’s team. These are not the strategy’s words." in html

    def test_a_note_stands_below_the_wording_that_its_asterisk_is_in(self):
        html = as_read(rendering.to_html(self.report()))
        assert '<h3 class="wording" aria-describedby="note-to-1.1">' in html
        assert (
            'id="note-to-1.1"><span>*The Compact is an agreement.</span> <span class="when">Source: The strategy, page 9.</span>'
            in html
        )

    def test_the_committee_paper_has_both(self):
        report = self.report(introduction="First part.\n\nSecond part.", introduction_source="The strategy, page 8.")
        text = "\n".join(one[2] for one in expected(outline(report)))
        for words in (
            "First part.",
            "Second part.",
            "Quoted from: The strategy, page 8.",
            "*The Compact is an agreement. Source: The strategy, page 9.",
        ):
            assert words in text, words

    def test_the_tables_name_their_sources(self):
        report = self.report(introduction="First part.", introduction_source="Page 8.", summary="Ours.")
        first = rows(report, "priorities")[0]
        assert (first["introduction"], first["introduction_source"], first["summary"]) == (
            "First part.",
            "Page 8.",
            "Ours.",
        )
        row = rows(report, "commitments")[0]
        assert (row["note"], row["note_source"]) == ("The Compact is an agreement.", "The strategy, page 9.")


def test_facts_with_all_of_this_come_back_from_json_as_they_were():
    report = one_closed(key="rooms", note="A note", note_source="Page 9.", added_on=date(2024, 4, 1))
    assert from_json(to_json(report)) == replace(report, read_checksum=from_json(to_json(report)).read_checksum)


def test_facts_of_before_have_none_of_it():
    one = empty().commitments()[0]
    assert (one.key, one.note, one.added_on, one.closed_on, one.was_there) == ("", "", None, None, True)
    assert one.is_silent
