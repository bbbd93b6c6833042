"""Reading: what each kind of person is given, in the shape that the schema promises."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from drf_spectacular.generators import SchemaGenerator
from jsonschema import Draft202012Validator

from commitments.content.case_studies import CaseStudyContent
from commitments.content.engagement import EngagementPlan
from commitments.content.points import RecordedPoint
from commitments.content.risks import AssessmentContent, RiskContent, RiskLeadContent
from commitments.content.sourced_figures import AwardContent, SourcedFigureContent, SourcedValueContent
from commitments.models import Evidence, EvidenceFile, Indicator, Strategy
from commitments.rules.risk_levels import LevelRange
from commitments.services.awards import add_award
from commitments.services.case_studies import submit_case_study
from commitments.services.case_study_review import accept_case_study
from commitments.services.engagement import plan_engagement
from commitments.services.loading.commitments import LoadedCommitments
from commitments.services.loading.responses import address
from commitments.services.pledges import set_pledge
from commitments.services.receiving_points import record_point
from commitments.services.risk_assessments import assess_risk
from commitments.services.risks import record_risk
from commitments.services.sourced_figures import add_figure
from commitments.services.sourced_values import add_sourced_value
from partners.models import PartnershipGroup
from partners.services.sources import SourceContent, add_source
from tests.api.conftest import ROOT, Api
from tests.commitments.charter import make_charter, signed
from tests.factories import make_organisation, make_round, make_strategy
from vcsportal.api_tokens import CHANGES

pytestmark = pytest.mark.django_db

PEOPLE = ("anonymous", "nobody", "outsider", "partner", "steering_member", "officer", "administrator")
LISTS = (
    "strategies/",
    "organisations/",
    "evidence/",
    "editions/",
    "strategies/our-strategy/priorities/",
    "strategies/our-strategy/commitments/",
    "strategies/our-strategy/rounds/",
    "strategies/our-strategy/updates/",
    "strategies/our-strategy/indicators/",
    "strategies/our-strategy/commitments/thing-1-1/actions/",
    "strategies/our-strategy/commitments/thing-1-1/partners/",
    "groups/",
    "districts/",
)


def person(request, name):
    return None if name == "anonymous" else request.getfixturevalue(name)


def test_the_root_names_every_door_and_each_opens(stranger, world):
    doors = stranger.get().json()
    assert len(doors) == 14
    for name, url in doors.items():
        assert url == f"http://127.0.0.1:8000/api/v1/{name}/"
        assert stranger.client.get(url.removeprefix("http://127.0.0.1:8000")).status_code == 200


# Evidence: draft, submitted, accepted, returned, withdrawn draft, accepted but not to be published.
SEEN = {
    "anonymous": {"accepted"},
    "nobody": {"accepted"},
    "outsider": {"accepted"},
    "steering_member": {"accepted"},
    "partner": {"draft", "submitted", "accepted", "returned", "withdrawn", "unpublishable"},
    "officer": {"submitted", "accepted", "returned", "unpublishable"},
    "administrator": {"submitted", "accepted", "returned", "unpublishable"},
}


@pytest.mark.parametrize("who", PEOPLE)
def test_each_sees_the_evidence_that_pages_show_them(request, api, world, who):
    as_them = api(person(request, who))
    keys = {piece.pk: name for name, piece in world.evidence.items()}
    assert {keys[row["id"]] for row in as_them.list("evidence/")} == SEEN[who]
    for name, piece in world.evidence.items():
        assert as_them.get(f"evidence/{piece.pk}/").status_code == (200 if name in SEEN[who] else 404)


@pytest.mark.parametrize("who", PEOPLE)
def test_each_sees_the_updates_and_editions_that_pages_show_them(request, api, world, who):
    as_them = api(person(request, who))
    updates, inside = as_them.list("strategies/our-strategy/updates/"), who in {"officer", "administrator"}
    assert {row["commitment"] for row in updates} == ({"1.1", "1.2"} if inside else {"1.1"})
    draft = f"strategies/our-strategy/commitments/thing-1-2/updates/{world.round.slug}/"
    assert as_them.get(draft).status_code == (200 if inside else 404)
    early = who in {"officer", "administrator", "steering_member"}
    assert [row["number"] for row in as_them.list("editions/")] == ([2, 1] if early else [1])
    assert [row["report_page"] is None for row in as_them.list("editions/")] == ([True, False] if early else [False])
    assert as_them.get(f"editions/{world.editions['ready'].pk}/").status_code == (200 if early else 404)


@pytest.mark.parametrize("who", PEOPLE)
def test_what_is_public_is_the_same_for_everybody_but_for_officers_names(request, api, stranger, world, who):
    as_them = api(person(request, who))
    for rest in ("strategies/", "organisations/", *(LISTS[n] for n in (4, 5, 6))):
        public, seen = stranger.get(rest).content.decode(), as_them.get(rest).content.decode()
        assert "Olive Officer" not in public, "the public reads posts"
        seen = seen.replace("Olive Officer", "Council officer, Oxfordshire County Council")
        assert seen.replace(f'"grace_until":"{world.round.grace_until}"', '"grace_until":null') == public
    assert ("Olive Officer" in as_them.get(LISTS[5]).content.decode()) == (who not in {"anonymous", "nobody"})


@pytest.mark.parametrize("who", PEOPLE)
def test_the_last_day_for_late_updates_is_for_those_who_see_the_progress_of_that_round(request, api, world, who):
    elsewhere = make_strategy(make_organisation("Elmshire Council", "public_body"), slug="elmshire", opens_first=False)
    make_round(elsewhere)
    as_them, told = api(person(request, who)), world.round.grace_until.isoformat()
    shown = told if who in {"officer", "administrator"} else None
    at = "strategies/our-strategy/rounds/"
    found = as_them.list(at)[0]
    assert (found["closes_on"], found["grace_until"]) == (world.round.closes_on.isoformat(), shown)
    assert as_them.get(f"{at}{world.round.slug}/").json()["grace_until"] == shown
    rows = {row["slug"]: row["included"]["rounds"][0] for row in as_them.list("strategies/?include=rounds")}
    assert rows["our-strategy"]["grace_until"] == shown
    assert rows["elmshire"]["grace_until"] == (told if who == "administrator" else None), (
        "an officer of another council"
    )


def test_a_strategy_names_the_group_that_steers_it_as_its_page_does(stranger, world):
    address, page = "strategies/our-strategy/", "/strategies/our-strategy/"
    assert stranger.get(address).json()["steered_by"] == {"slug": "the-alliance", "name": "The Alliance"}
    shown = stranger.client.get(page).text
    assert "Steered by" in shown
    assert 'href="/organisations/the-alliance/"' in shown
    Strategy.objects.update(steered_by=None)
    assert stranger.get(address).json()["steered_by"] is None
    assert "Steered by" not in stranger.client.get(page).text


def test_every_thing_of_a_list_has_its_own_address_and_says_the_same_there(api, officer, world):
    as_officer, looked_at = api(officer), 0
    for rest in LISTS:
        for row in as_officer.list(rest):
            looked_at += 1
            path = row["url"].removeprefix("http://127.0.0.1:8000/api/v1/")
            assert as_officer.get(path).json() == row
    assert looked_at > 15


def test_the_page_named_beside_a_thing_is_there(stranger, world):
    looked_at = 0
    for rest in LISTS:
        for row in stranger.list(rest):
            if "page" in row:
                looked_at += 1
                assert stranger.client.get(row["page"].removeprefix("http://127.0.0.1:8000")).status_code == 200, row[
                    "page"
                ]
    assert looked_at >= 9


def schema():
    return SchemaGenerator().get_schema(request=None, public=True)


def closed(node, components):
    """The schema with references resolved, and no field besides those named."""
    if isinstance(node, list):
        return [closed(one, components) for one in node]
    if not isinstance(node, dict):
        return node
    if "$ref" in node:
        return closed(components[node["$ref"].rsplit("/", 1)[1]], components)
    node = {key: closed(value, components) for key, value in node.items()}
    if "properties" in node:
        node.setdefault("additionalProperties", False)
    return node


def test_every_operation_may_be_answered_with_not_now_and_says_when_to_try_again():
    operations = [operation for path in schema()["paths"].values() for operation in path.values()]
    assert len(operations) >= 30
    assert all("Retry-After" in operation["responses"]["503"]["headers"] for operation in operations)


def test_every_answer_is_what_the_schema_promises(api, officer, partner, world):
    told, looked_at = schema(), 0
    addressed = world.strategy.commitments.get(reference="2.1")
    address(addressed, [world.strategy.owner.slug], done=LoadedCommitments())
    group = PartnershipGroup.objects.get()
    seat = group.seats.create(number=1, title="Chair")
    seat.appointments.create(organisation=world.charity, post="Director", starts_on=date(2024, 4, 1))
    group.seats.create(number=2, title="Vacant")
    content = RecordedPoint("said", "More seats.", timezone.localdate(), strategy=world.strategy)
    point = record_point(by=officer, at=timezone.now(), content=content, publish=True)
    plan = EngagementPlan("visit", "A visit", timezone.localdate())
    met = plan_engagement(by=officer, at=timezone.now(), group=None, strategy=world.strategy, plan=plan)
    gathering = plan_engagement(
        by=officer, at=timezone.now(), group=None, strategy=world.strategy, plan=replace(plan, kind="meeting")
    )
    risk = record_risk(
        by=officer, at=timezone.now(), strategy=world.strategy,
        content=RiskContent("The hall closes", leads=(RiskLeadContent(world.charity), RiskLeadContent(words="Trustees"))),
    )  # fmt: skip
    story = CaseStudyContent("A kitchen", what_was_done="We cooked.", cost_pounds=9)
    submit_case_study(by=partner, at=timezone.now(), evidence=world.evidence["accepted"], content=story)
    accept_case_study(by=officer, at=timezone.now(), case_study=world.evidence["accepted"].case_study)
    levels = AssessmentContent(LevelRange(2, 3), LevelRange(1, 1), condition="as long as it is heated")
    assess_risk(by=officer, at=timezone.now(), risk=risk, content=levels)
    figure = add_figure(
        by=officer,
        at=timezone.now(),
        strategy=world.strategy,
        content=SourcedFigureContent("money", "Grants", unit="£"),
    )
    source = add_source(by=officer, at=timezone.now(), content=SourceContent("Accounts", period="2021"))
    value = SourcedValueContent(Decimal(500), period="2020/21", source=source)
    add_sourced_value(by=officer, at=timezone.now(), figure=figure, content=value)
    grant = AwardContent("grant", "a-1", "A ramp", Decimal(950), date(2024, 5, 1), recipient=world.charity)
    award = add_award(by=officer, at=timezone.now(), figure=figure, content=grant)
    charter = make_charter(world.council)
    signature = signed(charter, world.charity, signed_as="Chair", told_how="letter")
    set_pledge(by=officer, at=timezone.now(), signatory=signature, commitment=charter.commitments.get(), words="Ours.")
    minutes = EvidenceFile.objects.create(
        evidence=world.evidence["accepted"], kind="document", name="a.txt", media_type="text/plain", size=1, sha256="0" * 64,
        added_at=timezone.now(), added_by=partner,
    )  # fmt: skip
    for path, operations in told["paths"].items():
        if "get" not in operations:
            continue
        values = {
            "strategy": "our-strategy",
            "key": "thing-1-1",
            "round": world.round.slug,
            "number": 1,
            "code": "1.1a",
            "gss_code": world.area.gss_code,
        }
        values["slug"] = {
            "rounds": world.round.slug,
            "organisations": world.charity.slug,
            "groups": group.organisation.slug,
        }.get(path.split("/")[-3], "our-strategy")
        values["id"] = (world.editions if "editions" in path else world.evidence)[
            "ready" if "editions" in path else "accepted"
        ].pk
        values["evidence"] = world.evidence["accepted"].pk  # whose case study it is
        if "/files/" in path:
            values["id"] = minutes.pk
        if "/responses/" in path:
            values["id"] = addressed.responses.get().pk
        if "/risks/" in path:
            values["risk"] = risk.key
        if "/awards/" in path:
            values["id"] = award.pk
        if "/figures/" in path:
            values["id"] = figure.pk
        if "/signatories/" in path:
            values |= {"strategy": charter.slug, "id": signature.pk}
        if "/actions/" in path:
            values["id"] = world.commitment.actions.get().pk
        if "/points/" in path:
            values["id"] = point.pk
        if "/engagement/" in path:
            values["id"] = (gathering if path.endswith(("/meeting/", "/minutes/")) else met).pk
        if "/partners/" in path:
            values["id"] = world.commitment.delivery_partners.get().pk
        shape = operations["get"]["responses"]["200"]["content"]["application/json"]["schema"]
        shape = closed(shape, told["components"]["schemas"])
        for person_ in (officer, partner):
            answer = Api(person_).get(path.removeprefix(ROOT).format(**values))
            if answer.status_code == 404 and "editions" in path and person_ is partner:
                continue
            if answer.status_code == 403 and values["id"] == gathering.pk and person_ is partner:
                continue  # it is for those who run it, and its minutes too until they are written up
            assert answer.status_code == 200, (path, answer.content)
            Draft202012Validator(shape).validate(answer.json())
            looked_at += 1
    assert looked_at >= 30


def test_addresses_come_from_the_settings_and_never_from_the_host_header(stranger, world, settings):
    settings.ALLOWED_HOSTS = ["*"]
    settings.PORTAL_URL = "https://portal.example.org"
    for rest in (*LISTS, "", "strategies/?page_size=1", "evidence/?page_size=1"):
        text = stranger.get(rest, headers={"host": "evil.example.com"}).content.decode()
        assert "evil" not in text
        assert "https://portal.example.org" in text


def test_what_is_unknown_is_no_status_and_no_zero(stranger, world):
    rows = {row["reference"]: row for row in stranger.list("strategies/our-strategy/commitments/")}
    assert rows["1.1"]["status"] == {"code": "at_risk", "label": "At risk", "shape": "triangle"}
    assert rows["1.2"]["status"] is None
    piece = stranger.list("evidence/")[0]
    assert (piece["people_reached"], piece["hours"]) == (24, None)


def test_lists_take_the_same_few_queries_whatever_their_length(officer, world, many):
    counts: dict[str, list[int]] = {rest: [] for rest in LISTS}
    for more in (1, 31, 468):
        many(more)
        for rest in LISTS:
            as_officer = Api(officer)
            with CaptureQueriesContext(connection) as queries:
                as_officer.list(f"{rest}?page_size=100")
            counts[rest].append(len(queries))
    for rest, taken in counts.items():
        assert len(set(taken)) == 1, (rest, taken)
        assert taken[0] <= 12, (rest, taken)


def test_pages_follow_one_another_to_the_end(stranger, world):
    seen, url = [], f"{ROOT}strategies/our-strategy/commitments/?page_size=3"
    while url:
        answer = stranger.client.get(url.removeprefix("http://127.0.0.1:8000")).json()
        seen += [row["reference"] for row in answer["results"]]
        url = answer["next"]
    assert seen == ["1.1", "1.2", "2.1", "2.2"]


def test_nothing_in_an_answer_is_an_e_mail_address_or_names_who_logged(api, officer, world):
    looked_at = 0
    for rest in LISTS:
        text = api(officer).get(rest).content.decode()
        looked_at += 1
        assert "@example.org" not in text
        assert "Pat Partner" not in text
    assert looked_at == len(LISTS)
    assert Evidence.objects.count() == 6


def test_a_share_says_its_base_and_what_is_only_proposed_is_not_said(api, officer, stranger, world):
    for rows in (
        stranger.list("strategies/our-strategy/indicators/"),
        api(officer).list("strategies/our-strategy/indicators/"),
    ):
        [figure] = rows[0]["figures"]
        assert (figure["value"], figure["numerator"], figure["denominator"]) == (25, 12, 48)
        assert [one["value"] for one in rows[0]["targets"]] == [40, 50]
        assert rows[0]["base_published"] is True
        assert {one["district"] for one in rows[0]["targets"]} == {world.area.gss_code, None}
    assert stranger.list("strategies/our-strategy/indicators/?commitment=1.2") == []


def test_a_percentage_without_its_base_is_marked_as_such(stranger, world):
    url = "strategies/our-strategy/indicators/"
    for kind, published in (("percentage", False), ("number", None), ("ratio", True)):
        Indicator.objects.update(kind=kind)
        assert {one["base_published"] for one in stranger.list(url)} == {published}
        assert {one["kind"] for one in stranger.list(url)} == {kind}


def test_the_schema_says_that_reading_is_open_and_writing_is_not():
    looked_at = {"get": 0, "post": 0, "patch": 0}
    session: dict[str, list[str]] = {"session": []}
    by_token = set()
    for path, operations in schema()["paths"].items():
        for method, operation in operations.items():
            looked_at[method] += 1
            if method == "get":
                assert operation["security"] == [{}, {"token": []}, session]
            elif operation["security"] != [session]:
                [token] = [way["token"] for way in operation["security"] if way != session]
                by_token.add((path.removeprefix("/api/v1/").rstrip("/").split("/")[-1], *token))
    assert {("evidence", "evidence"), ("submit", "evidence"), ("submit", "updates"), ("figures", "figures")} <= by_token
    assert {scope for _, scope in by_token} == set(CHANGES.values())
    assert looked_at["get"] >= 20
    assert looked_at["post"] >= 10


def test_the_bounds_of_numbers_are_those_that_hold(stranger, world):
    looked_at, charter = 0, make_charter(world.council)
    for path, operations in schema()["paths"].items():
        address = path.removeprefix("/api/v1/").replace("{strategy}", "our-strategy").replace("{key}", "thing-1-1")
        if "/signatories/" in path:
            address = path.removeprefix("/api/v1/").replace("{strategy}", charter.slug)
        address = address.replace("{gss_code}", world.area.gss_code)
        address = address.replace("{evidence}", str(world.evidence["accepted"].pk))
        for parameter in operations.get("get", {}).get("parameters", []):
            if parameter["in"] != "query" or parameter["schema"].get("type") != "integer":
                continue
            name, bounds = parameter["name"], parameter["schema"]
            for value in (bounds["minimum"] - 1, bounds["maximum"] + 1):
                assert stranger.get(f"{address}?{name}={value}").status_code == 400, (path, name, value)
            if name in {"page_size", "priority"}:
                for value in (bounds["minimum"], bounds["maximum"]):
                    assert stranger.get(f"{address}?{name}={value}").status_code == 200, (path, name, value)
            looked_at += 1
    assert looked_at >= 20
