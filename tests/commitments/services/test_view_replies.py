"""The council replies beside an organisation's view: who may, when, who is told, and what readers see."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from commitments.models import HistoryEntry, Round, SectorView, ViewReply
from commitments.reading.partner_views import partner_views_of, views_to_reply_to
from commitments.services.commitment_people import assign_people
from commitments.services.delivery import set_partners
from commitments.services.partner_views import give_view, withdraw_view
from commitments.services.progress import change_status
from commitments.services.view_replies import reply_to_view, withdraw_reply
from partners.models import Mail, User
from partners.services.roles import add_person_with_role
from tests.factories import make_person, make_round
from tests.mail_server import plain_words_of, words_of
from vcsportal.common.words import Conflict, Refused

pytestmark = pytest.mark.django_db
WORDS = "The second van comes in May."


@pytest.fixture
def third_officer(council):
    return make_person("officer", council, name="Theo Officer")


@pytest.fixture
def delivered(officer, second_officer, commitment, charity, now):
    """1.1, which the officer leads and the second officer supports; the charity helps to deliver it."""
    set_partners(by=officer, at=now, commitment=commitment, partners=[(charity, "delivers")])
    assign_people(by=officer, at=now, commitment=commitment, lead=officer, supporting=[second_officer])
    at = now - timedelta(days=5)
    return change_status(by=officer, at=at, commitment=commitment, to="on_track", reason="It goes well.")


@pytest.fixture
def give(partner_lead, charity, delivered, open_round, now):
    def give(**changes):
        said = {
            "by": partner_lead, "at": now, "commitment": delivered, "round_": open_round, "organisation": charity,
            "status": "at_risk", "reason": "We lack drivers.", "differs": True, "version": None,
        }  # fmt: skip
        return give_view(**{**said, **changes})

    return give


@pytest.fixture
def reply(officer, now):
    def reply(view, **changes):
        said = {"by": officer, "at": now, "view": view, "text": WORDS, "view_version": view.version, "version": None}
        return reply_to_view(**{**said, **changes})

    return reply


def door(view) -> str:
    return reverse(
        "commitments:view-reply",
        args=[view.commitment.strategy.slug, view.commitment.key, view.organisation.slug],
    )


def differing(person=None) -> list[Mail]:
    found = Mail.objects.filter(kind="view_differs").order_by("id")
    return list(found.filter(person=person) if person else found)


def test_a_differing_view_is_emailed_to_the_lead_and_supporting_officers(give, officer, second_officer, third_officer):
    view = give()
    assert {mail.person for mail in differing()} == {officer, second_officer}
    [mail] = differing(officer)
    assert mail.subject == "Rowan Trust sees 1.1 differently: at risk"
    for words in (
        "At risk",
        "> We lack drivers.\n",
        "The council’s status\n\nOn track",
        f"http://127.0.0.1:8000{door(view)}",
    ):
        assert words in mail.text, words
    assert words_of(mail.html) == plain_words_of(mail.text)


def test_a_view_that_agrees_sends_nothing_to_officers_and_makes_no_task(give, officer):
    give(differs=False)
    assert differing() == []
    assert views_to_reply_to(officer) == []


def test_whoever_owes_the_update_is_told_too(give, third_officer, delivered, open_round):
    delivered.updates.create(round=open_round, state="expected", owed_by=third_officer)
    give()
    assert len(differing(third_officer)) == 1


def test_somebody_who_no_longer_takes_part_is_not_told(give, officer, second_officer):
    User.objects.filter(pk=officer.pk).update(is_active=False)
    give()
    assert {mail.person for mail in differing()} == {second_officer}


def test_a_view_that_is_changed_three_times_in_a_day_is_emailed_once(give, officer, now):
    view = give()
    view = give(version=view.version, reason="We lack two drivers.")
    assert len(differing(officer)) == 1
    give(version=view.version, reason="We lack three drivers.", at=now + timedelta(days=1))
    assert len(differing(officer)) == 2


def test_what_a_partner_writes_is_quoted_and_hides_no_link(give, officer, charity):
    charity.name = "Rowan\n[Trust](https://example.org)"
    charity.save()
    give(reason="# Sign in\n\n[here](https://example.org/now)")
    [mail] = differing(officer)
    assert "> # Sign in\n>\n> [here](https: //example[.]org/now)\n" in mail.text
    assert ">here</a>" not in mail.html
    assert ">Trust</a>" not in mail.html
    assert "Sign in</h" not in mail.html
    assert mail.subject == "Rowan [Trust](https: //example[.]org) sees 1.1 differently: at risk"


def test_the_task_of_the_lead_and_supporting_officers_goes_once_somebody_replied(
    give, reply, officer, second_officer, third_officer, signed_in
):
    view = give()
    for one in (officer, second_officer):
        assert views_to_reply_to(one) == [view]
        page = signed_in(one).get("/my-work/").text
        assert "Reply to Rowan Trust’s view of 1.1" in page
        assert "You have nothing to do" not in page
    assert views_to_reply_to(third_officer) == []
    reply(view, by=second_officer)
    assert views_to_reply_to(officer) == []
    assert "Reply to Rowan Trust’s view" not in signed_in(officer).get("/my-work/").text


def test_the_task_comes_back_when_the_view_is_changed_or_the_reply_withdrawn(give, reply, officer, now):
    view = give()
    made = reply(view)
    withdraw_reply(by=officer, at=now, reply=made)
    assert views_to_reply_to(officer) == [view]
    made = reply(view, version=made.version + 1)
    assert views_to_reply_to(officer) == []
    give(version=view.version, reason="We still lack drivers.")
    assert views_to_reply_to(officer) == [view]


def test_the_task_goes_with_the_view_the_difference_or_the_round(give, officer, partner_lead, open_round, now):
    view = give()
    view = give(version=view.version, differs=False)
    assert views_to_reply_to(officer) == []
    view = give(version=view.version)
    assert views_to_reply_to(officer) == [view]
    Round.objects.filter(pk=open_round.pk).update(state="in_review")
    assert views_to_reply_to(officer) == [view]
    Round.objects.filter(pk=open_round.pk).update(state="closed", closings=1)
    assert views_to_reply_to(officer) == []
    Round.objects.filter(pk=open_round.pk).update(state="open")
    withdraw_view(by=partner_lead, at=now, view=view)
    assert views_to_reply_to(officer) == []


def test_a_reply_is_kept_and_the_partner_is_told(give, reply, officer, partner_lead, now):
    view = give()
    made = reply(view, text="The second van\ncomes in May.")
    assert (made.version, made.view_version, made.written_by, made.written_at) == (1, 1, officer, now)
    entry = HistoryEntry.objects.get(act="view_reply")
    assert (entry.by, entry.reason, entry.round) == (officer, "The second van\ncomes in May.", view.round)
    [mail] = Mail.objects.filter(kind="view_replied")
    assert mail.person == partner_lead
    assert mail.subject == "The council replied to the view of Rowan Trust on 1.1"
    assert "> The second van" in mail.text
    assert "Olive" not in mail.text, "the council replies, and not a person"
    assert words_of(mail.html) == plain_words_of(mail.text)


def test_the_second_click_of_two_writes_once(give, reply):
    view = give()
    assert reply(view).version == reply(view).version == 1
    assert Mail.objects.filter(kind="view_replied").count() == 1


def test_whoever_no_longer_speaks_for_the_organisation_is_not_told(give, reply, partner_lead, now):
    view = give()
    partner_lead.role_grants.update(ended_at=now, ended_by=partner_lead)
    reply(view)
    assert not Mail.objects.filter(kind="view_replied").exists()


@pytest.mark.parametrize("who", ["partner", "partner_lead", "outsider", "administrator", "steering_member", "nobody"])
def test_only_council_officers_reply(request, give, reply, signed_in, who, officer, now):
    view, person = give(), request.getfixturevalue(who)
    with pytest.raises(Refused, match="Only a council officer can reply"):
        reply(view, by=person)
    assert signed_in(person).get(door(view)).status_code == 403
    made = reply(view)
    with pytest.raises(Refused, match="Only a council officer can reply"):
        withdraw_reply(by=person, at=now, reply=made)


def test_an_officer_who_does_not_lead_it_may_reply_as_they_may_update(give, reply, third_officer):
    assert reply(give(), by=third_officer).written_by == third_officer


def test_a_view_that_changed_or_was_withdrawn_meanwhile_is_read_first(give, reply, partner_lead, now):
    view = give()
    newer = give(version=view.version, reason="We have drivers now.")
    with pytest.raises(Conflict, match="changed or withdrawn while you were writing"):
        reply(view, view_version=1)
    withdraw_view(by=partner_lead, at=now, view=newer)
    with pytest.raises(Conflict, match="changed or withdrawn while you were writing"):
        reply(view, view_version=3)


def test_two_officers_at_once_lose_nothing(give, reply, second_officer):
    view = give()
    reply(view)
    with pytest.raises(Conflict, match="Olive Officer has changed this reply"):
        reply(view, by=second_officer, text="Another answer.")
    assert ViewReply.objects.get().text == WORDS


def test_an_old_withdrawal_does_not_take_back_a_newer_reply(give, reply, officer, now):
    view = give()
    old = reply(view)
    reply(view, version=1, text="The third van, too.")
    with pytest.raises(Conflict, match="has been changed since"):
        withdraw_reply(by=officer, at=now, reply=old)


def test_no_words_and_too_many_are_refused(give, reply):
    view = give()
    with pytest.raises(Refused, match="Enter a reply"):
        reply(view, text=" \n ")
    with pytest.raises(Refused, match=r"1,000 characters or fewer\. You have used 1,001"):
        reply(view, text="x" * 1001)


def test_a_round_in_review_takes_replies_and_a_closed_one_none(give, reply, officer, open_round, now, signed_in):
    view = give()
    Round.objects.filter(pk=open_round.pk).update(state="in_review")
    made = reply(view)
    Round.objects.filter(pk=open_round.pk).update(state="closed", closings=1)
    for write in (lambda: reply(view, version=1, text="More."), lambda: withdraw_reply(by=officer, at=now, reply=made)):
        with pytest.raises(Refused, match="is closed, so its views and replies can no longer"):
            write()
    page = signed_in(officer).get(door(view)).text
    assert "is closed, so its views and replies can no longer be changed" in page
    assert WORDS in page


def test_everybody_reads_it_beside_the_view_and_only_officers_find_the_way_to_it(
    give, reply, client, officer, signed_in
):
    view = give()
    reply(view)
    page = client.get(view.commitment.get_absolute_url()).text
    assert "The council’s reply" in page
    assert WORDS in page
    assert "Olive Officer replied" not in page
    assert door(view) not in page
    assert door(view) in signed_in(officer).get(view.commitment.get_absolute_url()).text


def test_a_reply_from_before_the_view_was_changed_says_so(give, reply, client):
    view = give()
    reply(view)
    assert not partner_views_of(view.commitment)[0].reply_is_older
    give(version=view.version, reason="We have drivers now.")
    assert partner_views_of(view.commitment)[0].reply_is_older
    assert "before Rowan Trust changed its view" in client.get(view.commitment.get_absolute_url()).text
    answer = client.get("/api/v1/strategies/our-strategy/commitments/thing-1-1/").json()["sector_views"][0]
    assert (answer["reply"], answer["reply_is_older"]) == (WORDS, True)


def test_a_withdrawn_reply_is_shown_nowhere(give, reply, officer, client, now):
    view = give()
    withdraw_reply(by=officer, at=now, reply=reply(view))
    assert WORDS not in client.get(view.commitment.get_absolute_url()).text
    answer = client.get("/api/v1/strategies/our-strategy/commitments/thing-1-1/").json()["sector_views"][0]
    assert (answer["reply"], answer["replied_at"], answer["reply_is_older"]) == ("", None, False)
    assert HistoryEntry.objects.get(act="reply_withdrawn").reason == WORDS


def test_the_api_says_when_it_was_written(give, reply, client, now):
    reply(give())
    answer = client.get("/api/v1/strategies/our-strategy/commitments/thing-1-1/").json()["sector_views"][0]
    assert (answer["reply"], answer["reply_is_older"]) == (WORDS, False)
    assert answer["replied_at"][:10] == now.astimezone(timezone.get_current_timezone()).date().isoformat()


def test_writing_changing_and_withdrawing_it_on_the_page(give, officer, signed_in):
    view, browser = give(), signed_in(officer)
    page = browser.get(door(view))
    assert "We lack drivers." in page.text
    wrong = browser.post(door(view), {"text": "", "view_version": 1})
    assert (wrong.status_code, "Enter a reply." in wrong.text) == (422, True)
    done = browser.post(door(view), {"text": WORDS, "view_version": 1, "act": "send"}, follow=True)
    assert "Your reply to Rowan Trust is published next to its view." in done.text
    browser.post(door(view), {"text": "Changed.", "view_version": 1, "version": 1, "act": "send"})
    assert ViewReply.objects.get().text == "Changed."
    gone = browser.post(door(view), {"act": "withdraw"}, follow=True)
    assert "The reply has been withdrawn." in gone.text
    again = browser.get(door(view))
    assert 'name="version" value="3"' in again.text
    browser.post(door(view), {"text": WORDS, "view_version": 1, "version": 3, "act": "send"})
    assert ViewReply.objects.get().withdrawn_at is None


def test_what_was_typed_is_kept_when_the_view_changes_meanwhile(give, officer, signed_in):
    view = give()
    give(version=view.version, reason="We have drivers now.")
    answer = signed_in(officer).post(door(view), {"text": WORDS, "view_version": 1})
    assert answer.status_code == 409
    assert WORDS in answer.text
    assert "We have drivers now." in answer.text
    assert 'name="view_version" value="2"' in answer.text


def test_there_is_no_page_for_a_view_that_is_not_there(
    give, officer, outsider, partner_lead, other_charity, signed_in, now
):
    view = give()
    assert signed_in(officer).get(door(view).replace("rowan-trust", other_charity.slug)).status_code == 404
    withdraw_view(by=partner_lead, at=now, view=view)
    assert signed_in(officer).get(door(view)).status_code == 404


def test_the_newest_round_s_view_is_the_one_replied_to(give, officer, strategy, signed_in):
    old = give()
    before = make_round(strategy, years_ago=1)
    SectorView.objects.filter(pk=old.pk).update(round=before, reason="Last year’s words.")
    give()
    page = signed_in(officer).get(door(old)).text
    assert "We lack drivers." in page
    assert "Last year’s words." not in page


def test_a_lead_of_one_organisation_does_not_speak_for_another_to_which_they_contribute(
    give, partner_lead, delivered, officer, other_charity, now
):
    set_partners(by=officer, at=now, commitment=delivered, partners=[(other_charity, "delivers")])
    add_person_with_role(
        by=None, at=now, email=partner_lead.email, name="", role="partner_contributor", organisation=other_charity
    )
    both = User.objects.get(pk=partner_lead.pk)
    with pytest.raises(Refused, match=r"Only a lead of Willow Circle can give its view\."):
        give(by=both, organisation=other_charity)
