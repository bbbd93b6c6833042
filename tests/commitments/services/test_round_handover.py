"""Handing everything over, in one press; the brief for whoever takes over; deputies."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.utils import timezone
from pypdf import PdfReader

from commitments.content.updates import UpdateContent
from commitments.models import Action, Contribution, HistoryEntry, ProgressUpdate, RoundTask
from commitments.reading.handover_brief import brief
from commitments.services.actions import Plan, complete_action, plan_action
from commitments.services.commitment_people import assign_people
from commitments.services.delivery import set_partners
from commitments.services.handover import hand_over, held_by
from commitments.services.progress import submit_update
from commitments.services.round_days import Days, plan_round
from commitments.services.rounds import open_round
from partners.models import Deputy, Mail, User
from partners.models import HistoryEntry as PersonHistory
from partners.services.access import end_access
from partners.services.deputies import end_deputy, name_deputy, possible_deputies
from partners.services.roles import end_role, give_role
from tests.factories import (
    make_evidence,
    make_organisation,
    make_person,
    make_round,
    make_strategy,
    publish_update,
)
from vcsportal.common.words import Refused

pytestmark = pytest.mark.django_db


def text_of(response) -> str:
    return response.content.decode()


@pytest.fixture
def today(now):
    return timezone.localdate(now)


@pytest.fixture
def running(administrator, officer, second_officer, strategy, charity, partner, now, today):
    """The officer leads 1.1 and 1.2 and supports 2.1, which the second leads; a round runs, with an older one behind it."""
    older = make_round(strategy, years_ago=1)
    older.state = "open"
    older.grace_until = today
    older.save()
    first, second, third, _fourth = strategy.commitments.in_order()
    assign_people(by=officer, at=now, commitment=first, lead=officer)
    assign_people(by=officer, at=now, commitment=second, lead=officer, supporting=[second_officer])
    assign_people(by=officer, at=now, commitment=third, lead=second_officer, supporting=[officer])
    set_partners(by=officer, at=now, commitment=first, partners=[(charity, "delivers")])
    said = UpdateContent("at_risk", "Money is short.", "We ask for more.", "We met **every** week.", "A fair in May.")
    publish_update(by=officer, at=now, commitment=first, round_=older, content=said)
    older.state, older.closings, older.observes_to = "closed", 1, today - timedelta(days=370)
    older.save()
    days = Days(
        today - timedelta(days=365), today - timedelta(days=1), today, today + timedelta(days=30),
        today + timedelta(days=37),
    )  # fmt: skip
    planned = plan_round(by=administrator, at=now, strategy=strategy, days=days)
    return open_round(by=administrator, at=now, round_=planned)


@pytest.fixture
def successor(council):
    return make_person("officer", council, name="Sue Successor")


def test_everything_moves_at_once_and_each_thing_leaves_its_mark(
    administrator, officer, second_officer, successor, strategy, running, now
):
    first, second, third, _fourth = strategy.commitments.in_order()
    submit_update(
        by=officer, at=now, commitment=second, round_=running, content=UpdateContent("on_track", "Good"), version=0
    )
    name_deputy(by=second_officer, at=now, person=second_officer, deputy=officer)
    entry = hand_over(by=administrator, at=now, person=officer, to=successor, why="Another post.")
    for one in (first, second):
        one.refresh_from_db()
        assert one.lead_officer == successor
    assert list(third.supporting_officers.all()) == [successor]
    assert {one.owed_by for one in ProgressUpdate.objects.filter(round=running, commitment__in=[first, second])} == {
        successor
    }
    assert RoundTask.objects.filter(round=running, person=successor, handed_at=None).exists()
    assert RoundTask.objects.get(round=running, person=officer).handed_to == successor
    assert [one.deputy for one in Deputy.objects.standing(timezone.localdate(now))] == [successor]
    assert not held_by(officer)
    marks = HistoryEntry.objects.filter(act="assign", at=now, by=administrator)
    assert marks.count() == 3
    assert {one.act for one in PersonHistory.objects.filter(by=administrator, at=now)} >= {
        "work handed over", "work taken over"
    }  # fmt: skip
    assert entry.said["to"] == "Sue Successor"
    mail = Mail.objects.get(kind="handed_over")
    assert mail.person == successor
    for words in ("1.1 Thing 1.1", "Another post.", f"/handed-over/{entry.pk}/"):
        assert words in mail.text


def test_nothing_moves_if_some_of_it_can_t(administrator, officer, partner, outsider, nobody, strategy, running, now):
    for to, sentence in ((outsider, "is not an officer of"), (nobody, "is not an officer of")):
        with pytest.raises(Refused, match=sentence):
            hand_over(by=administrator, at=now, person=officer, to=to, why="Another post.")
    with pytest.raises(Refused, match="does not belong to Rowan Trust"):
        hand_over(by=administrator, at=now, person=partner, to=outsider, why="Another post.")
    with pytest.raises(Refused, match="Choose someone else"):
        hand_over(by=administrator, at=now, person=officer, to=officer, why="Another post.")
    with pytest.raises(Refused, match="Say why"):
        hand_over(by=administrator, at=now, person=officer, to=outsider, why=" ")
    with pytest.raises(Refused, match="Only an administrator"):
        hand_over(by=officer, at=now, person=officer, to=outsider, why="Another post.")
    assert len(held_by(officer).leads) == 2


def test_a_partner_s_work_goes_to_a_colleague(administrator, partner, charity, running, now):
    colleague = make_person("partner_lead", charity)
    hand_over(by=administrator, at=now, person=partner, to=colleague, why="Retired.")
    assert Contribution.objects.get(round=running, organisation=charity).owed_by == colleague


def test_who_left_while_owing_is_handed_over_from_the_page(
    signed_in, administrator, officer, successor, outsider, running, now
):
    end_access(by=administrator, at=now, person=officer, reason="Left the council.")
    client, address = signed_in(administrator), f"/people/{officer.pk}/hand-over/"
    page = text_of(client.get(address))
    for words in ("Leads", "1.1 Thing 1.1", "Supports", "2.1 Thing 2.1", "Updates to send", "Sue Successor"):
        assert words in page
    assert "Una Outsider" not in page
    assert client.post(address, {"to": successor.pk, "why": ""}).status_code == 422
    done = client.post(address, {"to": successor.pk, "why": "She left."}, follow=True)
    page = text_of(done)
    for words in ("What Sue Successor took over from Olive Officer", "She left.", "1.2 Thing 1.2", "Print this"):
        assert words in page
    assert "This person has no work to hand over" in text_of(client.get(address))


def test_open_actions_move_too_and_the_brief_names_their_commitments(
    administrator, officer, second_officer, successor, partner, strategy, running, now, today
):
    fourth = strategy.commitments.get(reference="2.2")
    mine, done, _hers = (
        plan_action(by=officer, at=now, commitment=fourth, plan=Plan(title, owner_person=owner))
        for title, owner in (("Mine", officer), ("Done", officer), ("Hers", second_officer))
    )
    complete_action(by=officer, at=now, action=done, done_on=today)
    entry = hand_over(by=administrator, at=now, person=officer, to=successor, why="Another post.")
    owners = {one.title: one.owner_person for one in Action.objects.filter(commitment=fourth)}
    assert owners == {"Mine": successor, "Done": officer, "Hers": second_officer}
    assert HistoryEntry.objects.filter(action=mine, act="edit_action", by=administrator).exists()
    assert [(one.title[:3], one.part) for one in brief(entry, today).pieces][-1] == ("2.2", "owns an action of")
    assert [one.title for one in brief(entry, today).pieces[-1].actions] == ["Mine", "Hers"]


def test_who_cannot_own_an_action_takes_nothing_over(administrator, officer, partner, strategy, now):
    action = plan_action(
        by=officer,
        at=now,
        commitment=strategy.commitments.get(reference="2.2"),
        plan=Plan("Mine", owner_person=officer),
    )
    with pytest.raises(Refused, match="is not an officer of"):
        hand_over(by=administrator, at=now, person=officer, to=partner, why="Another post.")
    action.refresh_from_db()
    assert action.owner_person == officer


def test_the_brief_tells_what_one_needs_on_two_pages(
    signed_in, administrator, officer, successor, second_officer, partner, strategy, running, now, today
):
    first = strategy.commitments.get(reference="1.1")
    for n in range(5):
        plan_action(by=officer, at=now, commitment=first, title=f"Step {n}", due_on=today + timedelta(days=n))
    make_evidence(partner, first, state="submitted")
    entry = hand_over(by=administrator, at=now, person=officer, to=successor, why="Another post.")
    told = brief(entry, today)
    assert [(one.title[:3], one.part) for one in told.pieces] == [
        ("1.1", "leads"), ("1.2", "leads"), ("2.1", "supports")
    ]  # fmt: skip
    piece = told.pieces[0]
    assert (piece.status.code, piece.reason, piece.remedy) == ("at_risk", "Money is short.", "We ask for more.")
    assert (piece.last_words, piece.next_steps) == ("We met every week.", "A fair in May.")
    assert ([one.title for one in piece.actions], piece.more_actions) == (["Step 0", "Step 1", "Step 2"], 2)
    assert [(one.organisation, one.name) for one in piece.contacts] == [("Rowan Trust", "Pat Partner")]
    assert piece.waiting == 1
    assert piece.owed == (running.slug,)
    assert [one.slug for one in told.rounds] == [running.slug]
    answer = signed_in(successor).get(f"/reports/handed-over/{entry.pk}/brief.pdf")
    assert answer.status_code == 200
    pdf = PdfReader(BytesIO(answer.content))
    words = " ".join(page.extract_text() for page in pdf.pages)
    assert len(pdf.pages) <= 2
    for said in ("What Sue Successor took over", "Money is short.", "Step 0", "Pat Partner"):
        assert said in words


def test_the_brief_is_read_only_by_who_could_still_take_on_what_it_names(
    signed_in, administrator, officer, successor, partner, partner_lead, charity, strategy, running, now
):
    of_officer = hand_over(by=administrator, at=now, person=officer, to=successor, why="Another post.")
    of_partner = hand_over(by=administrator, at=now, person=partner_lead, to=partner, why="Another post.")

    def reads(person: User, entry: HistoryEntry) -> list[int]:
        fresh = signed_in(User.objects.get(pk=person.pk))
        addresses = (f"/handed-over/{entry.pk}/", f"/reports/handed-over/{entry.pk}/brief.pdf")
        return [fresh.get(address).status_code for address in addresses]

    assert reads(officer, of_officer) == reads(successor, of_officer) == [200, 200]
    assert reads(partner, of_partner) == reads(partner_lead, of_partner) == [200, 200]
    for person in (officer, partner_lead):
        end_role(by=administrator, at=now, grant=person.role_grants.get())
    assert reads(officer, of_officer) == reads(partner_lead, of_partner) == [404, 404]
    assert reads(successor, of_officer) == reads(partner, of_partner) == [200, 200]
    assert reads(partner, of_officer) == reads(successor, of_partner) == [404, 404]
    give_role(by=administrator, at=now, person=officer, role="officer", organisation=make_organisation(kind="council"))
    assert reads(officer, of_officer) == [404, 404]
    assert reads(administrator, of_officer) == [200, 200]


def test_the_brief_of_nine_commitments_stays_on_two_pages_and_few_queries(
    signed_in, administrator, officer, successor, charity, partner, council, now, today, django_assert_max_num_queries
):
    busy = make_strategy(council, slug="busy", shape=(9,), opens_first=False)
    words = "We met every week with twelve groups and wrote down what they said about rooms and money. " * 3
    older = make_round(busy)
    for one in busy.commitments.in_order():
        assign_people(by=officer, at=now, commitment=one, lead=officer)
        set_partners(by=officer, at=now, commitment=one, partners=[(charity, "delivers")])
        plan_action(by=officer, at=now, commitment=one, title="Publish the list of rooms", due_on=today)
        said = UpdateContent("at_risk", "Two of the five people have left.", "We ask for more.", words, words)
        publish_update(by=officer, at=now, commitment=one, round_=older, content=said)
    entry = hand_over(by=administrator, at=now, person=officer, to=successor, why="Another post.")
    with django_assert_max_num_queries(11):
        assert len(brief(entry, today).pieces) == 9
    answer = signed_in(successor).get(f"/reports/handed-over/{entry.pk}/brief.pdf")
    assert len(PdfReader(BytesIO(answer.content)).pages) == 2


def test_a_deputy_is_a_colleague_and_covers_until_a_day(
    administrator, officer, second_officer, partner, partner_lead, outsider, now, today
):
    assert list(possible_deputies(officer)) == [second_officer]
    assert list(possible_deputies(partner)) == [partner_lead]
    with pytest.raises(Refused, match="can’t cover for"):
        name_deputy(by=partner, at=now, person=partner, deputy=outsider)
    with pytest.raises(Refused, match="Only an administrator"):
        name_deputy(by=second_officer, at=now, person=officer, deputy=second_officer)
    with pytest.raises(Refused, match="cover for themselves"):
        name_deputy(by=officer, at=now, person=officer, deputy=officer)
    with pytest.raises(Refused, match="can’t be in the past"):
        name_deputy(by=officer, at=now, person=officer, deputy=second_officer, until=today - timedelta(days=1))
    name_deputy(by=officer, at=now, person=officer, deputy=second_officer, until=today + timedelta(days=3))
    assert Deputy.objects.standing(today + timedelta(days=3)).count() == 1
    assert Deputy.objects.standing(today + timedelta(days=4)).count() == 0
    name_deputy(by=officer, at=now, person=officer, deputy=second_officer, until=today)
    assert Deputy.objects.standing(today).count() == 1, "today can be the last day"
    again = name_deputy(by=administrator, at=now, person=officer, deputy=second_officer)
    assert Deputy.objects.standing(today).count() == 1
    with pytest.raises(Refused, match="Only an administrator"):
        end_deputy(by=partner, at=now, deputy=again)
    end_deputy(by=second_officer, at=now, deputy=again)
    assert Deputy.objects.standing(today).count() == 0


def test_people_name_their_deputy_on_a_page_of_their_own(signed_in, officer, second_officer, partner):
    client, address = signed_in(officer), f"/people/{officer.pk}/deputies/"
    assert client.post(address, {"deputy": partner.pk}).status_code == 422
    done = client.post(address, {"deputy": second_officer.pk, "until": ""}, follow=True)
    assert "Oscar Officer is now covering for you." in text_of(done)
    assert "until it is ended" in text_of(done)
    made = Deputy.objects.get()
    assert signed_in(partner).post(f"{address}{made.pk}/end/").status_code == 404
    ended = client.post(f"{address}{made.pk}/end/", follow=True)
    assert "Nobody is covering at the moment." in text_of(ended)
