"""An action plan becomes a strategy with leads, partners, statuses and figures, and loading it again changes nothing."""

import time
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from commitments.action_plan.choices import (
    INVITE,
    NO_REMEDY,
    ORGANISATION,
    PERSON,
    REGISTER,
    WORDS,
    LabelChoice,
    PlanChoices,
)
from commitments.action_plan.entry import ActionPlanDetails
from commitments.action_plan.rows import ReadPlan
from commitments.models import Commitment, DeliveryPartner, HistoryEntry, Strategy
from commitments.services.loading.action_plan import load_action_plan
from commitments.services.progress import change_status
from commitments.strategy_file.strategy import OwnerEntry
from partners.models import Organisation
from tests.built_once import built_once
from tests.commitments.action_plans import plans
from tests.commitments.action_plans.test_reading_plans import read
from tests.factories import make_council, make_organisation, make_person
from vcsportal.common.data_file import Faulty
from vcsportal.common.words import NotAllowed

pytestmark = pytest.mark.django_db
STATUSES = {"amber": "at_risk", "red": "delayed", "complete": "complete", "green": "on_track"}


class Council:
    """A council with its people, and what was chosen for the names of its plan."""

    def __init__(self) -> None:
        self.council = make_council()
        self.officer = make_person("officer", self.council, "Olu Officer")
        self.second = make_person("officer", self.council, "Sam Second")
        self.administrator = make_person("administrator")
        self.charity = make_organisation("Charity One")
        self.choices = PlanChoices(
            STATUSES,
            {
                "Officer 1": LabelChoice(PERSON, key=self.officer.pk), "Officer 2": LabelChoice(PERSON, key=self.second.pk),
                "Officer 3": LabelChoice(INVITE, email="new@example.org"), "Officer 4": LabelChoice(WORDS),
            },
            {
                "Charity 1": LabelChoice(ORGANISATION, key=self.charity.pk), "Charity 2": LabelChoice(REGISTER, kind="charity"),
                "Charity 3": LabelChoice(WORDS),
            },
        )  # fmt: skip

    def details(self, **changes) -> ActionPlanDetails:
        owner = self.council
        values = {
            "slug": "our-plan", "title": "Our plan", "starts_on": date(2025, 4, 1), "ends_on": date(2028, 3, 31),
            "owner": OwnerEntry(owner.slug, owner.name, owner.kind, (), (), 1), "plan_day": date(2026, 3, 12),
            "file_name": "plan.xlsx",
        }  # fmt: skip
        return ActionPlanDetails(**{**values, **changes})

    def load(self, plan: ReadPlan | None = None, *, by=None, **more):
        plan = plan or read(plans.by_theme())
        details = more.pop("details", self.details())
        choices = more.pop("choices", self.choices)
        return load_action_plan(
            by=by or self.administrator, at=timezone.now(), plan=plan, details=details, choices=choices, **more
        )


@pytest.fixture(scope="module")
def _built(django_db_setup, django_db_blocker, tmp_path_factory):
    with built_once(Council, blocker=django_db_blocker, files=tmp_path_factory.mktemp("files")) as council:
        yield council


@pytest.fixture
def council(_built, db) -> Council:
    return _built


def commitment(reference: str) -> Commitment:
    return Commitment.objects.get(strategy__slug="our-plan", reference=reference)


def test_leads_partners_statuses_and_figures_are_those_of_the_plan(council):
    done = council.load()
    assert Commitment.objects.filter(strategy__slug="our-plan").count() == 32
    first, second, third = (commitment(f"CW1.{number}") for number in (1, 2, 3))
    assert (first.lead_officer, first.status, first.status_by) == (council.officer, "at_risk", council.administrator)
    assert first.status_reason == "From the action plan of 12 March 2026: “Amber”.\n\nGoing well"
    assert first.status_remedy == NO_REMEDY
    assert (second.status, third.status) == ("delayed", "complete")
    assert first.partners.get() == council.charity
    assert second.partners.get() == Organisation.objects.get(name="Charity 2", kind="charity")
    assert (third.lead_officer, third.note) == (None, "Partners: Charity 3.")
    assert commitment("CW1.4").team == "Officer 4"
    assert first.indicators.get().baseline == Decimal(1)
    (invited,) = done.to_invite
    assert (invited["label"], invited["email"], len(invited["commitments"])) == ("Officer 3", "new@example.org", 6)
    assert HistoryEntry.objects.filter(act="status", commitment=first, by=council.administrator).exists()


def test_loading_the_same_plan_again_changes_nothing_and_keeps_what_people_did_since(council):
    council.load()
    first = commitment("CW1.1")
    change_status(by=council.officer, at=timezone.now(), commitment=first, to="on_track", reason="The hall is open.")
    before = HistoryEntry.objects.count(), DeliveryPartner.objects.count()
    again = council.load()
    assert again.changes == []
    assert (HistoryEntry.objects.count(), DeliveryPartner.objects.count()) == before
    assert commitment("CW1.1").status == "on_track"


def test_a_trial_keeps_nothing(council):
    done = council.load(dry_run=True)
    assert "Added the strategy “Our plan”." in done.changes
    assert not Strategy.objects.filter(slug="our-plan").exists()
    assert not Organisation.objects.filter(name="Charity 2").exists()


def test_an_owner_that_is_new_to_the_portal_needs_an_administrator(council):
    details = council.details(owner=OwnerEntry("shirewell", "Shirewell Council", "public_body", (), (), 1))
    none = PlanChoices(STATUSES)
    with pytest.raises(NotAllowed, match="Only an administrator can add an organisation"):
        council.load(by=council.officer, details=details, choices=none)
    council.load(details=details, choices=none)
    assert Strategy.objects.get(slug="our-plan").owner.name == "Shirewell Council"


def test_an_officer_loads_for_their_own_council_and_for_no_other(council):
    council.load(by=council.officer, choices=PlanChoices(STATUSES))
    other = make_organisation("Other Council", "public_body")
    details = council.details(slug="other", owner=OwnerEntry(other.slug, other.name, other.kind, (), (), 1))
    with pytest.raises(NotAllowed, match="does not cover this strategy"):
        council.load(by=council.officer, details=details, choices=PlanChoices(STATUSES))
    with pytest.raises(NotAllowed, match="Only a council officer or an administrator"):
        council.load(by=make_person("partner_lead", council.charity), choices=PlanChoices())


def test_faults_name_the_cell_and_nothing_is_written(council):
    plan = read(
        plans.written([("Ref", "Action", "Lead"), ("A1", "Do it", "Officer 1"), ("A1", "Do that", "Officer 1")])
    )
    with pytest.raises(Faulty) as faulty:
        council.load(plan)
    assert [str(fault) for fault in faulty.value.faults] == [
        "line 3, Action plan!A3 (Ref): “A1” is used twice: row 2 has it too."
    ]
    stranger = make_person("partner_lead", council.charity)
    wrong = PlanChoices({}, {"Officer 1": LabelChoice(PERSON, key=stranger.pk)}, {})
    with pytest.raises(Faulty, match="Action plan!D2"):
        council.load(choices=wrong)
    assert not Strategy.objects.filter(slug="our-plan").exists()


def test_every_name_that_is_left_out_is_listed_with_its_cell(council):
    plan = read(plans.by_theme())
    council.load(plan)
    left = {note.place: note.sentence for note in plan.not_used}
    assert left["Action plan!D6 (Lead officer)"] == "You chose to leave out “Officer 0”."
    assert left["Action plan!E5 (Partner)"] == "You chose to leave out “Charity 4”."
    assert "Action plan!D2 (Lead officer)" not in left


def test_writing_a_plan_takes_as_many_queries_for_many_rows_as_for_few(council):
    taken = []
    for count in (40, 160):
        plan = read(plans.written(plans.rows_of(count)))
        details = council.details(slug=f"plan-of-{count}")
        began = time.perf_counter()
        with CaptureQueriesContext(connection) as queries:
            council.load(
                plan, details=details, choices=PlanChoices(STATUSES, council.choices.leads, council.choices.partners)
            )
        print(f"{count} rows written in {time.perf_counter() - began:.2f} s with {len(queries)} queries")
        taken.append(len(queries))
    assert taken[1] <= taken[0] + 2
