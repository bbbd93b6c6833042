"""A commitment is closed: since when, why, into what; and it is asked for nothing any more."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.timezone import localdate

from commitments.content.updates import UpdateContent
from commitments.forms.updates import StatusChangeForm
from commitments.models import Commitment, FrozenStanding, HistoryEntry, ProgressUpdate, Round
from commitments.rules import status
from commitments.services.progress import change_status, save_update
from commitments.services.round_participants import ask_all_newcomers
from commitments.services.rounds import close_round, open_round
from tests.api.conftest import Api
from tests.factories import make_round, make_strategy, publish_update
from vcsportal.common.dates import in_words
from vcsportal.common.words import Refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def other(strategy) -> Commitment:
    return strategy.commitments.get(reference="2.1")


def close(by, at, commitment, **more):
    return change_status(by=by, at=at, commitment=commitment, to="closed", reason="It was merged.", **more)


def test_a_complete_commitment_may_be_closed(officer, commitment, now):
    change_status(by=officer, at=now, commitment=commitment, to="complete", reason="Done.")
    assert close(officer, now, commitment).status == "closed"
    assert "closed" in status.TRANSITIONS["complete"]


def test_the_day_is_the_councils_and_what_carries_it_on_is_kept(officer, commitment, other):
    late = datetime(2026, 6, 1, 23, 30, tzinfo=ZoneInfo("UTC"))
    close(officer, late, commitment, into=other)
    commitment.refresh_from_db()
    assert (commitment.closed_on, commitment.merged_into) == (date(2026, 6, 2), other)
    entry = HistoryEntry.objects.get(act="status")
    assert (entry.said["merged_into"], entry.said["merged_into_title"]) == ("thing-2-1", "2.1 Thing 2.1")


def test_a_merger_that_was_chosen_for_another_status_counts_for_nothing(commitment, other):
    said = {"status": "on_track", "reason": "It began.", "merged_into": other.key}
    form = StatusChangeForm(said, commitment=commitment)
    assert form.is_valid(), form.errors
    assert form.into is None
    closing = StatusChangeForm({**said, "status": "closed"}, commitment=commitment)
    assert closing.is_valid(), closing.errors
    assert closing.into == other


def test_opened_again_it_has_neither(officer, commitment, other, now):
    close(officer, now, commitment, into=other)
    change_status(by=officer, at=now, commitment=commitment, to="on_track", reason="Needed.")
    commitment.refresh_from_db()
    assert (commitment.closed_on, commitment.merged_into) == (None, None)


def test_a_reason_that_is_corrected_moves_no_day(officer, commitment, other, now):
    close(officer, now - timedelta(days=9), commitment, into=other)
    change_status(by=officer, at=now, commitment=commitment, to="closed", reason="It was merged, as agreed.")
    commitment.refresh_from_db()
    assert (commitment.closed_on, commitment.merged_into) == (localdate(now) - timedelta(days=9), other)


def test_it_is_merged_only_into_an_open_one_of_its_own_strategy(officer, council, commitment, other, now):
    elsewhere = make_strategy(council, slug="elsewhere", opens_first=False).commitments.first()
    closed = commitment.strategy.commitments.get(reference="1.2")
    close(officer, now, closed)
    for into in (commitment, closed, elsewhere):
        with pytest.raises(Refused, match="closing it into another one of its strategy that is not closed"):
            close(officer, now, commitment, into=into)
    with pytest.raises(Refused, match="merged by closing it"):
        change_status(by=officer, at=now, commitment=commitment, to="on_track", reason="Go.", into=other)


def test_the_database_holds_the_same(commitment, other):
    for wrong in ({"status": "", "closed_on": date(2026, 1, 1)}, {"merged_into": other}, {"merged_into": commitment}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Commitment.objects.filter(pk=commitment.pk).update(**wrong)


class TestTheForm:
    def url(self, commitment):
        return reverse("commitments:status-change", args=["our-strategy", commitment.key])

    def test_asks_into_what_and_offers_what_can_carry_it_on(self, signed_in, officer, commitment, now):
        close(officer, now, commitment.strategy.commitments.get(reference="1.2"))
        page = signed_in(officer).get(self.url(commitment))
        assert [value for value, _ in page.context["form"].fields["merged_into"].choices] == [
            "",
            "thing-2-1",
            "thing-2-2",
        ]
        assert '<div data-asked-for="closed">' in page.text

    def test_closes_it_into_what_was_chosen(self, signed_in, officer, commitment, other):
        sent = {"status": "closed", "reason": "Merged.", "merged_into": "thing-2-1", "version": 0}
        page = signed_in(officer).post(self.url(commitment), sent, follow=True)
        text = " ".join(page.text.split())
        assert f'Closed on {in_words(localdate())}. It was merged into <a class="govuk-link"' in text
        assert '/commitments/thing-2-1/">2.1 Thing 2.1</a>' in text
        assert "Merged into 2.1 Thing 2.1." in text

    def test_a_choice_left_from_another_status_counts_for_nothing(self, signed_in, officer, commitment):
        sent = {"status": "on_track", "reason": "Begun.", "merged_into": "thing-2-1", "version": 0}
        assert signed_in(officer).post(self.url(commitment), sent).status_code == 302
        commitment.refresh_from_db()
        assert (commitment.status, commitment.merged_into) == ("on_track", None)

    def test_what_is_not_offered_is_refused(self, signed_in, officer, commitment):
        sent = {"status": "closed", "reason": "Merged.", "merged_into": "thing-1-1", "version": 0}
        page = signed_in(officer).post(self.url(commitment), sent)
        assert page.status_code == 422
        assert "Choose a commitment of this strategy that is not closed." in page.text


class TestTheApi:
    def path(self, end=""):
        return f"strategies/our-strategy/commitments/thing-1-1/{end}"

    def test_closes_it_and_says_so(self, officer, commitment, other):
        sent = {"status": "closed", "reason": "Merged.", "merged_into": "thing-2-1", "version": 0}
        answer = Api(officer).post(self.path("status/"), sent).json()
        assert (answer["status"]["code"], answer["merged_into"]) == ("closed", "thing-2-1")
        assert answer["closed_on"] == localdate().isoformat()
        assert (answer["key"], answer["reference"], answer["added_on"]) == ("thing-1-1", "1.1", None)

    def test_refuses_what_cannot_carry_it_on(self, officer, commitment):
        answer = Api(officer).post(
            self.path("status/"), {"status": "closed", "reason": "M.", "merged_into": "thing-1-1", "version": 0}
        )
        assert answer.status_code == 400
        assert "merged_into" in answer.json()["errors"]


@pytest.fixture
def years(strategy, officer, administrator, now):
    """Three rounds: closed while 1.1 was open; closed after 1.1 was closed; running now."""
    strategy.commitments.update(lead_officer=officer)
    commitment = strategy.commitments.get(reference="1.1")
    first, second, third = (make_round(strategy, years_ago=n, open_now=not n) for n in (2, 1, 0))
    Round.objects.filter(pk__in=[first.pk, second.pk]).update(state="in_review", closings=0)
    close_round(by=administrator, at=now - timedelta(days=500), round_=Round.objects.get(pk=first.pk))
    close(officer, now - timedelta(days=300), commitment, into=strategy.commitments.get(reference="2.1"))
    close_round(by=administrator, at=now - timedelta(days=200), round_=Round.objects.get(pk=second.pk))
    Round.objects.filter(pk=third.pk).update(state="planned")
    open_round(by=administrator, at=now, round_=Round.objects.get(pk=third.pk))
    return commitment, first, second, third


def test_a_round_that_is_closed_later_freezes_it_as_closed(years):
    commitment, first, second, _ = years
    assert FrozenStanding.objects.get(commitment=commitment, round=first).status == ""
    frozen = FrozenStanding.objects.get(commitment=commitment, round=second)
    assert (frozen.status, frozen.reason, frozen.update) == ("closed", "It was merged.", None)
    commitment.refresh_from_db()
    assert frozen.closed_on == commitment.closed_on
    assert frozen.merged_into == commitment.merged_into == commitment.strategy.commitments.get(reference="2.1")


def test_it_is_asked_for_nothing(years):
    commitment, _, _, third = years
    assert not commitment.updates.filter(round=third).exists()
    assert third.updates.count() == 3


@pytest.mark.parametrize("state", ["open", "in_review"])
def test_closed_while_a_round_runs_it_is_asked_no_longer(
    strategy, officer, administrator, commitment, open_round, now, state
):
    for one in strategy.commitments.in_order()[:2]:
        ProgressUpdate.objects.create(commitment=one, round=open_round, owed_by=officer)
    Round.objects.filter(pk=open_round.pk).update(state=state)
    close(officer, now, commitment)
    assert [one.commitment.reference for one in open_round.updates.all()] == ["1.2"]


def test_what_somebody_has_begun_stays_and_another_round_s_too(officer, commitment, open_round, now):
    earlier = make_round(commitment.strategy, years_ago=1)
    save_update(
        by=officer,
        at=now,
        commitment=commitment,
        round_=open_round,
        content=UpdateContent("on_track", "Begun."),
        version=None,
    )
    ProgressUpdate.objects.create(commitment=commitment, round=earlier, owed_by=officer)
    close(officer, now, commitment)
    assert commitment.updates.count() == 2


def test_opened_again_it_is_asked_for_again(officer, commitment, open_round, now):
    ask_all_newcomers(at=now)
    close(officer, now, commitment)
    assert not commitment.updates.exists()
    ask_all_newcomers(at=now)
    assert not commitment.updates.exists()
    change_status(by=officer, at=now, commitment=commitment, to="on_track", reason="Needed.")
    ask_all_newcomers(at=now)
    assert commitment.updates.get().state == "expected"


def test_its_page_counts_no_silence_after_it_was_closed(client, years):
    commitment, first, second, third = years
    page = client.get(commitment.get_absolute_url())
    assert [(year.round, year.label or year.status.label) for year in page.context["years"]] == [
        (first.slug, "No update yet"), (second.slug, "Closed"), (third.slug, "Closed"),
    ]  # fmt: skip
    assert [one.slug for one in page.context["quiet"]] == [first.slug]


def test_the_boards_of_its_priority_show_it_closed_from_then_on(client, years):
    _, first, second, third = years
    page = client.get(reverse("commitments:priority", args=["our-strategy", 1]))
    drawn = {slug: [tile.status.code for row in rows for tile in row.tiles] for slug, rows in page.context["boards"]}
    assert drawn == {first.slug: ["", ""], second.slug: ["closed", ""], third.slug: ["closed", ""]}


def test_an_update_that_closes_it_says_when_as_well(officer, commitment, open_round, now):
    publish_update(
        by=officer, at=now, commitment=commitment, round_=open_round, content=UpdateContent("closed", "It ended.")
    )
    commitment.refresh_from_db()
    assert (commitment.status, commitment.closed_on) == ("closed", localdate(now))


class TestJoinedLater:
    """A commitment that was added while the strategy was under way."""

    @pytest.fixture
    def new(self, strategy, commitment):
        made = make_round(strategy, years_ago=1), make_round(strategy)
        Commitment.objects.filter(pk=commitment.pk).update(added_on=made[1].observes_from)
        commitment.refresh_from_db()
        return commitment, *made

    def test_is_not_yet_there_in_years_that_were_over(self, client, new):
        commitment, _before, _now = new
        page = client.get(commitment.get_absolute_url())
        assert [year.label for year in page.context["years"]] == ["Not yet added", "No update yet"]
        assert page.context["quiet"] == []
        assert f"It was added to the strategy on {in_words(commitment.added_on)}." in page.text

    def test_its_tile_says_so(self, client, new):
        page = client.get(reverse("commitments:priority", args=["our-strategy", 1]))
        label = page.context["boards"][0][1][0].tiles[0].label
        assert label == "1.1 Thing 1.1, Not yet added"

    @pytest.mark.parametrize(("days", "asked"), [(-1, True), (0, True), (1, False)])
    def test_a_round_asks_for_what_joined_by_the_end_of_its_period(self, strategy, administrator, now, days, asked):
        round_ = make_round(strategy)
        Round.objects.filter(pk=round_.pk).update(state="planned")
        joined = round_.observes_to + timedelta(days=days)
        Commitment.objects.filter(strategy=strategy, reference="1.1").update(added_on=joined)
        open_round(by=administrator, at=now, round_=Round.objects.get(pk=round_.pk))
        assert round_.updates.filter(commitment__reference="1.1").exists() is asked
        assert round_.updates.count() == 3 + asked


def test_the_history_on_its_page_tells_how_the_strategy_was_revised(client, commitment, now):
    HistoryEntry.objects.create(
        at=now, act="add", commitment=commitment, said={"on": "2025-04-01", "reference": "1.1", "short_title": "T"}
    )
    HistoryEntry.objects.create(
        at=now + timedelta(minutes=1), act="renumber", commitment=commitment,
        said={"was": {"reference": "1.2", "priority": 1}, "now": {"reference": "1.1", "priority": 1}},
    )  # fmt: skip
    HistoryEntry.objects.create(
        at=now + timedelta(minutes=2), act="amend", commitment=commitment,
        said={"was": {"wording": "Old words"}, "now": {"wording": "New words"}},
    )  # fmt: skip
    HistoryEntry.objects.create(
        at=now + timedelta(minutes=3), act="amend", commitment=commitment, said={"was": {"short_title": "A"}, "now": {"short_title": "B"}}
    )  # fmt: skip
    items = client.get(commitment.get_absolute_url()).context["items"]
    assert [(item.text, item.detail) for item in items] == [
        ("Wording amended", "It was: “Old words”\n\nIt is now: “New words”"),
        ("Renumbered from 1.2 to 1.1", ""),
        ("Added to the strategy on 1 April 2025", ""),
    ]
