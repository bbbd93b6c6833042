"""Signing a charter, recording it for others, reaffirming, pledging and ending: who may, on which days, and what is counted."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from commitments.models import (
    Contribution,
    IndicatorValue,
    Reaffirmation,
    Round,
    Signatory,
)
from commitments.rules.indicators import IndicatorFigure
from commitments.services.charters import end_signature, record_signature, sign_charter
from commitments.services.contributions import mark_answered, nothing_to_add
from commitments.services.indicator_definitions import IndicatorDefinition, define_indicator
from commitments.services.indicators import FigureInput, enter_values
from commitments.services.reaffirming import reaffirm
from commitments.services.reminder_emails import plan_reminders
from commitments.services.round_participants import ask_newcomers
from commitments.services.rounds import close_round, open_round, reopen_round
from partners.models import Mail, RoleGrant
from partners.services.roles import end_role, give_role
from reporting.assembly.charters import signatories
from tests.commitments.charter import LAST_DAY, OPENED, at, make_charter, make_charter_round, signed
from tests.factories import make_organisation, make_person
from vcsportal.common.words import Conflict, Invalid, NotAllowed, NotNow

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def charter(council):
    return make_charter(council)


@pytest.fixture
def church():
    return make_organisation("St Mary’s Church", kind="faith_group")


@pytest.fixture
def verger(church):
    return make_person("partner_lead", church, name="Ada Verger")


@pytest.fixture
def round_(charter):
    return make_charter_round(charter)


@pytest.fixture
def opened(round_, administrator):
    return open_round(by=administrator, at=at(OPENED), round_=round_)


def test_a_lead_signs_for_their_own_organisation_once(charter, church, verger):
    first = sign_charter(by=verger, at=at(OPENED), strategy=charter, organisation=church, signed_as="Verger")
    again = sign_charter(by=verger, at=at(OPENED), strategy=charter, organisation=church, signed_as="Verger")
    assert first == again
    assert (first.signed_on, first.signed_as, first.told_how, first.recorded_by) == (OPENED, "Verger", "online", verger)
    assert list(first.history.values_list("act", flat=True)) == ["sign"]


def test_a_contributor_does_not_sign_and_neither_does_a_lead_of_another(charter, church):
    for person in (make_person("partner_contributor", church), make_person("partner_lead", make_organisation())):
        with pytest.raises(NotAllowed):
            sign_charter(by=person, at=at(OPENED), strategy=charter, organisation=church)


def test_a_lead_of_two_organisations_signs_for_each_until_the_role_ends(charter, church, verger):
    choir = make_organisation("Choir")
    give_role(by=None, at=timezone.now(), person=verger, role="partner_lead", organisation=choir)
    verger = type(verger).objects.get(pk=verger.pk)
    sign_charter(by=verger, at=at(OPENED), strategy=charter, organisation=choir)
    assert not Signatory.objects.filter(organisation=church).exists()
    grant = RoleGrant.objects.get(person=verger, organisation=choir)
    end_role(by=make_person("administrator"), at=timezone.now(), grant=grant)
    verger = type(verger).objects.get(pk=verger.pk)
    with pytest.raises(NotAllowed):
        end_signature(by=verger, at=at(OPENED), signatory=Signatory.objects.get(organisation=choir))


def test_nobody_signs_a_strategy_or_a_charter_that_is_over(strategy, charter, church, verger):
    with pytest.raises(NotNow):
        sign_charter(by=verger, at=at(OPENED), strategy=strategy, organisation=church)
    last = sign_charter(by=verger, at=at(charter.ends_on), strategy=charter, organisation=church)
    end_signature(by=verger, at=at(charter.ends_on), signatory=last)
    with pytest.raises(NotNow):
        sign_charter(by=verger, at=at(charter.ends_on + DAY), strategy=charter, organisation=church)


def test_a_name_is_no_post_whoever_enters_it(charter, church, verger, officer, administrator):
    former = make_person("partner_contributor", church, name="Jane Pewter")
    end_role(by=administrator, at=timezone.now(), grant=RoleGrant.objects.get(person=former))
    given: dict[str, Any] = {"at": at(OPENED), "strategy": charter, "organisation": church}
    recorded: dict[str, Any] = {"signed_on": OPENED, "told_how": "letter"}
    for post in ("ada verger, verger", "Verger (Ada Verger)", "Pewter, Jane: chair", "Dr Pewter"):
        with pytest.raises(Invalid) as refused:
            sign_charter(by=verger, signed_as=post, **given)
        assert refused.value.field == "signed_as"
        with pytest.raises(Invalid) as refused:
            record_signature(by=officer, signed_as=post, **given, **recorded)
        assert refused.value.field == "signed_as"
    with pytest.raises(Invalid):
        record_signature(by=officer, signed_as=officer.name, **given, **recorded)
    officer.name = "Ann"
    officer.save()
    assert record_signature(by=officer, signed_as="Planning verger", **given, **recorded).signed_as == "Planning verger"


def test_the_names_of_another_organisations_people_may_be_posts(charter, church, verger):
    make_person("partner_lead", make_organisation(), name="Church Warden")
    signatory = sign_charter(by=verger, at=at(OPENED), strategy=charter, organisation=church, signed_as="Church warden")
    assert signatory.signed_as == "Church warden"


def test_an_officer_records_what_a_group_said_and_an_infrastructure_body_for_those_without_people(
    charter, church, officer
):
    body = make_organisation("Umbrella", kind="infrastructure_body")
    helper = make_person("partner_contributor", body)
    row = record_signature(
        by=helper, at=at(OPENED), strategy=charter, organisation=church, signed_on=OPENED - DAY, told_how="telephone"
    )
    assert (row.told_how, row.recorded_by) == ("telephone", helper)
    with_people = make_organisation()
    make_person("partner_lead", with_people)
    given = {
        "at": at(OPENED),
        "strategy": charter,
        "organisation": with_people,
        "signed_on": OPENED,
        "told_how": "letter",
    }
    with pytest.raises(NotAllowed):
        record_signature(by=helper, **given)
    with pytest.raises(Invalid):
        record_signature(by=officer, **{**given, "told_how": "online"})
    with pytest.raises(Invalid):
        record_signature(by=officer, **{**given, "signed_on": OPENED + DAY})
    record_signature(by=officer, **given)
    with pytest.raises(Invalid):
        record_signature(by=officer, **given)
    with pytest.raises(NotAllowed):
        record_signature(by=make_person("partner_lead", make_organisation()), **{**given, "organisation": body})
    with pytest.raises(Invalid, match="has ended"):
        record_signature(by=officer, **{**given, "organisation": make_organisation("Gone", standing="ended")})


def test_an_organisation_returns_with_a_second_row_that_does_not_overlap(charter, church, verger, officer):
    first = signed(charter, church, OPENED - 10 * DAY)
    end_signature(by=verger, at=at(OPENED), signatory=first)
    given = {"at": at(OPENED), "strategy": charter, "organisation": church, "told_how": "letter"}
    with pytest.raises(Invalid):
        record_signature(by=officer, signed_on=OPENED - DAY, **given)
    record_signature(by=officer, signed_on=OPENED, **given)
    assert charter.signatories.count() == 2
    with pytest.raises(NotNow):
        end_signature(by=verger, at=at(OPENED), signatory=first)


def test_the_round_asks_who_signed_before_it_opened_and_one_tap_answers(charter, church, verger, opened):
    assert not Contribution.objects.filter(organisation=church).exists()
    signed(charter, church, OPENED - DAY)
    late = make_organisation()
    make_person("partner_lead", late)
    signed(charter, late, OPENED)
    ask_newcomers(by=None, at=at(OPENED), strategy_id=charter.pk)
    asked = Contribution.objects.get(round=opened)
    assert (asked.organisation, asked.owed_by) == (church, verger)
    row = Signatory.objects.get(organisation=church)
    mark_answered(by=verger, at=at(OPENED), organisation=church, answer="evidence", strategy_id=charter.pk)
    asked.refresh_from_db()
    assert asked.answer == "", "Evidence does not say whether it still stands by the charter."
    with pytest.raises(NotNow):
        nothing_to_add(by=verger, at=at(OPENED), contribution=asked)
    reaffirm(by=verger, at=at(OPENED), signatory=row, round_=opened, words="We opened our hall.")
    reaffirm(by=verger, at=at(OPENED), signatory=row, round_=opened)
    asked.refresh_from_db()
    said = Reaffirmation.objects.get()
    assert (asked.answer, said.words, said.version) == ("stands", "We opened our hall.", 1)
    with pytest.raises(Conflict):
        reaffirm(by=verger, at=at(OPENED), signatory=row, round_=opened, words="Other", version=0)
    with pytest.raises(NotNow):
        reaffirm(
            by=make_person("partner_lead", late), at=at(OPENED), signatory=Signatory.objects.get(organisation=late),
            round_=opened,
        )  # fmt: skip


def test_a_contributor_reaffirms_and_an_officer_says_how_they_were_told(charter, church, opened, officer):
    row = signed(charter, church)
    with pytest.raises(Invalid):
        reaffirm(by=officer, at=at(OPENED), signatory=row, round_=opened)
    reaffirm(by=officer, at=at(OPENED), signatory=row, round_=opened, told_how="telephone")
    choir = signed(charter, make_organisation())
    reaffirm(by=make_person("partner_contributor", choir.organisation), at=at(OPENED), signatory=choir, round_=opened)
    assert set(Reaffirmation.objects.values_list("told_how", flat=True)) == {"telephone", "online"}
    with pytest.raises(NotAllowed):
        reaffirm(by=make_person("partner_lead", make_organisation()), at=at(OPENED), signatory=row, round_=opened)


def test_reminders_of_a_signature_go_once_near_the_end(charter, church, verger, round_, administrator):
    signed(charter, church)
    open_round(by=administrator, at=at(OPENED), round_=round_)
    days = [OPENED + DAY * number for number in range(90)]
    sent = [day for day in days if plan_reminders(today=day, at=at(day))]
    assert Mail.objects.filter(kind="round:opening", person=verger).count() == 1
    assert sent == [round_.closes_on - 7 * DAY]
    text = Mail.objects.get(kind="round:reminder").text
    assert "still stand by" in text
    assert "no reply does not count" in text


def test_the_portal_counts_on_the_last_day_and_nobody_types_over_it(charter, church, round_, officer, administrator):
    indicator = define_indicator(
        by=officer, at=at(OPENED), of=charter.commitments.get(),
        what=IndicatorDefinition("S1", "Signatories", unit="signatories", baseline=Decimal(2), counts="signatories"),
    )  # fmt: skip
    signed(charter, church, LAST_DAY)
    signed(charter, make_organisation(), LAST_DAY + DAY)
    for day in (LAST_DAY, LAST_DAY + DAY):
        signed(charter, make_organisation(), LAST_DAY - DAY, ended_on=day, ended_at=at(day))
    open_round(by=administrator, at=at(OPENED), round_=round_)
    with pytest.raises(NotNow):
        enter_values(by=officer, at=at(OPENED), round_=round_, entries=[FigureInput(indicator, _figure(9))])
    close_round(by=administrator, at=at(OPENED), round_=round_)
    value = IndicatorValue.objects.get()
    assert (value.value, value.state, value.entered_by) == (Decimal(2), "approved", None)
    assert "Counted by the portal" in value.note
    signed(charter, make_organisation(), LAST_DAY - 9 * DAY)
    assert IndicatorValue.objects.get().value == 2, "What is found later does not change a round that is closed."
    round_.refresh_from_db()
    reopen_round(by=administrator, at=at(OPENED), round_=round_, reason="One was missing.")
    close_round(by=administrator, at=at(OPENED), round_=round_)
    assert IndicatorValue.objects.get().value == 3


def test_a_reply_counts_whatever_happens_after_the_window_and_the_report_agrees(
    charter, church, round_, officer, administrator
):
    define_indicator(
        by=officer, at=at(OPENED), of=charter.commitments.get(),
        what=IndicatorDefinition("S1", "Reaffirmed", unit="signatories", counts="reaffirmed"),
    )  # fmt: skip
    organisations = [church, *(make_organisation() for _ in range(3))]
    rows = [signed(charter, organisation) for organisation in organisations]
    opened = open_round(by=administrator, at=at(OPENED), round_=round_)
    for row in rows[:3]:
        reaffirm(by=officer, at=at(OPENED), signatory=row, round_=opened, told_how="letter")
    closes = opened.closes_on
    given = {"by": officer, "at": at(closes + DAY), "why": "It closed."}
    end_signature(signatory=rows[0], ended_on=closes, **given)
    end_signature(signatory=rows[1], ended_on=closes + DAY, **given)
    close_round(by=administrator, at=at(closes + 2 * DAY), round_=opened)

    def agreed():
        facts = signatories(type(round_).objects.select_related("strategy").get(pk=round_.pk), closes + 500 * DAY)
        return IndicatorValue.objects.get().value, [row.standing for row in facts].count("reaffirmed")

    assert agreed() == (2, 2)
    end_signature(by=officer, at=at(closes + 300 * DAY), signatory=rows[2], why="It closed.")
    opened.refresh_from_db()
    Round.objects.filter(pk=round_.pk).update(grace_until=closes + 400 * DAY)
    reopen_round(by=administrator, at=at(closes + 365 * DAY), round_=opened, reason="A slip.")
    close_round(by=administrator, at=at(closes + 366 * DAY), round_=opened)
    assert agreed() == (2, 2), "What happened since changes nothing."


def test_a_round_that_closes_before_its_period_is_over_counts_on_that_day(
    charter, church, round_, officer, administrator
):
    define_indicator(
        by=officer, at=at(OPENED), of=charter.commitments.get(),
        what=IndicatorDefinition("S1", "Signatories", unit="signatories", counts="signatories"),
    )  # fmt: skip
    early = LAST_DAY - 11 * DAY
    Round.objects.filter(pk=round_.pk).update(opens_on=early - DAY)
    signed(charter, church, early)
    signed(charter, make_organisation(), early + DAY)
    opened = open_round(by=administrator, at=at(early), round_=round_)
    close_round(by=administrator, at=at(early), round_=opened)
    value = IndicatorValue.objects.get()
    assert (value.value, value.note) == (Decimal(1), "Counted by the portal, as of 20 March 2026.")


def test_only_a_charter_is_counted_so(strategy, officer):
    for counts, field in (("signatories", "counts"), ("members", "counts")):
        with pytest.raises(Invalid) as refused:
            define_indicator(
                by=officer, at=at(OPENED), of=strategy.commitments.first(),
                what=IndicatorDefinition("S1", "Signatories", counts=counts),
            )  # fmt: skip
        assert refused.value.field == field


def _figure(number: int):
    return IndicatorFigure(Decimal(number))
