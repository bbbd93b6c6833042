"""How organisations stand: they begin to take part, end, are listed, are removed, and come back."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from commitments.content.evidence import EvidenceContent
from commitments.content.risks import RiskContent, RiskLeadContent
from commitments.queries.organisation_names import organisations_named
from commitments.queries.round_organisations import organisations_asked
from commitments.services.actions import Plan, edit_action, plan_action, plan_of
from commitments.services.delivery import add_delivery_partner, add_first_partners
from commitments.services.evidence import log_evidence
from commitments.services.risks import edit_risk, record_risk
from partners import roles
from partners.forms.organisations import OrganisationForm
from partners.models import Mail, Organisation, Strand
from partners.services.groups import keep_group
from partners.services.invitations import invite
from partners.services.joining import JoiningContent, ask_to_take_part
from partners.services.organisations import edit_organisation
from partners.services.removal import remove_listing, restore_listing
from partners.services.standing import begin_taking_part, end_organisation, list_only
from tests.factories import make_organisation, make_person, make_round, steering_group
from vcsportal.common.words import Invalid, NotAllowed, NotNow

pytestmark = pytest.mark.django_db


def ended(organisation, successor=None, day=None):
    return end_organisation(by=None, at=timezone.now(), organisation=organisation, ended_on=day, succeeded_by=successor)


def listed(name="Ash Green Allotments"):
    return make_organisation(name, "unincorporated_group", standing="listed")


def test_an_invitation_lets_a_listed_organisation_take_part(administrator):
    group = listed()
    invite(
        by=administrator, at=timezone.now(), email="a@example.org", name="Ash", role="partner_lead", organisation=group
    )
    group.refresh_from_db()
    assert group.standing == "takes_part"
    assert group.history.filter(act="takes part").count() == 1


def test_nobody_is_invited_to_what_has_ended_or_was_removed(administrator):
    gone, removed = ended(listed("Gone")), listed("Removed")
    remove_listing(by=administrator, at=timezone.now(), organisation=removed, why="It asked us to.")
    for organisation in (gone, removed):
        with pytest.raises(NotNow):
            begin_taking_part(by=administrator, at=timezone.now(), organisation=organisation)


def test_nobody_succeeds_themselves_however_far_round():
    first, second, third = listed("First"), listed("Second"), listed("Third")
    ended(first, second)
    ended(second, third, timezone.localdate())
    for successor in (first, second, third):
        with pytest.raises(Invalid) as refused:
            ended(third, successor)
        assert refused.value.field == "succeeded_by"
    ended(third)


@pytest.mark.parametrize("days", [-1, 0, 1])
def test_an_organisation_has_not_ended_in_the_future(days):
    day = timezone.localdate() + timedelta(days=days)
    if days > 0:
        with pytest.raises(Invalid):
            ended(listed(), day=day)
    else:
        assert ended(listed(), day=day).ended_on == day


def test_what_has_people_or_an_open_invitation_does_not_end(administrator, partner_lead, charity):
    with pytest.raises(NotNow, match="People still have roles"):
        end_organisation(by=administrator, at=timezone.now(), organisation=charity, ended_on=None, succeeded_by=None)
    with pytest.raises(NotNow):
        list_only(by=administrator, at=timezone.now(), organisation=charity)
    invited = make_organisation("Invited")
    invite(
        by=administrator,
        at=timezone.now(),
        email="a@example.org",
        name="Ash",
        role="partner_lead",
        organisation=invited,
    )
    for act in (
        lambda: ended(invited), lambda: list_only(by=administrator, at=timezone.now(), organisation=invited),
    ):  # fmt: skip
        with pytest.raises(NotNow):
            act()


def test_the_database_holds_the_rules():
    first, second = listed("First"), listed("Second")
    for changes in (
        {"ended_on": date(2025, 1, 1)}, {"succeeded_by": second}, {"standing": "ended", "succeeded_by": first},
        {"removed_at": timezone.now()}, {"removed_why": "x"},
        {"removed_at": timezone.now(), "removed_why": "x", "standing": "takes_part"},
    ):  # fmt: skip
        with pytest.raises(IntegrityError), transaction.atomic():
            Organisation.objects.filter(pk=first.pk).update(**changes)


def test_removal_erases_the_details_and_history_keeps_only_that_it_was_there(officer, area):
    group = make_organisation(
        "Ash Green Allotments", standing="listed", description="Sixty plots behind the mill.", telephone="01632 960001",
        team_mailbox="info@ashgreen.example.org", former_names="Mill Plots", website="https://ashgreen.example.org",
        districts=[area],
    )  # fmt: skip
    now = timezone.now()
    remove_listing(by=officer, at=now, organisation=group, why="It asked us to.")
    group.refresh_from_db()
    assert (group.name, group.description, group.telephone, group.team_mailbox, group.former_names, group.website) == (
        "Ash Green Allotments", "", "", "", "", "",
    )  # fmt: skip
    assert not group.districts.exists()
    told = " ".join(group.history.values_list("detail", flat=True))
    assert "Sixty" not in told
    assert "960001" not in told
    assert group.history.filter(act="removed from the directory", by=officer).exists()
    assert not Organisation.objects.public().filter(pk=group.pk).exists()
    with pytest.raises(NotNow):
        remove_listing(by=officer, at=now, organisation=group, why="Again.")
    restore_listing(by=officer, at=now, organisation=group)
    assert Organisation.objects.public().filter(pk=group.pk).exists()


def test_what_takes_part_is_not_removed_and_officers_do_not_end_it(officer, administrator, charity):
    with pytest.raises(NotNow):
        remove_listing(by=administrator, at=timezone.now(), organisation=charity, why="It asked us to.")
    with pytest.raises(NotAllowed):
        end_organisation(by=officer, at=timezone.now(), organisation=charity, ended_on=None, succeeded_by=None)
    with pytest.raises(Invalid):
        remove_listing(by=officer, at=timezone.now(), organisation=listed(), why=" ")


def test_others_tell_for_a_listed_organisation_and_nobody_for_one_that_has_ended(officer, commitment):
    group, gone = listed("Listed"), ended(listed("Gone"))
    content = EvidenceContent(
        title="Plots",
        happened_from=timezone.localdate(),
        said_by="Ash",
        said_how="telephone",
        commitments=(commitment,),
    )
    made = log_evidence(by=officer, at=timezone.now(), organisation=group, content=content)
    assert made.organisation == group
    with pytest.raises(Invalid, match="has ended"):
        log_evidence(by=officer, at=timezone.now(), organisation=gone, content=content)
    group.refresh_from_db()
    assert group.standing == "listed"


def test_a_listed_organisation_delivers_and_is_not_asked(officer, strategy, commitment, charity):
    group, gone = listed("Listed"), ended(listed("Gone"))
    now = timezone.now()
    for organisation in (group, charity):
        add_delivery_partner(by=officer, at=now, commitment=commitment, organisation=organisation)
    with pytest.raises(Invalid, match="has ended"):
        add_delivery_partner(by=officer, at=now, commitment=commitment, organisation=gone)
    round_ = make_round(strategy)
    assert organisations_asked(round_) == {charity.pk}
    make_person(roles.PARTNER_LEAD.code, group)
    assert organisations_asked(round_) == {charity.pk, group.pk}


def test_what_has_ended_is_named_in_nothing_new(officer, administrator, strategy, commitment):
    gone, now = ended(listed("Gone")), timezone.now()
    for field, act in (
        ("owner_organisation", lambda: plan_action(
            by=officer, at=now, commitment=commitment, plan=Plan("Find a hall", owner_organisation=gone))),
        ("leads", lambda: record_risk(
            by=officer, at=now, strategy=strategy, content=RiskContent("The hall closes", leads=(RiskLeadContent(gone),)))),
        ("supported_by", lambda: keep_group(
            by=administrator, at=now, organisation=steering_group(), changes={"supported_by": gone})),
    ):  # fmt: skip
        with pytest.raises(Invalid, match="has ended") as refused:
            act()
        assert refused.value.field == field


def test_what_ended_afterwards_stays_where_it_was_named(officer, strategy, commitment):
    group, now = listed("Listed"), timezone.now()
    action = plan_action(by=officer, at=now, commitment=commitment, plan=Plan("Find a hall", owner_organisation=group))
    content = RiskContent("The hall closes", leads=(RiskLeadContent(group),))
    risk = record_risk(by=officer, at=now, strategy=strategy, content=content)
    ended(group)
    group.refresh_from_db()
    changed = edit_action(by=officer, at=now, action=action, plan=replace(plan_of(action), title="Find two halls"))
    assert changed.owner_organisation == group
    worded = edit_risk(by=officer, at=now, risk=risk, content=replace(content, words="Two halls close"))
    assert worded.leads.get().organisation == group


def test_whoever_may_get_access_back_still_has_a_role(charity, partner_lead):
    partner_lead.is_active = False
    partner_lead.save()
    with pytest.raises(NotNow, match="People still have roles"):
        ended(charity)


def test_groups_and_those_that_answer_for_strategies_are_not_removed(administrator):
    group = make_organisation("Steering", "partnership_group", standing="listed")
    for organisation, field in (
        (group, ""), (ended(make_organisation("Owner")), "owns_strategies"), (ended(make_organisation("Supporter")), "supports_strategies"),
    ):  # fmt: skip
        if field:
            Organisation.objects.filter(pk=organisation.pk).update(**{field: True})
        with pytest.raises(NotNow, match="can’t be removed"):
            remove_listing(by=administrator, at=timezone.now(), organisation=organisation, why="It asked us to.")


def test_removal_leaves_no_domain_source_strand_or_check_and_declines_who_waits(officer):
    group = listed()
    strand = Strand.objects.create(code="elders", words="Older people", number=1, made_on=date(2026, 1, 1))
    group.strands.set([strand])
    group.email_domains, group.source, group.checked_on = ["ashgreen.example.org"], "Its leaflet.", date(2026, 1, 1)
    group.save()
    asked = ask_to_take_part(
        by=None, at=timezone.now(), token=uuid4(), organisation=group,
        content=JoiningContent("Ash", "Treasurer", "ash@example.org"),
    )  # fmt: skip
    remove_listing(by=officer, at=timezone.now(), organisation=group, why="It asked us to.")
    group.refresh_from_db()
    assert (group.email_domains, group.source, group.checked_on, list(group.strands.all())) == ([], "", None, [])
    asked.refresh_from_db()
    assert asked.state == "declined"
    assert Mail.objects.filter(key=f"joining:{asked.pk}:declined", to="ash@example.org").exists()


def test_a_first_list_of_partners_names_none_that_has_ended(officer, strategy, commitment):
    gone = ended(listed("Gone"))
    with pytest.raises(Invalid, match="has ended"):
        add_first_partners(by=officer, at=timezone.now(), strategy=strategy, parts=[(commitment, gone)])


def test_a_removed_organisation_is_no_choice_and_is_found_by_no_word(client, officer, strategy, commitment):
    group = listed("Quiet Group")
    for organisation in (group, listed("Elm Players"), listed("Mill Choir")):
        add_delivery_partner(by=officer, at=timezone.now(), commitment=commitment, organisation=organisation)
    address = reverse("commitments:commitment-list", args=[strategy.slug])
    assert client.get(address, {"organisation": "quiet"}).context["lines"]
    assert organisations_named(["quiet"]) == {"quiet": [group.pk]}
    remove_listing(by=officer, at=timezone.now(), organisation=group, why="It asked us to.")
    assert not client.get(address, {"organisation": "quiet"}).context["lines"]
    assert organisations_named(["quiet"]) == {"quiet": []}


def test_contacts_of_what_has_ended_are_in_no_answer_of_the_api(client):
    group = make_organisation(
        "Ash Group", standing="listed", telephone="01632 960001", team_mailbox="info@ash.example.org"
    )
    address = f"/api/v1/organisations/{group.slug}/"
    shown = client.get(address).json()
    assert (shown["mailbox"], shown["telephone"]) == ("info@ash.example.org", "01632 960001")
    ended(group)
    shown = client.get(address).json()
    assert (shown["mailbox"], shown["telephone"]) == ("", "")


def test_a_confirmation_counts_for_the_contacts_that_it_was_given_for(officer):
    group = make_organisation("Ash Group", standing="listed", telephone="07700 900001", contacts_confirmed=True)

    def edit(**changes):
        return edit_organisation(
            by=officer, at=timezone.now(), organisation=group, changes=changes, districts=[], identifiers=[]
        )

    assert edit(description="Plots.").contacts_confirmed
    for changes in ({"team_mailbox": "jo.brook@gmail.com"}, {"telephone": "07700 900002"}):
        with pytest.raises(Invalid):
            edit(**changes)
        form = OrganisationForm(
            {"name": group.name, "kind": group.kind, "telephone": group.telephone, **changes},
            today=timezone.localdate(), organisation=group,
        )  # fmt: skip
        assert set(form.errors) == set(changes)
    assert edit(team_mailbox="jo.brook@gmail.com", contacts_confirmed=True).contacts_confirmed
    assert not OrganisationForm(today=timezone.localdate(), organisation=group)["contacts_confirmed"].initial


@pytest.mark.parametrize("days", [0, 1])
def test_details_have_not_been_checked_in_the_future(officer, days):
    day = timezone.localdate() + timedelta(days=days)
    group = listed()
    form = OrganisationForm(
        {"name": group.name, "kind": group.kind, "checked_on": f"{day:%d/%m/%Y}"}, today=timezone.localdate(),
        organisation=group, keeps_listing=True,
    )  # fmt: skip
    assert ("checked_on" in form.errors) is (days > 0)
    change = {
        "by": officer, "at": timezone.now(), "organisation": group, "changes": {"checked_on": day}, "districts": [],
        "identifiers": [],
    }  # fmt: skip
    if days:
        for act in (lambda: edit_organisation(**change), lambda: make_organisation("Elm Players", checked_on=day)):
            with pytest.raises(Invalid) as refused:
                act()
            assert refused.value.field == "checked_on"
    else:
        assert edit_organisation(**change).checked_on == day
