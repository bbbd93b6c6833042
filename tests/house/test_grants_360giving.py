"""The grants as the 360Giving Data Standard has them. No package that can be pinned has its schema, so its rules are stated here."""

import csv
import json
from dataclasses import replace
from decimal import Decimal
from io import StringIO
from typing import Any

import pytest
from django.utils import timezone
from jsonschema import Draft202012Validator

from commitments.content.sourced_figures import AwardContent
from commitments.services.awards import add_award, withdraw_award
from partners.models import Area
from tests.house.world import World
from vcsportal.checks import prefix_of_grants_is_one

pytestmark = pytest.mark.django_db
DAY = {"type": "string", "pattern": r"^\d{4}-\d\d-\d\d$"}
MOMENT = {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$"}
WORDS = {"type": "string", "minLength": 1}
ADDRESS = {"type": "string", "pattern": "^https?://"}


def _only(required: str, **properties: Any) -> dict[str, Any]:
    """An object with these properties and no others, of which some have to be there."""
    return {"type": "object", "required": required.split(), "properties": properties, "additionalProperties": False}


ORGANISATION = {"type": "array", "minItems": 1, "items": _only("id name", id=WORDS, name=WORDS)}
GRANT = _only(
    "id title description currency amountAwarded awardDate recipientOrganization fundingOrganization",
    id=WORDS, title=WORDS, description=WORDS, currency={"type": "string", "pattern": "^[A-Z]{3}$"},
    amountAwarded={"type": "number"}, awardDate=DAY, recipientOrganization=ORGANISATION, fundingOrganization=ORGANISATION,
    plannedDates={"type": "array", "items": _only("", startDate=DAY, endDate=DAY)},
    grantProgramme={"type": "array", "items": _only("title", title=WORDS)},
    beneficiaryLocation={"type": "array", "items": _only("name", name=WORDS, geoCode=WORDS)},
    dataSource=ADDRESS, dateModified=MOMENT,
)  # fmt: skip
PACKAGE = _only(
    "version grants publisher license",
    version={"type": "string", "pattern": r"^\d+\.\d+$"}, title=WORDS, description=WORDS, identifier=WORDS, issued=DAY,
    modified=DAY, license=ADDRESS, downloadURL=ADDRESS, accessURL=ADDRESS,
    publisher=_only("name", name=WORDS, identifier=WORDS, website=ADDRESS),
    grants={"type": "array", "minItems": 1, "uniqueItems": True, "items": GRANT},
)  # fmt: skip
"""What the standard asks of a package and of a grant, and the names that it knows among those that the portal uses."""
SMALL = AwardContent(
    "grant", "g-1", "A ramp", Decimal("50.50"), timezone.localdate(), recipient_name="Friends of the Hall"
)


def give(world: World, content: AwardContent):
    return add_award(by=world.person("officer"), at=timezone.now(), figure=world.county_figure(), content=content)


def read(world: World, ending: str) -> str:
    answer: Any = world.client("anonymous").get(f"/data/grants-360giving.{ending}")
    assert answer.status_code == 200
    return b"".join(answer.streaming_content).decode()


@pytest.fixture
def awards(world: World):
    """A grant with little, one with everything, a contract, and a grant that was withdrawn."""
    district = Area.objects.get_or_create(gss_code="E07000178", defaults={"name": "Oxford", "kind": "district"})[0]
    today = timezone.localdate()
    give(world, SMALL)
    whole = replace(
        SMALL, identifier="g-2", description="A ramp at the hall.", planned_from=today, planned_to=today, districts=(district,),
        recipient=world.things["charity"], recipient_name="", grant_programme="Small grants", notice="https://example.org/notice",
    )  # fmt: skip
    give(world, whole)
    give(world, replace(SMALL, identifier="c-1", kind="contract"))
    gone = give(world, replace(SMALL, identifier="g-3", title="Gone"))
    withdraw_award(by=world.person("officer"), at=timezone.now(), award=gone, reason="Twice.", version=gone.version)


def test_the_package_follows_the_rules_of_the_standard(awards, world: World):
    told = json.loads(read(world, "json"))
    assert [str(fault.message) for fault in Draft202012Validator(PACKAGE).iter_errors(told)] == []
    assert [grant["id"] for grant in told["grants"]] == ["our-strategy-g-1", "our-strategy-g-2"]
    assert told["grants"][0]["amountAwarded"] == 50.5


def test_grants_and_unregistered_recipients_have_the_prefix_that_is_registered(awards, world: World, settings):
    settings.PORTAL_360GIVING_PREFIX = "360G-elm_shire"
    give(world, replace(SMALL, identifier="360G-elm_shire-77"))
    give(world, replace(SMALL, identifier="360G-elm_shire2-7"))
    give(world, replace(SMALL, identifier="Round 2 / 14"))
    told = json.loads(read(world, "json"))
    assert [str(fault.message) for fault in Draft202012Validator(PACKAGE).iter_errors(told)] == []
    assert [grant["id"] for grant in told["grants"]] == [
        "360G-elm_shire-our-strategy-g-1", "360G-elm_shire-our-strategy-g-2", "360G-elm_shire-77",
        "360G-elm_shire-our-strategy-360G-elm_shire2-7", "360G-elm_shire-our-strategy-Round_2_14",
    ]  # fmt: skip
    rows = list(csv.DictReader(StringIO(read(world, "csv").removeprefix("\ufeff"), newline="")))
    assert [row["Identifier"] for row in rows] == [grant["id"] for grant in told["grants"]]
    assert rows[0]["Recipient Org:Identifier"] == "360G-elm_shire-friends-of-the-hall"
    page = world.client("anonymous").get("/data/awards/").text
    assert "<code>360G-elm_shire</code>, which is" in page
    assert "identifiers can change" not in page


def test_without_a_prefix_the_page_says_that_identifiers_can_change(awards, world: World):
    assert "so identifiers can change" in world.client("anonymous").get("/data/awards/").text


def test_the_publisher_is_named_by_its_number_in_a_register(awards, world: World, settings):
    council = world.things["council"]
    settings.PORTAL_COUNCIL_SLUG = council.slug
    assert "identifier" not in json.loads(read(world, "json"))["publisher"]
    council.identifiers.create(scheme="GB-LAE", value="ELM")
    assert json.loads(read(world, "json"))["publisher"]["identifier"] == "GB-LAE-ELM"


@pytest.mark.parametrize(
    ("prefix", "is_one"),
    [
        ("", True), ("360G-shirewell", True), ("360G-ShireWell_2", True), ("shirewell", False), ("360G-", False),
        ("360G-shirewell-", False), ("360g-shirewell", False), ("360G-shire well", False),
    ],
)  # fmt: skip
def test_a_prefix_that_can_not_be_one_is_refused_at_start_up(settings, prefix, is_one):
    settings.PORTAL_360GIVING_PREFIX = prefix
    assert [fault.id for fault in prefix_of_grants_is_one(None)] == ([] if is_one else ["portal.E013"])


def test_the_csv_file_has_the_same_grants_under_the_titles_of_the_standard(awards, world: World):
    rows = list(csv.DictReader(StringIO(read(world, "csv").removeprefix("\ufeff"), newline="")))
    told = json.loads(read(world, "json"))["grants"]
    assert [row["Identifier"] for row in rows] == [grant["id"] for grant in told]
    for row, grant in zip(rows, told, strict=True):
        assert row["Recipient Org:Identifier"] == grant["recipientOrganization"][0]["id"]
        assert Decimal(row["Amount Awarded"]) == Decimal(str(grant["amountAwarded"]))
        assert row["Award Date"] == grant["awardDate"]
    assert not {"Kind", "Financial year", "Commitments"} & set(rows[0])


def test_the_rules_find_what_the_standard_forbids():
    good = {"id": "a", "name": "A"}
    grant = {
        "id": "g", "title": "T", "description": "D", "currency": "GBP", "amountAwarded": 1, "awardDate": "2026-01-02",
        "recipientOrganization": [good], "fundingOrganization": [good],
    }  # fmt: skip
    rules = Draft202012Validator(GRANT)
    assert rules.is_valid(grant)
    for name in grant:
        assert not rules.is_valid({key: value for key, value in grant.items() if key != name}), name
    assert not rules.is_valid({**grant, "awardDate": "2 January 2026"})
    assert not rules.is_valid({**grant, "amountAwarded": "1"})
    assert not rules.is_valid({**grant, "kind": "grant"})
