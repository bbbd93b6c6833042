"""A commitment's own page, its people, its partners and its actions."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from commitments.content.updates import UpdateContent
from commitments.services.actions import complete_action, plan_action
from commitments.services.commitment_people import assign_people
from commitments.services.delivery import set_partners
from commitments.services.progress import change_status, save_update
from tests.factories import make_evidence, make_person, make_round, publish_update

pytestmark = pytest.mark.django_db

DOORS = ["people", "delivery", "action-new"]


def url(commitment, name="commitment", *args):
    return reverse(f"commitments:{name}", args=[commitment.strategy.slug, commitment.key, *args])


def text_of(response) -> str:
    return response.content.decode()


def test_a_commitment_nobody_spoke_about_says_so(client, commitment):
    text = text_of(client.get(url(commitment)))
    assert commitment.wording in text
    assert "No update yet" in text
    assert "No update yet." in text
    assert "No evidence has been accepted for this commitment yet." in text
    assert "Nobody yet" in text
    assert "Made for a test." in text
    assert "Change status" not in text


def test_the_page_says_how_it_stands_why_and_who_said_so(client, officer, commitment, now):
    change_status(
        by=officer,
        at=now - timedelta(days=3),
        commitment=commitment,
        to="delayed",
        reason="No venue.",
        remedy="We ask the parish.",
    )
    text = text_of(client.get(url(commitment)))
    assert "No venue." in text
    assert "We ask the parish." in text
    assert "3 days ago, by Council officer, Oxfordshire County Council." in text
    assert "First status: Delayed" in text


def test_updates_stand_by_year_and_silent_years_are_named(client, officer, strategy, commitment, open_round, now):
    silent = make_round(strategy, years_ago=2)
    said = UpdateContent("at_risk", "No venue", "Ask around", "A **good** start", "Find a *hall*")
    publish_update(by=officer, at=now, commitment=commitment, round_=open_round, content=said, version=None)
    response = client.get(url(commitment))
    text = text_of(response)
    assert "A <strong>good</strong> start" in text
    assert "Find a <em>hall</em>" in text
    assert f"No update was received for {silent.slug}." in text
    years = response.context["years"]
    assert [(year.round, year.status.code) for year in years] == [(silent.slug, ""), (open_round.slug, "at_risk")]
    assert years[1].current
    assert f'id="round-{open_round.slug}"' in text


def test_a_draft_is_not_on_the_page(client, signed_in, officer, commitment, open_round, now):
    save_update(
        by=officer,
        at=now,
        commitment=commitment,
        round_=open_round,
        content=UpdateContent("", narrative="Half a word"),
        version=None,
    )
    assert "Half a word" not in text_of(client.get(url(commitment)))
    assert "Half a word" not in text_of(signed_in(officer).get(url(commitment)))


def test_only_accepted_evidence_that_may_be_published_is_shown(client, officer, partner, signed_in, commitment):
    make_evidence(partner, commitment, title="Seen by all", state="accepted", officer=officer)
    make_evidence(partner, commitment, title="Kept inside", state="accepted", officer=officer, publishable=False)
    make_evidence(partner, commitment, title="Still waiting", state="submitted")
    for who in (client, signed_in(officer), signed_in(partner)):
        text = text_of(who.get(url(commitment)))
        assert "Seen by all" in text
        assert "Kept inside" not in text
        assert "Still waiting" not in text


def test_the_first_pieces_are_shown_and_all_are_counted(client, officer, partner, commitment):
    for number in range(8):
        make_evidence(partner, commitment, title=f"Piece {number}", state="accepted", officer=officer)
    response = client.get(url(commitment))
    assert len(response.context["cards"]) == 6
    assert "See all 8 items of evidence" in text_of(response)
    assert "commitment=thing-1-1" in text_of(response)


def test_the_page_says_who_does_it_the_leading_partner_first(
    client, officer, second_officer, charity, other_charity, commitment, now
):
    assign_people(by=officer, at=now, commitment=commitment, lead=officer, supporting=[second_officer])
    set_partners(
        by=officer, at=now, commitment=commitment, partners=[(charity, "advises"), (other_charity, "leads_delivery")]
    )
    text = text_of(client.get(url(commitment)))
    assert (
        text.index("Leads the delivery")
        < text.index("Willow Circle")
        < text.index("Advises")
        < text.index("Rowan Trust")
    )
    assert "Supporting officers" in text


def test_an_action_is_planned_late_or_done(client, officer, commitment, now):
    today = timezone.localdate(now)
    plan_action(by=officer, at=now, commitment=commitment, title="Coming", due_on=today)
    plan_action(by=officer, at=now, commitment=commitment, title="Overdue", due_on=today - timedelta(days=1))
    done = plan_action(by=officer, at=now, commitment=commitment, title="Finished", due_on=today - timedelta(days=2))
    complete_action(by=officer, at=now, action=done, done_on=today)
    actions = client.get(url(commitment)).context["actions"]
    assert [(one.line.title, one.state.code) for one in actions] == [
        ("Finished", "done"),
        ("Overdue", "late"),
        ("Coming", "planned"),
    ]


@pytest.mark.parametrize(
    ("who", "update", "manage"),
    [
        ("officer", True, True),
        ("administrator", False, True),
        ("partner", False, False),
        ("steering_member", False, False),
    ],
)
def test_buttons_are_shown_to_those_who_may(request, signed_in, commitment, who, update, manage):
    text = text_of(signed_in(request.getfixturevalue(who)).get(url(commitment)))
    assert ("Change status" in text) is update
    assert ("Change people" in text) is manage
    assert ("Add an action" in text) is manage


@pytest.mark.parametrize("door", [*DOORS, "update", "status-change"])
def test_strangers_are_asked_to_sign_in(client, commitment, door):
    for response in (client.get(url(commitment, door)), client.post(url(commitment, door))):
        assert response.status_code == 302
        assert response.url.startswith("/account/login/")


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("who", ["partner", "steering_member", "nobody"])
def test_people_without_the_right_are_told_why_not(request, signed_in, commitment, who, door):
    browser = signed_in(request.getfixturevalue(who))
    for response in (browser.get(url(commitment, door)), browser.post(url(commitment, door))):
        assert response.status_code == 403
        assert "Only a council officer or an administrator can change a commitment’s people and actions." in text_of(
            response
        )


@pytest.mark.parametrize("door", [*DOORS, "update", "status-change", "commitment"])
def test_a_commitment_that_is_not_there_is_not_found(signed_in, officer, strategy, door):
    address = reverse(f"commitments:{door}", args=[strategy.slug, "9.9"])
    assert signed_in(officer).get(address).status_code == 404


def test_an_administrator_names_the_people(signed_in, administrator, officer, second_officer, commitment):
    browser = signed_in(administrator)
    assert "Oscar Officer" in text_of(browser.get(url(commitment, "people")))
    response = browser.post(
        url(commitment, "people"), {"lead": officer.pk, "supporting": [second_officer.pk]}, follow=True
    )
    assert "The people are saved." in text_of(response)
    commitment.refresh_from_db()
    assert commitment.lead_officer == officer
    assert list(commitment.supporting_officers.all()) == [second_officer]
    browser.post(url(commitment, "people"), {"lead": ""})
    commitment.refresh_from_db()
    assert commitment.lead_officer is None


@pytest.mark.parametrize("value", ["partner", "nobody", 0, "x", 10**30])
def test_only_council_officers_are_offered_as_lead(request, signed_in, officer, commitment, value):
    if value in {"partner", "nobody"}:
        value = request.getfixturevalue(value).pk
    response = signed_in(officer).post(url(commitment, "people"), {"lead": value, "supporting": [officer.pk]})
    assert response.status_code == 422
    assert "Choose a council officer from the list." in text_of(response)
    assert "checked" in text_of(response), "what was chosen is kept"


def test_partners_are_kept_changed_removed_and_added(
    signed_in, officer, charity, other_charity, council, commitment, now
):
    set_partners(by=officer, at=now, commitment=commitment, partners=[(charity, "delivers"), (other_charity, "funds")])
    browser = signed_in(officer)
    assert "Rowan Trust" in text_of(browser.get(url(commitment, "delivery")))
    response = browser.post(
        url(commitment, "delivery"),
        {
            f"part_{charity.pk}": "hosts",
            f"part_{other_charity.pk}": "funds",
            f"part_{other_charity.pk}_until": "today",
            "new": council.slug,
            "new_part": "funds",
        },
        follow=True,
    )
    assert "The delivery partners have been saved." in text_of(response)
    current = commitment.delivery_partners.current().select_related("organisation")
    parts = {part.organisation.name: part.role for part in current}
    assert parts == {"Rowan Trust": "hosts", "Oxfordshire County Council": "funds"}


@pytest.mark.parametrize("sent", [{"new": "0"}, {"new": "the-alliance"}, {"new_part": "owns"}])
def test_an_organisation_or_part_that_is_not_offered_is_refused(signed_in, officer, commitment, sent):
    response = signed_in(officer).post(url(commitment, "delivery"), sent)
    assert response.status_code == 422
    assert ("that were found." if "new" in sent else "from the list.") in text_of(response)


def test_a_search_finds_one_of_many_and_keeps_what_was_typed(
    signed_in, officer, charity, other_charity, commitment, now
):
    set_partners(by=officer, at=now, commitment=commitment, partners=[(charity, "delivers")])
    page = signed_in(officer).get(url(commitment, "delivery"))
    assert "Willow Circle" not in page.text
    typed = {f"part_{charity.pk}": "hosts", "new_search": "willow", "new_from": "1 May 2023", "find": "new"}
    response = signed_in(officer).post(url(commitment, "delivery"), typed)
    assert response.status_code == 200
    assert "Willow Circle" in response.text
    assert 'value="1 May 2023"' in response.text
    assert '<option value="hosts" selected>' in response.text
    assert commitment.delivery_partners.get().role == "delivers", "nothing is saved"


def test_a_name_that_was_typed_and_not_chosen_is_asked_for(signed_in, officer, commitment, other_charity):
    response = signed_in(officer).post(url(commitment, "delivery"), {"new_search": "willow"})
    assert response.status_code == 422
    assert "Choose one of the organisations that were found, or clear the search box." in text_of(response)


def test_an_officer_who_left_is_not_offered_again(signed_in, administrator, council, commitment):
    gone = make_person("officer", council, name="Gwen Gone")
    gone.role_grants.update(ended_at=timezone.now(), ended_by=administrator)
    assert "Gwen Gone" not in text_of(signed_in(administrator).get(url(commitment, "people")))
