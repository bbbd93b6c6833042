"""Figures typed into the update form: they go with the update, or not at all."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from commitments.content.updates import UpdateContent
from commitments.models import IndicatorValue, ProgressUpdate, WorkingCopy
from commitments.rules.indicators import IndicatorFigure
from commitments.services.indicators import (
    FigureInput,
    IndicatorDefinition,
    TargetInput,
    define_indicator,
    enter_values,
    set_targets,
)
from partners.models import Mail
from tests.commitments.views.test_pages_update import hidden, text_of, url
from tests.factories import make_round, publish_update

pytestmark = pytest.mark.django_db


@pytest.fixture
def count(officer, commitment, open_round, now):
    what = IndicatorDefinition("1.1a", "Volunteers in touch", unit="people")
    found = define_indicator(by=officer, at=now, of=commitment, what=what)
    set_targets(by=officer, at=now, indicator=found, round_=open_round, aims=[TargetInput(Decimal(30))])
    return found


@pytest.fixture
def at_work(signed_in, officer, count):
    return signed_in(officer)


@pytest.fixture
def mine(count, open_round):
    sent = {"status": "on_track", "reason": "Well", "version": "", "round": open_round.slug}
    return {**sent, f"figures-value_{count.pk}": "1,024"}


def test_a_figure_goes_with_the_update(at_work, count, commitment, open_round, mine):
    assert "Volunteers in touch" in text_of(at_work.get(url(commitment)))
    check = at_work.post(url(commitment), {**mine, "act": "check"})
    assert "1,024 people" in text_of(check)
    assert not IndicatorValue.objects.exists()
    at_work.post(url(commitment), {**hidden(check), "act": "send"})
    assert ProgressUpdate.objects.get().state == "submitted"
    value = IndicatorValue.objects.get()
    assert (value.value, value.round, value.state) == (Decimal(1024), open_round, "approved")
    assert "Volunteers in touch: 1,024 people" in Mail.objects.get().text


def test_a_figure_that_is_none_is_said_at_its_box(at_work, count, commitment, mine):
    response = at_work.post(url(commitment), {**mine, f"figures-value_{count.pk}": "lots", "act": "check"})
    text = text_of(response)
    assert response.status_code == 422
    assert "<title>Error: " in text
    assert text.count("“lots” is not a number.") == 2, "in the summary and at the box"
    assert f'href="#id_figures-value_{count.pk}"' in text
    assert 'value="lots"' in text


def test_a_draft_keeps_the_figure_for_its_writer_alone(
    at_work, signed_in, second_officer, count, commitment, open_round, mine
):
    at_work.post(url(commitment), {**mine, "act": "save"})
    assert not IndicatorValue.objects.exists(), "a draft counts nothing"
    assert 'value="1,024"' in text_of(at_work.get(url(commitment)))
    assert 'value="1,024"' not in text_of(signed_in(second_officer).get(url(commitment)))
    again = at_work.get(url(commitment)).context["form"]
    assert again["version"].value() == "1", "it goes on from the draft that was saved"
    check = at_work.post(url(commitment), {**mine, "version": "1", "act": "check"})
    at_work.post(url(commitment), {**hidden(check), "act": "send"})
    assert IndicatorValue.objects.get().value == 1024
    assert not WorkingCopy.objects.exists()


def test_a_missed_target_that_is_typed_just_now_is_asked_about(at_work, count, commitment, mine):
    few = at_work.post(url(commitment), {**mine, f"figures-value_{count.pk}": "12", "act": "check"})
    assert "A target was not reached: Volunteers in touch, 12 people against a target of 30 people." in text_of(few)
    assert "target was not reached" not in text_of(at_work.post(url(commitment), {**mine, "act": "check"}))


def test_a_figure_that_a_colleague_entered_meanwhile_stops_all_of_it(
    at_work, second_officer, count, commitment, open_round, mine, now
):
    check = at_work.post(url(commitment), {**mine, "act": "check"})
    enter_values(
        by=second_officer, at=now, round_=open_round, entries=[FigureInput(count, IndicatorFigure(Decimal(7)))]
    )
    response = at_work.post(url(commitment), {**hidden(check), "act": "send"})
    text = text_of(response)
    assert response.status_code == 409
    assert "1,024 people" in text
    assert not ProgressUpdate.objects.exists(), "nothing is sent by halves"
    assert IndicatorValue.objects.get().value == 7
    done = at_work.post(url(commitment), {**hidden(response), "act": response.context["act"]})
    assert done.status_code == 302
    assert IndicatorValue.objects.get().value == 1024


def test_the_form_with_figures_costs_few_queries(at_work, officer, strategy, commitment, now):
    before = make_round(strategy, years_ago=1)
    said = UpdateContent("on_track", "It began last year")
    publish_update(by=officer, at=now - timedelta(days=365), commitment=commitment, round_=before, content=said)
    for number in range(5):
        what = IndicatorDefinition(f"1.1x{number}", f"Number {number}")
        define_indicator(by=officer, at=now, of=commitment, what=what)
    assert "confirm" in at_work.get(url(commitment)).context
    with CaptureQueriesContext(connection) as queries:
        at_work.get(url(commitment))
    assert len(queries) <= 12, "\n".join(query["sql"][:150] for query in queries)
