"""Districts: what anyone reads of each, what counts as work there, and areas that begin, end and replace each other."""

import re
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from commitments.content.sourced_figures import AwardContent, SourcedFigureContent, SourcedValueContent
from commitments.models import DeliveryPartner, Evidence, IndicatorValue
from commitments.page_parts.public_pages import public_etag
from commitments.reading import public_version
from commitments.reading.district_work import MOST_COUNTED
from commitments.services.awards import add_award
from commitments.services.indicators import IndicatorDefinition, define_indicator
from commitments.services.sourced_figures import add_figure
from commitments.services.sourced_values import add_sourced_value
from partners.models import Area
from partners.services.sources import SourceContent, add_source
from tests.factories import make_area, make_evidence, make_organisation, make_round, make_strategy

pytestmark = pytest.mark.django_db
CHERWELL = "/districts/E07000177/"


@pytest.fixture(autouse=True)
def drawn_anew(monkeypatch) -> None:
    """Each page is drawn again, so that a test sees what it was drawn from."""
    monkeypatch.setattr(public_version, "is_steady", lambda: False)


@pytest.fixture
def elsewhere(area) -> Area:
    return make_area("Oxford", "E07000178")


def new_area(*replaced: Area, begins: date, name: str = "North Shire", code: str = "E06000999") -> Area:
    """An area that begins on a day, the day after those that it replaces have ended."""
    made = Area.objects.create(gss_code=code, name=name, kind="unitary", valid_from=begins)
    for old in replaced:
        old.valid_to = begins - timedelta(days=1)
        old.save()
        old.successors.add(made)
    return made


def here(client, address: str = CHERWELL, strategy: int = 0):
    """What the page says of one strategy."""
    return client.get(address).context["page"].strategies[strategy]


def references(commitments) -> list[str]:
    return [commitment.standing.reference for commitment in commitments]


def without(client, address: str = CHERWELL) -> list[str]:
    return [reference for priority in here(client, address).without for reference in references(priority.commitments)]


def words_of(page) -> str:
    """The words of a page without its markup."""
    return " ".join(re.sub(r"<[^>]+>", "", page.content.decode()).split())


def accepted(partner, officer, commitment, area, **more) -> Evidence:
    more.setdefault("districts", (area,))
    return make_evidence(partner, commitment, state="accepted", officer=officer, **more)


def test_a_page_shows_what_is_published_to_everybody_alike(
    client, signed_in, area, elsewhere, partner, officer, commitment
):
    accepted(partner, officer, commitment, area, title="Mended chairs")
    other = commitment.strategy.commitments.get(reference="1.2")
    accepted(partner, officer, other, area, title="Kept to ourselves", publishable=False)
    accepted(partner, officer, commitment, elsewhere, title="Somewhere else")
    make_evidence(partner, other, state="submitted", title="Only sent", districts=(area,))
    for reader in (client, signed_in(officer), signed_in(partner)):
        page = reader.get(CHERWELL)
        assert page.context["page"].evidence.count == 1
        assert "Mended chairs" in page.content.decode()
        assert not any(title in page.content.decode() for title in ("Kept to", "Somewhere", "Only sent"))
        assert references(page.context["page"].strategies[0].with_evidence) == ["1.1"]


def test_each_commitment_has_evidence_a_partner_or_neither(client, area, elsewhere, partner, officer, strategy):
    first, helped, far, over = strategy.commitments.in_order()
    accepted(partner, officer, first, area)
    near = make_organisation("Near Neighbours", districts=[area])
    DeliveryPartner.objects.create(commitment=helped, organisation=near)
    DeliveryPartner.objects.create(commitment=first, organisation=near)
    DeliveryPartner.objects.create(commitment=far, organisation=make_organisation("Far Friends", districts=[elsewhere]))
    today = timezone.localdate()
    DeliveryPartner.objects.create(commitment=over, organisation=near, ended_on=today, started_on=date(2020, 1, 1))
    found = here(client)
    assert references(found.with_evidence) == ["1.1"]
    assert [(references([each]), each.partners) for each in found.helped] == [(["1.2"], ("Near Neighbours",))]
    assert without(client) == ["2.1", "2.2"]
    assert [tile.reference for row in found.rows for tile in row.tiles if tile.lit] == ["1.1"]
    assert found.sentence("Cherwell") == (
        "Of 4 commitments, 1 has published evidence from Cherwell, 1 has no evidence but a delivery partner that works "
        "there and 2 have no recorded work there."
    )


def test_who_owns_the_strategy_has_ended_or_was_removed_is_no_partner_here(client, area, council, strategy):
    council.districts.add(area)
    ended, removed = (make_organisation(name, districts=[area]) for name in ("Ended", "Removed"))
    first, second, third, _ = strategy.commitments.in_order()
    for commitment, organisation in ((first, council), (second, ended), (third, removed)):
        DeliveryPartner.objects.create(commitment=commitment, organisation=organisation)
    ended.standing = "ended"
    ended.save()
    removed.standing, removed.removed_at, removed.removed_why = "listed", timezone.now(), "asked"
    removed.save()
    assert without(client) == ["1.1", "1.2", "2.1", "2.2"]
    page = client.get(CHERWELL).context["page"].organisations
    assert (page.count, [each.name for each in page.shown]) == (1, ["Oxfordshire County Council"])


def test_nobody_is_missed_where_a_commitment_is_complete_closed_or_not_agreed_to(client, area, officer, strategy):
    first, ongoing, declined, _ = strategy.commitments.in_order()
    first.status, first.status_at, first.status_by = "complete", timezone.now(), officer
    ongoing.status, ongoing.status_at, ongoing.closed_on = "closed", timezone.now(), timezone.localdate()
    declined.owner_response = "declined"
    for commitment in (first, ongoing, declined):
        commitment.save()
    assert without(client) == ["2.2"]
    assert here(client).sentence("Cherwell") == (
        "Of 4 commitments, 1 has no recorded work there. 3 more are complete, closed or not accepted."
    )


def test_one_strategy_and_one_round_are_chosen_with_the_first_and_the_last_day_of_its_period(
    client, area, council, partner, officer, strategy
):
    last_year = make_round(strategy, years_ago=1)
    first, second, third, _ = strategy.commitments.in_order()
    other = make_strategy(council, slug="other", opens_first=False)
    for commitment, day in (
        (first, last_year.observes_from),
        (second, last_year.observes_to),
        (third, last_year.observes_from - timedelta(days=1)),
        (third, last_year.observes_to + timedelta(days=1)),
        (other.commitments.get(reference="2.2"), last_year.observes_to),
    ):
        accepted(partner, officer, commitment, area, happened_from=day)
    assert references(here(client).with_evidence) == ["1.1", "1.2", "2.1"]
    of_round = f"{CHERWELL}?round={last_year.slug}"
    assert references(here(client, of_round).with_evidence) == ["1.1", "1.2"]
    page = client.get(of_round).context["page"]
    assert page.evidence.count == 3
    assert [found.strategy.slug for found in page.strategies] == ["our-strategy"]
    page = client.get(f"{of_round}&strategy=our-strategy").context["page"]
    assert page.evidence.count == 2
    listed = client.get(page.evidence.url)
    assert listed.context["page"].count == 2
    assert client.get(page.strategies[0].with_evidence[0].evidence_url).context["page"].count == 1
    assert [found.strategy.slug for found in client.get(CHERWELL).context["page"].strategies] == [
        "our-strategy",
        "other",
    ]
    assert references(here(client, f"{CHERWELL}?strategy=other").with_evidence) == ["2.2"]


def test_a_partner_of_the_rounds_period_counts_in_the_round_and_what_joined_later_is_not_missed(client, area, strategy):
    last_year = make_round(strategy, years_ago=1)
    first, second, third, _ = strategy.commitments.in_order()
    near = make_organisation("Near Neighbours", districts=[area])
    day = last_year.observes_to
    DeliveryPartner.objects.create(
        commitment=first, organisation=near, started_on=day, ended_on=day + timedelta(days=1)
    )
    DeliveryPartner.objects.create(commitment=second, organisation=near, started_on=day + timedelta(days=1))
    third.added_on = day + timedelta(days=1)
    third.save()
    found = here(client, f"{CHERWELL}?round={last_year.slug}")
    assert (references(found.helped), found.total) == (["1.1"], 3)
    assert references(here(client).helped) == ["1.2"]


@pytest.mark.parametrize("asked", ["strategy=moon", "round=1899-00", "round=%00"])
def test_a_choice_that_is_not_offered_is_refused(client, area, strategy, open_round, asked):
    page = client.get(f"{CHERWELL}?{asked}")
    assert page.status_code == 422
    assert page.context["page"] is None


def test_names_and_small_letters_lead_to_the_address_and_counties_have_none(client, area):
    for name in ("cherwell", "Cherwell", "e07000177"):
        answer = client.get(f"/districts/{name}/?round=2024-25")
        assert (answer.status_code, answer.headers["Location"]) == (302, f"{CHERWELL}?round=2024-25")
    Area.objects.create(gss_code="E10000025", name="Oxfordshire", kind="county")
    for name in ("E10000025", "oxfordshire", "narnia", "E07999999"):
        assert client.get(f"/districts/{name}/").status_code == 404


def test_an_area_that_was_replaced_stays_and_its_record_is_part_of_its_successors(
    client, area, elsewhere, partner, officer, commitment, strategy
):
    accepted(partner, officer, commitment, area, title="Before the change")
    accepted(partner, officer, commitment, area, title="In both", districts=(area, elsewhere))
    new = new_area(area, elsewhere, begins=timezone.localdate())
    accepted(partner, officer, strategy.commitments.get(reference="1.2"), new, title="After the change")
    page = words_of(client.get("/districts/E06000999/"))
    assert all(title in page for title in ("Before the change", "In both", "After the change"))
    assert "it replaced Cherwell and Oxford. What was recorded there is included here." in page
    old = client.get(CHERWELL)
    assert old.context["page"].evidence.count == 2
    assert "ended on" in words_of(old)
    assert "It was replaced by North Shire." in words_of(old)
    listed = client.get("/districts/")
    assert [(tile.name, tile.items) for tile in listed.context["shown"].tiles] == [
        ("North Shire", "3 items of evidence")
    ]
    assert [district.area.name for district, _ in listed.context["ended"]] == ["Cherwell", "Oxford"]


def test_an_area_is_in_force_on_its_first_and_last_day(client, area):
    tomorrow = timezone.localdate() + timedelta(days=1)
    new_area(area, begins=tomorrow)
    listed = client.get("/districts/").context
    assert [tile.name for tile in listed["shown"].tiles] == ["Cherwell"]
    assert [district.area.name for district, _ in listed["to_come"]] == ["North Shire"]
    assert listed["ended"] == []
    assert "It will be replaced after" in client.get(CHERWELL).content.decode()
    assert "begins on" in client.get("/districts/north-shire/", follow=True).content.decode()


def test_a_name_means_the_area_that_is_in_force(client, area):
    new = new_area(area, begins=timezone.localdate(), name="Cherwell")
    assert client.get("/districts/cherwell/").headers["Location"] == f"/districts/{new.gss_code}/"


def test_an_ended_area_is_looked_at_on_its_last_day(client, area, council, strategy):
    old = make_strategy(council, slug="old", opens_first=False)
    old.starts_on, old.ends_on = date(2001, 1, 1), date(2005, 1, 1)
    old.save()
    area.valid_to = date(2004, 3, 31)
    area.save()
    assert [found.strategy.slug for found in client.get(CHERWELL).context["page"].strategies] == ["old"]


def test_figures_are_those_of_the_area_with_their_source_and_awards_those_that_stand(
    client, area, elsewhere, officer, strategy, commitment
):
    at, by = timezone.now(), officer
    source = add_source(by=by, at=at, content=SourceContent("Census", period="2021"))
    figure = add_figure(by=by, at=at, strategy=strategy, content=SourcedFigureContent("place", "Carers", unit="people"))
    for number, where, from_source in ((4100, area, source), (5200, elsewhere, source), (6300, None, source)):
        content = SourcedValueContent(value=Decimal(number), period="2021", source=from_source, area=where)
        add_sourced_value(by=by, at=at, figure=figure, content=content)
    secret = add_figure(
        by=by, at=at, strategy=strategy, content=SourcedFigureContent("place", "Rumours", unit="people")
    )
    content = SourcedValueContent(value=Decimal(7400), period="2021", area=area)
    add_sourced_value(by=by, at=at, figure=secret, content=content)
    about = IndicatorDefinition(code="1.1a", title="Rooms", unit="rooms", by_district=True)
    indicator = define_indicator(by=by, at=at, of=commitment, what=about)
    for years_ago, number, state in ((1, 11, "approved"), (0, 22, "proposed")):
        IndicatorValue.objects.create(
            indicator=indicator, round=make_round(strategy, years_ago=years_ago), area=area, value=number, state=state,
            entered_at=at,
        )  # fmt: skip
    grants = add_figure(by=by, at=at, strategy=strategy, content=SourcedFigureContent("money", "Grants", unit="£"))
    award = AwardContent(
        "grant", "a-1", "A ramp", Decimal(50), date(2024, 5, 1), recipient_name="Hall Friends", districts=(area,)
    )
    add_award(by=by, at=at, figure=grants, content=award)
    page = client.get(CHERWELL)
    text = page.content.decode()
    assert "4,100 people" in text
    assert "Source: Census" in text
    assert "A ramp" in text
    assert [found.said for found in page.context["page"].indicators] == ["11 rooms"]
    assert not any(number in text for number in ("5,200", "6,300", "7,400", "Rumours"))
    assert page.context["page"].awards.count == 1
    assert client.get("/districts/E07000178/").context["page"].awards.count == 0


def test_the_page_asks_the_same_few_questions_for_1_and_for_40_of_everything(
    client, area, partner, officer, strategy, council
):
    commitments = list(strategy.commitments.in_order())

    def asked() -> tuple[int, int]:
        with CaptureQueriesContext(connection) as page:
            client.get(CHERWELL)
        with CaptureQueriesContext(connection) as listed:
            client.get("/districts/")
        return len(page), len(listed)

    piece = accepted(partner, officer, commitments[0], area)
    DeliveryPartner.objects.create(commitment=commitments[1], organisation=make_organisation(districts=[area]))
    few = asked()
    for number in range(40):
        copy = Evidence.objects.get(pk=piece.pk)
        copy.pk = copy.form_token = None
        copy.save()
        copy.districts.add(area)
        copy.commitments.add(*commitments)
        organisation = make_organisation(f"Helpers {number}", districts=[area])
        DeliveryPartner.objects.create(commitment=commitments[number % 4], organisation=organisation)
        make_area(f"Place {number}", f"E0700{number:04}")
    for number in range(4):
        make_strategy(council, slug=f"more-{number}", opens_first=False)
    assert asked() == few
    found = here(client).with_evidence[0]
    assert (found.items, found.counted) == (MOST_COUNTED + 1, "more than 20 items of evidence")


def test_a_new_area_changes_the_version_of_public_pages(area):
    before = public_etag()
    new_area(area, begins=timezone.localdate())
    assert public_etag() != before


def test_without_any_area_the_list_says_so(client, db):
    assert "No areas have been added yet" in client.get("/districts/").content.decode()


def test_an_organisation_leads_to_the_districts_where_it_works_and_not_to_a_county(client, area):
    county = Area.objects.create(gss_code="E10000025", name="Oxfordshire", kind="county")
    page = client.get(make_organisation(districts=[area, county]).get_absolute_url())
    assert f'href="{CHERWELL}"' in page.content.decode()
    assert "Cherwell, Oxfordshire" in words_of(page)
    assert "/districts/E10000025/" not in page.content.decode()
