"""A figure that is returned: whoever supplied it is told by email, and has a task until it is sent again."""

from decimal import Decimal

import pytest

from commitments.models import Indicator
from commitments.reading.indicators import returned_to
from commitments.rules.indicators import IndicatorFigure
from commitments.services.delivery import set_partners
from commitments.services.indicators import FigureInput, approve_value, enter_values, return_value
from partners.models import Mail, RoleGrant, User
from tests.mail_server import plain_words_of, words_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def supplied(officer, partner, charity, commitment, open_round, now):
    set_partners(by=officer, at=now, commitment=commitment, partners=[(charity, "delivers")])
    indicator = Indicator.objects.create(
        strategy=commitment.strategy, commitment=commitment, code="A1", title="Volunteers", unit="people"
    )
    entry = FigureInput(indicator, IndicatorFigure(value=Decimal(24)))
    return enter_values(by=partner, at=now, round_=open_round, entries=[entry])[0]


def emails() -> list[Mail]:
    return list(Mail.objects.filter(kind="figure_returned").order_by("id"))


def test_whoever_supplied_it_is_told_what_to_change_and_where(supplied, officer, partner, open_round, now):
    return_value(by=officer, at=now, value=supplied, reason="Please count\n[trustees](https://example.org) too.")
    [mail] = emails()
    assert mail.person == partner
    assert mail.subject == f"Please check your figure for Volunteers in {open_round.slug}"
    for words in (
        "Thank you for the figure that Rowan Trust sent for A1, Volunteers",
        ": 24 people. Olive Officer has read it",
        "> Please count\n> [trustees](https: //example[.]org) too.\n",
        f"http://127.0.0.1:8000/strategies/our-strategy/indicators/A1/figures/{open_round.slug}/",
    ):
        assert words in mail.text, words
    assert words_of(mail.html) == plain_words_of(mail.text)


def test_an_approved_figure_that_is_returned_is_told_too_and_each_return_once(
    supplied, officer, partner, open_round, now
):
    value = approve_value(by=officer, at=now, value=supplied)
    assert emails() == []
    value = return_value(by=officer, at=now, value=value, reason="It is last year’s.")
    assert len(emails()) == 1
    entry = FigureInput(value.indicator, IndicatorFigure(value=Decimal(25)), version=value.version)
    [value] = enter_values(by=partner, at=now, round_=open_round, entries=[entry])
    return_value(by=officer, at=now, value=value, reason="Still last year’s.")
    assert len(emails()) == 2


def test_the_task_goes_once_it_is_sent_again(supplied, officer, partner, open_round, now, signed_in):
    value = return_value(by=officer, at=now, value=supplied, reason="Please count again.")
    assert "Figures returned to you" in signed_in(partner).get("/my-work/").text
    entry = FigureInput(value.indicator, IndicatorFigure(value=Decimal(25)), version=value.version)
    enter_values(by=partner, at=now, round_=open_round, entries=[entry])
    assert returned_to(User.objects.get(pk=partner.pk)) == []
    assert "Figures returned to you" not in signed_in(partner).get("/my-work/").text


def test_once_the_sender_has_left_whoever_answers_for_the_organisation_is_told(
    supplied, officer, partner, partner_lead, now
):
    RoleGrant.objects.filter(person=partner).update(ended_at=now, ended_by=officer)
    return_value(by=officer, at=now, value=supplied, reason="Please count again.")
    assert [mail.person for mail in emails()] == [partner_lead]


def test_once_the_sender_s_access_has_ended_they_are_not_written_to(supplied, officer, partner, partner_lead, now):
    User.objects.filter(pk=partner.pk).update(is_active=False)
    return_value(by=officer, at=now, value=supplied, reason="Please count again.")
    assert [mail.person for mail in emails()] == [partner_lead]


def test_where_nobody_is_left_it_is_returned_all_the_same(supplied, officer, partner, now):
    User.objects.filter(pk=partner.pk).update(is_active=False)
    assert return_value(by=officer, at=now, value=supplied, reason="Please count again.").state == "returned"
    assert emails() == []
