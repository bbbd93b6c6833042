"""Who runs the rounds of a strategy that is not a council's: its owner's leads, and the people of whoever supports it."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from commitments.models import HistoryEntry, ProgressUpdate, Round, RoundTask, Strategy
from commitments.services.round_days import Days, plan_round
from commitments.services.rounds import close_round, open_round
from commitments.services.tasks import hand_task
from partners.models import Mail, RoleGrant, User
from partners.services.roles import end_role
from tests.commitments.permission_cast import give
from tests.factories import make_organisation, make_person, make_strategy
from vcsportal.common.words import NotAllowed, NotNow

pytestmark = pytest.mark.django_db


def menu(answer: Any) -> list[str]:
    """The entries of the menu that the person sees."""
    return [entry["label"] for entry in answer.context["menu"]]


@pytest.fixture
def theirs(council, strategy) -> Strategy:
    """A partnership's strategy, which the council supports."""
    owner = make_organisation("The Partnership", "partnership_group")
    made = make_strategy(owner, slug="theirs", opens_first=False, supported_by=council)
    return Strategy.objects.get(pk=made.pk)


@pytest.fixture
def lead(theirs) -> User:
    return make_person("partner_lead", theirs.owner, name="Lena Lead")


@pytest.fixture
def days(now) -> dict[str, str]:
    today = timezone.localdate(now)
    planned = {
        "observes_from": today - timedelta(days=365), "observes_to": today - timedelta(days=1), "opens_on": today,
        "closes_on": today + timedelta(days=40), "grace_until": today + timedelta(days=47),
    }  # fmt: skip
    return {name: day.isoformat() for name, day in planned.items()}


def planned_round(strategy: Strategy, by: User, now: Any) -> Round:
    today = timezone.localdate(now)
    return plan_round(
        by=by, at=now, strategy=strategy,
        days=Days(
            today - timedelta(days=365), today - timedelta(days=1), today, today + timedelta(days=9),
            today + timedelta(days=16),
        ),
    )  # fmt: skip


def test_a_lead_of_the_owner_plans_opens_ends_and_closes_its_round(signed_in, lead, theirs, days):
    client = signed_in(lead)
    assert "Rounds" in menu(client.get("/my-work/"))
    assert client.get("/rounds/").headers["Location"] == f"/strategies/{theirs.slug}/rounds/"
    page = client.get(f"/strategies/{theirs.slug}/rounds/").text
    assert "Plan a round" in page
    assert client.post(f"/strategies/{theirs.slug}/rounds/new/", {**days, "act": "plan"}).status_code == 302
    round_ = Round.objects.get(strategy=theirs)
    address = round_.get_absolute_url()
    assert "Someone who runs its rounds closes the round later." in client.get(address).text
    for act, state in (("open", "open"), ("end", "in_review"), ("close", "closed")):
        assert client.get(f"{address}{act}/").status_code == 200
        assert client.post(f"{address}{act}/").status_code == 302
        round_.refresh_from_db()
        assert round_.state == state
    acts = HistoryEntry.objects.filter(round=round_, by=lead).values_list("act", flat=True)
    assert {"round_plan", "round_open", "round_begin_review", "round_close"} <= set(acts)


def test_officers_of_the_supporting_council_run_it_too_and_their_own_councils_rounds_stay_with_administrators(
    signed_in, officer, strategy, theirs, days, now, administrator
):
    client = signed_in(officer)
    assert client.get("/rounds/").headers["Location"] == f"/strategies/{theirs.slug}/rounds/"
    assert client.get(f"/strategies/{theirs.slug}/rounds/new/").status_code == 200
    own = client.get(f"/strategies/{strategy.slug}/rounds/")
    assert "Plan a round" not in own.text
    assert f'href="/strategies/{theirs.slug}/rounds/">Strategy theirs</a>' in own.text
    refused = client.post(f"/strategies/{strategy.slug}/rounds/new/", {**days, "act": "plan"})
    assert refused.status_code == 403
    assert "Only an administrator can plan, open or close a round." in refused.text
    assert not Round.objects.filter(strategy=strategy).exists()
    planned = planned_round(strategy, administrator, now)
    with pytest.raises(NotAllowed, match="Only an administrator can plan"):
        open_round(by=officer, at=now, round_=planned)


def test_a_task_that_is_handed_back_waits_for_whoever_runs_the_round(signed_in, lead, theirs, now):
    round_ = planned_round(theirs, lead, now)
    open_round(by=lead, at=now, round_=round_)
    colleague = make_person("partner_lead", theirs.owner, name="Cleo Lead")
    task = RoundTask.objects.create(round=round_, person=colleague, made_at=now)
    ProgressUpdate.objects.filter(round=round_).update(owed_by=colleague)
    hand_task(by=colleague, at=now, task=task, to=None, why="Ill.")
    page = " ".join(signed_in(lead).get(round_.get_absolute_url()).text.split())
    assert "Cleo Lead has asked whoever runs the round to find someone" in page
    assert "The task of Cleo Lead was handed to whoever runs the round" in page
    assert "the administrators" not in page
    with pytest.raises(NotNow, match="Cleo Lead has already handed this on to whoever runs the round"):
        hand_task(by=lead, at=now, task=task, to=None, why="Again.")


def test_titles_of_other_strategies_say_their_language(signed_in, administrator, strategy, theirs):
    Strategy.objects.filter(pk=theirs.pk).update(language="cy", title="Ein cynllun")
    page = signed_in(administrator).get(f"/strategies/{strategy.slug}/rounds/").text
    assert '<span lang="cy">Ein cynllun</span>' in page


def test_whoever_supports_nothing_has_no_entry_for_rounds_in_the_menu(signed_in, officer, partner_lead, strategy):
    for person in (officer, partner_lead):
        assert "Rounds" not in menu(signed_in(person).get("/my-work/"))


@pytest.mark.parametrize("who", ["contributor", "deliverer", "another partnership's lead", "ended", "steers"])
def test_nobody_else_runs_it_and_the_sentence_says_who_does(who, lead, theirs, charity, administrator, now):
    forum = make_organisation("The Forum", "partnership_group")
    make_strategy(forum, slug="fourth", opens_first=False)
    forum.refresh_from_db()
    people = {
        "contributor": make_person("partner_contributor", theirs.owner),
        "deliverer": make_person("partner_lead", charity),
        "another partnership's lead": make_person("partner_lead", forum),
        "ended": make_person("partner_lead", theirs.owner),
        "steers": make_person("steering_group", theirs.steered_by),
    }
    give(people["contributor"], "partner_lead", charity)
    end_role(by=administrator, at=now, grant=people["ended"].role_grants.get())
    person, planned = User.objects.get(pk=people[who].pk), planned_round(theirs, lead, now)
    sentence = "Only an administrator or someone who answers for this strategy can plan, open or close a round."
    with pytest.raises(NotAllowed) as refused:
        open_round(by=person, at=now, round_=planned)
    assert str(refused.value).startswith(sentence)
    assert Round.objects.get(pk=planned.pk).state == "planned"
    opened = open_round(by=lead, at=now, round_=planned)
    with pytest.raises(NotAllowed):
        close_round(by=person, at=now, round_=opened)


def test_the_page_of_the_round_offers_them_what_they_may_do_and_leads_nowhere_that_is_refused(
    signed_in, lead, theirs, administrator, officer, now
):
    gone = make_person("partner_lead", theirs.owner, name="Gale Gone")
    round_ = open_round(by=lead, at=now, round_=planned_round(theirs, lead, now))
    for reference, person in (("1.1", lead), ("1.2", gone), ("2.1", officer)):
        ProgressUpdate.objects.update_or_create(
            commitment=theirs.commitments.get(reference=reference), round=round_, defaults={"owed_by": person}
        )
        RoundTask.objects.get_or_create(round=round_, person=person, defaults={"made_at": now})
    grant = RoleGrant.objects.get(person=gone)
    end_role(by=administrator, at=now, grant=grant)
    client = signed_in(lead)
    page = client.get(f"{round_.get_absolute_url()}?show=owes").text
    assert "Hand on the task of Gale Gone" in page
    offered = set(re.findall(rf'href="({round_.get_absolute_url()}[a-z][^"#]*|/people/[^"]*|[^"]*/deput[^"]*)"', page))
    assert any("/nudge/" in link for link in offered)
    assert not [link for link in offered if client.get(link.replace("&amp;", "&")).status_code != 200]
    everything = signed_in(administrator).get(f"{round_.get_absolute_url()}?show=owes").text
    assert "Hand over the work of" in everything
    assert "Name a deputy" in everything


def test_a_nudge_names_only_people_of_the_round(signed_in, lead, theirs, now):
    stranger = make_person("officer", make_organisation("Elmshire Council", "public_body"), name="Stella Stranger")
    round_ = open_round(by=lead, at=now, round_=planned_round(theirs, lead, now))
    for key in (str(stranger.pk), "0", "x", "9" * 30):
        answer = signed_in(lead).get(f"{round_.get_absolute_url()}nudge/?person={key}")
        assert answer.status_code == 404
        assert "Stella" not in answer.text
    assert not Mail.objects.filter(person=stranger, kind="round:nudge").exists()
