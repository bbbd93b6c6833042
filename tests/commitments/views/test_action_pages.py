"""The pages of actions and of delivery partners: everybody reads, officers write, and nothing is assumed."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from commitments.models import Action, DeliveryPartner, HistoryEntry
from commitments.services.actions import Plan, drop_action, edit_action, move_action, plan_action
from commitments.services.delivery import add_delivery_partner, end_delivery_partner
from vcsportal.common.dates import in_words

pytestmark = pytest.mark.django_db


def url(commitment, name, *args):
    return reverse(f"commitments:{name}", args=[commitment.strategy.slug, commitment.key, *args])


def text_of(response):
    return response.content.decode()


@pytest.fixture
def today(now) -> date:
    return timezone.localdate(now)


@pytest.fixture
def action(officer, commitment, now, today) -> Action:
    plan = Plan("Find a hall", "5b", owner_person=officer, owner_team="Grants team")
    return plan_action(by=officer, at=now, commitment=commitment, plan=plan, due_on=today - timedelta(1))


def sent(action, **more):
    return {"version": action.version, **more}


def test_everybody_reads_an_action_and_only_those_who_take_part_read_names(
    client, signed_in, officer, partner, nobody, commitment, action, now, today
):
    plan_action(by=officer, at=now, commitment=commitment, plan=Plan("Ask the school", "i", action))
    move_action(by=officer, at=now, action=action, due_on=today + timedelta(9), reason="The roof leaks.")
    for name in ("actions", "action"):
        where = url(commitment, name, *([action.pk] if name == "action" else []))
        stranger = text_of(client.get(where))
        for words in ("Find a hall", "Grants team", "Ask the school", "The roof leaks.", "Due date moved from"):
            assert words in stranger
        assert officer.name not in stranger
        assert officer.name in text_of(signed_in(partner).get(where))
        assert officer.name not in text_of(signed_in(nobody).get(where))
    assert "Mark as done" not in text_of(client.get(url(commitment, "action", action.pk)))
    assert "History" not in text_of(client.get(url(commitment, "action", action.pk)))
    assert "Mark as done" in text_of(signed_in(officer).get(url(commitment, "action", action.pk)))


def test_a_part_has_a_page_that_leads_to_the_whole(client, officer, commitment, action, now):
    part = plan_action(by=officer, at=now, commitment=commitment, plan=Plan("Ask the school", parent=action))
    page = client.get(url(commitment, "action", part.pk))
    assert (page.context["action"].line.pk, page.context["parent"].pk) == (part.pk, action.pk)


def test_an_action_of_another_commitment_is_not_here(client, signed_in, officer, strategy, action):
    other = strategy.commitments.get(reference="1.2")
    assert client.get(url(other, "action", action.pk)).status_code == 404
    for name in ("action-edit", "action-move", "action-done", "action-drop", "action-reopen"):
        assert signed_in(officer).post(url(other, name, action.pk), {}).status_code == 404


def test_an_action_is_added_with_all_that_it_holds(signed_in, officer, charity, commitment, action):
    response = signed_in(officer).post(
        url(commitment, "action-new"),
        {
            "title": "Publish the list", "due_on": "31 March 2027", "reference": "i", "parent": action.pk,
            "owner_person": officer.pk, "owner_organisation": charity.slug, "owner_team": "Libraries",
        }, follow=True,
    )  # fmt: skip
    assert "The action has been saved." in text_of(response)
    made = Action.objects.get(title="Publish the list")
    assert (made.due_on, made.reference, made.parent, made.owner_person, made.owner_organisation, made.owner_team) == (
        date(2027, 3, 31), "i", action, officer, charity, "Libraries",
    )  # fmt: skip


def test_an_action_without_a_due_day_is_added(signed_in, officer, commitment):
    signed_in(officer).post(url(commitment, "action-new"), {"title": "Publish the list"})
    assert Action.objects.get().due_on is None


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"due_on": "31/3/2027"}, "Say what will be done."),
        ({"title": "x" * 201}, "Use 200 characters or fewer. You have used 201."),
        ({"title": "Publish the list", "due_on": "soon"}, "soon"),
        ({"title": "Publish the list", "owner_person": "0"}, "Choose a council officer from the list."),
        ({"title": "Publish the list", "owner_organisation": "0"}, "Choose one of the organisations that were found."),
        ({"title": "Publish the list", "parent": "0"}, "Choose an action from the list."),
        ({"title": "Publish the list", "reference": "5b"}, "Another action here has the reference 5b."),
    ],
)
def test_an_action_that_lacks_something_is_asked_for_again(signed_in, officer, commitment, action, data, sentence):
    response = signed_in(officer).post(url(commitment, "action-new"), data)
    assert response.status_code == 422
    assert sentence in text_of(response)
    assert "<title>Error: " in text_of(response)
    assert Action.objects.count() == 1


def test_only_officers_are_offered_as_owners(signed_in, officer, partner, commitment):
    form = signed_in(officer).get(url(commitment, "action-new")).context["form"]
    offered = set(form.fields["owner_person"].queryset)
    assert officer in offered
    assert partner not in offered
    assert "parent" not in form.fields, "there is no action yet that it could be a part of"


def test_done_on_is_asked_and_never_filled_in(signed_in, officer, commitment, action, today):
    browser, where = signed_in(officer), url(commitment, "action-done", action.pk)
    page = browser.get(where)
    assert page.context["form"]["done_on"].value() is None
    assert "Enter the date it was done." in text_of(browser.post(where, sent(action)))
    assert "in the future" in text_of(browser.post(where, sent(action, done_on=in_words(today + timedelta(1)))))
    assert Action.objects.get().done_on is None
    day = today - timedelta(3)
    response = browser.post(where, sent(action, done_on=in_words(day)), follow=True)
    assert "The action has been marked as done." in text_of(response)
    assert Action.objects.get().done_on == day
    assert f"Done on {in_words(day)}." in text_of(browser.get(url(commitment, "actions"))), (
        "in time, though ticked later"
    )


def test_a_second_click_finds_it_done(signed_in, officer, commitment, action):
    browser, where = signed_in(officer), url(commitment, "action-done", action.pk)
    for _click in range(2):
        assert browser.post(where, sent(action, done_on="today")).status_code == 302
    assert HistoryEntry.objects.filter(act="action").count() == 1


def test_a_due_day_moves_with_a_reason(signed_in, officer, commitment, action, today):
    browser, where = signed_in(officer), url(commitment, "action-move", action.pk)
    for data, sentence in (
        ({"due_on": "1 May 2027"}, "Say why the due date is changing."),
        ({"reason": "So"}, "Enter the new due date, or tick the box."),
        ({"due_on": "1 May 2027", "no_day": "on", "reason": "So"}, "Enter a date or tick the box, not both."),
        ({"due_on": in_words(action.due_on), "reason": "So"}, "It is already due on"),
    ):
        response = browser.post(where, sent(action, **data))
        assert (response.status_code, sentence in text_of(response)) == (422, True)
    browser.post(where, sent(action, due_on="1 May 2027", reason="The hall is closed."))
    action.refresh_from_db()
    assert action.due_on == date(2027, 5, 1)
    browser.post(where, sent(action, no_day="on", reason="Nobody knows."))
    action.refresh_from_db()
    assert action.due_on is None


def test_an_action_is_dropped_and_reopened_with_reasons(signed_in, officer, commitment, action):
    browser = signed_in(officer)
    where = url(commitment, "action-drop", action.pk)
    assert "Say why it is being dropped." in text_of(browser.post(where, sent(action, dropped_on="today")))
    assert "Enter the date this was decided." in text_of(browser.post(where, sent(action, reason="No money.")))
    browser.post(where, sent(action, dropped_on="today", reason="No money."))
    page = text_of(browser.get(url(commitment, "action", action.pk)))
    assert "No money." in page
    assert "Reopen this action" in page
    assert "Mark as done" not in page
    action.refresh_from_db()
    reopen = url(commitment, "action-reopen", action.pk)
    assert "Say why you are reopening it." in text_of(browser.post(reopen, sent(action)))
    browser.post(reopen, sent(action, reason="There is money."))
    action.refresh_from_db()
    assert action.is_open
    assert "There is money." not in text_of(browser.get(url(commitment, "actions"))), "the history keeps it"


def test_an_action_is_edited(signed_in, officer, commitment, action):
    browser, where = signed_in(officer), url(commitment, "action-edit", action.pk)
    form = browser.get(where).context["form"]
    assert "due_on" not in form.fields, "it is moved, with a reason"
    assert (form["title"].value(), form["owner_person"].value(), form["version"].value()) == (
        "Find a hall",
        officer.pk,
        0,
    )
    browser.post(where, sent(action, title="Find two halls"))
    action.refresh_from_db()
    assert (action.title, action.owner_person, action.reference) == ("Find two halls", None, "")


def test_an_edit_leaves_a_parent_that_cannot_be_chosen(signed_in, officer, commitment, action, now):
    plan_action(by=officer, at=now, commitment=commitment, plan=Plan("Part", parent=action))
    browser = signed_in(officer)
    assert "parent" not in browser.get(url(commitment, "action-edit", action.pk)).context["form"].fields
    browser.post(url(commitment, "action-edit", action.pk), sent(action, title="Find two halls"))
    assert Action.objects.get(pk=action.pk).title == "Find two halls"


def test_two_officers_who_edit_the_same_action_see_both_versions(
    signed_in, officer, second_officer, commitment, action, now
):
    browser, where = signed_in(officer), url(commitment, "action-edit", action.pk)
    edit_action(by=second_officer, at=now, action=action, plan=Plan("Find two halls", "5b"))
    response = browser.post(where, sent(action, title="Find three halls", reference="5b"))
    assert response.status_code == 409
    page = text_of(response)
    for words in (
        f"{second_officer.name} has changed this action",
        "Find two halls",
        "Find three halls",
        "Use mine",
        "Keep theirs",
    ):
        assert words in page
    assert Action.objects.get().title == "Find two halls"
    rows = {row["label"]: row["same"] for row in response.context["rows"]}
    assert (rows["What will be done"], rows["Reference"]) == (False, True)
    mine = dict(response.context["hidden"])
    assert "Find three halls" in text_of(browser.post(where, {**mine, "act": "change"})), "to be edited"
    assert browser.post(where, {**mine, "act": "save"}).status_code == 302
    assert Action.objects.get().title == "Find three halls"


def test_two_officers_who_finish_and_drop_the_same_action_see_both(
    signed_in, officer, second_officer, commitment, action, now, today
):
    browser = signed_in(officer)
    drop_action(by=second_officer, at=now, action=action, dropped_on=today, reason="No money.")
    response = browser.post(url(commitment, "action-done", action.pk), sent(action, done_on="today"))
    assert response.status_code == 409
    assert f"Dropped on {in_words(today)}." in text_of(response)
    assert "When was it done? today" in text_of(response)
    mine = dict(response.context["hidden"])
    again = browser.post(url(commitment, "action-done", action.pk), {**mine, "act": "save"})
    assert again.status_code == 409
    assert "Reopen it first." in text_of(again)


@pytest.mark.parametrize("who", ["partner_lead", "steering_member", "nobody"])
@pytest.mark.parametrize("name", ["action-edit", "action-move", "action-done", "action-drop", "action-reopen"])
def test_nobody_else_writes(request, signed_in, commitment, action, who, name):
    browser = signed_in(request.getfixturevalue(who))
    for response in (browser.get(url(commitment, name, action.pk)), browser.post(url(commitment, name, action.pk), {})):
        assert response.status_code == 403


def test_own_actions_are_among_ones_tasks(signed_in, officer, second_officer, action):
    page = signed_in(officer).get("/my-work/")
    assert [one["title"] for one in page.context["own_actions"]] == ["Find a hall"]
    assert "It was due on" in text_of(page)
    assert signed_in(second_officer).get("/my-work/").context["own_actions"] == []


# Delivery partners.


@pytest.fixture
def part(officer, commitment, charity, now) -> DeliveryPartner:
    return add_delivery_partner(
        by=officer, at=now, commitment=commitment, organisation=charity, started_on=date(2023, 5, 4)
    )


def test_a_page_of_a_commitment_says_who_delivered_earlier(client, officer, commitment, charity, part, now):
    page = text_of(client.get(url(commitment, "commitment")))
    assert "since May 2023" in page
    assert "Earlier delivery partners" not in page
    end_delivery_partner(by=officer, at=now, part=part, ended_on=date(2024, 4, 1))
    page = client.get(url(commitment, "commitment"))
    assert "Earlier delivery partners" in text_of(page)
    assert "delivered from May 2023 until March 2024" in text_of(page)
    assert page.context["partners"] == []
    organisation = text_of(client.get(charity.get_absolute_url()))
    assert "Helps to deliver" not in organisation
    assert "Commitments that it helped to deliver earlier" in organisation
    assert "delivered from May 2023 until March 2024" in organisation


def test_a_partner_ends_and_another_joins_with_their_days(signed_in, officer, commitment, charity, other_charity, part):
    browser, where = signed_in(officer), url(commitment, "delivery")
    form = browser.get(where).context["form"]
    assert form[f"part_{charity.pk}_from"].value() == "4 May 2023"
    name = f"part_{charity.pk}"
    browser.post(where, {
        name: "hosts", f"{name}_from": "5 May 2023", f"{name}_until": "1 April 2024",
        "new": other_charity.slug, "new_part": "funds", "new_from": "1/2/2024",
    })  # fmt: skip
    found = DeliveryPartner.objects.order_by("id").values_list("organisation", "role", "started_on", "ended_on")
    assert list(found) == [
        (charity.pk, "hosts", date(2023, 5, 5), date(2024, 4, 1)), (other_charity.pk, "funds", date(2024, 2, 1), None),
    ]  # fmt: skip
    page = browser.get(where)
    assert "until 1 April 2024" in text_of(page)
    assert charity in page.context["form"].fields["new"].queryset, "it may return"


def test_when_one_line_is_refused_nothing_is_written(signed_in, officer, commitment, charity, other_charity, part):
    name = f"part_{charity.pk}"
    response = signed_in(officer).post(url(commitment, "delivery"), {
        name: "hosts", f"{name}_from": "", "new": other_charity.slug, "new_from": "1 January 2090",
    })  # fmt: skip
    assert response.status_code == 422
    assert "is in the future" in text_of(response)
    part.refresh_from_db()
    assert (part.role, part.started_on) == ("delivers", date(2023, 5, 4))
