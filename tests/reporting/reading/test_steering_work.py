"""My tasks of a member of the steering group: the draft, its comments, what changed, the last report and the next dates."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from commitments.models import Round, Strategy
from commitments.services.progress import change_status
from partners.models import SecurityEvent
from reporting.reading.steering import last_visit
from reporting.services.comments import add_comment
from reporting.services.texts import save_text
from tests.factories import make_organisation, make_person, make_strategy

pytestmark = pytest.mark.django_db


def text(response) -> str:
    return " ".join(response.content.decode().split())


@pytest.fixture
def round_(strategy, now) -> Round:
    """A round whose window closes in a month."""
    today = timezone.localdate(now)
    return Round.objects.create(
        strategy=strategy, slug="2025-26", observes_from=today - timedelta(days=300),
        observes_to=today + timedelta(days=10), opens_on=today, closes_on=today + timedelta(days=30),
        grace_until=today + timedelta(days=37), state="open",
    )  # fmt: skip


def signed_in_on(person, at) -> None:
    SecurityEvent.objects.create(at=at, kind="signed_in", by=person, person=person)


def test_the_draft_its_comments_and_the_next_dates_are_there(
    signed_in, steering_member, officer, strategy, round_, now
):
    save_text(by=officer, at=now, round_=round_, section="foreword", text="A good year.", version=None)
    add_comment(by=steering_member, at=now, round_=round_, section="foreword", words="Name the halls.")
    page = text(signed_in(steering_member).get("/my-work/"))
    assert "Report for 2025-26" in page
    assert "1 of " in page
    assert "Read the whole draft for 2025-26" in page
    assert "Sam Steering on" in page
    assert "“Name the halls.”" in page
    assert f"/reports/of/{strategy.slug}/2025-26/write/foreword/#comments" in page
    assert "last day for updates about 2025-26" in page
    assert "1 section of the draft was written or changed." in page
    assert "No report has been published yet." in page


def test_what_changed_begins_on_the_last_earlier_day_of_signing_in(
    signed_in, steering_member, officer, commitment, now
):
    signed_in_on(steering_member, now - timedelta(days=40))
    signed_in_on(steering_member, now - timedelta(days=20))
    signed_in_on(steering_member, now)
    day = timezone.localdate(now - timedelta(days=20))
    assert last_visit(steering_member, timezone.localdate(now)) == day
    client = signed_in(steering_member)
    assert "Nothing that is published has changed." in text(client.get("/my-work/"))
    change_status(by=officer, at=now - timedelta(days=30), commitment=commitment, to="on_track", reason="It began.")
    page = text(client.get("/my-work/"))
    assert "Nothing that is published has changed." in page, "that was before"
    assert "That is when you last signed in" in page
    assert f"?from={day}&amp;to={timezone.localdate(now)}" in page
    change_status(by=officer, at=now - timedelta(days=20), commitment=commitment, to="complete", reason="It is done.")
    page = text(client.get("/my-work/"))
    assert "Nothing that is published has changed." not in page
    assert "commitment" in page.partition("you last signed in.")[2][:60], "the day itself counts"


def test_with_nothing_to_read_it_says_so(signed_in, steering_member, strategy):
    page = text(signed_in(steering_member).get("/my-work/"))
    assert "No report is being written yet." in page
    assert "There are no open comments on the draft." in page
    assert "That is when the strategy began" in page


def test_a_group_that_steers_nothing_is_told(signed_in, db):
    member = make_person("steering_group", name="Sue Seated")
    assert "Your group is not steering a strategy at the moment" in text(signed_in(member).get("/my-work/"))


def test_only_strategies_of_the_own_group_in_term_are_shown(signed_in, steering_member, officer, strategy):
    make_strategy(strategy.owner, slug="long-over")
    Strategy.objects.filter(slug="long-over").update(starts_on=date(2008, 4, 1), ends_on=date(2011, 3, 31))
    make_strategy(strategy.owner, slug="of-others", steered_by=make_organisation("The Others", "partnership_group"))
    page = text(signed_in(steering_member).get("/my-work/"))
    assert "Strategy our-strategy" in page
    assert "Strategy long-over" not in page
    assert "Strategy of-others" not in page
    assert "The draft report" not in text(signed_in(officer).get("/my-work/")), "officers have no seat"
