"""Organisations are found by part of their name: for an action, an invitation, who came to a meeting, and evidence."""

from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from commitments.content.engagement import EngagementPlan
from commitments.models import Action, Evidence
from commitments.services.engagement import plan_engagement
from partners.models import Invitation
from tests.factories import make_evidence, make_organisation

pytestmark = pytest.mark.django_db


@pytest.fixture
def choirs() -> None:
    for number in range(30):
        make_organisation(f"Choir {number:02}")


def text_of(answer) -> str:
    return " ".join(unescape(answer.content.decode()).split())


def test_the_owner_of_an_action_is_found_then_chosen_and_can_be_changed(signed_in, officer, commitment, choirs):
    browser = signed_in(officer)
    address = reverse("commitments:action-new", args=[commitment.strategy.slug, commitment.key])
    assert "Choir" not in text_of(browser.get(address))
    typed = {"title": "Sing", "due_on": "31 March 2030", "owner_organisation_search": "choir"}
    page = browser.post(address, {**typed, "find": "owner_organisation"})
    assert page.status_code == 200
    assert "More than 20 were found." in text_of(page)
    assert 'value="31 March 2030"' in text_of(page), "nothing that was typed is lost"
    assert not Action.objects.exists()
    page = browser.post(address, typed)
    assert page.status_code == 422
    assert "Choose one of the organisations that were found, or clear the search box." in text_of(page)
    assert browser.post(address, {**typed, "owner_organisation": "choir-07"}).status_code == 302
    action = Action.objects.get()
    assert str(action.owner_organisation) == "Choir 07"
    address = reverse("commitments:action-edit", args=[commitment.strategy.slug, commitment.key, action.pk])
    page = browser.get(address)
    assert 'value="choir-07"' in text_of(page)
    sent = {"title": "Sing", "version": str(action.version), "owner_organisation": "choir-07"}
    page = browser.post(address, {**sent, "owner_organisation_search": "choir 08", "find": "owner_organisation"})
    assert page.context["form"]["owner_organisation"].value() == "choir-07", "it stays chosen until another is"
    assert 'value="choir-08"' in text_of(page)
    assert browser.post(address, {**sent, "owner_organisation": ""}).status_code == 302
    action.refresh_from_db()
    assert action.owner_organisation is None


def test_the_organisation_of_an_invitation_is_found_then_chosen(signed_in, administrator, choirs):
    browser, address = signed_in(administrator), reverse("partners:invite")
    assert "Choir" not in text_of(browser.get(address))
    assert 'value="choir-03" checked' in " ".join(text_of(browser.get(f"{address}?organisation=choir-03")).split())
    typed = {"name": "Gale Guest", "email": "gale@example.org", "role": "partner_lead"}
    page = browser.post(address, {**typed, "organisation_search": "choir 1", "find": "organisation"})
    assert page.status_code == 200
    assert 'value="choir-11"' in text_of(page)
    assert 'value="Gale Guest"' in text_of(page)
    assert not Invitation.objects.exists()
    page = browser.post(address, {**typed, "organisation_search": "<b>choir", "find": "organisation"})
    assert "No organisation has “&lt;b&gt;choir” in its name." in page.content.decode()
    assert browser.post(address, {**typed, "organisation": "choir-11"}).status_code == 302
    assert str(Invitation.objects.get().organisation) == "Choir 11"


def test_each_row_of_attendance_finds_its_own_organisation_and_more_rows_cost_no_more(
    signed_in, administrator, strategy, now, choirs
):
    plan = EngagementPlan("meeting", "Spring meeting", timezone.localdate(), place="Town hall")
    meeting = plan_engagement(by=administrator, at=now, group=None, strategy=strategy, plan=plan)
    browser, address = signed_in(administrator), f"{meeting.get_absolute_url()}attendance/"
    assert "Choir" not in text_of(browser.get(address))
    typed = {
        "organisation-0_search": "choir 02", "organisation-1_search": "choir 05", "post-2": "Town clerk",
        "rows": "3", "version": "0",
    }  # fmt: skip
    page = browser.post(address, {**typed, "find": "organisation-0"})
    assert page.status_code == 200
    fields = page.context["form"].fields
    assert [name for _slug, name in fields["organisation-0"].choices][:2] == ["No organisation", "Choir 02"]
    assert [slug for slug, _name in fields["organisation-1"].choices] == ["", "choir-05"]
    assert [slug for slug, _name in fields["organisation-2"].choices] == [""]
    assert not meeting.attendance.exists()
    assert browser.post(address, {**typed, "act": "save"}).status_code == 422
    chosen = {**typed, "organisation-0": "choir-29", "organisation-1": "choir-05", "act": "save"}
    assert browser.post(address, chosen).status_code == 302
    rows = meeting.attendance.order_by("id").values_list("organisation__slug", "post")
    assert list(rows) == [("choir-29", ""), ("choir-05", ""), (None, "Town clerk")]
    queries = []
    for words in (1, 12):
        many = {f"organisation-{row}_search": f"choir {row:02}" for row in range(words)}
        with CaptureQueriesContext(connection) as captured:
            browser.post(address, {**many, "rows": str(words), "find": "organisation-0"})
        queries.append(len(captured))
    assert queries[0] == queries[1] <= 12


@pytest.fixture
def published(commitment, partner, outsider, officer):
    """An item of evidence of the charity and one of another, both published."""
    for person in (partner, outsider):
        make_evidence(person, commitment, title=person.organisations[0].name)
    Evidence.objects.update(state="accepted", accepted_at=timezone.now(), accepted_by=officer, publishable=True)


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("rowan-trust", ["Rowan Trust"]),
        ("trust rowan", ["Rowan Trust"]),
        ("ROWAN TRUST", ["Rowan Trust"]),
        ("rowan willow", []),
        ("no such", []),
        ("", ["Rowan Trust", "Willow Circle"]),
    ],
)
def test_evidence_is_filtered_by_the_name_of_its_organisation(published, asked, found):
    page = Client().get(reverse("commitments:evidence-list"), {"organisation": asked})
    assert page.status_code == 200
    assert sorted(card["title"] for card in page.context["cards"]) == found


def test_a_full_name_means_that_organisation_alone(published, commitment, partner, officer):
    make_organisation("Rowan Trust North")
    Evidence.objects.filter(title="Willow Circle").update(organisation=make_organisation("Rowan Trust South"))
    for asked, count in (("Rowan Trust", 1), ("rowan-trust", 1), ("rowan tru", 2)):
        page = Client().get(reverse("commitments:evidence-list"), {"organisation": asked})
        assert len(page.context["cards"]) == count, asked


def test_a_link_by_slug_shows_the_name_as_a_filter_that_can_be_taken_off(published):
    page = Client().get(reverse("commitments:evidence-list"), {"organisation": "rowan-trust", "q": ""})
    [chip] = page.context["active"]
    assert (chip["label"], chip["url"]) == ("Rowan Trust", "?q=")
    assert page.context["filter_form"]["organisation"].value() == "Rowan Trust"
    assert "rowan-trust" not in text_of(page).split('class="app-filters"')[1].split("</form>")[0]
    typed = Client().get(reverse("commitments:evidence-list"), {"organisation": "rowan"})
    assert [chip["label"] for chip in typed.context["active"]] == ["“rowan”"]


@pytest.mark.parametrize("asked", ["x" * 201, "a\x00b"])
def test_a_name_that_cannot_be_one_is_refused(published, asked):
    assert Client().get(reverse("commitments:evidence-list"), {"organisation": asked}).status_code == 422
