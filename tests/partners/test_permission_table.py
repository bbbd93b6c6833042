"""Every rule of :mod:`partners.permissions`, :mod:`partners.invitation_permissions` and :mod:`partners.group_permissions`: each person, in each relation and state."""

from datetime import datetime, timedelta
from typing import Any, Final

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from partners import group_permissions, invitation_permissions, permissions, roles
from partners.models import Invitation, RoleGrant, User
from partners.services.access import end_access
from partners.services.appointments import appoint
from partners.services.groups import keep_group
from partners.services.seats import add_seat
from partners.services.standing import end_organisation
from tests.factories import make_organisation, make_person, make_strategy, steering_group
from tests.permission_table import Ask, differences, read_table, rules_in, rules_of, wrong_pairs

PEOPLE: Final = {
    "anonymous": "nobody has signed in",
    "ended": "an officer whose access has ended",
    "none": "somebody without a role",
    "part": "a contributor of the charity",
    "lead": "its only lead",
    "both": "the only active lead of another organisation, and a contributor of the charity",
    "one": "one of two leads of a third organisation",
    "member": "a member of the group that steers the strategy",
    "officer": "an officer of the council",
    "officer2": "an officer of another council",
    "clerk": "the secretary of a group that steers nothing",
    "admin": "an administrator",
    "admin2": "another administrator, who is a contributor of the charity as well",
}
GROUPS: Final = {
    "admins": ("admin", "admin2"),
    "signed-in": tuple(name for name in PEOPLE if name != "anonymous"),
}
TABLE: Final = """
check_permission_anywhere, manage people: yes admins
check_permission_anywhere, update commitments: yes officer officer2
check_permission_anywhere, comment on a draft report: yes member clerk officer officer2 admins
check_permission_here, update commitments: yes officer
check_permission_here, comment on a draft report: yes member officer admins
has_permission_for, log evidence for the charity: yes part lead both admin2
has_permission_for, give the view of the charity: yes lead
types_for_groups: yes officer officer2
needs_second_step: yes clerk officer officer2 admins
check_can_recover_second_step, of an officer: yes admins
check_can_recover_second_step, of somebody who needs none: now admins
check_can_recover_second_step, their own:
check_can_invite_person, a contributor to the charity: yes lead admins
check_can_invite_person, a lead to the other organisation: yes both admins
check_can_invite_person, an officer to the council: yes admins
check_can_invite_person, an officer to the charity: yes admins
check_can_invite_person, an administrator: yes admins
check_can_end_access, a colleague's: yes admins
check_can_end_access, their own:
check_can_edit_organisation, the charity: yes lead admins
check_can_edit_organisation, the other: yes both admins
check_can_edit_organisation, one that is listed: yes officer officer2 admins
check_can_keep_listing, the charity: yes admins
check_can_keep_listing, one that is listed: yes officer officer2 admins
check_can_keep_listing, one that has ended: yes officer officer2 admins
check_can_set_public_name, their own: yes signed-in
check_can_set_public_name, a colleague's:
check_can_name_deputy, for themselves: yes signed-in
check_can_name_deputy, for a colleague: yes admins
check_can_decide_about_invitations: yes admins
check_can_manage_invitation, of a contributor to the charity: yes lead admins
check_can_manage_invitation, of an officer: yes admins
check_invites_somebody_else, a stranger: yes signed-in
check_invites_somebody_else, themselves in capitals:
check_can_see_members, of the charity: yes lead admins
check_can_see_members, of the other: yes both admins
check_can_end_membership, of its contributor: yes lead admins
check_can_end_membership, of the only lead: now lead; yes admins
check_can_end_membership, of the only lead whose access has not ended: now both; yes admins
check_can_end_membership, of one of two leads: yes one admins
check_can_end_membership, of an officer:
check_can_end_membership, of an administrator:
check_can_keep_group, of the clerk: yes clerk admins
check_can_keep_group, of the clerk on the first day not held: yes admins
check_can_keep_group, another: yes admins
check_can_edit_group: yes admins
check_can_appoint, a colleague as secretary: yes clerk admins
check_can_appoint, themselves as secretary: yes admins
check_can_appoint, themselves to another seat: yes clerk admins
check_can_mark_secretary, another seat: yes admins
check_can_prolong, of the clerk: yes admins
check_can_prolong, of the clerk by less: yes clerk admins
check_can_show_name_on_seat, of the clerk: yes clerk
"""


@pytest.fixture
def things(council, charity, other_charity, strategy, now: datetime) -> dict[str, Any]:
    """People by their names in the table, and what they are asked about."""
    third, elsewhere = make_organisation("Third"), make_organisation("Elmshire Council", "public_body")
    make_strategy(elsewhere, slug="elmshire", opens_first=False)
    people = {
        "ended": make_person("officer", council),
        "none": make_person(),
        "part": make_person("partner_contributor", charity),
        "lead": make_person("partner_lead", charity),
        "both": make_person("partner_lead", other_charity),
        "one": make_person("partner_lead", third),
        "member": make_person("steering_group"),
        "officer": make_person("officer", council),
        "officer2": make_person("officer", elsewhere),
        "clerk": make_person(),
        "admin": make_person("administrator"),
        "admin2": make_person("administrator"),
    }
    make_person("partner_lead", third)
    for name in ("both", "admin2"):
        RoleGrant.objects.create(person=people[name], role="partner_contributor", organisation=charity, granted_at=now)
    board = keep_group(
        by=people["admin"], at=now, organisation=make_organisation("Board", "partnership_group"), changes={}
    )
    desk = add_seat(by=people["admin"], at=now, group=board, title="Secretary", is_secretary=True)
    plain = add_seat(by=people["admin"], at=now, group=board, title="Parish councils")
    today = timezone.localdate(now)
    held = appoint(
        by=people["admin"], at=now, seat=desk, organisation=None, post="Clerk", person=people["clerk"],
        starts_on=today, until=today + timedelta(days=1),
    )  # fmt: skip
    elsewhere_too = keep_group(by=people["admin"], at=now, organisation=steering_group(), changes={})
    gone = make_person("partner_lead", other_charity)
    for person in (gone, people["ended"]):
        end_access(by=people["admin"], at=now, person=person, reason="Left.")
    cast: dict[str, Any] = {name: User.objects.get(pk=person.pk) for name, person in people.items()}
    cast["anonymous"] = AnonymousUser()
    return {
        "people": cast, "council": council, "charity": charity, "other": other_charity, "strategy": strategy,
        "board": board, "desk": desk, "plain": plain, "held": held, "another": elsewhere_too, "today": today,
        "listed": make_organisation("Listed", standing="listed"),
        "gone": end_organisation(by=None, at=now, organisation=make_organisation("Gone"), ended_on=None, succeeded_by=None),
    }  # fmt: skip


def cases(things: dict[str, Any]) -> dict[str, Ask]:
    """What each row asks."""
    council, charity, other, strategy = (things[name] for name in ("council", "charity", "other", "strategy"))
    colleague, officer = make_person(), make_person("officer", council)
    people, rules, invitations = things["people"], permissions, invitation_permissions
    groups, today = group_permissions, things["today"]

    def grant(name: str, role: str) -> RoleGrant:
        return people[name].role_grants.get(role=role)

    def of_themselves(rule: Any) -> Ask:
        return lambda person: rule(person, person if isinstance(person, User) else colleague)

    def signed_in(ask: Ask) -> Ask:
        """Rules of pages that nobody reaches without signing in take a person."""
        return lambda person: isinstance(person, User) and ask(person)

    def ends(name: str, role: str) -> Ask:
        return signed_in(lambda p: invitations.check_can_end_membership(p, grant(name, role)))

    def invited(role: str, organisation: Any) -> Ask:
        asked = Invitation(role=role, organisation=organisation)
        return lambda p: invitations.check_can_manage_invitation(p, asked)

    return {
        "check_permission_anywhere, manage people": lambda p: rules.check_permission_anywhere(p, roles.MANAGE_PEOPLE, "No."),
        "check_permission_anywhere, update commitments": lambda p: rules.check_permission_anywhere(p, roles.UPDATE_COMMITMENTS, "No."),
        "check_permission_anywhere, comment on a draft report": lambda p: rules.check_permission_anywhere(p, roles.COMMENT_ON_REPORT, "No."),
        "check_permission_here, update commitments": lambda p: rules.check_permission_here(p, roles.UPDATE_COMMITMENTS, strategy, "No."),
        "check_permission_here, comment on a draft report": lambda p: rules.check_permission_here(p, roles.COMMENT_ON_REPORT, strategy, "No."),
        "has_permission_for, log evidence for the charity": lambda p: rules.has_permission_for(p, roles.LOG_EVIDENCE, charity.pk),
        "has_permission_for, give the view of the charity": lambda p: rules.has_permission_for(p, roles.GIVE_VIEW, charity.pk),
        "types_for_groups": rules.types_for_groups,
        "needs_second_step": rules.needs_second_step,
        "check_can_recover_second_step, of an officer": lambda p: rules.check_can_recover_second_step(p, officer),
        "check_can_recover_second_step, of somebody who needs none": lambda p: rules.check_can_recover_second_step(p, colleague),
        "check_can_recover_second_step, their own": of_themselves(rules.check_can_recover_second_step),
        "check_can_invite_person, a contributor to the charity": lambda p: rules.check_can_invite_person(p, "partner_contributor", charity),
        "check_can_invite_person, a lead to the other organisation": lambda p: rules.check_can_invite_person(p, "partner_lead", other),
        "check_can_invite_person, an officer to the council": lambda p: rules.check_can_invite_person(p, "officer", council),
        "check_can_invite_person, an officer to the charity": lambda p: rules.check_can_invite_person(p, "officer", charity),
        "check_can_invite_person, an administrator": lambda p: rules.check_can_invite_person(p, "administrator", None),
        "check_can_end_access, a colleague's": lambda p: rules.check_can_end_access(p, colleague),
        "check_can_end_access, their own": of_themselves(rules.check_can_end_access),
        "check_can_edit_organisation, the charity": lambda p: rules.check_can_edit_organisation(p, charity),
        "check_can_edit_organisation, the other": lambda p: rules.check_can_edit_organisation(p, other),
        "check_can_edit_organisation, one that is listed": lambda p: rules.check_can_edit_organisation(p, things["listed"]),
        "check_can_keep_listing, the charity": lambda p: rules.check_can_keep_listing(p, charity),
        "check_can_keep_listing, one that is listed": lambda p: rules.check_can_keep_listing(p, things["listed"]),
        "check_can_keep_listing, one that has ended": lambda p: rules.check_can_keep_listing(p, things["gone"]),
        "check_can_set_public_name, their own": of_themselves(rules.check_can_set_public_name),
        "check_can_set_public_name, a colleague's": lambda p: rules.check_can_set_public_name(p, colleague),
        "check_can_name_deputy, for themselves": of_themselves(rules.check_can_name_deputy),
        "check_can_name_deputy, for a colleague": lambda p: rules.check_can_name_deputy(p, colleague),
        "check_can_decide_about_invitations": invitations.check_can_decide_about_invitations,
        "check_can_manage_invitation, of a contributor to the charity": invited("partner_contributor", charity),
        "check_can_manage_invitation, of an officer": invited("officer", council),
        "check_invites_somebody_else, a stranger": signed_in(lambda p: invitations.check_invites_somebody_else(p, "gale@example.org")),
        "check_invites_somebody_else, themselves in capitals": signed_in(lambda p: invitations.check_invites_somebody_else(p, p.email.upper())),
        "check_can_see_members, of the charity": lambda p: invitations.check_can_see_members(p, charity),
        "check_can_see_members, of the other": lambda p: invitations.check_can_see_members(p, other),
        "check_can_end_membership, of its contributor": ends("part", "partner_contributor"),
        "check_can_end_membership, of the only lead": ends("lead", "partner_lead"),
        "check_can_end_membership, of the only lead whose access has not ended": ends("both", "partner_lead"),
        "check_can_end_membership, of one of two leads": ends("one", "partner_lead"),
        "check_can_end_membership, of an officer": ends("officer", "officer"),
        "check_can_end_membership, of an administrator": ends("admin", "administrator"),
        "check_can_keep_group, of the clerk": lambda p: groups.check_can_keep_group(p, things["board"], today),
        "check_can_keep_group, of the clerk on the first day not held": lambda p: groups.check_can_keep_group(p, things["board"], today + timedelta(days=1)),
        "check_can_keep_group, another": lambda p: groups.check_can_keep_group(p, things["another"], today),
        "check_can_edit_group": groups.check_can_edit_group,
        "check_can_appoint, a colleague as secretary": lambda p: groups.check_can_appoint(p, things["desk"], colleague, today),
        "check_can_appoint, themselves as secretary": of_themselves(lambda p, person: groups.check_can_appoint(p, things["desk"], person, today)),
        "check_can_appoint, themselves to another seat": of_themselves(lambda p, person: groups.check_can_appoint(p, things["plain"], person, today)),
        "check_can_mark_secretary, another seat": lambda p: groups.check_can_mark_secretary(p, was=False, becomes=True),
        "check_can_prolong, of the clerk": lambda p: groups.check_can_prolong(p, things["held"], today + timedelta(days=2), today),
        "check_can_prolong, of the clerk by less": lambda p: groups.check_can_prolong(p, things["held"], today + timedelta(days=1), today),
        "check_can_show_name_on_seat, of the clerk": lambda p: groups.check_can_show_name_on_seat(p, things["held"]),
    }  # fmt: skip


@pytest.mark.django_db
def test_every_person_is_answered_as_the_table_says(things):
    assert set(things["people"]) == set(PEOPLE)
    found = differences(read_table(TABLE, PEOPLE, GROUPS), cases(things), things["people"])
    assert not found, "\n".join(found)


def test_every_rule_stands_in_the_table():
    assert rules_of(permissions, invitation_permissions, group_permissions) <= rules_in(
        read_table(TABLE, PEOPLE, GROUPS)
    )


def test_each_yes_or_no_asks_the_check_of_its_name():
    assert not list(wrong_pairs(permissions, invitation_permissions, group_permissions))
