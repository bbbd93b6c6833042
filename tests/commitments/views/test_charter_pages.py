"""The pages of a charter: signing, the register, and what the portal counts itself."""

import re
from datetime import timedelta
from decimal import Decimal
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from commitments.forms.figures import FiguresForm
from commitments.models import DeliveryPartner, Indicator, Signatory
from commitments.reading import charters as reading
from commitments.rules.charters import ONLINE
from commitments.services.indicators import IndicatorDefinition, define_indicator
from commitments.services.pledges import set_pledge
from commitments.services.reaffirming import reaffirm
from tests.commitments.charter import LAST_DAY, OPENED, at, make_charter, make_charter_round, signed
from tests.factories import make_organisation, make_person

pytestmark = pytest.mark.django_db
MOST_QUERIES = 12
DEFINED = {"title": "Signatories", "kind": "number", "counting": "per_round", "direction": "up", "unit": "signatories"}


@pytest.fixture
def charter(council):
    return make_charter(council)


@pytest.fixture
def opened(charter):
    return make_charter_round(charter, state="open")


def text_of(answer, status=200):
    assert answer.status_code == status, answer.content.decode()[:2000]
    main = answer.content.decode().split("<main", 1)[-1].split("</main>")[0]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", main)).split())


def test_a_lead_signs_with_two_taps_and_is_in_the_register(client, signed_in, charter):
    church = make_organisation("St Mary’s Church", kind="faith_group")
    browser = signed_in(make_person("partner_lead", church, name="Ada Verger"))
    page = browser.get(charter.get_absolute_url()).content.decode()
    address = re.search(r'href="(/strategies/the-compact/sign/[^"]*)"', page)
    assert address, "the first tap"
    assert "Everyone can see that the organisation has signed" in text_of(browser.get(unescape(address[1])))
    thanks = text_of(browser.post(unescape(address[1]), {"signed_as": "Verger"}, follow=True))
    assert "St Mary’s Church has signed" in thanks, "the second tap"
    register = text_of(client.get(reverse("commitments:signatories", args=[charter.slug])))
    assert "St Mary’s Church" in register
    assert "Verger" in register
    assert "Ada" not in register
    assert Signatory.objects.get().told_how == ONLINE


def test_the_register_leads_to_signing_whoever_may_and_visitors_to_signing_in(client, signed_in, officer, charter):
    church, choir = (make_organisation(name, kind="faith_group") for name in ("The Chapel", "The Choir"))
    lead, singer = (make_person("partner_lead", of) for of in (church, choir))
    browser, register = signed_in(lead), reverse("commitments:signatories", args=[charter.slug])
    signing = f"{reverse('commitments:sign', args=[charter.slug])}?organisation={church.slug}"
    page = browser.get(register)
    assert signing in page.content.decode()
    assert "The Chapel has not signed." in text_of(page)
    assert "The Choir has not signed." not in text_of(page)
    assert "sign in" in text_of(client.get(register))
    assert "sign in" not in text_of(page)
    assert f"{officer.organisations[0].name} has not signed." in text_of(signed_in(officer).get(register))
    browser.post(signing, {"signed_as": ""})
    assert "has not signed" not in text_of(browser.get(register))
    assert "The Choir has not signed." in text_of(signed_in(singer).get(register))
    charter.ends_on = LAST_DAY
    charter.save()
    for whoever in (client, signed_in(singer)):
        shown = text_of(whoever.get(register))
        assert "sign in" not in shown, "it has ended"
        assert "has not signed" not in shown, "it has ended"


def test_the_register_asks_no_more_questions_with_more_signatories(signed_in, officer, charter, opened):
    browser = signed_in(officer)
    pages = [charter.get_absolute_url(), reverse("commitments:signatories", args=[charter.slug])]

    def add(number):
        for _ in range(number):
            row = signed(charter, make_organisation())
            given = {"by": officer, "at": at(OPENED), "signatory": row}
            reaffirm(round_=opened, told_how="letter", words="We met.", **given)
            set_pledge(commitment=charter.commitments.get(), words="We share our hall.", **given)

    def asked(address):
        with CaptureQueriesContext(connection) as queries:
            assert browser.get(address).status_code == 200
        return len(queries)

    add(2)
    before = [asked(address) for address in pages]
    add(12)
    assert [asked(address) for address in pages] == before
    assert before[1] <= MOST_QUERIES


def test_what_the_portal_counts_has_no_box_and_shows_the_count_before_the_round_closes(
    client, signed_in, officer, charter, opened
):
    principle = charter.commitments.get()
    what = IndicatorDefinition("S1", "Signatories", unit="signatories", counts="signatories", baseline=Decimal(1))
    counted = define_indicator(by=officer, at=at(OPENED), of=principle, what=what)
    said = define_indicator(by=officer, at=at(OPENED), of=principle, what=IndicatorDefinition("S2", "Meetings"))
    signed(charter, make_organisation(), LAST_DAY)
    signed(charter, make_organisation(), OPENED)
    assert [question.indicator for question in FiguresForm(principle, opened).asked] == [said]
    page = text_of(client.get(counted.get_absolute_url()))
    assert "The portal counts this itself: 1 signatory on 31 March 2026." in page
    assert "saved when the 2025-26 round closes" in page
    assert "The portal counts" not in text_of(client.get(said.get_absolute_url()))
    browser = signed_in(officer)
    assert "Enter the figure" not in text_of(browser.get(counted.get_absolute_url()))
    entering = reverse("commitments:indicator-values", args=[charter.slug, "S1", opened.slug])
    for answer in (browser.get(entering), browser.post(entering, {})):
        assert answer.status_code == 409
    opened.state, opened.closings = "closed", 1
    opened.save()
    assert "itself." in text_of(client.get(counted.get_absolute_url()))


def test_an_officer_chooses_on_the_form_what_the_portal_counts_and_keeps_it_when_words_change(
    signed_in, officer, charter, strategy
):
    browser, principle = signed_in(officer), charter.commitments.get()
    address = reverse("commitments:indicator-new", args=[charter.slug, principle.key])
    assert "Who counts it?" in text_of(browser.get(address))
    share = {**DEFINED, "code": "S1", "counts": "signatories", "by_district": "on"}
    assert "not a share, a running total or districts" in text_of(browser.post(address, share), 422)
    assert browser.post(address, {**DEFINED, "code": "S1", "counts": "signatories"}).status_code == 302
    edit = reverse("commitments:indicator-edit", args=[charter.slug, "S1"])
    page = browser.get(edit).content.decode()
    assert re.search(r'value="signatories"[^>]*checked', page)
    shown = re.search(r'name="form_shown" value="([^"]*)"', page)
    sent = {
        **DEFINED,
        "title": "Organisations that signed",
        "counts": "signatories",
        "form_shown": unescape(shown[1]) if shown else "",
    }
    assert browser.post(edit, sent).status_code == 302
    found = Indicator.objects.get(code="S1")
    assert (found.title, found.counts) == ("Organisations that signed", "signatories")
    other = reverse("commitments:indicator-new", args=[strategy.slug, strategy.commitments.first().key])
    assert "Who counts it?" not in text_of(browser.get(other)), "Nobody signs a strategy."


def test_a_signature_of_today_is_said_to_leave_the_register(signed_in, charter):
    church = make_organisation("St Mary’s Church", kind="faith_group")
    browser = signed_in(make_person("partner_lead", church))
    row = signed(charter, church, timezone.localdate())
    address = reverse("commitments:signature-end", args=[row.pk])
    assert "The register will no longer show it" not in (page := text_of(browser.get(address)))
    assert "the register will no longer show it" in page
    Signatory.objects.update(signed_on=OPENED - timedelta(1))
    assert "The register will still show that it signed on 31 March 2026" in text_of(browser.get(address))


def test_a_signature_recorded_while_the_page_is_read_breaks_nothing(client, charter, monkeypatch):
    """The statuses are read first, then the rows."""
    signed(charter, make_organisation("First"))
    found = reading.standings

    def and_then_another_signs(*args):
        before = found(*args)
        signed(charter, make_organisation("Second"))
        return before

    monkeypatch.setattr(reading, "standings", and_then_another_signs)
    for address in (reverse("commitments:signatories", args=[charter.slug]), charter.get_absolute_url()):
        assert "First" in text_of(client.get(address))
    assert b"First" in client.get(reverse("commitments:signatories-csv", args=[charter.slug])).getvalue()


LINES = "We share our hall.\n\nWe also\nshare our minibus."


def test_a_pledge_of_several_lines_is_changed_and_emptied_on_the_page(signed_in, charter):
    church = make_organisation("St Mary’s Church", kind="faith_group")
    browser, row = signed_in(make_person("partner_lead", church)), signed(charter, church)
    address = reverse("commitments:pledges", args=[row.pk])

    def filled(**more):
        form = browser.get(address).context["form"]
        return {name: form[name].value() for name in form.fields} | more

    key = charter.commitments.get().pk
    for words in (LINES, f"{LINES}\nAnd a kettle.", f"{'x' * 900}\n{'y' * 99}", ""):
        answer = browser.post(address, filled(**{f"pledge_{key}": words}))
        assert answer.status_code == 302, text_of(answer, answer.status_code)
        part = DeliveryPartner.objects.current().filter(organisation=church).first()
        assert (part.pledge if part else "") == words
    stale = filled(**{f"pledge_{key}": "Mine"})
    browser.post(address, filled(**{f"pledge_{key}": "A colleague’s\nwords"}))
    assert "A colleague has changed this pledge" in text_of(browser.post(address, stale), 409)
