"""The plan of 2008–11 that ships is the plan of its source: projects, aims, whom they are for, tasks and risks.

Written out from: Oxfordshire Voluntary Sector Development Partnership, "Consortium Infrastructure Business Plan 2008-11". Its numbers
are in ``tests/commitments/services/test_indicator_file.py``.
"""

import pytest
from django.conf import settings

from commitments.models import Risk, RiskAssessment
from commitments.services.loading.strategy import load_strategy
from commitments.strategy_file.strategy import read
from partners.area_file import read as read_areas
from partners.services.areas import load_areas

FILE = settings.BASE_DIR / "commitments" / "strategies" / "infrastructure-plan-2008-11.toml"
AREAS = settings.BASE_DIR / "partners" / "areas" / "oxfordshire.toml"
ENTRY = read(FILE.read_text(encoding="utf-8"))

# "Who are your beneficiaries and stakeholders …?": six blocks, one of them for projects 2 and 3; lines, first and last, and
# the first words of how they were consulted.
BENEFICIARIES = {
    1: (9, "Members of the general public who wish to volunteer", "Organisations that support vulnerable people e.g. Probation service, Benefits agency, mental health services, homelessness agencies", "ChangeUp and ASP surveys", 5),
    2: (11, "3,000+ VCOs in Oxfordshire", "Population of the 300+ rural parishes covered by the work", "ChangeUp and ASP surveys", 3),
    3: (11, "3,000+ VCOs in Oxfordshire", "Population of the 300+ rural parishes covered by the work", "ChangeUp and ASP surveys", 3),
    4: (4, "Volunteers in parishes and in urban neighbourhoods/estates working on community plans", "Oxfordshire Partnership and 5 District level strategic partnerships", "ORCC has established a Parish Plan Reference Group", 3),
    5: (5, "Diverse communities and individuals from those communities who are marginalised and socially isolated", "The wider public who will benefit from better community cohesion and safety", "The Changeup Additional Support Programme", 2),
    6: (6, "Diverse faith communities within the county", "Public sector stakeholders involved in building stronger communities", "ChangeUp research including ASP programme.", 3),
    7: (8, "Local voluntary and community organisations and their beneficiaries", "Oxfordshire Partnership, its sub-partnerships, the Public Service Board, and district LSPs", "The ChangeUp survey work", 2),
}  # fmt: skip
# "summary description of the projects identified": what each project lists as its aims, and one of them. Projects 1 and 3 have an aim
# each from the list of services of "Partnership Aims & Objectives", as their targets are about the service as a whole.
AIMS = {
    1: (2, "young people will be encouraged to engage in positive volunteering activities"),
    2: (8, "provide a Resource Centre in Oxford"),
    3: (13, "Monthly funding surgeries in Abingdon, Faringdon and Wantage"),
    4: (5, "Liaise with local authorities and other service providers"),
    5: (9, "Establish good working relationships with local authority and NHS Diversity Officers"),
    6: (5, "Draw together examples of good practice."),
    7: (17, "Join up grant-giving processes across statutory funders in Oxfordshire"),
}
# "key targets": how many tasks and counts each project's three years have, one that is named in several years being one.
TASKS = {1: 15, 2: 10, 3: 16, 4: 5, 5: 9, 6: 7, 7: 17}

# "risk assessment of the business plan", row by row: impact, then each probability: of what, period, words, condition.
RISKS = [
    ("The programme fails to deliver the quality and range of services", "high", 1, [
        ("", "", "low", "provided that the resources to undertake the programme are available"),
        ("", "", "medium", "when the resource issue is taken into account"),
    ]),
    ("There is a breakdown in relationships within the partnership", "high", 1, [
        ("", "in the short term (2008 – 2011)", "low", ""),
        ("", "in the longer term (2011 – 2014)", "medium", ""),
    ]),
    ("The programme loses impetus because of a lack of leadership", "high", 2, [
        ("the Partnership as a whole", "", "low", ""),
        ("individual organisations", "", "low to medium", ""),
    ]),
    ("Insufficient funding is obtained to deliver the programme", "medium to high", 1, [
        ("1", "in this plan period", "medium to high", ""),
        ("2", "in this plan period", "low to medium", ""),
        ("3", "in this plan period", "low", ""),
        ("4", "in this plan period", "medium to high", ""),
        ("5", "", "very high", ""),
        ("6", "", "high", ""),
        ("7", "in this plan period", "low", ""),
    ]),
    ("Lack of a supportive national and local political environment", "medium", 1, [
        ("", "", "medium to high", ""),
        ("national policy", "in the plan period", "low to medium", ""),
        ("local policy", "", "medium", ""),
        ("member buy-in", "", "high", ""),
    ]),
]  # fmt: skip


def of_what(assessment) -> str:
    return str(assessment.priority.number) if assessment.priority else assessment.scope


def rows(risks):
    return [
        (
            str(risk.words), {str(each.impact) for each in risk.assessments.all()}, risk.leads.count(),
            [(of_what(each), each.period, str(each.likelihood), each.condition) for each in risk.assessments.order_by("id")],
        )
        for risk in risks
    ]  # fmt: skip


@pytest.fixture
def plan(now, db):
    load_areas(by=None, at=now, entries=read_areas(AREAS.read_text(encoding="utf-8")))
    return load_strategy(by=None, at=now, entry=ENTRY).strategy


def test_each_project_says_whom_it_is_for_and_how_they_were_consulted():
    assert len(ENTRY.priorities) == len(BENEFICIARIES)
    for project in ENTRY.priorities:
        count, first, last, begins, paragraphs = BENEFICIARIES[project.number]
        lines = project.beneficiaries.split("\n")
        assert (len(lines), lines[0], lines[-1]) == (count, first, last)
        assert project.methods.startswith(begins)
        assert len(project.methods.split("\n\n")) == paragraphs
        assert project.beneficiaries_source
        assert project.methods_source


def test_each_project_has_its_aims_and_every_task_of_the_three_years():
    for project in ENTRY.priorities:
        count, wording = AIMS[project.number]
        assert len(project.commitments) == count
        assert any(wording in aim.wording for aim in project.commitments)
        tasks = len(project.indicators) + sum(len(aim.indicators) for aim in project.commitments)
        assert tasks == TASKS[project.number], project.title


def test_the_five_risks_have_every_range_condition_period_and_project(plan):
    held = rows(Risk.objects.filter(strategy=plan).in_order())
    for (words, impacts, leads, assessed), (begins, impact, wanted_leads, wanted) in zip(held, RISKS, strict=True):
        assert words.startswith(begins)
        assert impacts == {impact}
        assert leads == wanted_leads
        assert assessed == wanted


def test_the_slip_of_the_source_is_kept_and_noted(plan):
    last = Risk.objects.get(strategy=plan, number=5)
    assert str(last.leads.get()) in last.controls
    assert "repeats the beginning of its controls" in last.note
    assert not Risk.objects.filter(strategy=plan).exclude(pk=last.pk).exclude(note="").exists()


def test_it_is_a_plan_that_has_ended_and_loads_once(plan, now):
    assert (plan.nouns.priority, plan.nouns.commitment) == ("project", "aim")
    assert plan.is_finished(now.date())
    again = load_strategy(by=None, at=now, entry=ENTRY)
    assert (again.changes, again.notes) == ([], [])
    assert RiskAssessment.objects.count() == sum(len(wanted) for *_, wanted in RISKS)


def test_what_the_plan_counts_of_those_who_were_asked_is_there_with_its_source(plan):
    counted = plan.engagement.soonest_first().values_list("kind", "people_asked", "people_answered", "people_attended")
    assert list(counted) == [("survey", 2000, None, None), ("forum", None, None, 180)]
    survey = plan.engagement.get(kind="survey")
    assert "more than 2,000 of these groups" in survey.summary
    assert "19% response rate" in survey.summary
