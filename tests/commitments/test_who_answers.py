"""Who answers for a strategy: each relation to a council's strategy and to a partnership's, each permission."""

from collections.abc import Callable
from typing import Any, Final

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from commitments.models import ProgressUpdate, Strategy
from commitments.permissions import progress as progress_permissions
from commitments.services.strategy_ties import keep_ties
from partners import roles
from partners.models import User
from partners.people_with_permission import people_who_may
from partners.permissions import has_permission_anywhere, has_permission_here, needs_second_step, strategies_where
from partners.services.roles import end_role
from reporting import permissions as reports
from reporting.models import Proposal
from tests.commitments.permission_cast import give
from tests.factories import make_edition, make_organisation, make_person, make_round, make_strategy, steering_group
from tests.permission_table import answer_of

pytestmark = pytest.mark.django_db

PEOPLE: Final = {
    "anonymous": "nobody has signed in",
    "none": "somebody without a role",
    "admin": "an administrator",
    "owner council's officer": "an officer of the council that owns a strategy",
    "owner council's lead": "a partner lead of that council",
    "supporting council's officer": "an officer of the council that supports the partnership",
    "supporting council's lead": "a partner lead of that council",
    "another council's officer": "an officer of a council that owns a third strategy",
    "partnership's lead": "a lead of the partnership that owns a strategy",
    "partnership's contributor": "its contributor",
    "partnership's former lead": "a lead of it whose role has ended",
    "another partnership's lead": "a lead of a partnership that owns a fourth strategy",
    "supporting hub's lead": "a lead of the organisation that supports this other partnership",
    "supporting hub's contributor": "its contributor",
    "deliverer's lead": "a lead of an organisation that helps to deliver all of them",
    "steers the council's": "a member of the group that steers the council's strategy",
    "steers the partnership's": "a member of the group that steers the partnership's",
    "mixed": "a lead of the deliverer who contributes to the partnership",
    "double": "an officer of the owner council who leads the partnership",
}
ADMINISTRATORS_TOO: Final = roles.ADMINISTRATOR.may
MEMBERS_TOO: Final = roles.STEERING_GROUP.may
ANSWERS: Final = {
    "council's": {"owner council's officer", "double"},
    "partnership's": {"partnership's lead", "double", "supporting council's officer", "supporting council's lead"},
    "third": {"another council's officer"},
    "fourth": {"another partnership's lead", "supporting hub's lead"},
}
"""Who answers for which strategy, besides administrators and whoever steers it. The rest gain nothing."""
NOT_A_COUNCILS: Final = {"partnership's", "fourth"}
STEERS: Final = {"council's": {"steers the council's"}, "partnership's": {"steers the partnership's"}}


@pytest.fixture
def strategies() -> dict[str, Strategy]:
    at = {
        name: make_organisation(name.title(), kind)
        for name, kind in {
            "council": "public_body", "secretariat": "public_body", "elsewhere": "public_body",
            "partnership": "partnership_group", "consortium": "infrastructure_body", "hub": "charity",
            "forum": "partnership_group",
        }.items()
    }  # fmt: skip
    made = {
        "council's": make_strategy(at["council"], slug="councils"),
        "partnership's": make_strategy(
            at["partnership"], slug="partnerships", opens_first=False, steered_by=at["forum"],
            supported_by=at["secretariat"],
        ),
        "third": make_strategy(at["elsewhere"], slug="third", opens_first=False),
        "fourth": make_strategy(at["consortium"], slug="fourth", opens_first=False, supported_by=at["hub"]),
    }  # fmt: skip
    Strategy.objects.filter(slug__in=["third", "fourth"]).update(steered_by=None)
    return {name: Strategy.objects.get(pk=strategy.pk) for name, strategy in made.items()}


@pytest.fixture
def people(strategies) -> dict[str, Any]:
    council, secretariat = strategies["council's"].owner, strategies["partnership's"].supported_by
    partnership, deliverer = strategies["partnership's"].owner, make_organisation("Deliverer")
    made = {
        "none": make_person(),
        "admin": make_person("administrator"),
        "owner council's officer": make_person("officer", council),
        "owner council's lead": make_person("partner_lead", council),
        "supporting council's officer": make_person("officer", secretariat),
        "supporting council's lead": make_person("partner_lead", secretariat),
        "another council's officer": make_person("officer", strategies["third"].owner),
        "partnership's lead": make_person("partner_lead", partnership),
        "partnership's contributor": make_person("partner_contributor", partnership),
        "partnership's former lead": make_person("partner_lead", partnership),
        "another partnership's lead": make_person("partner_lead", strategies["fourth"].owner),
        "supporting hub's lead": make_person("partner_lead", strategies["fourth"].supported_by),
        "supporting hub's contributor": make_person("partner_contributor", strategies["fourth"].supported_by),
        "deliverer's lead": make_person("partner_lead", deliverer),
        "steers the council's": make_person("steering_group", steering_group()),
        "steers the partnership's": make_person("steering_group", strategies["partnership's"].steered_by),
        "mixed": make_person("partner_lead", deliverer),
        "double": make_person("officer", council),
    }
    give(made["mixed"], "partner_contributor", partnership)
    give(made["double"], "partner_lead", partnership)
    end_role(by=made["admin"], at=timezone.now(), grant=made["partnership's former lead"].role_grants.get())
    return {"anonymous": AnonymousUser()} | {name: User.objects.get(pk=person.pk) for name, person in made.items()}


def expected(code: str, strategy: str) -> set[str]:
    """Who the rule lets do something for a strategy, besides what partners may do for their own organisations."""
    may = set(ANSWERS[strategy]) if code in roles.OWNERS_PEOPLE_MAY else set()
    if code in roles.OWNERS_PEOPLE_RUN and strategy in NOT_A_COUNCILS:
        may = set(ANSWERS[strategy])
    may |= {"admin"} if code in ADMINISTRATORS_TOO else set()
    return may | (STEERS.get(strategy, set()) if code in MEMBERS_TOO else set())


CODES: Final = sorted(roles.OWNERS_PEOPLE_MAY | roles.OWNERS_PEOPLE_RUN)


@pytest.mark.parametrize("code", CODES)
def test_each_person_may_do_for_each_strategy_what_the_rule_says_and_lists_and_emails_agree(code, strategies, people):
    assert set(people) == set(PEOPLE)
    for name, strategy in strategies.items():
        may = {who for who, person in people.items() if has_permission_here(person, code, strategy)}
        assert may == expected(code, name), name
        listed = {
            who
            for who, person in people.items()
            if Strategy.objects.filter(strategies_where(person, code), pk=strategy.pk).exists()
        }
        assert listed == may, name
        mine = {person.pk: who for who, person in people.items()}
        assert {mine[person.pk] for person in people_who_may(code, strategy)} == may, name


RUNS: Final = {"run its rounds", "hand on a colleague's task"}
INCLUDES_GROUP: Final = {"ask for its report", "comment on its draft"}


@pytest.mark.parametrize("name", list(ANSWERS))
def test_who_runs_rounds_writes_and_publishes_follows_the_strategys_owner(name, strategies, people):
    """Each person, in each relation to the strategy, and each state of what they would do it to."""
    strategy = strategies[name]
    round_, colleague = make_round(strategy), make_person()
    ready = make_edition(round_=round_, by=people["admin"])
    sealed = make_edition(round_=round_, by=people["admin"], published=True)
    proposal = Proposal.objects.create(edition=ready, act="publish", proposed_by=colleague, proposed_at=timezone.now())
    own = Proposal(edition=ready, act="publish", proposed_at=timezone.now())

    def own_proposal(person: Any) -> None:
        own.proposed_by = person if isinstance(person, User) else colleague
        reports.check_can_decide(person, own)

    asks: dict[str, Callable[[Any], Any]] = {
        "run its rounds": lambda person: progress_permissions.check_can_run_rounds(person, strategy),
        "hand on a colleague's task": lambda person: progress_permissions.check_can_hand_task(
            person, colleague, strategy
        ),
        "see its rounds": lambda person: progress_permissions.check_can_see_rounds(person, strategy),
        "ask for its report": lambda person: reports.check_can_request(person, strategy),
        "comment on its draft": lambda person: reports.check_can_comment(person, strategy),
        "write its report": lambda person: reports.check_can_write(person, strategy),
        "publish a draft": lambda person: reports.check_can_publish(person, ready),
        "confirm a colleague's proposal": lambda person: reports.check_can_decide(person, proposal),
        "withdraw what is published": lambda person: reports.check_can_withdraw(person, sealed),
    }
    for act, ask in asks.items():
        may = {who for who, person in people.items() if answer_of(ask, person) == "yes"}
        answering = ANSWERS[name] if act not in RUNS or name in NOT_A_COUNCILS else set()
        members = STEERS.get(name, set()) if act in INCLUDES_GROUP else set()
        assert may == answering | members | {"admin"}, act
        decisive = {who for who in may - members if not needs_second_step(people[who])}
        assert not decisive, "whoever decides signs in with a second step"
    assert {answer_of(own_proposal, person) for person in people.values()} == {"no"}
    again = {answer_of(lambda person: reports.check_can_publish(person, sealed), people[who]) for who in ANSWERS[name]}
    assert again == {"done"}


@pytest.mark.parametrize("code", CODES)
def test_menus_offer_what_a_person_may_do_for_some_strategy_and_nothing_else(code, strategies, people):
    somewhere = set().union(*(expected(code, name) for name in strategies))
    assert {who for who, person in people.items() if has_permission_anywhere(person, code)} == somewhere
    mine = {person.pk: who for who, person in people.items()}
    assert {mine[person.pk] for person in people_who_may(code)} == somewhere


def test_who_answers_for_a_strategy_needs_a_second_step_and_other_leads_do_not(strategies, people):
    answering = set().union(*ANSWERS.values()) | {"admin"}
    assert {who for who, person in people.items() if needs_second_step(person)} == answering


def test_a_council_that_owns_one_strategy_and_supports_another_gives_its_leads_a_say_in_the_second_alone(strategies):
    council = strategies["council's"].owner
    Strategy.objects.filter(slug="partnerships").update(supported_by=council)
    keep_ties(by=None, at=council.joined_at, organisations=[council.pk])
    lead = make_person("partner_lead", council)
    own, theirs = Strategy.objects.get(slug="councils"), Strategy.objects.get(slug="partnerships")
    for strategy, may in ((own, False), (theirs, True)):
        assert has_permission_here(lead, roles.APPROVE_UPDATES, strategy) is may
        assert people_who_may(roles.APPROVE_UPDATES, strategy).filter(pk=lead.pk).exists() is may
    assert list(Strategy.objects.filter(strategies_where(lead, roles.APPROVE_UPDATES))) == [theirs]


def test_officers_of_such_a_council_run_the_rounds_of_the_strategy_that_it_supports_alone(strategies):
    council = strategies["council's"].owner
    Strategy.objects.filter(slug="partnerships").update(supported_by=council)
    keep_ties(by=None, at=council.joined_at, organisations=[council.pk])
    officer = make_person("officer", council)
    own, theirs = Strategy.objects.get(slug="councils"), Strategy.objects.get(slug="partnerships")
    for strategy, may in ((own, False), (theirs, True)):
        assert has_permission_here(officer, roles.RUN_ROUNDS, strategy) is may
        assert people_who_may(roles.RUN_ROUNDS, strategy).filter(pk=officer.pk).exists() is may
    assert list(Strategy.objects.filter(strategies_where(officer, roles.RUN_ROUNDS))) == [theirs]


def test_what_supports_a_councils_strategy_has_no_say_in_it(strategies):
    hub = strategies["fourth"].supported_by
    Strategy.objects.filter(slug="councils").update(supported_by=hub)
    keep_ties(by=None, at=hub.joined_at, organisations=[hub.pk])
    lead, own = make_person("partner_lead", hub), Strategy.objects.get(slug="councils")
    assert not has_permission_here(lead, roles.UPDATE_COMMITMENTS, own)
    assert not people_who_may(roles.UPDATE_COMMITMENTS, own).filter(pk=lead.pk).exists()
    assert "councils" not in Strategy.objects.filter(strategies_where(lead, roles.UPDATE_COMMITMENTS)).values_list(
        "slug", flat=True
    )


def test_what_is_asked_of_the_strategies_of_evidence_follows_the_same_rule(strategies, people):
    from commitments.models import Evidence
    from commitments.permissions.evidence import is_about_own_strategy
    from tests.factories import make_evidence

    for name, strategy in strategies.items():
        item = make_evidence(people["deliverer's lead"], strategy.commitments.get(reference="1.1"), state="submitted")
        for who, person in people.items():
            may = who in expected(roles.SEE_ALL_EVIDENCE, name)
            assert is_about_own_strategy(person, roles.SEE_ALL_EVIDENCE, item) is may, (name, who)
            seen = may or who in {"deliverer's lead", "mixed"}
            assert Evidence.objects.visible_to(person).filter(pk=item.pk).exists() is seen, (name, who)


# Rounds, emails and lists of people ------------------------------------------------------------------------------------


def owe(strategy: Strategy, person: User) -> Any:
    """A round of the strategy in which the person owes the update of 1.1."""
    round_ = make_round(strategy)
    ProgressUpdate.objects.create(commitment=strategy.commitments.get(reference="1.1"), round=round_, owed_by=person)
    return round_


@pytest.mark.parametrize("who", [name for name in PEOPLE if name != "anonymous"])
def test_a_round_asks_for_updates_whoever_may_write_them_and_marks_the_others_as_gone(who, strategies, people):
    from commitments.queries.outstanding_tasks import outstanding_tasks
    from commitments.reading.my_work import owed_updates
    from commitments.reading.round import standing

    strategy, person = strategies["partnership's"], people[who]
    round_, may = owe(strategy, person), who in ANSWERS["partnership's"]
    asked, _people = outstanding_tasks([round_], round_.opens_on)
    assert bool(asked) is may
    assert bool(owed_updates(person, round_.opens_on).updates) is may
    [line] = standing(round_, round_.opens_on).lines
    assert line.left is not may


def test_who_leads_commitments_and_takes_over_from_a_lead_is_chosen_from_the_owners_people(strategies, people):
    from commitments.forms.people import CommitmentPeopleForm
    from commitments.reading.people import who_may_take

    strategy = strategies["partnership's"]
    offered = {people[who].pk for who in ANSWERS["partnership's"]}
    field: Any = CommitmentPeopleForm(strategy=strategy).fields["lead"]
    assert set(field.queryset.values_list("pk", flat=True)) == offered
    owe(strategy, people["partnership's lead"])
    contributors = {people[who].pk for who in ("partnership's contributor", "mixed")}
    taking = set(who_may_take(people["partnership's lead"]).values_list("pk", flat=True))
    assert taking == (offered | contributors) - {people["partnership's lead"].pk}


@pytest.mark.parametrize("who", [name for name in PEOPLE if name not in {"anonymous", "none"}])
def test_comments_on_a_section_are_answered_by_who_wrote_it_while_they_may_and_then_by_an_administrator(
    who, strategies, people, now
):
    from reporting.models import Comment, ReportText
    from reporting.reading.open_comments import comments_for, who_answers

    strategy, writer = strategies["partnership's"], people[who]
    round_ = make_round(strategy)
    ReportText.objects.create(
        round=round_, section="foreword", text="It was a good year.", changed_at=now, changed_by=writer
    )
    Comment.objects.create(
        round=round_, section="foreword", words="Say why.", said_at=now, said_by=people["steers the partnership's"]
    )
    answers = who if who in ANSWERS["partnership's"] | {"admin"} else "admin"
    assert people[answers] in who_answers(round_, "foreword")
    assert {name for name, person in people.items() if name != "anonymous" and comments_for(person)} == {answers}
