"""Every rule of :mod:`commitments.permissions`: each person, in each relation to the thing, in each state of it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any, Final

import pytest
from django.utils import timezone

from commitments.content.responses import ResponseContent
from commitments.content.risks import RiskContent, RiskLeadContent
from commitments.models import Commitment, Engagement, Evidence, Point
from commitments.permissions import engagement as engagement_permissions
from commitments.permissions import evidence as evidence_permissions
from commitments.permissions import indicators as indicators_permissions
from commitments.permissions import points as point_permissions
from commitments.permissions import progress as progress_permissions
from commitments.permissions import responses as response_permissions
from commitments.permissions import risks as risk_permissions
from commitments.services.loading.commitments import LoadedCommitments
from commitments.services.loading.responses import address
from commitments.services.responses import submit_response
from commitments.services.risks import record_risk
from partners.models import Appointment, PartnershipGroup, Seat, User
from tests.commitments.permission_cast import Cast, make_cast
from tests.factories import steering_group
from tests.permission_table import Ask, differences, read_table, rules_in, rules_of, wrong_pairs

MODULES: Final = (
    evidence_permissions,
    indicators_permissions,
    progress_permissions,
    response_permissions,
    engagement_permissions,
    point_permissions,
    risk_permissions,
)

PEOPLE: Final = {
    "anonymous": "nobody has signed in",
    "ended": "an officer of the council whose access has ended",
    "none": "somebody without a role",
    "part": "a contributor of the charity, which helps to deliver the commitment; logged its evidence",
    "lead": "its lead",
    "both": "a lead of another organisation that helps to deliver it, and a contributor of the charity",
    "left": "a lead of an organisation that helped to deliver it until last week",
    "helper": "somebody of an infrastructure body, who logged what a group reported",
    "moved": "the same, but works for another organisation now",
    "member": "a member of the group that steers the strategy",
    "member2": "a member of a group that steers another strategy",
    "began": "an officer of the council, who began its evidence and the update",
    "sent": "an officer who sent what that colleague began",
    "third": "an officer who had no part in either",
    "officer2": "an officer of another council",
    "admin": "an administrator",
    "turned": "a contributor of the charity who supplied the figure, and became an officer of the council",
}
GROUPS: Final = {"officers": ("began", "sent", "third", "turned"), "charity": ("part", "lead", "both", "turned")}
TABLE: Final = """
check_can_update_commitment: yes officers
check_can_approve_update: yes third turned admin
check_update_waits, sent: yes everybody
check_update_waits, draft: now everybody
check_update_waits, approved: done everybody
check_can_return_update: yes officers admin
check_can_write_note, on an update: yes officers admin
check_can_write_note, on evidence: yes officers admin
check_can_write_note, on evidence about another strategy: yes officer2 admin
check_can_run_rounds: yes admin
check_may_run_rounds: yes admin
check_can_see_rounds: yes officers admin
check_may_see_rounds: yes officers officer2 admin
check_can_hand_task, their own: yes everybody; no anonymous
check_can_hand_task, the third officer's: yes third admin
check_can_hand_over_work: yes admin
check_can_manage_commitment: yes officers admin
check_can_manage_commitments: yes officers admin
check_can_own_actions: yes officers
check_may_give_view: yes lead both left moved
check_can_give_view, for the charity: yes lead
check_can_give_view, for the other organisation: yes both
check_can_give_view, for the one that has left:
check_can_give_view, of a commitment that it does not deliver:
check_can_reply_to_view: yes officers
check_can_define_indicators: yes officers admin
enters_values_at_once: yes officers
check_can_supply_value, for the charity: yes officers charity
check_can_supply_value, for the one that has left: yes officers
check_can_supply_value, for no organisation: yes officers
check_can_supply_value, of its priority: yes officers charity
check_can_supply_value, of another priority: yes officers
check_may_judge_values: yes officers officer2
check_may_judge_values_of: yes officers
check_can_judge_value, supplied: yes began sent third
check_can_judge_value, approved: yes officers
check_may_log_evidence: yes charity left helper moved officers officer2
check_can_log_evidence, for the charity: yes charity
check_can_log_evidence, for the council: yes officers
check_may_log_evidence_for_others: yes helper officers officer2
check_can_log_evidence_for, a group without people: yes helper officers officer2
check_can_log_evidence_for, a group whose people have left: yes helper officers officer2
check_can_log_evidence_for, an organisation with people: yes officers officer2
check_can_log_evidence_for, a public body:
check_can_log_evidence_for, a group that steers:
is_own_evidence: yes charity
is_own_evidence, logged by a helper: yes helper
is_own_evidence, logged by a helper who has moved on:
sees_all_of_evidence, draft: yes charity
sees_all_of_evidence, sent: yes charity officers admin
check_can_edit_evidence, draft: yes charity
check_can_edit_evidence, sent: now charity
check_can_edit_evidence, accepted: now charity
check_can_edit_evidence, returned: yes charity
check_can_edit_evidence, withdrawn: now charity
check_can_edit_evidence, logged by a helper: yes helper
check_can_edit_evidence, logged by a helper who has moved on:
check_can_submit_evidence, draft: yes charity
check_can_submit_evidence, sent: done charity
check_can_submit_evidence, accepted: now charity
check_can_submit_evidence, returned: yes charity
check_can_withdraw_evidence, draft: yes charity
check_can_withdraw_evidence, sent: yes charity officers
check_can_withdraw_evidence, accepted: yes charity officers
check_can_withdraw_evidence, withdrawn before it was sent: done charity
check_can_reopen_evidence, withdrawn: yes charity
check_can_reopen_evidence, draft: done charity
check_can_reopen_evidence, sent: now charity
check_can_accept_evidence, draft: now officers
check_can_accept_evidence, sent: yes officers
check_can_accept_evidence, accepted: done officers
check_can_accept_evidence, the council's own: yes third turned
check_can_accept_evidence, about another strategy: yes officer2
check_can_return_evidence, sent: yes officers
check_can_return_evidence, accepted: yes officers
check_can_return_evidence, returned: done officers
check_can_return_evidence, the council's own: yes third turned
check_can_use_evidence_again, accepted: yes charity officers
check_can_use_evidence_again, sent: now charity officers
check_can_record_consents, draft: yes charity
check_can_record_consents, sent: yes charity officers admin
check_can_read_consents: yes officers officer2 admin
check_can_write_response, of the council: yes officers
check_can_write_response, of the charity: yes lead
check_can_write_response, of the other organisation: yes both
check_can_write_response, of words: now everybody
check_can_return_response, of the council: yes officers admin
check_can_return_response, of the charity: yes lead admin
check_can_approve_response, of the council: yes began third turned admin
check_can_approve_response, of the charity: yes admin
check_can_keep_risks: yes officers admin
check_can_review_risk, led by nobody: yes officers admin
check_can_review_risk, led by the charity: yes officers lead admin
check_can_review_risk, led by the other organisation: yes officers both admin
check_can_plan_engagement, of the group that steers: yes member admin
check_can_plan_engagement, of the strategy: yes officers admin
check_can_plan_engagement, of both: yes officers member admin
check_can_plan_engagement, of another group: yes admin
check_can_plan_engagement, of nothing:
check_can_keep_engagement, of the group that steers: yes member admin
check_can_keep_engagement, of the strategy: yes officers admin
check_can_keep_engagement, of both: yes officers member admin
check_can_keep_engagement, of another group: yes admin
check_can_read_account, held: yes officers member admin
check_can_read_account, written up: yes everybody
check_can_handle_point, of the strategy: yes officers admin
check_can_handle_point, of another strategy: yes officer2 admin
check_can_handle_point, of the group: yes member admin
check_can_handle_point, of the group and the strategy: yes member officers admin
check_can_handle_point, of the other group: yes admin
check_can_handle_point, said at a meeting of the group: yes member admin
check_can_handle_point, about nothing: yes officers admin
check_may_handle_points: yes officers officer2 member admin
"""


def cases(cast: Cast) -> dict[str, Ask]:
    """What each row asks."""
    strategy, commitment, update, item, at = (
        cast.strategy,
        cast.commitment,
        cast.update,
        cast.evidence,
        cast.organisations,
    )
    third, other = cast.people["third"], strategy.commitments.get(reference="2.1")

    def in_state(thing: Any, state: str) -> Any:
        copy = type(thing).objects.get(pk=thing.pk)
        copy.state = state
        return copy

    def own_task(person: Any) -> None:
        progress_permissions.check_can_hand_task(person, person if isinstance(person, User) else third, strategy)

    def owns_actions(person: Any) -> bool:
        return isinstance(person, User) and progress_permissions.can_own_actions(person, strategy)

    found: dict[str, Ask] = {
        "check_can_update_commitment": lambda p: progress_permissions.check_can_update_commitment(p, commitment),
        "check_can_approve_update": lambda p: progress_permissions.check_can_approve_update(p, update),
        "check_update_waits, sent": lambda p: progress_permissions.check_update_waits(update),
        "check_update_waits, draft": lambda p: progress_permissions.check_update_waits(in_state(update, "draft")),
        "check_update_waits, approved": lambda p: progress_permissions.check_update_waits(in_state(update, "published")),
        "check_can_return_update": lambda p: progress_permissions.check_can_return_update(p, update),
        "check_can_write_note, on an update": lambda p: progress_permissions.check_can_write_note(p, update),
        "check_can_write_note, on evidence": lambda p: progress_permissions.check_can_write_note(p, item["submitted"]),
        "check_can_write_note, on evidence about another strategy": lambda p: progress_permissions.check_can_write_note(p, item["elsewhere"]),
        "check_can_run_rounds": lambda p: progress_permissions.check_can_run_rounds(p, strategy),
        "check_may_run_rounds": progress_permissions.check_may_run_rounds,
        "check_can_see_rounds": lambda p: progress_permissions.check_can_see_rounds(p, strategy),
        "check_may_see_rounds": progress_permissions.check_may_see_rounds,
        "check_can_hand_task, their own": own_task,
        "check_can_hand_task, the third officer's": lambda p: progress_permissions.check_can_hand_task(p, third, strategy),
        "check_can_hand_over_work": progress_permissions.check_can_hand_over_work,
        "check_can_manage_commitment": lambda p: progress_permissions.check_can_manage_commitment(p, commitment),
        "check_can_manage_commitments": lambda p: progress_permissions.check_can_manage_commitments(p, strategy),
        "check_can_own_actions": owns_actions,
        "check_may_give_view": progress_permissions.check_may_give_view,
        "check_can_give_view, for the charity": lambda p: progress_permissions.check_can_give_view(p, commitment, at["charity"]),
        "check_can_give_view, for the other organisation": lambda p: progress_permissions.check_can_give_view(p, commitment, at["other"]),
        "check_can_give_view, for the one that has left": lambda p: progress_permissions.check_can_give_view(p, commitment, at["left"]),
        "check_can_give_view, of a commitment that it does not deliver": lambda p: progress_permissions.check_can_give_view(p, other, at["charity"]),
        "check_can_reply_to_view": lambda p: progress_permissions.check_can_reply_to_view(p, commitment),
        "check_can_define_indicators": lambda p: indicators_permissions.check_can_define_indicators(p, strategy),
        "enters_values_at_once": lambda p: indicators_permissions.enters_values_at_once(p, strategy),
        "check_can_supply_value, for the charity": lambda p: indicators_permissions.check_can_supply_value(p, cast.of_commitment, at["charity"]),
        "check_can_supply_value, for the one that has left": lambda p: indicators_permissions.check_can_supply_value(p, cast.of_commitment, at["left"]),
        "check_can_supply_value, for no organisation": lambda p: indicators_permissions.check_can_supply_value(p, cast.of_commitment, None),
        "check_can_supply_value, of its priority": lambda p: indicators_permissions.check_can_supply_value(p, cast.of_priority, at["charity"]),
        "check_can_supply_value, of another priority": lambda p: indicators_permissions.check_can_supply_value(p, cast.of_other_priority, at["charity"]),
        "check_may_judge_values": indicators_permissions.check_may_judge_values,
        "check_may_judge_values_of": lambda p: indicators_permissions.check_may_judge_values_of(p, strategy),
        "check_can_judge_value, supplied": lambda p: indicators_permissions.check_can_judge_value(p, cast.value),
        "check_can_judge_value, approved": lambda p: indicators_permissions.check_can_judge_value(p, in_state(cast.value, "approved")),
        "check_may_log_evidence": evidence_permissions.check_may_log_evidence,
        "check_can_log_evidence, for the charity": lambda p: evidence_permissions.check_can_log_evidence(p, at["charity"]),
        "check_can_log_evidence, for the council": lambda p: evidence_permissions.check_can_log_evidence(p, at["council"]),
        "check_may_log_evidence_for_others": evidence_permissions.check_may_log_evidence_for_others,
        "check_can_log_evidence_for, a group without people": lambda p: evidence_permissions.check_can_log_evidence_for(p, at["knitters"]),
        "check_can_log_evidence_for, a group whose people have left": lambda p: evidence_permissions.check_can_log_evidence_for(p, at["empty"]),
        "check_can_log_evidence_for, an organisation with people": lambda p: evidence_permissions.check_can_log_evidence_for(p, at["charity"]),
        "check_can_log_evidence_for, a public body": lambda p: evidence_permissions.check_can_log_evidence_for(p, at["hospital"]),
        "check_can_log_evidence_for, a group that steers": lambda p: evidence_permissions.check_can_log_evidence_for(p, steering_group()),
        "check_can_read_consents": evidence_permissions.check_can_read_consents,
        **response_cases(cast),
        **engagement_cases(cast),
        **point_cases(cast),
        **risk_cases(cast),
    }  # fmt: skip
    about = {
        "": "submitted", "sent": "submitted", "logged by a helper": "logged by helper",
        "logged by a helper who has moved on": "logged by moved", "the council's own": "council's",
        "about another strategy": "elsewhere", "withdrawn before it was sent": "withdrawn",
    }  # fmt: skip
    for row in read_table(TABLE, PEOPLE, GROUPS):
        if row not in found:  # it asks about one item of evidence
            name, _, case = row.partition(", ")
            found[row] = about_item(
                getattr(evidence_permissions if hasattr(evidence_permissions, name) else progress_permissions, name),
                item[about.get(case, case)],
            )
    return found


def response_cases(cast: Cast) -> dict[str, Ask]:
    """What the rows about responses ask: a colleague sent the council's, and the lead the charity's."""
    at, to = cast.organisations, cast.strategy.commitments.get(reference="2.1")
    address(to, [at[name].slug for name in ("council", "charity", "other")] + ["Everybody"], done=LoadedCommitments())
    for who, name in (("sent", "council"), ("lead", "charity")):
        submit_response(
            by=cast.people[who], at=timezone.now(), response=to.responses.get(organisation=at[name]), content=ResponseContent("yes", "Soon.")
        )  # fmt: skip
    whose = {
        "of the council": "council",
        "of the charity": "charity",
        "of the other organisation": "other",
        "of words": "",
    }
    found = {case: to.responses.get(organisation=at[name] if name else None) for case, name in whose.items()}
    acts = ("check_can_write_response", "check_can_return_response", "check_can_approve_response")

    def ask(act: str, case: str) -> Ask:
        return lambda person: getattr(response_permissions, act)(person, found[case])

    rows = {f"{act}, {case}": ask(act, case) for act in acts for case in whose}
    return {row: asks for row, asks in rows.items() if row in read_table(TABLE, PEOPLE, GROUPS)}


def risk_cases(cast: Cast) -> dict[str, Ask]:
    """What the rows about risks ask."""
    whose = {"nobody": None, "the charity": "charity", "the other organisation": "other"}
    found = {}
    for case, name in whose.items():
        leads = (RiskLeadContent(cast.organisations[name]),) if name else ()
        content = RiskContent(f"A risk led by {case}", leads=leads)
        found[case] = record_risk(by=cast.people["admin"], at=timezone.now(), strategy=cast.strategy, content=content)

    def ask(case: str) -> Ask:
        return lambda person: risk_permissions.check_can_review_risk(person, found[case])

    return {
        "check_can_keep_risks": lambda person: risk_permissions.check_can_keep_risks(person, cast.strategy),
        **{f"check_can_review_risk, led by {case}": ask(case) for case in whose},
    }


def engagement_cases(cast: Cast) -> dict[str, Ask]:
    """What the rows about engagement ask: the member holds the secretary's seat of the group that steers, and held another's."""
    today = timezone.localdate()
    steers = PartnershipGroup.objects.create(organisation=steering_group())
    other = PartnershipGroup.objects.create(organisation=cast.organisations["other group"])
    for number, (group, until) in enumerate([(steers, None), (other, today)], start=1):
        seat = Seat.objects.create(group=group, number=number, title="Secretary", is_secretary=True)
        Appointment.objects.create(seat=seat, person=cast.people["member"], starts_on=today - timedelta(9), until=until)
    Appointment.objects.create(
        seat=Seat.objects.create(group=steers, number=2, title="Chair", is_chair=True),
        person=cast.people["none"],
        starts_on=today,
    )
    of = {
        "of the group that steers": (steers, None),
        "of the strategy": (None, cast.strategy),
        "of both": (steers, cast.strategy),
        "of another group": (other, None),
        "of nothing": (None, None),
    }

    def plan(case: str) -> Ask:
        return lambda person: engagement_permissions.check_can_plan_engagement(person, *of[case], today)

    def keep(case: str) -> Ask:
        group, strategy = of[case]
        thing = Engagement(group=group, strategy=strategy)
        return lambda person: engagement_permissions.check_can_keep_engagement(person, thing, today)

    def read(state: str) -> Ask:
        thing = Engagement(group=steers, strategy=cast.strategy, state=state)
        return lambda person: engagement_permissions.check_can_read_account(person, thing, today)

    return {
        **{f"check_can_plan_engagement, {case}": plan(case) for case in of},
        **{f"check_can_keep_engagement, {case}": keep(case) for case in of if case != "of nothing"},
        "check_can_read_account, held": read("held"),
        "check_can_read_account, written up": read("written_up"),
    }


def point_cases(cast: Cast) -> dict[str, Ask]:
    """What the rows about points ask, of the groups of the rows about engagement."""
    today = timezone.localdate()
    group = PartnershipGroup.objects.get(organisation=steering_group())
    other = PartnershipGroup.objects.get(organisation=cast.organisations["other group"])
    there = Commitment.objects.get(strategy__slug="elmshire", reference="1.1")
    meeting = Engagement.objects.create(kind="meeting", title="A meeting", group=group, starts_on=today)
    about = {
        "of the strategy": Point(strategy=cast.strategy),
        "of another strategy": Point(strategy=there.strategy),
        "of the group": Point(group=group),
        "of the group and the strategy": Point(group=group, strategy=cast.strategy),
        "of the other group": Point(group=other),
        "said at a meeting of the group": Point(engagement=meeting),
        "about nothing": Point(),
    }

    def ask(point: Point) -> Ask:
        return lambda person: point_permissions.check_can_handle_point(person, point, today)

    found = {f"check_can_handle_point, {case}": ask(point) for case, point in about.items()}
    return {**found, "check_may_handle_points": lambda p: point_permissions.check_may_handle_points(p, today)}


def about_item(rule: Callable[[Any, Evidence], Any], item: Evidence) -> Ask:
    """Ask a rule about one item of evidence."""
    return lambda person: rule(person, item)


@pytest.mark.django_db
def test_every_person_is_answered_as_the_table_says():
    cast = make_cast()
    assert set(cast.people) == set(PEOPLE)
    found = differences(read_table(TABLE, PEOPLE, GROUPS), cases(cast), cast.people)
    assert not found, "\n".join(found)


def test_every_rule_stands_in_the_table():
    for module in MODULES:
        assert rules_of(module) <= rules_in(read_table(TABLE, PEOPLE, GROUPS))


def test_each_yes_or_no_asks_the_check_of_its_name():
    for module in MODULES:
        assert not list(wrong_pairs(module))
