"""Invitations: who may make them, what is kept secret, what waits for an administrator, and who answers."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from partners import roles
from partners.models import HistoryEntry, Invitation, Mail, Organisation, RoleGrant, SecurityEvent, User
from partners.services import invitations
from partners.services.access import end_access
from partners.services.roles import add_person_with_role, end_role, give_role
from tests.factories import make_organisation, make_person
from vcsportal.common.words import Refused

pytestmark = pytest.mark.django_db
INVITE = "partners:invite"
CONTRIBUTOR = "partner_contributor"


@pytest.fixture
def known(charity) -> Organisation:
    """The charity, with example.org among its own domains."""
    charity.email_domains = ["example.org"]
    charity.save()
    return charity


@pytest.fixture
def ask(partner_lead, known, now):
    """Returns what invites a contributor of the charity, by its lead unless said."""

    def make(email: str = "gale@example.org", **changes) -> Invitation:
        values = {"by": partner_lead, "at": now, "name": "Gale Guest", "role": CONTRIBUTOR, "organisation": known}
        return invitations.invite(email=email, **{**values, **changes})

    return make


def guest(role: str, organisation: object = "", **changes: object) -> dict[str, object]:
    return {"name": "Gale Guest", "email": "Gale@Example.org", "role": role, "organisation": organisation, **changes}


def holds(person: User, organisation: Organisation | None) -> list[str]:
    return list(
        RoleGrant.objects.current().filter(person=person, organisation=organisation).values_list("role", flat=True)
    )


# Making one.


def test_an_administrator_invites_an_officer_who_gets_the_role_on_accepting(
    signed_in, administrator, council, mailoutbox, django_capture_on_commit_callbacks
):
    page = signed_in(administrator)
    answer = page.post(reverse(INVITE), guest("officer", council.slug))
    assert answer.status_code == 302, answer.content.decode()
    person = User.objects.get(email="gale@example.org")
    assert (person.name, person.has_usable_password(), holds(person, council)) == ("Gale Guest", False, [])
    [mail] = Mail.objects.filter(kind="invitation")
    assert (mail.to, mail.subject) == ("gale@example.org", "You are invited to the Voluntary sector strategy portal")
    for words in (
        "Dear Gale Guest,",
        "Ada Administrator has invited you",
        "* council officer, Oxfordshire County Council\n",
    ):
        assert words in mail.text
    theirs = signed_in(person)
    address = reverse("partners:invitation-answer", args=[Invitation.objects.get().pk])
    assert "Council officer, Oxfordshire County Council" in theirs.get("/my-work/").text
    assert f'href="{address}"' in theirs.get("/my-work/").text
    assert "has invited you to take part as" in theirs.get(address).text
    answer = theirs.post(address, {"act": "accept"})
    assert answer.headers["Location"] == reverse("account_set_password")
    assert holds(person, council) == ["officer"]
    assert theirs.get("/my-work/").text.count(address) == 0


def test_the_role_is_given_in_the_name_of_whoever_invited_and_history_says_it_all(ask, partner_lead, known, now):
    made = ask()
    person = User.objects.get(email="gale@example.org")
    invitations.accept(by=person, at=now + timedelta(days=1), invitation=made)
    grant = RoleGrant.objects.get(person=person)
    assert (grant.granted_by, grant.granted_at, grant.organisation) == (partner_lead, now + timedelta(days=1), known)
    made.refresh_from_db()
    assert (made.state, made.settled_by, made.settled_at) == ("accepted", person, now + timedelta(days=1))
    acts = HistoryEntry.objects.filter(organisation=known).exclude(act="registered").order_by("id")
    assert [(one.act, one.by) for one in acts][-3:] == [
        ("invited", partner_lead), ("invitation accepted", person), ("role given", partner_lead)
    ]  # fmt: skip
    kinds = SecurityEvent.objects.filter(person=person).order_by("id").values_list("kind", "by", "detail")
    label = f"Partner contributor, {known.name}"
    assert list(kinds) == [("invited", partner_lead.pk, label), ("role_given", partner_lead.pk, label)]


def test_a_lead_invites_to_their_own_organisation_as_partners_only(
    signed_in, partner_lead, known, other_charity, council
):
    lead = signed_in(partner_lead)
    for sent in (guest(CONTRIBUTOR, other_charity.slug), guest("officer", council.slug), guest("administrator")):
        assert lead.post(reverse(INVITE), sent).status_code == 422
    assert not Invitation.objects.exists()
    answer = lead.post(reverse(INVITE), guest(CONTRIBUTOR, known.slug))
    assert answer.headers["Location"] == reverse("partners:members", args=[known.slug])


@pytest.mark.parametrize(
    ("role", "words"), [("officer", "to your own organisation"), ("administrator", "Only an administrator")]
)
def test_the_service_refuses_a_lead_too(ask, known, role, words):
    with pytest.raises(Refused, match=words):
        ask(role=role, organisation=known if role == "officer" else None)


def test_a_lead_of_one_who_contributes_to_another_invites_to_the_first_only(
    ask, partner_lead, other_charity, now, signed_in
):
    give_role(by=None, at=now, person=partner_lead, role=CONTRIBUTOR, organisation=other_charity)
    both = User.objects.get(pk=partner_lead.pk)
    with pytest.raises(Refused):
        ask(by=both, organisation=other_charity)
    page = signed_in(both).get(reverse(INVITE)).text
    assert "Rowan Trust" in page
    assert "Willow Circle" not in page
    assert signed_in(both).get(reverse("partners:members", args=[other_charity.slug])).status_code == 404


def test_a_contributor_cannot_invite(signed_in, partner):
    assert signed_in(partner).get(reverse(INVITE)).status_code == 403


@pytest.mark.parametrize("role", [role.code for role in roles.ROLES if role.within])
def test_a_role_within_an_organisation_needs_one(signed_in, administrator, role, ask):
    answer = signed_in(administrator).post(reverse(INVITE), guest(role))
    assert answer.status_code == 422
    assert "belongs to an organisation" in answer.content.decode()
    with pytest.raises(Refused, match="belongs to an organisation"):
        ask(by=administrator, role=role, organisation=None)


def test_a_role_for_the_whole_portal_takes_none(signed_in, administrator, charity, ask):
    answer = signed_in(administrator).post(reverse(INVITE), guest("administrator", charity.slug))
    assert answer.status_code == 422
    assert "whole portal" in answer.content.decode()
    with pytest.raises(Refused, match="whole portal"):
        ask(by=administrator, role="administrator")


@pytest.mark.parametrize(
    "name", ["[claim](https://evil.example/refund)", "Dear Resident, see www.evil.example", "", "x" * 151]
)
def test_a_name_that_is_no_name_is_refused_by_page_and_service(signed_in, partner_lead, known, name, ask):
    answer = signed_in(partner_lead).post(reverse(INVITE), guest(CONTRIBUTOR, known.slug, name=name))
    assert answer.status_code == 422
    with pytest.raises(Refused):
        ask(name=name)
    assert not Invitation.objects.exists()
    assert not Mail.objects.exists()


def test_a_name_of_several_lines_becomes_one(ask):
    ask(name="Gale\r\n\r\n# Guest")
    assert Invitation.objects.get().name == User.objects.get(email="gale@example.org").name == "Gale # Guest"


def test_an_address_that_looks_like_another_is_refused(signed_in, partner_lead, known, ask):
    address = "officer@ex\u0430mple.org"
    answer = signed_in(partner_lead).post(reverse(INVITE), guest(CONTRIBUTOR, known.slug, email=address))
    assert answer.status_code == 422
    assert "mixes alphabets" in answer.text
    with pytest.raises(Refused, match="mixes alphabets"):
        ask(address)


# What nobody learns.


def test_known_unknown_and_ended_addresses_get_the_same_answer(
    signed_in, partner_lead, known, officer, nobody, administrator, now, django_assert_num_queries
):
    end_access(by=administrator, at=now, person=nobody, reason="Left.")
    lead = signed_in(partner_lead)
    pages = []
    for email in (officer.email, nobody.email, "stranger@example.org"):
        answer = lead.post(reverse(INVITE), guest(CONTRIBUTOR, known.slug, email=email), follow=True)
        page = answer.text.replace(email, "EMAIL")
        one = Invitation.objects.get(email=email)
        invitations.withdraw(by=partner_lead, at=now, invitation=one)
        page = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page)
        pages.append(
            " ".join(page.replace(f"/{one.pk}/", "/N/").replace(f'invitation-{one.pk}"', 'invitation-N"').split())
        )
    assert pages[0] == pages[1] == pages[2]
    assert "Olive" not in pages[0]
    assert "ended" not in pages[0]
    assert holds(officer, known) == []


def test_somebody_whose_access_has_ended_gets_no_email_and_no_role(ask, nobody, administrator, now):
    end_access(by=administrator, at=now, person=nobody, reason="Left.")
    made = ask(nobody.email)
    assert made.state == "sent"
    with pytest.raises(Refused, match="ended"):
        ask(nobody.email, by=administrator, role="partner_lead")


def test_an_administrator_is_told_that_access_has_ended(signed_in, administrator, nobody, known):
    User.objects.filter(pk=nobody.pk).update(is_active=False)
    answer = signed_in(administrator).post(reverse(INVITE), guest("partner_lead", known.slug, email=nobody.email))
    assert answer.status_code == 409
    assert "access has been ended" in answer.text


def test_nobody_becomes_a_member_without_accepting(ask, officer, known, signed_in):
    ask(officer.email)
    assert not User.objects.get(pk=officer.pk).belongs_to(known.slug)
    assert "Rowan Trust" in signed_in(officer).get("/my-work/").text


def test_the_list_of_a_lead_shows_the_name_that_was_typed_not_the_persons(ask, officer, signed_in, partner_lead, known):
    made = ask(officer.email)
    for address in (reverse("partners:members", args=[known.slug]), reverse("partners:invitation", args=[made.pk])):
        page = signed_in(partner_lead).get(address).text
        assert "Gale Guest" in page
        assert "Olive Officer" not in page


# Twice, and limits.


def test_an_open_invitation_or_a_role_that_is_held_is_not_asked_for_again(ask, known, partner, partner_lead, now):
    made = ask()
    with pytest.raises(Refused, match="open invitation"):
        ask("GALE@example.org")
    ask(role="partner_lead")
    invitations.withdraw(by=partner_lead, at=now, invitation=made)
    ask()
    with pytest.raises(Refused, match="already has this role"):
        ask(partner.email)


def test_one_person_sends_so_many_a_day_and_no_more(ask, settings, now, administrator, partner_lead):
    settings.INVITATIONS_PER_DAY, settings.INVITATIONS_PER_DAY_ADMINISTRATOR = 3, 4
    made = [ask(f"p{n}@example.org") for n in range(3)]
    with pytest.raises(Refused, match="3 invitations in the last 24 hours"):
        ask("p4@example.org")
    invitations.withdraw(by=partner_lead, at=now, invitation=made[0])
    with pytest.raises(Refused, match="3 invitations"):
        ask("p4@example.org", at=now + timedelta(hours=23, minutes=59))
    ask("p4@example.org", at=now + timedelta(hours=24))
    for number in range(4):
        ask(f"a{number}@example.org", by=administrator)
    with pytest.raises(Refused, match="4 invitations"):
        ask("a5@example.org", by=administrator)


def test_sending_again_counts_too(ask, settings, now, partner_lead):
    settings.INVITATIONS_PER_DAY = 2
    later = now + timedelta(days=3)
    old = ask()
    ask("p1@example.org", at=later)
    invitations.send_again(by=partner_lead, at=later, invitation=old)
    with pytest.raises(Refused, match="2 invitations"):
        ask("p2@example.org", at=later)


def test_a_page_says_the_limit(signed_in, partner_lead, known, settings):
    settings.INVITATIONS_PER_DAY = 0
    answer = signed_in(partner_lead).post(reverse(INVITE), guest(CONTRIBUTOR, known.slug))
    assert answer.status_code == 409
    assert "the limit for one person" in answer.text


# Waiting for an administrator.


def test_an_address_outside_the_known_domains_waits_and_nothing_is_sent(
    ask, administrator, signed_in, partner_lead, known, mailoutbox
):
    made = ask("stranger@elsewhere.example")
    assert made.state == "waiting"
    assert not User.objects.filter(email="stranger@elsewhere.example").exists()
    assert not Mail.objects.filter(kind="invitation").exists()
    [mail] = Mail.objects.filter(kind="invitations_waiting")
    assert (mail.person, mail.subject) == (administrator, "1 invitation is waiting for your decision")
    assert reverse("partners:invitations") in mail.text
    assert (
        "Waiting for an administrator"
        in signed_in(partner_lead).get(reverse("partners:members", args=[known.slug])).text
    )
    assert "1 invitation needs your decision" in signed_in(administrator).get("/my-work/").text
    assert "stranger@elsewhere.example" in signed_in(administrator).get(reverse("partners:invitations")).text


def test_administrators_get_one_email_a_day(ask, administrator, now):
    second = make_person("administrator")
    noon = now.replace(hour=12)
    ask("a@elsewhere.example", at=noon)
    ask("b@elsewhere.example", at=noon + timedelta(hours=1))
    mails = Mail.objects.filter(kind="invitations_waiting")
    assert {mail.person for mail in mails} == {administrator, second}
    assert mails.all().count() == 2
    ask("c@elsewhere.example", at=noon + timedelta(days=1))
    assert mails.all().count() == 4


@pytest.mark.parametrize(
    ("domains", "email", "state"),
    [
        (["rowan.example"], "a@rowan.example", "sent"),
        (["rowan.example"], "a@mail.rowan.example", "sent"),
        (["rowan.example"], "a@notrowan.example", "waiting"),
        (["rowan.example"], "a@rowan.example.evil.example", "waiting"),
        (["gmail.com"], "a@gmail.com", "waiting"),
        ([], "a@rowan.example", "waiting"),
    ],
)
def test_which_addresses_are_known(ask, known, domains, email, state):
    known.email_domains = domains
    known.save()
    assert ask(email).state == state


def test_an_administrators_own_invitation_waits_for_nobody(ask, administrator):
    assert ask("a@elsewhere.example", by=administrator).state == "sent"


def test_an_administrator_approves_and_the_domain_can_be_remembered(ask, administrator, signed_in, known, now):
    made = ask("a@elsewhere.example")
    page = signed_in(administrator)
    address = reverse("partners:invitation", args=[made.pk])
    assert "Addresses at elsewhere.example belong to Rowan Trust" in page.get(address).text
    assert page.post(address, {"act": "approve", "remember": "on"}).status_code == 302
    made.refresh_from_db()
    known.refresh_from_db()
    assert (made.state, made.sent_by, known.email_domains) == (
        "sent",
        administrator,
        ["elsewhere.example", "example.org"],
    )
    assert Mail.objects.filter(kind="invitation", to="a@elsewhere.example").count() == 1
    assert ask("b@elsewhere.example").state == "sent"
    assert ask("c@gmail.com").state == "waiting"
    page.post(
        reverse("partners:invitation", args=[Invitation.objects.get(email="c@gmail.com").pk]),
        {"act": "approve", "remember": "on"},
    )
    known.refresh_from_db()
    assert "gmail.com" not in known.email_domains


def test_an_administrator_does_not_approve_with_a_reason_that_the_lead_reads(
    ask, administrator, signed_in, partner_lead
):
    made = ask("a@elsewhere.example")
    address = reverse("partners:invitation", args=[made.pk])
    answer = signed_in(administrator).post(address, {"act": "refuse"})
    assert answer.status_code == 422
    assert "Say why it is not approved" in answer.text
    signed_in(administrator).post(address, {"act": "refuse", "reason": "We do not know them."})
    page = signed_in(partner_lead).get(address).text
    assert "Not approved" in page
    assert "We do not know them." in page
    assert not Mail.objects.filter(kind="invitation").exists()


def test_a_missing_reason_is_linked_to_its_box_and_the_second_click_is_no_error(
    ask, administrator, partner_lead, signed_in
):
    made = ask(by=partner_lead, email="sorrel@village-choir.example")
    page, address = signed_in(administrator), reverse("partners:invitation", args=[made.pk])
    unexplained = page.post(address, {"act": "refuse", "reason": " "})
    assert (unexplained.status_code, set(unexplained.context["form"].errors)) == (422, {"reason"})
    page.post(address, {"act": "refuse", "reason": "Nobody here knows them."})
    again = page.post(address, {"act": "refuse", "reason": "Nobody here knows them."})
    assert again.status_code == 302, "it was done already, so the page says by whom"
    assert "This invitation was turned down already, on " in page.get(address).text


@pytest.mark.parametrize("act", ["approve", "refuse"])
def test_a_lead_does_not_decide(ask, partner_lead, signed_in, act):
    made = ask("a@elsewhere.example")
    page = signed_in(partner_lead)
    address = reverse("partners:invitation", args=[made.pk])
    assert "Approve and send" not in page.get(address).text
    assert page.post(address, {"act": act, "reason": "Yes."}).status_code == 403
    made.refresh_from_db()
    assert made.state == "waiting"


# Answering.


def test_only_the_person_invited_answers(ask, partner, signed_in, now):
    made = ask()
    assert signed_in(partner).get(reverse("partners:invitation-answer", args=[made.pk])).status_code == 404
    for act in (invitations.accept, invitations.decline):
        with pytest.raises(Refused, match="another address"):
            act(by=partner, at=now, invitation=made)


def test_declining_gives_no_role(ask, signed_in, known):
    made = ask()
    person = User.objects.get(email="gale@example.org")
    signed_in(person).post(reverse("partners:invitation-answer", args=[made.pk]), {"act": "decline"})
    made.refresh_from_db()
    assert (made.state, holds(person, known)) == ("declined", [])
    assert "You have no role in the portal at the moment" in signed_in(person).get("/my-work/").text


def test_an_answer_counts_once(ask, now):
    made = ask()
    person = User.objects.get(email="gale@example.org")
    invitations.decline(by=person, at=now, invitation=made)
    with pytest.raises(Refused, match="declined"):
        invitations.accept(by=person, at=now, invitation=made)


def test_an_invitation_runs_out_and_can_be_sent_again(ask, now, partner_lead, signed_in, settings):
    settings.INVITATION_DAYS = 14
    made = ask(at=now - timedelta(days=14))
    person = User.objects.get(email="gale@example.org")
    assert list(Invitation.objects.to_answer(person.email, now)) == []
    assert list(Invitation.objects.to_answer(person.email, now - timedelta(seconds=1))) == [made]
    with pytest.raises(Refused, match="expired"):
        invitations.accept(by=person, at=now, invitation=made)
    answering = reverse("partners:invitation-answer", args=[made.pk])
    assert "Ask Lee Lead to send it again" in signed_in(person).get(answering).text
    address = reverse("partners:invitation", args=[made.pk])
    assert "Expired" in signed_in(partner_lead).get(address).text
    assert signed_in(partner_lead).post(address, {"act": "send_again"}).status_code == 302
    assert Mail.objects.filter(kind="invitation").count() == 2
    assert signed_in(person).post(answering, {"act": "accept"}).status_code == 302


def test_a_lead_sends_again_once_a_day_an_administrator_whenever(ask, now, partner_lead, administrator):
    made = ask()
    with pytest.raises(Refused, match="less than 24 hours"):
        invitations.send_again(by=partner_lead, at=now + timedelta(hours=23), invitation=made)
    invitations.send_again(by=administrator, at=now + timedelta(hours=1), invitation=made)
    invitations.send_again(by=partner_lead, at=now + timedelta(hours=25), invitation=made)
    assert Mail.objects.filter(kind="invitation").count() == 3


def test_a_withdrawn_invitation_cannot_be_accepted(ask, partner_lead, now, signed_in):
    made = ask()
    signed_in(partner_lead).post(reverse("partners:invitation", args=[made.pk]), {"act": "withdraw"})
    with pytest.raises(Refused, match="withdrawn"):
        invitations.accept(by=User.objects.get(email="gale@example.org"), at=now, invitation=made)


def test_an_invitation_falls_with_the_right_of_whoever_made_it(ask, partner_lead, administrator, now):
    made, approved = ask(), ask("a@elsewhere.example")
    invitations.approve(by=administrator, at=now, invitation=approved)
    end_role(by=administrator, at=now, grant=partner_lead.role_grants.get())
    with pytest.raises(Refused, match="can no longer invite"):
        invitations.accept(by=User.objects.get(email="gale@example.org"), at=now, invitation=made)
    invitations.accept(by=User.objects.get(email="a@elsewhere.example"), at=now, invitation=approved)


def test_leads_of_other_organisations_see_nothing_of_it(ask, outsider, signed_in, partner, officer, now):
    made = ask()
    for one in (outsider, partner, officer):
        assert signed_in(one).get(reverse("partners:invitation", args=[made.pk])).status_code == 404
        assert signed_in(one).get(reverse("partners:members", args=["rowan-trust"])).status_code == 404
    for act in (invitations.send_again, invitations.withdraw):
        with pytest.raises(Refused):
            act(by=outsider, at=now + timedelta(days=2), invitation=made)


def test_an_act_that_there_is_not_changes_nothing(ask, partner_lead, signed_in):
    address = reverse("partners:invitation", args=[ask().pk])
    assert signed_in(partner_lead).post(address, {"act": "dance"}).headers["Location"] == address
    assert Invitation.objects.get().state == "sent"


# Nobody gives themselves a role.


def test_an_administrator_cannot_invite_or_approve_themselves(ask, administrator, council, now):
    with pytest.raises(Refused, match=r"manage\.py give_role"):
        ask(administrator.email.upper(), by=administrator, role="officer", organisation=council)
    second = make_person("administrator")
    with pytest.raises(Refused, match="Ask another administrator"):
        ask(administrator.email, by=administrator, role="officer", organisation=council)
    made = Invitation.objects.create(
        email=administrator.email, name="A", role=CONTRIBUTOR, organisation=make_organisation(), state="waiting",
        invited_at=now, invited_by=second,
    )  # fmt: skip
    with pytest.raises(Refused, match="Ask another administrator"):
        invitations.approve(by=administrator, at=now, invitation=made)
    invitations.approve(by=second, at=now, invitation=made)


def test_a_lead_cannot_invite_themselves_either(ask, partner_lead):
    with pytest.raises(Refused, match="yourself a role"):
        ask(partner_lead.email)


# Domains of organisations.


def test_an_administrators_website_names_a_domain_and_a_leads_does_not(administrator, partner_lead, charity, now):
    from partners.services.organisations import edit_organisation, register_organisation

    made = register_organisation(
        by=administrator, at=now, name="Elm", kind="charity", website="https://www.elm.example/a"
    )
    assert made.email_domains == ["elm.example"]
    shared = register_organisation(by=None, at=now, name="Oak", kind="charity", website="https://facebook.com/oak")
    assert shared.email_domains == []
    for by, domains in ((partner_lead, []), (administrator, ["ash.example"])):
        website = {"website": f"https://{'fir' if by == partner_lead else 'ash'}.example"}
        edit_organisation(by=by, at=now, organisation=charity, changes=website, districts=[], identifiers=[])
        charity.refresh_from_db()
        assert charity.email_domains == domains


def test_the_portals_own_invitation_is_at_once_and_twice_changes_nothing(charity, now):
    for _ in range(2):
        add_person_with_role(
            by=None, at=now, email="g@example.org", name="G", role="partner_lead", organisation=charity
        )
    assert RoleGrant.objects.filter(person__email="g@example.org").count() == 1
    assert HistoryEntry.objects.filter(act="role given", person__email="g@example.org").count() == 1
