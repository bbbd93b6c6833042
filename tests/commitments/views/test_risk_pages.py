"""Risks on pages: an officer records, assesses, confirms, changes and ends one, and the pages ask a fixed number of questions."""

import re
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from commitments.content.risks import AssessmentContent, RiskContent, RiskLeadContent
from commitments.models import Risk
from commitments.rules.risk_levels import LevelRange
from commitments.services.risk_assessments import assess_risk
from commitments.services.risks import record_risk
from tests.factories import make_organisation, make_round

pytestmark = pytest.mark.django_db
MOST_QUERIES = 12


def text_of(answer, status=200):
    assert answer.status_code == status, answer.content.decode()[:2000]
    main = answer.content.decode().split("<main", 1)[-1].split("</main>")[0]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", main)).split())


def hidden(answer):
    """The hidden fields of the form of a page, as a browser sends them back."""
    found = re.findall(r'<input type="hidden" name="([^"]+)"(?: value="([^"]*)")?', answer.content.decode())
    return {name: unescape(value) for name, value in found}


def send(browser, address, **typed):
    """Read the form, send it as a browser does, and follow to the page that comes next."""
    page = browser.get(address)
    assert page.status_code == 200
    return browser.post(address, {**hidden(page), **typed}, follow=True)


def test_an_officer_takes_a_risk_from_its_first_words_to_its_end(client, signed_in, officer, strategy, charity):
    browser, here = signed_in(officer), f"/strategies/{strategy.slug}/risks/"
    assert "Say what could go wrong." in text_of(send(browser, f"{here}new/", words=""), 422)
    typed = {"words": "The hall closes", "leads": f"{charity.name}\nThe trustees", "about": "commitment-thing-1-1"}
    shown = text_of(send(browser, f"{here}new/", **typed))
    risk = Risk.objects.get()
    one = f"{here}{risk.key}/"
    assert "The hall closes" in shown
    assert [lead.organisation for lead in risk.leads.order_by("place")] == [charity, None]
    assert "Choose one from the list." in text_of(send(browser, f"{one}assess/", impact="3", likelihood=""), 422)
    high = {"impact": "high", "likelihood": "low to medium", "condition": "provided that it is heated"}
    assert "Low to medium" in text_of(send(browser, f"{one}assess/", **high))
    send(browser, f"{one}assess/?replaces={risk.assessments.get().pk}", **{**high, "likelihood": "high"})
    assert [each.rose for each in risk.assessments.order_by("id")] == [(), ("likelihood",)]
    make_round(strategy)
    assert "The hall closes" in text_of(browser.get("/my-work/")), (
        "It was assessed before the round, so it is read again."
    )
    answer = browser.post(f"{one}confirm/", follow=True)
    assert answer.status_code == 200
    assert risk.reviews.count() == 1
    assert "The hall closes" not in text_of(browser.get("/my-work/"))
    earlier = hidden(browser.get(f"{one}edit/"))
    assert "The hall shuts" in text_of(send(browser, f"{one}edit/", **{**typed, "words": "The hall shuts"}))
    late = browser.post(f"{one}edit/", {**earlier, **typed, "words": "Something else"})
    assert late.status_code == 409
    assert "Something else" in late.content.decode(), "What was typed is not lost."
    ended = text_of(send(browser, f"{one}end/", reason="The hall was bought."))
    assert "The hall was bought." in ended or "The hall was bought." in text_of(client.get(one))
    assert "The hall shuts" in text_of(client.get(here)), "It stays in the register."


def test_my_tasks_lists_to_a_partner_the_risks_that_its_organisation_leads_on(
    signed_in, officer, partner_lead, charity, strategy, now
):
    others = make_organisation(name="Somebody Else")
    leads = {"The van breaks": charity, "The roof leaks": others, "The cook leaves": charity}
    for words, led_by in leads.items():
        content = RiskContent(words, leads=(RiskLeadContent(led_by),))
        assess_risk(
            by=officer, at=now, risk=record_risk(by=officer, at=now, strategy=strategy, content=content),
            content=AssessmentContent(impact=LevelRange(1, 1), likelihood=LevelRange(1, 2)),
        )  # fmt: skip
    browser = signed_in(partner_lead)
    assert "Risks to review" not in text_of(browser.get("/my-work/")), "no round is open"
    make_round(strategy)
    shown = text_of(browser.get("/my-work/"))
    assert shown.index("The van breaks") < shown.index("The cook leaves")
    assert f"Risk 3 of {strategy.title}" in shown
    assert "The roof leaks" not in shown
    first = Risk.objects.get(words="The van breaks")
    browser.post(f"/strategies/{strategy.slug}/risks/{first.key}/confirm/")
    assert "The van breaks" not in text_of(browser.get("/my-work/"))


def test_what_stands_behind_a_commitment_names_its_risk(client, officer, commitment, now):
    record_risk(
        by=officer, at=now, strategy=commitment.strategy, content=RiskContent("Nobody is free", commitment=commitment)
    )
    assert "risk" in text_of(client.get(commitment.get_absolute_url())).lower()


def test_register_and_risk_ask_no_more_questions_with_more_risks(signed_in, officer, strategy, now):
    browser, here = signed_in(officer), reverse("commitments:risks", args=[strategy.slug])
    make_round(strategy)

    def add(number):
        for _ in range(number):
            leads = (RiskLeadContent(make_organisation()), RiskLeadContent(words="The trustees"))
            risk = record_risk(by=officer, at=now, strategy=strategy, content=RiskContent("It rains", leads=leads))
            for scope in ("", "towns", "villages"):
                content = AssessmentContent(LevelRange(1, 2), LevelRange(2, 3), scope=scope)
                assess_risk(by=officer, at=now, risk=risk, content=content)

    def asked(address):
        with CaptureQueriesContext(connection) as queries:
            assert browser.get(address).status_code == 200
        return len(queries)

    add(1)
    one = f"{here}{Risk.objects.get().key}/"
    before = [asked(address) for address in (here, one)]
    add(12)
    after = [asked(address) for address in (here, one)]
    assert after == before
    assert max(after) <= MOST_QUERIES
