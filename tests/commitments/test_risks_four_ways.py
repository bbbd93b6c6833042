"""The five risks of the plan of 2008–11 come back unchanged through file, form, workbook and API, with every range."""

import io
from dataclasses import replace

import openpyxl
import pytest
from django.urls import reverse
from django.utils import timezone

from commitments.forms.risks import AssessmentForm, RiskForm
from commitments.models import Risk, RiskAssessment, Strategy
from commitments.services.loading.strategy import load_strategy
from commitments.services.risk_assessments import assess_risk
from commitments.services.risks import record_risk
from commitments.workbooks.risks import RISKS as WORKBOOK
from partners.area_file import read as read_areas
from partners.services.areas import load_areas
from tests.api.conftest import Api
from tests.commitments.test_infrastructure_plan_file import AREAS, ENTRY
from tests.commitments.workbooks.filled import HEADINGS_ROW, downloaded, looked_through, outcomes, saved, scope_of
from tests.factories import make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan(now):
    load_areas(by=None, at=now, entries=read_areas(AREAS.read_text(encoding="utf-8")))
    return load_strategy(by=None, at=now, entry=ENTRY).strategy


@pytest.fixture
def twin(plan, now):
    """The same plan under another name, without its risks."""
    entry = replace(ENTRY, slug="twin", title="Twin", risks=(), engagement=())
    return load_strategy(by=None, at=now, entry=entry).strategy


@pytest.fixture
def keeper(plan):
    return make_person("administrator")


def told(strategy: Strategy):
    """Everything that is said of the risks of a strategy, in order, without keys and days."""
    return [
        (
            risk.words, risk.controls, [str(lead) for lead in risk.leads.order_by("place")],
            [
                (each.priority.number if each.priority else None, each.scope, each.period, each.impact, each.impact_reason,
                 each.likelihood, each.likelihood_reason, each.condition)
                for each in risk.assessments.current().select_related("priority").order_by("id")
            ],
        )
        for risk in Risk.objects.filter(strategy=strategy).in_order()
    ]  # fmt: skip


def test_through_the_file(plan, now):
    before = told(plan)
    assert [len(assessments) for *_, assessments in before] == [2, 2, 2, 7, 4]
    assert load_strategy(by=None, at=now, entry=ENTRY).changes == []
    assert told(plan) == before


def test_through_the_forms(plan, twin, keeper, now):
    for risk in Risk.objects.filter(strategy=plan).in_order():
        form = RiskForm({**RiskForm.of(risk).initial, "version": ""}, strategy=twin)
        assert form.is_valid(), form.errors
        made = record_risk(by=keeper, at=now, strategy=twin, content=form.content)
        for assessment in risk.assessments.order_by("id"):
            sent = {**AssessmentForm.of(risk, assessment).initial, "replaces": ""}
            assess = AssessmentForm({name: value or "" for name, value in sent.items()}, risk=made)
            assert assess.is_valid(), assess.errors
            assess_risk(by=keeper, at=now, risk=made, content=assess.content)
    assert told(twin) == told(plan)


def test_through_the_workbook(plan, twin, keeper):
    scope = scope_of(keeper, plan)
    _upload, same = looked_through(scope, downloaded(scope, WORKBOOK))
    assert len(same.rows) == 17
    assert outcomes(same) == {}
    rows = openpyxl.load_workbook(io.BytesIO(downloaded(scope, WORKBOOK)))["Risks"].iter_rows(
        min_row=HEADINGS_ROW + 1, values_only=True
    )
    book = openpyxl.load_workbook(io.BytesIO(downloaded(scope_of(keeper, twin), WORKBOOK)))
    page = book["Risks"]
    for number, row in enumerate((row for row in rows if row[0]), start=HEADINGS_ROW + 1):
        for column, value in enumerate(row[2:], start=3):  # no key and no number: the words say which are of one risk
            page.cell(number, column).value = value
    out = io.BytesIO()
    book.save(out)
    scope = scope_of(keeper, twin)
    saved(scope, *looked_through(scope, out.getvalue()))
    assert told(twin) == told(plan)
    assert outcomes(looked_through(scope, out.getvalue())[1]) == {}


def test_through_the_api(plan, twin, keeper):
    api = Api(keeper)
    for risk in api.get(f"strategies/{plan.slug}/risks/").json()["results"]:
        sent = {name: risk[name] for name in ("words", "controls", "note", "source")}
        leads = [lead["organisation"] or lead["name"] for lead in risk["leads"]]
        answer = api.post(f"strategies/{twin.slug}/risks/", {**sent, "leads": leads})
        assert answer.status_code == 201, answer.content
        names = (
            "impact",
            "impact_reason",
            "likelihood",
            "likelihood_reason",
            "condition",
            "priority",
            "scope",
            "period",
        )
        for each in risk["assessments"]:
            address = f"strategies/{twin.slug}/risks/{answer.json()['key']}/assess/"
            done = api.post(address, {name: each[name] for name in names})
            assert done.status_code == 200, done.content
    assert told(twin) == told(plan)
    assert RiskAssessment.objects.filter(assessed_by=keeper, assessed_on=timezone.localdate()).count() == 17


def test_the_register_is_read_with_its_board_and_filters(plan, client):
    page = client.get(reverse("commitments:risks", args=[plan.slug]))
    text = page.content.decode()
    assert "Medium to high" in text
    assert text.count('class="app-risk"') == 5
    assert text.count(">5c<") == 2  # in its list and in the one cell that it covers
    assert text.count(">4a<") == 5  # a range of two words each way covers four cells
    narrowed = client.get(f"{reverse('commitments:risks', args=[plan.slug])}?scope=member+buy-in").content.decode()
    assert narrowed.count('class="app-risk"') == 1
    assert client.get(f"{reverse('commitments:risks', args=[plan.slug])}?priority=99").status_code == 422
