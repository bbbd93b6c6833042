"""Several commitments get the same people, partners and due date: seen before, all or none, and never over somebody else's change."""

import re
from datetime import date

import pytest

from commitments.models import HistoryEntry
from commitments.queries.assignments import Assignment, NewPartner
from commitments.services.actions import plan_action
from commitments.services.assign_several import assign_several
from commitments.services.commitment_people import assign_people
from commitments.services.delivery import add_delivery_partner, set_partners
from tests.factories import make_organisation, make_person, make_strategy
from vcsportal.common.words import Invalid, NotAllowed

pytestmark = pytest.mark.django_db


def text_of(response) -> str:
    return " ".join(response.content.decode().replace("&#x27;", "’").split())


@pytest.fixture
def all_four(strategy):
    return list(strategy.commitments.in_order())


def test_everything_is_set_at_once_each_with_its_history(
    officer, second_officer, administrator, strategy, all_four, charity, now
):
    assign_people(by=officer, at=now, commitment=all_four[0], lead=officer, supporting=[second_officer])
    set_partners(by=officer, at=now, commitment=all_four[1], partners=[(charity, "advises")])
    undated = plan_action(by=officer, at=now, commitment=all_four[1], title="Undated")
    dated = plan_action(by=officer, at=now, commitment=all_four[1], title="Dated", due_on=date(2026, 12, 24))
    before = HistoryEntry.objects.count()
    assignment = Assignment(
        changes_lead=True, lead=second_officer, supporting=(officer,),
        partners=(NewPartner(charity, "delivers", date(2026, 1, 5)),), due_on=date(2027, 3, 31), reason="The term ends.",
    )  # fmt: skip
    done = assign_several(by=administrator, at=now, strategy=strategy, commitments=all_four[:3], assignment=assignment)
    assert [change.commitment for change in done] == all_four[:3]
    for one in all_four[:3]:
        one.refresh_from_db()
        assert one.lead_officer == second_officer
        assert list(one.supporting_officers.all()) == [officer], "who leads supports no longer"
    first, second = (one.delivery_partners.get() for one in all_four[:2])
    assert (first.role, first.started_on) == ("delivers", date(2026, 1, 5))
    assert (second.role, second.started_on) != ("delivers", date(2026, 1, 5)), "it helped already"
    undated.refresh_from_db()
    dated.refresh_from_db()
    assert (undated.due_on, dated.due_on) == (date(2027, 3, 31), date(2026, 12, 24))
    assert undated.due_date_changes.get().reason == "The term ends."
    assert HistoryEntry.objects.count() - before == 3 + 2 + 1
    all_four[3].refresh_from_db()
    assert all_four[3].lead_officer is None


def test_what_is_left_alone_stays_and_supporters_can_be_replaced(officer, second_officer, strategy, all_four, now):
    third = make_person("officer", strategy.owner)
    assign_people(by=officer, at=now, commitment=all_four[0], lead=officer, supporting=[second_officer])
    assign_several(by=officer, at=now, strategy=strategy, commitments=all_four[:1], assignment=Assignment(supporting=(third,)))  # fmt: skip
    all_four[0].refresh_from_db()
    assert all_four[0].lead_officer == officer
    assert set(all_four[0].supporting_officers.all()) == {second_officer, third}
    instead = Assignment(supporting=(third,), replaces_supporting=True)
    assign_several(by=officer, at=now, strategy=strategy, commitments=all_four[:1], assignment=instead)
    assert set(all_four[0].supporting_officers.all()) == {third}
    assert assign_several(by=officer, at=now, strategy=strategy, commitments=all_four[:1], assignment=instead) == []


def test_all_or_none_and_the_sentence_names_the_commitment(officer, strategy, all_four, charity, now):
    add_delivery_partner(by=officer, at=now, commitment=all_four[1], organisation=charity, started_on=date(2025, 1, 6))
    set_partners(by=officer, at=now, commitment=all_four[1], partners=[])
    back = Assignment(changes_lead=True, lead=officer, partners=(NewPartner(charity, "delivers"),))
    with pytest.raises(Invalid, match=r"^1\.2: .*Enter the day it started again"):
        assign_several(by=officer, at=now, strategy=strategy, commitments=all_four, assignment=back)
    assert not strategy.commitments.exclude(lead_officer=None).exists()


def test_only_officers_of_the_council_and_administrators(partner, strategy, all_four, now):
    elsewhere = make_person("officer", make_organisation("Another Council", "public_body"))
    for person in (partner, elsewhere):
        with pytest.raises(NotAllowed):
            assign_several(
                by=person, at=now, strategy=strategy, commitments=all_four, assignment=Assignment(changes_lead=True, lead=elsewhere)
            )  # fmt: skip
    assert not strategy.commitments.exclude(lead_officer=None).exists()


def test_commitments_of_another_strategy_are_left_alone(officer, council, strategy, all_four, now):
    other = make_strategy(council, slug="another-strategy").commitments.in_order()[0]
    assignment = Assignment(changes_lead=True, lead=officer)
    changes = assign_several(
        by=officer, at=now, strategy=strategy, commitments=[all_four[0], other], assignment=assignment
    )
    assert [change.commitment for change in changes] == [all_four[0]]
    other.refresh_from_db()
    assert other.lead_officer is None


def test_nothing_chosen_is_said_beside_what_is_missing(signed_in, officer, strategy):
    client, address = signed_in(officer), f"/strategies/{strategy.slug}/assign/"
    answer = client.post(address, {})
    assert answer.status_code == 422
    assert "Choose at least one commitment." in text_of(answer)
    answer = client.post(address, {"commitments": ["thing-1-1"]})
    assert "Choose a person, an organisation or a due date" in text_of(answer)
    answer = client.post(address, {"commitments": ["thing-1-1"], "due_on": "31 March 2027"})
    assert "Say why the actions get this due date." in text_of(answer)


def test_before_and_after_are_shown_and_then_saved(
    signed_in, officer, second_officer, strategy, all_four, charity, now
):
    assign_people(by=officer, at=now, commitment=all_four[0], lead=officer)
    client, address = signed_in(officer), f"/strategies/{strategy.slug}/assign/"
    assert address in text_of(client.get(f"/strategies/{strategy.slug}/commitments/"))
    ticked = text_of(client.get(f"{address}?without=lead"))
    assert len(re.findall(r'name="commitments"[^>]*checked', ticked)) == 3
    chosen = {
        "commitments": ["thing-1-1", "thing-1-2"], "lead": str(officer.pk), "partner": charity.slug,
        "partner_role": "advises", "partner_from": "5 January 2026", "supporting": [str(second_officer.pk)],
    }  # fmt: skip
    page = client.post(address, chosen)
    told = text_of(page)
    assert "Change 2 commitments?" in told
    assert '<strong>Olive Officer</strong><br><span class="app-meta">Now: Nobody</span>' in told
    assert "Rowan Trust, advises from 5 January 2026" in told
    all_four[1].refresh_from_db()
    assert all_four[1].lead_officer is None
    kept = {
        name: re.findall(rf'name="{name}" value="([^"]*)"', page.content.decode()) for name in (*chosen, "form_shown")
    }
    assert len(kept["commitments"]) == 2
    done = client.post(address, {**kept, "act": "assign"}, follow=True)
    assert "2 commitments have been changed." in text_of(done)
    all_four[1].refresh_from_db()
    assert all_four[1].lead_officer == officer
    again = client.post(address, {**kept, "act": "assign"}, follow=True)
    assert "All of this is already in place, so nothing was changed." in text_of(again), "the second click of two"


def test_a_delivery_partner_is_found_by_name_and_what_was_ticked_stays(signed_in, officer, strategy, all_four, charity):
    client, address = signed_in(officer), f"/strategies/{strategy.slug}/assign/"
    assert charity.name not in text_of(client.get(address))
    answer = client.post(address, {"commitments": ["thing-1-2"], "partner_search": "rowan", "find": "partner"})
    assert answer.status_code == 200
    assert f'value="{charity.slug}"' in answer.text
    assert len(re.findall(r'name="commitments"[^>]*checked', answer.text)) == 1
    assert "Choose a person, an organisation or a due date" not in answer.text


def test_somebody_else_s_change_since_is_not_overwritten(signed_in, officer, second_officer, strategy, all_four, now):
    client, address = signed_in(officer), f"/strategies/{strategy.slug}/assign/"
    chosen = {"commitments": ["thing-1-1", "thing-1-2"], "lead": str(officer.pk)}
    [shown] = re.findall(r'name="form_shown" value="([^"]*)"', client.post(address, chosen).content.decode())
    assign_people(by=second_officer, at=now, commitment=all_four[1], lead=second_officer)
    answer = client.post(address, {**chosen, "act": "assign", "form_shown": shown})
    assert answer.status_code == 409
    told = text_of(answer)
    assert "Oscar Officer has changed this since you opened it" in told
    assert "1.2, lead officer: it was “empty”, and is “Oscar Officer” now." in told
    assert "1.1, lead officer: it was" not in told
    all_four[0].refresh_from_db()
    assert all_four[0].lead_officer is None
    [shown] = re.findall(r'name="form_shown" value="([^"]*)"', answer.content.decode())
    client.post(address, {**chosen, "act": "assign", "form_shown": shown})
    all_four[1].refresh_from_db()
    assert all_four[1].lead_officer == officer, "seen, and then confirmed"


def test_my_tasks_lead_there_with_what_nobody_leads_ticked(signed_in, administrator, strategy):
    assert f"/strategies/{strategy.slug}/assign/?without=lead" in text_of(signed_in(administrator).get("/my-work/"))
