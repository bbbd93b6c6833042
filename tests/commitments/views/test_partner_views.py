"""Two voices: who may speak for the sector, when, in which words; and how both are shown side by side."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from commitments.content.updates import UpdateContent
from commitments.models import Contribution, HistoryEntry, RoundTask, SectorView, TimeTaken, WorkingCopy
from commitments.reading.pages import changed_lately
from commitments.reading.partner_views import PartnerView, findings
from commitments.services.delivery import set_partners
from commitments.services.partner_views import give_view, withdraw_view
from commitments.services.progress import change_status
from commitments.services.working_copies import opened
from partners.models import Mail
from partners.services.roles import add_person_with_role
from tests.factories import make_evidence, make_person, make_round, publish_update
from vcsportal.common.words import Conflict, Refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def delivered(officer, commitment, charity, now):
    """1.1, which the charity helps to deliver and the council calls on track."""
    set_partners(by=officer, at=now, commitment=commitment, partners=[(charity, "delivers")])
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


def door(commitment, name="view"):
    return reverse(f"commitments:{name}", args=[commitment.strategy.slug, commitment.key])


def send(**changes):
    return {"status": "at_risk", "reason": "We lack drivers.", "differs": "yes", "act": "send", **changes}


def text_of(response) -> str:
    return response.content.decode()


def test_a_lead_gives_the_view_of_an_organisation_that_delivers(give, partner_lead, charity, open_round):
    Contribution.objects.create(round=open_round, organisation=charity, owed_by=partner_lead)
    view = give()
    assert (view.status, view.differs, view.version, view.said_by) == ("at_risk", True, 1, partner_lead)
    assert Contribution.objects.get().answer == "view"
    entry = HistoryEntry.objects.get(act="view")
    assert (entry.to_state, entry.reason, entry.round) == ("at_risk", "We lack drivers.", open_round)
    mail = Mail.objects.get(kind="view_receipt")
    assert mail.to == partner_lead.email
    for words in ("At risk", "We lack drivers.", "Yes, we see it differently.", "The council said: on track."):
        assert words in mail.text, words


@pytest.mark.parametrize(
    ("who", "sentence"),
    [
        ("partner", "Only a lead of an organisation that helps to deliver it"),
        ("outsider", "Only a lead of Rowan Trust can give its view."),
        ("officer", "Only a lead"),
        ("administrator", "Only a lead"),
        ("steering_member", "Only a lead"),
        ("nobody", "Only a lead"),
    ],
)
def test_nobody_else_speaks_for_it(request, give, who, sentence):
    with pytest.raises(Refused, match=sentence):
        give(by=request.getfixturevalue(who))
    assert not SectorView.objects.exists()


def test_an_organisation_that_does_not_deliver_it_has_no_view(give, outsider, other_charity):
    with pytest.raises(Refused, match="Willow Circle is not one of the organisations that help to deliver"):
        give(by=outsider, organisation=other_charity)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"reason": "  "}, "Say why you see it this way"),
        ({"reason": "x" * 1001}, "1,000 is the limit"),
        ({"status": ""}, "Choose one of the status words"),
        ({"status": "brilliant"}, "Choose one of the status words"),
        ({"status": "embedded"}, "ongoing commitments"),
    ],
)
def test_a_view_has_one_of_the_words_and_a_reason(give, changes, sentence):
    with pytest.raises(Refused, match=sentence):
        give(**changes)


def test_it_is_taken_only_while_the_round_takes_updates(give, open_round, strategy, now):
    with pytest.raises(Refused, match="so you can’t send one today"):
        give(at=now + timedelta(days=58))
    closed = make_round(strategy, years_ago=1)
    with pytest.raises(Refused, match="so you can’t send one today"):
        give(round_=closed)
    view = give()
    with pytest.raises(Refused, match="so you can’t send one today"):
        withdraw_view(by=view.said_by, at=now + timedelta(days=58), view=view)


def test_the_councils_own_word_does_not_bind_the_sectors(give, officer, delivered, now):
    change_status(by=officer, at=now, commitment=delivered, to="complete", reason="All done.")
    assert give(status="not_started").status == "not_started"


def test_a_colleague_who_comes_second_is_told(give, charity):
    give()
    with pytest.raises(Conflict, match="Lee Lead has changed this view"):
        give(by=make_person("partner_lead", charity), reason="Ours")
    assert give(reason="Better now.", version=1, differs=False).version == 2


def test_a_view_that_is_withdrawn_is_shown_nowhere_and_can_be_given_again(give, partner_lead, delivered, client, now):
    view = give(at=now - timedelta(minutes=5))
    assert "We lack drivers." in text_of(client.get(delivered.get_absolute_url()))
    withdraw_view(by=partner_lead, at=now, view=view)
    page = text_of(client.get(delivered.get_absolute_url()))
    assert "We lack drivers." not in page
    assert "withdrawn since" in page
    assert "withdrawn since" in changed_lately(delivered.strategy, str)[0].text
    view.refresh_from_db()
    assert withdraw_view(by=partner_lead, at=now, view=view).version == view.version
    assert give(version=view.version).withdrawn_at is None
    assert "We lack drivers." in text_of(client.get(delivered.get_absolute_url()))


def test_both_voices_stand_side_by_side_and_a_disagreement_is_a_finding(give, delivered, client):
    give()
    response = client.get(delivered.get_absolute_url())
    text = text_of(response)
    assert response.context["findings"] == ["Rowan Trust sees it differently: at risk, not on track."]
    voices = text[text.index('id="voices"') :]
    assert voices.index("The council") < voices.index("On track") < voices.index("The sector") < voices.index("At risk")
    assert "Lee Lead" not in text, "an organisation speaks, and not a person"
    assert "The sector’s view for" in text


def test_the_views_of_an_earlier_year_stay_with_their_year(give, delivered, strategy, officer, client, now, open_round):
    before = make_round(strategy, years_ago=1)
    old = give(reason="Last year’s words.")
    SectorView.objects.filter(pk=old.pk).update(round=before)
    give()
    type(delivered).objects.filter(pk=delivered.pk).update(status_at=now - timedelta(days=366))
    publish_update(
        by=officer,
        at=now - timedelta(days=365),
        commitment=delivered,
        round_=before,
        content=UpdateContent("on_track", "Good"),
    )
    response = client.get(delivered.get_absolute_url())
    assert [voice.reason for voice in response.context["voices"]] == ["We lack drivers."]
    assert "Last year’s words." in text_of(response)


@pytest.mark.parametrize(
    ("status", "differs", "council", "sentence"),
    [
        ("at_risk", True, "on_track", "A sees it differently: at risk, not on track."),
        ("at_risk", True, "at_risk", "A uses the same word, at risk, but sees it differently."),
        ("at_risk", False, "at_risk", "A agrees: at risk."),
        ("complete", False, "on_track", "A says complete where the council says on track, and broadly agrees."),
        ("delayed", False, "", "A says delayed; the council has not given a status yet."),
    ],
)
def test_what_two_voices_amount_to(status, differs, council, sentence):
    assert findings([PartnerView("A", status, "x", differs)], council) == [sentence]


def test_those_who_say_the_same_are_named_together_disagreement_first():
    voices = [
        PartnerView("A", "on_track", "x", False),
        PartnerView("B", "delayed", "x", True),
        PartnerView("C", "delayed", "y", True),
    ]
    assert findings(voices, "on_track") == ["B and C see it differently: delayed, not on track.", "A agrees: on track."]


def test_the_form_shows_the_councils_words_beside_it(signed_in, partner_lead, delivered, open_round):
    text = text_of(signed_in(partner_lead).get(door(delivered)))
    assert f"How does Rowan Trust see it in {open_round.slug}?" in text
    assert "It goes well." in text
    assert "Give the view of Rowan Trust" in text_of(signed_in(partner_lead).get(delivered.get_absolute_url()))


def test_a_view_is_given_in_one_step_and_its_time_is_noted(signed_in, partner_lead, delivered, now, open_round):
    token = opened(now - timedelta(seconds=70))
    response = signed_in(partner_lead).post(door(delivered), send(opened=token), follow=True)
    assert "The view of Rowan Trust is shown next to the council’s status." in text_of(response)
    assert SectorView.objects.get().differs
    assert TimeTaken.objects.get().form == "view"


@pytest.mark.parametrize(
    ("answer", "status", "differs"),
    [("", "at_risk", True), ("", "on_track", False), ("no", "at_risk", False), ("yes", "on_track", True)],
)
def test_the_words_suggest_whether_it_differs_and_the_partner_decides(
    signed_in, partner_lead, delivered, open_round, answer, status, differs
):
    signed_in(partner_lead).post(door(delivered), send(differs=answer, status=status))
    assert SectorView.objects.get().differs is differs


def test_what_is_wrong_is_said_and_what_was_typed_is_kept(signed_in, partner_lead, delivered, open_round):
    response = signed_in(partner_lead).post(door(delivered), send(status="", reason="Half a thought"))
    assert response.status_code == 422
    assert "Choose how you see the commitment." in text_of(response)
    assert "Half a thought" in text_of(response)


def test_two_leads_at_once_see_both_versions_and_nothing_is_lost(signed_in, give, partner_lead, charity, delivered):
    other = signed_in(make_person("partner_lead", charity, name="Lou Lead"))
    give()
    response = other.post(door(delivered), send(reason="Ours is another view."))
    text = text_of(response)
    assert response.status_code == 409
    assert "What Lee Lead wrote on" in text
    assert "We lack drivers." in text
    assert "Ours is another view." in text
    assert 'name="version" value="1"' in text
    other.post(door(delivered), send(reason="Ours is another view.", version="1"))
    assert SectorView.objects.get().reason == "Ours is another view."


def test_a_double_click_gives_one_view(signed_in, partner_lead, delivered, open_round):
    browser = signed_in(partner_lead)
    for _ in range(2):
        assert browser.post(door(delivered), send()).status_code == 302
    assert SectorView.objects.get().version == 1


def test_it_is_kept_as_it_is_typed(signed_in, partner_lead, delivered, open_round):
    browser = signed_in(partner_lead)
    assert browser.post(door(delivered), send(act="keep", reason="Half a tho")).status_code == 204
    assert WorkingCopy.objects.get().person == partner_lead
    text = text_of(browser.get(door(delivered)))
    assert "Half a tho" in text
    assert "It is not sent yet." in text
    browser.post(door(delivered), send())
    assert not WorkingCopy.objects.exists()


def test_where_no_round_is_open_the_next_one_is_named(signed_in, partner_lead, delivered, open_round):
    open_round.state, open_round.closings = "closed", 1
    open_round.save()
    browser = signed_in(partner_lead)
    assert "No round is accepting views today." in text_of(browser.get(door(delivered)))
    response = browser.post(door(delivered), send())
    assert response.status_code == 409
    assert "so you can’t send one today." in text_of(response)


def test_a_lead_of_two_organisations_chooses_for_which_to_speak(
    signed_in, partner_lead, other_charity, charity, delivered, officer, open_round, now
):
    set_partners(by=officer, at=now, commitment=delivered, partners=[(charity, "delivers"), (other_charity, "advises")])
    add_person_with_role(
        by=None, at=now, email=partner_lead.email, name="Lee Lead", role="partner_lead", organisation=other_charity
    )
    browser = signed_in(partner_lead)
    assert "You can also speak for" in text_of(browser.get(door(delivered)))
    browser.post(door(delivered) + "?organisation=willow-circle", send(organisation="willow-circle"))
    assert SectorView.objects.get().organisation == other_charity
    assert browser.get(door(delivered) + "?organisation=oxfordshire-county-council").status_code == 404


def test_a_view_is_withdrawn_after_a_page_that_says_what_that_means(signed_in, give, partner_lead, delivered):
    give()
    browser = signed_in(partner_lead)
    assert "later reports will not include it" in text_of(browser.get(door(delivered, "view-withdraw")))
    response = browser.post(door(delivered, "view-withdraw"), follow=True)
    assert "The view of Rowan Trust has been withdrawn." in text_of(response)
    assert browser.get(door(delivered, "view-withdraw")).status_code == 404
    assert timezone.localdate(SectorView.objects.get().withdrawn_at) == timezone.localdate()


def test_the_api_says_both_voices_and_drops_what_was_withdrawn(give, client, delivered, partner_lead, now):
    view = give(at=now - timedelta(minutes=1))
    address = f"/api/v1/strategies/{delivered.strategy.slug}/commitments/thing-1-1/"
    [said] = client.get(address).json()["sector_views"]
    assert (said["organisation"]["name"], said["status"]["code"], said["differs"]) == ("Rowan Trust", "at_risk", True)
    assert said["reason"] == "We lack drivers."
    withdraw_view(by=partner_lead, at=now, view=view)
    assert client.get(address).json()["sector_views"] == []


def test_whose_only_answer_is_withdrawn_is_asked_again(give, partner_lead, charity, open_round, now):
    Contribution.objects.create(round=open_round, organisation=charity, owed_by=partner_lead)
    view = give()
    withdraw_view(by=partner_lead, at=now, view=view)
    asked = Contribution.objects.get()
    assert (asked.answer, asked.answered_at, asked.answered_by) == ("", None, None)
    assert RoundTask.objects.filter(person=partner_lead, round=open_round).exists()


def test_who_sent_evidence_too_has_answered_all_the_same(give, partner_lead, charity, delivered, open_round, now):
    Contribution.objects.create(round=open_round, organisation=charity, owed_by=partner_lead)
    view = give()
    make_evidence(partner_lead, delivered, state="submitted")
    withdraw_view(by=partner_lead, at=now, view=view)
    assert Contribution.objects.get().answer == "evidence"
