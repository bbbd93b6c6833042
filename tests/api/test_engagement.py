"""Engagement through the API follows the pages' own rules."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from commitments.content.engagement import EngagementPlan
from commitments.models import Engagement
from commitments.services.engagement import plan_engagement
from partners.models import Appointment, PartnershipGroup, Seat
from tests.factories import make_person

pytestmark = pytest.mark.django_db
ROOT = "engagement/"


@pytest.fixture
def today() -> date:
    return timezone.localdate()


@pytest.fixture
def group(strategy) -> PartnershipGroup:
    return PartnershipGroup.objects.get_or_create(organisation=strategy.steered_by)[0]


def test_it_is_planned_changed_written_up_and_read(
    api, stranger, officer, partner_lead, strategy, commitment, area, today
):
    writer = api(officer)
    plan = {
        "strategy": strategy.slug, "kind": "forum", "title": "Open forum", "starts_on": today.isoformat(),
        "districts": [area.gss_code], "commitments": [f"{strategy.slug}:{commitment.key}"], "place": "Online",
    }  # fmt: skip
    assert api(partner_lead).post(ROOT, plan).status_code == 403
    made = writer.post(ROOT, plan)
    assert made.status_code == 201
    number = made.json()["id"]
    assert made.json()["commitments"] == [
        {"strategy": strategy.slug, "key": commitment.key, "reference": commitment.reference}
    ]
    changed = writer.patch(f"{ROOT}{number}/", {"place": "Town hall", "version": 0}).json()
    assert (changed["place"], changed["title"], changed["version"]) == ("Town hall", "Open forum", 1)
    assert [found["gss_code"] for found in changed["districts"]] == [area.gss_code], "what is left out stays"
    draft = writer.post(f"{ROOT}{number}/account/", {"summary": "Half", "people_asked": 40, "version": 1}).json()
    assert (draft["state"]["code"], draft["account"]["summary"]) == ("held", "Half")
    assert stranger.get(f"{ROOT}{number}/").json()["account"] is None
    assert stranger.list(ROOT)[0]["account"] is None
    stale = {"summary": "Mine.", "version": 1}
    assert writer.post(f"{ROOT}{number}/write-up/", stale).status_code == 409
    wrong = writer.post(
        f"{ROOT}{number}/write-up/", {"summary": "S.", "people_asked": 4, "people_answered": 5, "version": 2}
    )
    assert (wrong.status_code, list(wrong.json()["errors"])) == (400, ["people_answered"])
    writer.post(f"{ROOT}{number}/write-up/", {"summary": "Whole.", "people_asked": 40, "version": 2})
    account = stranger.get(f"{ROOT}{number}/").json()["account"]
    assert (account["summary"], account["people_asked"], account["people_answered"]) == ("Whole.", 40, None)
    back = writer.post(f"{ROOT}{number}/reopen/", {"version": 3}).json()
    assert back["state"]["code"] == "held"
    assert stranger.get(f"{ROOT}{number}/").json()["account"] is None


def test_the_secretary_records_attendance_by_seat(api, stranger, group, charity, today):
    secretary = make_person()
    desk = Seat.objects.create(group=group, number=1, title="Secretary", is_secretary=True)
    chair = Seat.objects.create(group=group, number=2, title="Chair", is_chair=True)
    Appointment.objects.create(seat=desk, person=secretary, post="Clerk", starts_on=today)
    Appointment.objects.create(seat=chair, organisation=charity, post="Director", starts_on=today)
    made = plan_engagement(
        by=secretary, at=timezone.now(), group=group, strategy=None, plan=EngagementPlan("meeting", "Meeting", today)
    )
    own = api(secretary)
    rows = [{"seat": 2}, {"post": "Town clerk", "sent_apologies": True}]
    said = own.post(f"{ROOT}{made.pk}/attendance/", {"attendance": rows, "version": 0}).json()
    assert said["account"]["attendance"] == [
        {
            "organisation": {"slug": charity.slug, "name": charity.name}, "post": "Director",
            "seat": {"number": 2, "title": "Chair"}, "sent_apologies": False,
        },
        {"organisation": None, "post": "Town clerk", "seat": None, "sent_apologies": True},
    ]  # fmt: skip
    unknown: list[list[dict[str, object]]] = [[{"seat": 9}], [{"organisation": "nobody"}], [{}]]
    for wrong in unknown:
        answer = own.post(f"{ROOT}{made.pk}/attendance/", {"attendance": wrong, "version": 1})
        assert (answer.status_code, list(answer.json()["errors"])) == (400, ["attendance"])
    assert stranger.get(f"{ROOT}{made.pk}/").json()["account"] is None


def test_holding_and_calling_off(api, officer, strategy, today):
    by, at = officer, timezone.now()
    soon = plan_engagement(
        by=by, at=at, group=None, strategy=strategy, plan=EngagementPlan("visit", "Visit", today + timedelta(1))
    )
    writer = api(officer)
    assert writer.post(f"{ROOT}{soon.pk}/hold/", {"version": 0}).status_code == 409
    assert writer.post(f"{ROOT}{soon.pk}/call-off/", {"version": 0}).status_code == 400
    off = writer.post(f"{ROOT}{soon.pk}/call-off/", {"reason": "Snow.", "version": 0}).json()
    assert (off["state"]["code"], off["state_reason"]) == ("called_off", "Snow.")
    now = plan_engagement(by=by, at=at, group=None, strategy=strategy, plan=EngagementPlan("visit", "Visit", today))
    assert writer.post(f"{ROOT}{now.pk}/hold/", {"version": 0}).json()["state"]["code"] == "held"


def test_the_future_is_not_written_up_and_a_million_letters_are_refused_by_field(api, officer, strategy, today):
    plan = EngagementPlan("visit", "Visit", today + timedelta(1))
    soon = plan_engagement(by=officer, at=timezone.now(), group=None, strategy=strategy, plan=plan)
    early = api(officer).post(f"{ROOT}{soon.pk}/write-up/", {"summary": "It went well.", "version": 0})
    assert early.status_code == 409
    assert (Engagement.objects.get(pk=soon.pk).state, Engagement.objects.get(pk=soon.pk).summary) == ("planned", "")
    Engagement.objects.filter(pk=soon.pk).update(state="held", starts_on=today)
    writer, address = api(officer), f"{ROOT}{soon.pk}/write-up/"
    long = writer.post(address, {"summary": "x" * 200_000, "version": 0})
    assert (long.status_code, list(long.json()["errors"])) == (400, ["summary"])
    longest = writer.post(address, {"summary": "x" * 1_000_000, "version": 0})
    assert (longest.status_code, longest.json()["detail"]) == (413, "The body is too large. The limit is 256 KB.")


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"districts": ["E00000000"]}, "districts"),
        ({"commitments": ["our-strategy:nothing"]}, "commitments"),
        ({"strategy": "nowhere"}, "strategy"),
        ({"group": "nobody"}, "group"),
        ({"kind": "party"}, "kind"),
        ({"title": "x" * 201}, "title"),
        ({"starts_on": "1700-01-01"}, "starts_on"),
        ({"strategy": None}, "group"),
    ],
)
def test_what_is_wrong_is_named_by_its_field(api, officer, strategy, today, sent, field):
    plan = {"strategy": strategy.slug, "kind": "forum", "title": "Forum", "starts_on": today.isoformat()}
    answer = api(officer).post(ROOT, {**plan, **sent})
    assert (answer.status_code, list(answer.json()["errors"])) == (400, [field])
    assert not Engagement.objects.exists()


def test_a_list_of_many_asks_the_same_few_questions(
    api, stranger, officer, strategy, today, django_assert_max_num_queries
):
    Engagement.objects.bulk_create(
        Engagement(kind="visit", title=f"Visit {n}", starts_on=today - timedelta(n), strategy=strategy)
        for n in range(500)
    )
    with django_assert_max_num_queries(12):
        assert len(stranger.get(f"{ROOT}?page_size=100").json()["results"]) == 100
    reader = api(officer)
    with django_assert_max_num_queries(14):
        reader.get(f"{ROOT}?page_size=100&kind=visit")
