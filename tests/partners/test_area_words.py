"""Areas of other kinds than districts: forms, filters, pages, the API and the report call them what they are."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from commitments.forms.evidence import EvidenceForm
from partners import area_kinds
from partners.filters.organisations import OrganisationFilter
from partners.forms.organisations import OrganisationForm
from partners.models import Area, Organisation
from reporting import assembly, rendering
from reporting.exports.dictionary import everything
from reporting.facts import ProductionDetails, from_json, to_json
from tests.factories import make_area, make_evidence, make_organisation

pytestmark = pytest.mark.django_db


@pytest.fixture
def reorganised() -> tuple[Area, Area, Area]:
    """An old district that ended yesterday, the unitary authority that follows it, and one that begins next year."""
    today = timezone.localdate()
    old = make_area("Old Vale", "E07000001")
    new = Area.objects.create(gss_code="E06000999", name="New Vale", kind="unitary", valid_from=today)
    later = Area.objects.create(
        gss_code="E06000998", name="Later", kind="unitary", valid_from=today + timedelta(days=365)
    )
    old.valid_to = today - timedelta(days=1)
    old.save()
    old.successors.set([new])
    return old, new, later


def field_of(form: Any, name: str) -> Any:
    """A field of a form, whatever its kind."""
    return form.fields[name]


def test_forms_offer_the_areas_of_the_day_and_keep_what_is_recorded(reorganised, charity):
    old = reorganised[0]
    assert [area.name for area in field_of(OrganisationForm(today=timezone.localdate()), "districts").queryset] == [
        "New Vale"
    ]
    charity.districts.set([old])
    assert {area.name for area in field_of(OrganisationForm(today=timezone.localdate(), organisation=charity), "districts").queryset} == {
        "New Vale", "Old Vale",
    }  # fmt: skip


def test_the_evidence_form_offers_the_areas_of_the_day(reorganised, charity, strategy):
    form = EvidenceForm(organisations=[charity], strategy=strategy)
    assert [label for _code, label in field_of(form, "districts").choices] == ["New Vale"]
    assert form.fields["everywhere"].label == "All of these areas"


def test_a_filter_finds_what_was_recorded_for_the_area_before(reorganised):
    old, new, _later = reorganised
    before, after = make_organisation("Before"), make_organisation("After")
    before.districts.set([old])
    after.districts.set([new])

    def found(code: str) -> set[str]:
        return {each.name for each in OrganisationFilter({"district": code}, Organisation.objects.all()).qs}

    assert found("E06000999") == {"Before", "After"}
    assert found("E07000001") == {"Before"}
    offered = OrganisationFilter({}, Organisation.objects.all()).filters["district"]
    assert offered.label == "Area"
    assert offered.extra["empty_label"] == "Every area"


def test_where_all_are_districts_they_are_called_so(charity):
    make_area()
    offered = OrganisationFilter({}, Organisation.objects.all()).filters["district"]
    assert (offered.label, offered.extra["empty_label"]) == ("District", "Every district")
    assert area_kinds.all_of(["district"]) == "All of the county"


def test_the_report_and_its_data_have_the_kind(reorganised, charity, partner, officer, commitment, open_round, client):
    _old, new, _later = reorganised
    charity.districts.set([new])
    make_evidence(by=partner, organisation=charity, commitments=[commitment], state="accepted", officer=officer)
    report = assembly.assemble(round_=open_round, making=ProductionDetails(at=timezone.now()))
    assert [(area.gss_code, area.kind) for area in report.areas] == [("E06000999", "unitary")]
    again = from_json(to_json(report))
    assert again.areas == report.areas
    assert '<th scope="col">Areas</th>' in rendering.to_html(report)
    table = next(table for table in everything(report) if table.name == "areas")
    assert table.rows == (("E06000999", "New Vale", "Unitary authority"),)
    answer = client.get(f"/api/v1/organisations/{charity.slug}/").json()
    assert answer["districts"] == [{"gss_code": "E06000999", "name": "New Vale", "kind": "unitary"}]


def test_facts_from_before_areas_were_kept_speak_of_districts(open_round):
    told = to_json(assembly.assemble(round_=open_round, making=ProductionDetails(at=timezone.now())))
    del told["areas"], told["round_names"], told["round"]["title"]
    report = from_json(told)
    assert report.area_nouns == "districts"
    assert report.round.label == open_round.slug
    assert report.period.code == "year"
