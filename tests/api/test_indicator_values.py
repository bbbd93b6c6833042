"""An indicator's figure for a round through the API: by the council and by those who help to deliver, as on the page."""

import pytest
from django.utils import timezone

from commitments.models import DeliveryPartner, Indicator, IndicatorValue, Round
from commitments.services.indicators import return_value
from partners.models import Organisation
from partners.services.api_tokens import end_token
from tests.api.conftest import ROOT, Api
from tests.factories import make_area, make_person, make_strategy
from tests.programs import made, program
from tests.strand_figures import make_strand_figures

pytestmark = pytest.mark.django_db
HALLS = "strategies/our-strategy/indicators/1.1a/"


def entry(world, **more):
    return {"round": world.round.slug, **more}


def send(client, body, rest=HALLS, **headers):
    return client.post(f"{ROOT}{rest}value/", body, content_type="application/json", headers=headers)


def test_a_councils_figure_counts_at_once_and_in_place_of_what_was_read(world, officer, stranger):
    read = stranger.get(HALLS).json()["figures"][0]
    share = {"numerator": 13, "denominator": "48.0", "note": "After the survey."}
    client = program(made(officer, "figures")[1])
    for version in (None, read["version"] + 1):
        answer = send(client, entry(world, **share, version=version))
        assert (answer.status_code, "12 of 48" in answer.json()["detail"]) == (409, True)
    answer = send(client, entry(world, **share, version=read["version"]))
    assert answer.status_code == 200, answer.content
    [figure] = [row for row in stranger.get(HALLS).json()["figures"] if row["district"] is None]
    assert (figure["numerator"], figure["note"], figure["version"]) == (13, "After the survey.", read["version"] + 1)


def test_a_partners_figure_waits_and_is_mended_when_it_is_returned(world, partner, officer, stranger, area):
    [waiting] = Api(partner).get(HALLS).json()["waiting"]
    assert (waiting["state"]["code"], waiting["district"], waiting["absent_reason"]) == ("proposed", area.gss_code, "Nobody counted.")  # fmt: skip
    assert stranger.get(HALLS).json()["waiting"] == []
    told = Api(officer).get(HALLS).json()
    assert (told["waiting"], [row["district"] for row in told["figures"]]) == ([waiting], [None])
    value = IndicatorValue.objects.get(state="proposed")
    return_value(by=officer, at=timezone.now(), value=value, reason="Please count.")
    client = program(made(partner, "figures")[1])
    [returned] = client.get(ROOT + HALLS).json()["waiting"]
    assert (returned["state"]["code"], returned["state_reason"]) == ("returned", "Please count.")
    body = entry(world, district=area.gss_code, numerator=3, denominator=4, version=returned["version"])
    answer = send(client, body)
    assert answer.status_code == 200, answer.content
    value.refresh_from_db()
    assert (value.state, value.entered_by) == ("proposed", partner)
    assert value.numerator == 3
    assert [row["district"] for row in stranger.get(HALLS).json()["figures"]] == [None]


def test_nobody_overwrites_what_counts_or_is_anothers(world, partner, outsider, other_charity, officer):
    DeliveryPartner.objects.create(commitment=world.commitment, organisation=other_charity)
    for body in (
        {"numerator": 1, "denominator": 2, "version": 1},
        {"district": world.area.gss_code, "numerator": 1, "denominator": 2, "version": 1},
    ):
        answer = send(program(made(outsider, "figures")[1]), entry(world, **body))
        assert (answer.status_code, "There is a figure" in answer.json()["detail"]) == (409, True)
    assert not Api(outsider).get(HALLS).json()["waiting"]
    assert not IndicatorValue.objects.filter(entered_by=outsider).exists()


def test_a_person_of_two_organisations_supplies_for_the_one_that_delivers(world, charity, other_charity):
    both = make_person("partner_lead", other_charity)
    both.role_grants.create(organisation=charity, role="partner_contributor", granted_at=timezone.now())
    Indicator.objects.filter(code="1.1a").update(kind="number")
    IndicatorValue.objects.all().delete()
    wrong = program(made(both, "figures", organisation=other_charity)[1])
    assert send(wrong, entry(world, value=5)).status_code == 403
    assert send(program(made(both, "figures")[1]), entry(world, value=5)).status_code == 200
    assert IndicatorValue.objects.get().organisation == charity


def test_counts_by_strand_are_sent_with_the_figure(world, officer, now):
    make_strand_figures(world.commitment, officer, now, world.round)
    rest, client = "strategies/our-strategy/indicators/S1/", program(made(officer, "figures")[1])
    figure = client.get(ROOT + rest).json()["figures"][0]
    body = entry(world, value=figure["value"], by_strand={"faith": 9, "age": 10}, version=figure["version"])
    answer = send(client, body, rest)
    assert answer.status_code == 200, answer.content
    stored = IndicatorValue.objects.get(indicator__code="S1")
    assert stored.by_strand == {"faith": 9, "age": 10}
    kept = send(client, entry(world, value=figure["value"], note="x", version=stored.version), rest)
    assert kept.status_code == 200
    stored.refresh_from_db()
    assert (stored.by_strand, stored.note) == ({"faith": 9, "age": 10}, "x")
    for strands in ({"faith": 10**6}, {"nobody": 1}, {"faith": -1}):
        wrong = send(client, {**body, "by_strand": strands, "version": stored.version}, rest)
        assert (wrong.status_code, set(wrong.json()["errors"])) == (400, {"by_strand"})


@pytest.mark.parametrize(
    ("field", "body"),
    [
        ("round", {"round": "nowhere"}),
        ("district", {"district": "E09999999"}),
        ("value", {}),
        ("value", {"value": 3}),
        ("value", {"numerator": 3}),
        ("value", {"numerator": 3, "denominator": 4, "absent_reason": "None."}),
        ("numerator", {"numerator": "NaN"}),
        ("absent_reason", {"absent_reason": "x" * 301}),
        ("colour", {"colour": "red"}),
        ("by_strand", {"numerator": 1, "denominator": 2, "by_strand": {"age": 1}}),
    ],
)
def test_what_is_no_figure_is_said_at_its_field(world, officer, field, body):
    before = IndicatorValue.objects.count()
    answer = Api(officer).post(f"{HALLS}value/", entry(world, version=1, **body) | body)
    assert (answer.status_code, set(answer.json()["errors"])) == (400, {field}), answer.content
    assert IndicatorValue.objects.count() == before


def test_a_district_that_the_council_does_not_serve_is_not_offered(world, officer):
    served, other = world.area, make_area("Elsewhere", "E07000999")
    world.council.districts.add(served)
    body = entry(world, numerator=1, denominator=2, district=other.gss_code)
    assert Api(officer).post(f"{HALLS}value/", body).status_code == 400
    assert Api(officer).post(f"{HALLS}value/", {**body, "district": served.gss_code, "version": 1}).status_code == 200


def test_a_closed_round_and_one_of_another_strategy_take_no_figure(world, partner, officer, council):
    other = make_strategy(council, slug="second")
    Round.objects.create(**{
        "strategy": other, "slug": "elsewhere", "observes_from": world.round.observes_from, "observes_to": world.round.observes_to,
        "opens_on": world.round.opens_on, "closes_on": world.round.closes_on, "grace_until": world.round.grace_until,
    })  # fmt: skip
    share = {"numerator": 1, "denominator": 2, "version": 1}
    assert Api(officer).post(f"{HALLS}value/", {**share, "round": "elsewhere"}).status_code == 400
    Round.objects.filter(pk=world.round.pk).update(state="closed", closings=1)
    for person in (officer, partner):
        answer = Api(person).post(f"{HALLS}value/", entry(world, **share))
        assert answer.status_code == 409


def test_what_the_portal_counts_itself_nobody_enters(world, officer):
    Indicator.objects.filter(code="1.1a").update(counts="signatories", by_district=False, kind="number")
    answer = Api(officer).post(f"{HALLS}value/", entry(world, value=3))
    assert (answer.status_code, "counts 1.1a itself" in answer.json()["detail"]) == (409, True)


def test_a_token_needs_the_scope_and_to_work_and_acts_once(world, officer, partner):
    body = entry(world, numerator=13, denominator=48, version=1)
    assert send(program(made(officer, "evidence", "updates", "points")[1]), body).status_code == 403
    token, text = made(officer, "figures")
    first, again = (send(program(text), body, **{"Idempotency-Key": "k"}) for _ in range(2))
    assert (first.status_code, again.json(), again["Idempotency-Replayed"]) == (200, first.json(), "true")
    assert send(program(text), {**body, "numerator": 14}, **{"Idempotency-Key": "k"}).status_code == 422
    end_token(by=officer, at=timezone.now(), token=token)
    assert send(program(text), body).status_code == 401
    IndicatorValue.objects.filter(organisation=None).update(organisation=Organisation.objects.get(slug="rowan-trust"))
    assert send(program(made(partner, "figures")[1]), body).status_code == 409, "approved figures are the council's"
    assert IndicatorValue.objects.get(area=None).numerator == 13
