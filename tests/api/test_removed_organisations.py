"""Nothing in the API finds an organisation that left the directory; what others recorded about it before stays under its name."""

import ast
from datetime import date
from decimal import Decimal
from itertools import chain
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone

from commitments.content.engagement import AttendanceEntry, EngagementPlan
from commitments.content.risks import RiskContent, RiskLeadContent
from commitments.content.sourced_figures import AwardContent
from commitments.models import Award, Risk
from commitments.services.awards import add_award
from commitments.services.delivery import add_delivery_partner
from commitments.services.engagement import plan_engagement
from commitments.services.engagement_account import set_attendance
from commitments.services.risks import record_risk
from partners.models import Organisation
from partners.services.removal import remove_listing
from tests.commitments.charter import make_charter, make_charter_round
from tests.county_figures import make_county_figures
from tests.factories import make_organisation

pytestmark = pytest.mark.django_db
NAME, SLUG = "Ash Green Allotments", "ash-green-allotments"
RISKS = "strategies/our-strategy/risks/"


@pytest.fixture
def group(db):
    return make_organisation(NAME, "unincorporated_group", standing="listed")


@pytest.fixture
def remove(administrator, group):
    def removed() -> None:
        remove_listing(by=administrator, at=timezone.now(), organisation=group, why="It asked us to.")

    return removed


@pytest.fixture
def meeting(officer, strategy, now):
    plan = EngagementPlan("meeting", "Meeting", timezone.localdate(), place="Town hall")
    return plan_engagement(by=officer, at=now, group=None, strategy=strategy, plan=plan)


def test_no_input_finds_it(api, world, officer, administrator, council, remove, meeting, now):
    make_charter_round(make_charter(council), year=timezone.localdate().year - 2, state="open")
    figures = make_county_figures(world.strategy, officer, now)
    today = timezone.localdate().isoformat()
    thing = "strategies/our-strategy/commitments/thing-1-1/"
    inputs = (
        (f"{thing}partners/", "organisation", {"organisation": SLUG, "role": "hosts"}),
        (f"{thing}actions/", "owner_organisation", {"title": "Ask the school", "owner_organisation": SLUG}),
        ("strategies/the-compact/signatories/", "organisation", {"organisation": SLUG, "told_how": "letter", "signed_on": today}),
        ("points/", "raised_by", {"kind": "said", "words": "More chairs", "raised_on": today, "engagement": meeting.pk, "raised_by": SLUG}),
        (f"engagement/{meeting.pk}/attendance/", "attendance", {"attendance": [{"organisation": SLUG}], "version": 0}),
        ("awards/", "recipient", {
            "figure": figures.grants.pk, "kind": "grant", "identifier": "g-9", "title": "A ramp", "amount_awarded": "1000", "award_date": "2021-04-01",
            "recipient": SLUG, "recipient_is_organisation": True,
        }),
    )  # fmt: skip
    writer = api(officer)
    remove()
    answers = [writer.post(address, sent) for address, _, sent in inputs]
    for (address, field, _), answer in zip(inputs, answers, strict=True):
        assert (answer.status_code, set(answer.json()["errors"])) == (400, {field}), (address, answer.content)
        assert NAME not in answer.content.decode(), address
    Organisation.objects.filter(slug=SLUG).update(removed_at=None, removed_why="")
    for address, _, sent in inputs:
        answer = writer.post(address, sent)
        assert answer.status_code in (200, 201), (address, answer.content)


def test_a_risk_does_not_find_it_by_its_slug(api, strategy, officer, remove):
    remove()
    made = api(officer).post(RISKS, {"words": "The hall closes", "leads": [SLUG]})
    assert made.json()["leads"] == [{"organisation": None, "name": SLUG}]
    one = made.headers["Location"].split("/api/v1/")[1]
    changed = api(officer).patch(one, {"leads": ["The trustees", SLUG], "version": 0})
    assert [lead["organisation"] for lead in changed.json()["leads"]] == [None, None]
    assert NAME not in made.content.decode() + changed.content.decode()


def test_no_filter_or_search_finds_it(api, stranger, world, officer, administrator, group, remove, now):
    add_delivery_partner(
        by=officer, at=now, commitment=world.commitment, organisation=group, role="hosts", started_on=date(2024, 1, 1)
    )
    figures = make_county_figures(world.strategy, officer, now)
    content = AwardContent("grant", "g-9", "A ramp", Decimal(950), date(2024, 5, 1), recipient=group)
    add_award(by=None, at=now, figure=figures.grants, content=content)
    named = (
        f"strategies/our-strategy/commitments/?organisation={SLUG}", f"evidence/?organisation={SLUG}", f"organisations/?q={NAME}", f"awards/?organisation={SLUG}",
        f"awards/?organisation={NAME}", f"case-studies/?organisation={SLUG}", f"evidence/?q={NAME}",
    )  # fmt: skip
    found = {asked for asked in named if stranger.get(asked).status_code == 200 and stranger.list(asked)}
    assert {
        named[0],
        f"awards/?organisation={SLUG}",
        f"awards/?organisation={NAME}",
        f"organisations/?q={NAME}",
    } <= found
    remove()
    for asked in named:
        answer = stranger.get(asked)
        assert answer.status_code == 400 or answer.json()["results"] == [], asked
    assert stranger.get(f"organisations/{SLUG}/").status_code == 404


def test_what_others_recorded_stays_when_the_rest_of_it_is_changed(
    api, strategy, officer, group, remove, meeting, now, signed_in
):
    leads = (RiskLeadContent(group), RiskLeadContent(words="The trustees"))
    risk = record_risk(by=officer, at=now, strategy=strategy, content=RiskContent("The hall closes", leads=leads))
    meeting = set_attendance(by=officer, at=now, engagement=meeting, entries=[AttendanceEntry(organisation=group)])
    remove()
    writer = api(officer)
    changed = writer.patch(f"{RISKS}{risk.key}/", {"leads": [SLUG, "The friends"], "version": 0}).json()
    assert [(lead["organisation"], lead["name"]) for lead in changed["leads"]] == [(SLUG, NAME), (None, "The friends")]
    sent = {"attendance": [{"organisation": SLUG, "post": "Treasurer"}], "version": meeting.version}
    assert writer.post(f"engagement/{meeting.pk}/attendance/", sent).status_code == 200
    assert meeting.attendance.get().organisation == group
    assert writer.post(f"{RISKS}", {"words": "Other", "leads": [SLUG]}).json()["leads"][0]["organisation"] is None


def test_pages_that_change_what_others_recorded_keep_it(signed_in, strategy, officer, group, remove, meeting, now):
    risk = record_risk(
        by=officer, at=now, strategy=strategy, content=RiskContent("The hall closes", leads=(RiskLeadContent(group),))
    )
    set_attendance(by=officer, at=now, engagement=meeting, entries=[AttendanceEntry(organisation=group)])
    figures = make_county_figures(strategy, officer, now)
    award = add_award(
        by=None, at=now, figure=figures.grants,
        content=AwardContent("grant", "g-9", "A ramp", Decimal(950), date(2024, 5, 1), recipient=group),
    )  # fmt: skip
    remove()
    browser = signed_in(officer)
    address = f"{risk.get_absolute_url()}edit/"
    form = browser.get(address).context["form"]
    sent = {name: form[name].value() or "" for name in form.fields}
    assert browser.post(address, {**sent, "words": "The roof leaks"}).status_code == 302
    assert Risk.objects.get(pk=risk.pk).leads.get().organisation == group
    for address, changed in (
        (f"/money/awards/{award.pk}/edit/", {"title": "A steeper ramp"}),
        (f"/engagement/{meeting.pk}/attendance/", {"post-0": "Treasurer"}),
    ):
        form = browser.get(address).context["form"]
        sent = {name: "" if form[name].value() in (None, False) else form[name].value() for name in form.fields}
        answer = browser.post(address, {**sent, **changed})
        assert answer.status_code == 302, answer.context["form"].errors
    award = Award.objects.get(pk=award.pk)
    assert (award.title, award.recipient) == ("A steeper ramp", group)
    seated = meeting.attendance.get()
    assert (seated.organisation, seated.post) == (group, "Treasurer")


LEFT_OUT = {"public", "to_name", "taking_part", "through"}
"""What leaves removed organisations out, and the tables of links, which have no name."""
ALLOWED = {"partners/filters/groups.py": 1, "partners/filters/organisations.py": 1}
"""The names of groups and the successors of organisations, which the lists' own queries filter once more."""


def test_every_look_up_in_the_api_and_its_filters_leaves_removed_organisations_out():
    root = Path(settings.BASE_DIR)
    files = [
        *chain.from_iterable(root.glob(f"{app}/{folder}") for app in ("partners", "commitments", "reporting") for folder in ("api/*.py", "api.py", "filters/*.py", "*serializers.py")),
    ]  # fmt: skip
    looked = 0
    open_: dict[str, int] = {}
    for file in files:
        tree = ast.parse(file.read_text())
        inner = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
        inner |= {id(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
        for node in ast.walk(tree):
            if not isinstance(node, ast.Attribute | ast.Call) or id(node) in inner:
                continue
            names: list[str] = []
            at: ast.expr = node
            while isinstance(at, ast.Attribute | ast.Call):
                if isinstance(at, ast.Attribute):
                    names.append(at.attr)
                at = at.value if isinstance(at, ast.Attribute) else at.func
            if isinstance(at, ast.Name) and at.id == "Organisation" and "objects" in names:
                looked += 1
                if not LEFT_OUT & set(names):
                    place = file.relative_to(root).as_posix()
                    open_[place] = open_.get(place, 0) + 1
    assert open_ == ALLOWED
    assert looked > 10
