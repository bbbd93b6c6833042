"""What each role may do *here*: every pair of permissions, asked by people whose role is for another strategy, too."""

from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction

from commitments.content.updates import UpdateContent
from commitments.models import DeliveryPartner, Evidence, IndicatorValue, ProgressUpdate
from commitments.permissions import evidence as evidence_permissions
from commitments.permissions import indicators as indicators_permissions
from commitments.permissions import progress as progress_permissions
from commitments.rules.indicators import IndicatorFigure
from commitments.services.evidence import (
    edit_evidence,
    log_evidence,
    reopen_evidence,
    submit_evidence,
    withdraw_evidence,
)
from commitments.services.indicators import FigureInput, IndicatorDefinition, define_indicator, enter_values
from commitments.services.progress import save_update, submit_update
from commitments.services.update_approval import approve_update, return_update, take_back_update
from partners import roles
from partners.models import RoleGrant, User
from partners.people_with_permission import people_who_may
from partners.permissions import (
    can_edit_organisation,
    can_invite_person,
    has_permission_anywhere,
    has_permission_for,
    has_permission_here,
    strategies_where,
)
from partners.services.access import end_access
from partners.services.roles import end_role
from tests.factories import (
    make_evidence,
    make_evidence_content,
    make_organisation,
    make_person,
    make_round,
    make_strategy,
)
from vcsportal.common.words import Refused

pytestmark = pytest.mark.django_db
GOES_WELL = UpdateContent("on_track", "It began.")


@pytest.fixture
def elsewhere(council):
    """Another council's strategy, which a group of its own steers."""
    group = make_organisation("The Forum", "partnership_group")
    owner = make_organisation("Elmshire Council", "public_body")
    return make_strategy(owner, slug="elmshire", opens_first=False, steered_by=group)


@pytest.fixture
def officer_elsewhere(elsewhere):
    return make_person("officer", elsewhere.owner, name="Ella Elsewhere")


@pytest.fixture
def member_elsewhere(elsewhere):
    return make_person("steering_group", elsewhere.steered_by)


@pytest.fixture
def sent(officer, commitment, open_round, now):
    return submit_update(by=officer, at=now, commitment=commitment, round_=open_round, content=GOES_WELL, version=None)


@pytest.fixture
def counted(officer, commitment, charity, now):
    DeliveryPartner.objects.create(commitment=commitment, organisation=charity)
    return define_indicator(by=officer, at=now, of=commitment, what=IndicatorDefinition("1.1a", "People"))


@pytest.fixture
def supplied(counted, partner, open_round, now):
    [value] = enter_values(
        by=partner, at=now, round_=open_round, entries=[FigureInput(counted, IndicatorFigure(Decimal(9)))]
    )
    return value


# Where a role reaches ------------------------------------------------------------------------------------------------


def test_a_role_reaches_as_far_as_where_it_is_held(
    strategy, elsewhere, officer, officer_elsewhere, administrator, steering_member, member_elsewhere
):
    reaches = {
        person: [has_permission_here(person, roles.REQUEST_REPORT, one) for one in (strategy, elsewhere)]
        for person in (officer, officer_elsewhere, administrator, steering_member, member_elsewhere)
    }
    assert reaches[officer] == [True, False]
    assert reaches[officer_elsewhere] == [False, True]
    assert reaches[administrator] == [True, True]
    assert reaches[steering_member] == [True, False]
    assert reaches[member_elsewhere] == [False, True]
    for person in reaches:
        found = set(type(strategy).objects.filter(strategies_where(person, roles.REQUEST_REPORT)))
        assert found == {one for one in (strategy, elsewhere) if has_permission_here(person, roles.REQUEST_REPORT, one)}
        for one in (strategy, elsewhere):
            allowed = has_permission_here(person, roles.REQUEST_REPORT, one)
            assert (person in people_who_may(roles.REQUEST_REPORT, one)) is allowed


def test_a_strategy_without_a_group_is_steered_by_nobody(elsewhere, member_elsewhere):
    elsewhere.steered_by = None
    elsewhere.save()
    assert not has_permission_here(member_elsewhere, roles.REQUEST_REPORT, elsewhere)
    assert not people_who_may(roles.COMMENT_ON_REPORT, elsewhere).filter(pk=member_elsewhere.pk).exists()
    RoleGrant.objects.filter(person=member_elsewhere).update(
        organisation=None
    )  # given before groups were organisations
    person = User.objects.get(pk=member_elsewhere.pk)
    assert not has_permission_here(person, roles.REQUEST_REPORT, elsewhere)
    assert not has_permission_anywhere(person, roles.REQUEST_REPORT)
    assert person not in people_who_may(roles.REQUEST_REPORT)


def test_who_may_do_it_for_another_strategy_is_told_so(officer_elsewhere, commitment, nobody):
    with pytest.raises(Refused, match=r"Only a council officer can .*Your role does not cover this strategy\."):
        progress_permissions.check_can_update_commitment(officer_elsewhere, commitment)
    with pytest.raises(Refused) as refused:
        progress_permissions.check_can_update_commitment(nobody, commitment)
    assert "does not cover" not in refused.value.sentence


def test_ended_access_leaves_no_permission_in_services_and_emails(officer, administrator, strategy, now):
    assert has_permission_here(officer, roles.UPDATE_COMMITMENTS, strategy)
    end_access(by=administrator, at=now, person=officer, reason="Left.")
    person = User.objects.get(pk=officer.pk)
    assert person.role_grants.current().exists()
    assert not has_permission_anywhere(person, roles.UPDATE_COMMITMENTS)
    assert not has_permission_here(person, roles.UPDATE_COMMITMENTS, strategy)
    assert not has_permission_for(person, roles.LOG_EVIDENCE, strategy.owner_id)
    assert person.organisations == []
    assert person not in people_who_may(roles.UPDATE_COMMITMENTS, strategy)


def test_ended_access_counts_at_once_though_the_roles_were_read_before(officer, strategy):
    assert officer.grants
    officer.is_active = False
    assert not has_permission_anywhere(officer, roles.UPDATE_COMMITMENTS)
    assert not has_permission_here(officer, roles.UPDATE_COMMITMENTS, strategy)
    assert not has_permission_for(officer, roles.LOG_EVIDENCE, strategy.owner_id)
    assert not strategy.__class__.objects.filter(strategies_where(officer, roles.UPDATE_COMMITMENTS)).exists()


# Officers of another council -----------------------------------------------------------------------------------------


def test_no_pair_lets_an_officer_of_another_council_act_on_a_commitment(
    officer, officer_elsewhere, commitment, sent, supplied, counted, strategy, charity
):
    def all_of(person):
        return [
            progress_permissions.can_update_commitment(person, commitment),
            progress_permissions.can_manage_commitment(person, commitment),
            progress_permissions.can_return_update(person, sent),
            progress_permissions.can_write_note(person, sent),
            progress_permissions.can_reply_to_view(person, commitment),
            indicators_permissions.can_define_indicators(person, strategy),
            indicators_permissions.can_judge_value(person, supplied),
            progress_permissions.can_see_rounds(person, strategy),
            indicators_permissions.enters_values_at_once(person, strategy),
            indicators_permissions.can_supply_value(person, counted, None),
        ]

    assert all(all_of(officer))
    assert not any(all_of(officer_elsewhere))
    assert not progress_permissions.can_approve_update(officer_elsewhere, sent)


def test_what_is_not_published_is_there_for_the_own_strategys_people_only(
    officer, administrator, officer_elsewhere, member_elsewhere, partner, sent, supplied, commitment
):
    piece = make_evidence(partner, commitment, state="submitted", publishable=False)
    for person, sees in ((officer, True), (administrator, True), (officer_elsewhere, False), (member_elsewhere, False)):
        assert ProgressUpdate.objects.visible_to(person).filter(pk=sent.pk).exists() is sees
        assert Evidence.objects.visible_to(person).filter(pk=piece.pk).exists() is sees
        if person != administrator:  # who does not judge figures
            assert IndicatorValue.objects.visible_to(person).filter(pk=supplied.pk).exists() is sees
    assert IndicatorValue.objects.visible_to(partner).filter(pk=supplied.pk).exists()


def test_evidence_is_reviewed_by_officers_of_the_strategy_that_it_is_about(
    officer, officer_elsewhere, partner, commitment, elsewhere
):
    theirs = make_evidence(partner, elsewhere.commitments.get(reference="1.1"), state="submitted", publishable=False)
    own = make_evidence(partner, commitment, state="submitted", publishable=False)
    assert evidence_permissions.can_accept_evidence(officer_elsewhere, theirs)
    assert evidence_permissions.can_accept_evidence(officer, own)
    assert set(Evidence.objects.reviewed_by(officer_elsewhere)) == {theirs}
    assert set(Evidence.objects.reviewed_by(officer)) == {own}
    with pytest.raises(Refused, match="does not cover the strategies that this evidence is about"):
        evidence_permissions.check_can_accept_evidence(officer_elsewhere, own)
    for can in (
        evidence_permissions.can_withdraw_evidence,
        evidence_permissions.can_record_consents,
        progress_permissions.can_write_note,
    ):
        assert can(officer, own)
        assert not can(officer_elsewhere, own)
    assert not evidence_permissions.sees_all_of_evidence(officer_elsewhere, own)
    assert evidence_permissions.sees_all_of_evidence(officer_elsewhere, theirs)


# Relations: own, here, for whom ----------------------------------------------------------------------------------------


@pytest.fixture
def lead_who_contributes(charity, other_charity):
    """A lead of one organisation who is a contributor of another."""
    person = make_person("partner_lead", other_charity, name="Bo Both")
    RoleGrant.objects.create(
        person=person, role="partner_contributor", organisation=charity, granted_at=person.joined_at
    )
    return User.objects.get(pk=person.pk)


def test_a_lead_of_one_does_not_speak_for_another_to_which_they_contribute(
    lead_who_contributes, charity, other_charity, commitment
):
    for one in (charity, other_charity):
        DeliveryPartner.objects.create(commitment=commitment, organisation=one)
    assert progress_permissions.can_give_view(lead_who_contributes, commitment, other_charity)
    with pytest.raises(Refused, match=f"Only a lead of {charity.name}"):
        progress_permissions.check_can_give_view(lead_who_contributes, commitment, charity)


def test_a_lead_of_one_neither_invites_to_nor_edits_another_to_which_they_contribute(
    lead_who_contributes, charity, other_charity
):
    assert can_invite_person(lead_who_contributes, "partner_contributor", other_charity)
    assert not can_invite_person(lead_who_contributes, "partner_contributor", charity)
    assert can_edit_organisation(lead_who_contributes, other_charity)
    assert not can_edit_organisation(lead_who_contributes, charity)


def test_a_member_of_a_group_who_is_a_partner_elsewhere_logs_nothing_for_the_group(partner, elsewhere):
    group: Any = elsewhere.steered_by
    RoleGrant.objects.create(person=partner, role="steering_group", organisation=group, granted_at=partner.joined_at)
    person: Any = User.objects.get(pk=partner.pk)
    assert person.belongs_to(group.pk)
    assert not evidence_permissions.can_log_evidence(person, group)
    assert evidence_permissions.can_log_evidence(
        person, person.role_grants.get(role="partner_contributor").organisation
    )


def test_a_partner_supplies_no_figures_of_a_priority_that_it_does_not_deliver(
    officer, partner, charity, strategy, commitment, now
):
    DeliveryPartner.objects.create(commitment=commitment, organisation=charity)
    first, second = strategy.priorities.order_by("number")
    here = define_indicator(by=officer, at=now, of=first, what=IndicatorDefinition("P1", "People"))
    there = define_indicator(by=officer, at=now, of=second, what=IndicatorDefinition("P2", "People"))
    assert indicators_permissions.can_supply_value(partner, here, charity)
    with pytest.raises(Refused, match="is not one of those that help to deliver this"):
        indicators_permissions.check_can_supply_value(partner, there, charity)


def test_a_helper_who_has_moved_on_neither_changes_nor_reads_what_they_typed_for_a_group(
    commitment, administrator, charity, now
):
    hub = make_organisation("Helping Hub", "infrastructure_body")
    group = make_organisation("The Knitters", "unincorporated_group")
    helper = make_person("partner_contributor", hub)
    deed = make_evidence_content(commitment, said_by="Nan", said_how="telephone", publishable=False)
    piece = log_evidence(by=helper, at=now, organisation=group, content=deed)
    assert evidence_permissions.can_edit_evidence(helper, piece)
    assert piece in Evidence.objects.visible_to(helper)
    RoleGrant.objects.create(person=helper, role="partner_lead", organisation=charity, granted_at=now)
    end_role(by=administrator, at=now, grant=helper.role_grants.get(organisation=hub))
    moved_on = User.objects.get(pk=helper.pk)
    assert evidence_permissions.can_log_evidence(moved_on, charity)
    assert not evidence_permissions.is_own_evidence(moved_on, piece)
    assert not evidence_permissions.can_edit_evidence(moved_on, piece)
    assert piece not in Evidence.objects.visible_to(moved_on)


def test_a_public_body_logs_its_evidence_itself_though_nobody_of_it_takes_part(officer):
    body = make_organisation("Elmshire Council", "public_body")
    assert not body.role_grants.exists()
    with pytest.raises(Refused, match="Elmshire Council logs its evidence itself"):
        evidence_permissions.check_can_log_evidence_for(officer, body)
    assert evidence_permissions.can_log_evidence_for(officer, make_organisation("The Knitters", "unincorporated_group"))


def test_nothing_is_logged_for_a_group_that_steers(officer, elsewhere):
    with pytest.raises(Refused, match="The Forum steers a strategy"):
        evidence_permissions.check_can_log_evidence_for(officer, elsewhere.steered_by)


def test_a_partners_private_draft_is_not_withdrawn_by_an_officer_and_its_consents_are_its_own(
    officer, partner, commitment
):
    draft = make_evidence(partner, commitment)
    assert not evidence_permissions.can_withdraw_evidence(officer, draft)
    assert evidence_permissions.can_withdraw_evidence(partner, draft)
    assert not evidence_permissions.can_record_consents(officer, draft)
    assert evidence_permissions.can_withdraw_evidence(officer, make_evidence(partner, commitment, state="submitted"))


# Four eyes -------------------------------------------------------------------------------------------------------------


def test_nobody_accepts_what_they_sent_though_a_colleague_logged_it(officer, second_officer, council, commitment, now):
    third = make_person("officer", council)
    piece = log_evidence(by=second_officer, at=now, organisation=council, content=make_evidence_content(commitment))
    piece = submit_evidence(by=officer, at=now, evidence=piece)
    for person in (officer, second_officer):
        with pytest.raises(Refused, match="You logged, changed or sent this evidence yourself"):
            evidence_permissions.check_can_accept_evidence(person, piece)
        assert not evidence_permissions.can_return_evidence(person, piece)
    assert evidence_permissions.can_accept_evidence(third, piece)


def test_nobody_accepts_what_they_changed_though_others_logged_and_sent_it(
    officer, second_officer, council, commitment, now
):
    third = make_person("officer", council)
    piece = log_evidence(by=second_officer, at=now, organisation=council, content=make_evidence_content(commitment))
    edit_evidence(
        by=officer, at=now, evidence=piece, content=make_evidence_content(commitment, title="Ran two drop-ins")
    )
    piece = submit_evidence(by=second_officer, at=now, evidence=piece)
    assert not evidence_permissions.can_accept_evidence(officer, piece)
    withdraw_evidence(by=second_officer, at=now, evidence=piece)
    reopen_evidence(by=third, at=now, evidence=piece)
    piece = submit_evidence(by=second_officer, at=now, evidence=piece)
    assert not evidence_permissions.can_accept_evidence(officer, piece)
    assert evidence_permissions.can_accept_evidence(third, piece)


def test_nobody_approves_what_they_wrote_though_a_colleague_sends_it(
    officer, second_officer, council, administrator, commitment, open_round, now
):
    third = make_person("officer", council)
    draft = save_update(by=officer, at=now, commitment=commitment, round_=open_round, content=GOES_WELL, version=None)
    update = submit_update(
        by=second_officer, at=now, commitment=commitment, round_=open_round, content=GOES_WELL, version=draft.version
    )
    for person in (officer, second_officer):
        with pytest.raises(Refused, match=r"You wrote or sent part .*another council officer or an administrator"):
            approve_update(by=person, at=now, update=update)
    assert progress_permissions.can_approve_update(third, update)
    assert progress_permissions.can_approve_update(administrator, update)


def test_what_was_approved_had_its_second_person_and_may_be_approved_by_its_writer_once_others_changed_it(
    officer, second_officer, council, commitment, open_round, now
):
    third = make_person("officer", council)
    first = submit_update(by=officer, at=now, commitment=commitment, round_=open_round, content=GOES_WELL, version=None)
    approved = approve_update(by=third, at=now, update=first)
    back = return_update(by=third, at=now, update=approved, reason="Say when.")
    again = submit_update(
        by=second_officer, at=now, commitment=commitment, round_=open_round, content=GOES_WELL, version=back.version
    )
    assert progress_permissions.can_approve_update(officer, again)
    assert not progress_permissions.can_approve_update(second_officer, again)


def test_taking_back_and_sending_again_does_not_wash_hands(
    officer, second_officer, commitment, open_round, now, council
):
    sent = submit_update(by=officer, at=now, commitment=commitment, round_=open_round, content=GOES_WELL, version=None)
    back = take_back_update(by=officer, at=now, update=sent)
    again = submit_update(
        by=second_officer, at=now, commitment=commitment, round_=open_round, content=GOES_WELL, version=back.version
    )
    assert not progress_permissions.can_approve_update(officer, again)


def test_lists_and_counts_follow_the_same_rule_without_a_query_a_row(
    officer, second_officer, council, commitment, strategy, open_round, now, django_assert_num_queries
):
    from commitments.models.writers import with_evidence_writers, with_update_writers
    from commitments.reading.my_work import waiting_for

    third = make_person("officer", council)
    draft = save_update(by=officer, at=now, commitment=commitment, round_=open_round, content=GOES_WELL, version=None)
    submit_update(
        by=second_officer, at=now, commitment=commitment, round_=open_round, content=GOES_WELL, version=draft.version
    )
    piece = log_evidence(by=officer, at=now, organisation=council, content=make_evidence_content(commitment))
    edit_evidence(
        by=second_officer, at=now, evidence=piece, content=make_evidence_content(commitment, title="Ran two drop-ins")
    )
    submit_evidence(by=officer, at=now, evidence=piece)
    for person, waits in ((officer, 0), (second_officer, 0), (third, 1)):
        counts = waiting_for(person)
        assert (counts["updates"], counts["evidence"]) == (waits, waits)
    updates = list(with_update_writers(ProgressUpdate.objects.all()).select_related("commitment__strategy"))
    items = list(with_evidence_writers(Evidence.objects.all()))
    assert officer.grants
    assert third.grants
    with django_assert_num_queries(0):
        assert [progress_permissions.can_approve_update(person, updates[0]) for person in (officer, third)] == [
            False,
            True,
        ]
        assert [evidence_permissions.can_accept_evidence(person, items[0]) for person in (second_officer, third)] == [
            False,
            True,
        ]


# Who is offered ----------------------------------------------------------------------------------------------------------


def test_only_officers_of_the_owner_lead_support_and_own_actions(officer, officer_elsewhere, commitment, now):
    from commitments.forms.actions import officers
    from commitments.forms.people import CommitmentPeopleForm
    from commitments.services.commitment_people import assign_people

    lead: Any = CommitmentPeopleForm(strategy=commitment.strategy).fields["lead"]
    assert list(lead.queryset) == [officer]
    assert list(officers(commitment.strategy)) == [officer]
    assert list(officers(commitment.strategy, officer_elsewhere.pk)) == [officer_elsewhere, officer]
    for people in ({"lead": officer_elsewhere}, {"lead": officer, "supporting": [officer_elsewhere]}):
        with pytest.raises(Refused, match="is not an officer of Oxfordshire County Council"), transaction.atomic():
            assign_people(by=officer, at=now, commitment=commitment, **people)
    assert not progress_permissions.can_own_actions(officer_elsewhere, commitment.strategy)
    assert progress_permissions.can_own_actions(officer, commitment.strategy)


def test_nobody_is_emailed_for_what_they_may_no_longer_do_here(
    officer, second_officer, officer_elsewhere, administrator, charity, commitment, open_round, now
):
    from commitments.queries.outstanding_tasks import outstanding_tasks
    from partners.models import Deputy

    today = open_round.opens_on
    ProgressUpdate.objects.create(commitment=commitment, round=open_round, owed_by=officer)
    owing, _people = outstanding_tasks([open_round], today)
    assert list(owing) == [(open_round.pk, officer.pk)]
    Deputy.objects.create(person=officer, deputy=officer_elsewhere, from_on=today, named_at=now, named_by=officer)
    assert (open_round.pk, officer_elsewhere.pk) not in outstanding_tasks([open_round], today)[0]
    RoleGrant.objects.create(person=officer, role="partner_lead", organisation=charity, granted_at=now)
    end_role(by=administrator, at=now, grant=officer.role_grants.get(role="officer"))
    assert outstanding_tasks([open_round], today)[0] == {}


def test_groups_that_steer_are_listed_only_when_asked_for_and_deliver_nothing(
    officer, elsewhere, commitment, charity, now, client
):
    from commitments.forms.delivery import PartnersForm
    from commitments.services.delivery import set_partners

    group = elsewhere.steered_by
    page = client.get("/organisations/").content.decode()
    assert charity.name in page
    assert "The Forum" not in page
    assert "The Forum" in client.get("/organisations/?kind=partnership_group").content.decode()
    for name, found in ((charity.name, 1), ("The Forum", 0)):
        form = PartnersForm(commitment=commitment, initial={"new_search": name})
        assert sum(label == name for _, label in form.fields["new"].widget.choices) == found
    with pytest.raises(Refused, match="The Forum steers strategies"):
        set_partners(by=officer, at=now, commitment=commitment, partners=[(group, "delivers")])


def test_an_officers_rounds_page_is_their_own_councils(officer_elsewhere, strategy, elsewhere, signed_in):
    make_round(strategy)
    client = signed_in(officer_elsewhere)
    assert client.get("/rounds/").headers["Location"].endswith(f"/strategies/{elsewhere.slug}/rounds/")
