"""The boxes for figures, and what happens to what is written in them."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from commitments.forms.figures import FiguresForm
from commitments.models import DeliveryPartner, Indicator, IndicatorValue, Round
from commitments.permissions.indicators import delivers
from commitments.rules.indicators import IndicatorFigure
from commitments.services.indicators import (
    FigureInput,
    IndicatorDefinition,
    TargetInput,
    approve_value,
    define_indicator,
    edit_indicator,
    enter_values,
    return_value,
    set_targets,
)
from commitments.services.rounds import begin_review, close_round
from tests.factories import make_round
from vcsportal.common.words import Conflict, NotNow, Refused

pytestmark = pytest.mark.django_db
STEPS = ({"step": 1, "label": "Not begun"}, {"step": 2, "label": "Under way"}, {"step": 3, "label": "Done"})


@pytest.fixture
def count(officer, commitment, now) -> Indicator:
    """Something that is counted each round."""
    what = IndicatorDefinition("1.1a", "Volunteers in touch", unit="people")
    return define_indicator(by=officer, at=now, of=commitment, what=what)


@pytest.fixture
def share(officer, commitment, now) -> Indicator:
    return define_indicator(
        by=officer, at=now, of=commitment, what=IndicatorDefinition("1.1b", "Halls with a ramp", kind="ratio")
    )


@pytest.fixture
def scale(officer, commitment, now) -> Indicator:
    what = IndicatorDefinition("1.1c", "The directory", kind="scale", scale=STEPS)
    return define_indicator(by=officer, at=now, of=commitment, what=what)


@pytest.fixture
def delivering(commitment, charity) -> None:
    DeliveryPartner.objects.create(commitment=commitment, organisation=charity)


def filled(commitment, round_, **boxes: str) -> FiguresForm:
    return FiguresForm(commitment, round_, {f"figures-{name}": words for name, words in boxes.items()})


def test_a_round_is_not_closed_while_a_partners_figure_waits(
    administrator, officer, partner, delivering, count, open_round, now
):
    figure = FigureInput(count, IndicatorFigure(Decimal(9)))
    [value] = enter_values(by=partner, at=now, round_=open_round, entries=[figure])
    with pytest.raises(NotNow, match="1 figure is waiting for a council officer"):
        close_round(by=administrator, at=now, round_=open_round)
    approve_value(by=officer, at=now, value=value)
    assert close_round(by=administrator, at=now, round_=open_round).state == "closed"


def test_a_commitment_without_indicators_asks_for_no_figure(commitment, open_round):
    form = FiguresForm(commitment, open_round)
    assert not form
    assert form.boxes == []


def test_last_rounds_figure_and_this_rounds_target_stand_beside_the_box(
    officer, commitment, count, open_round, strategy, now
):
    last = make_round(strategy, years_ago=1)
    last.state = "open"
    last.save()
    enter_values(by=officer, at=now, round_=last, entries=[FigureInput(count, IndicatorFigure(Decimal(1200)))])
    set_targets(by=officer, at=now, indicator=count, round_=open_round, aims=[TargetInput(Decimal(1300))])
    [box] = FiguresForm(commitment, open_round).boxes
    assert box.hints == [f"In {last.slug}: 1,200 people.", f"Target for {open_round.slug}: 1,300 people."]


def test_each_kind_of_figure_is_read_as_it_is_written(officer, commitment, count, share, scale, open_round, now):
    boxes = {
        f"value_{count.pk}": "1,200", f"part_{share.pk}": "12", f"whole_{share.pk}": "48", f"value_{scale.pk}": "2",
    }  # fmt: skip
    form = filled(commitment, open_round, **boxes)
    assert form.is_valid(), form.errors
    assert [row["value"] for row in form.rows] == ["1,200 people", "12 of 48 (25%)", "Under way"]
    enter_values(by=officer, at=now, round_=open_round, entries=form.entries)
    kept = IndicatorValue.objects.get(indicator=share)
    assert (kept.value, kept.numerator, kept.denominator, kept.state) == (
        Decimal(25),
        Decimal(12),
        Decimal(48),
        "approved",
    )
    assert IndicatorValue.objects.get(indicator=scale).value == 2
    assert count.history.get(act="figure").said["now"] == {"value": "1,200"}


def test_not_a_number_is_refused_with_a_sentence(commitment, count, open_round):
    form = filled(commitment, open_round, **{f"value_{count.pk}": "N/A"})
    assert not form.is_valid()
    [sentence] = form.errors[f"value_{count.pk}"]
    assert str(sentence).startswith("“N/A” is not a number. Write one, such as 24 or 1,200.")


@pytest.mark.parametrize(
    ("boxes", "sentence"),
    [
        ({"value_N": "12", "absent_N": "Nobody counted."}, "Give either the number or the reason"),
        ({"part_R": "12"}, "A share needs both of its numbers"),
        ({"part_R": "12", "whole_R": "0"}, "The whole has to be more than 0."),
        ({"part_R": "60", "whole_R": "48"}, "The part (60) has to be between 0 and the whole (48)."),
        ({"value_S": "9"}, "Choose one of the steps of the scale."),
        ({"value_N": "900000000000"}, "looks too large"),
        ({"value_N": "1.23456"}, "more than four decimal places"),
    ],
)
def test_what_is_no_figure_is_refused_with_a_sentence(boxes, sentence, commitment, count, share, scale, open_round):
    keys = {"N": count.pk, "R": share.pk, "S": scale.pk}
    form = filled(commitment, open_round, **{f"{name[:-1]}{keys[name[-1]]}": words for name, words in boxes.items()})
    assert not form.is_valid()
    assert sentence in str(form.errors)


def test_a_reason_takes_the_place_of_a_number(officer, commitment, count, open_round, now):
    form = filled(commitment, open_round, **{f"absent_{count.pk}": "The register was lost."})
    assert form.is_valid()
    [value] = enter_values(by=officer, at=now, round_=open_round, entries=form.entries)
    assert (value.value, value.absent_reason) == (None, "The register was lost.")


def test_a_figure_cant_be_emptied_in_silence(officer, commitment, count, open_round, now):
    enter_values(by=officer, at=now, round_=open_round, entries=[FigureInput(count, IndicatorFigure(Decimal(9)))])
    form = filled(commitment, open_round, **{f"value_{count.pk}": "", f"version_{count.pk}": "1"})
    assert "There is a figure already (9 people)." in str(form.errors)


def test_the_same_figure_again_is_no_change(officer, commitment, count, open_round, now):
    entry = FigureInput(count, IndicatorFigure(Decimal(9)))
    enter_values(by=officer, at=now, round_=open_round, entries=[entry])
    assert enter_values(by=officer, at=now, round_=open_round, entries=[entry]) == []
    form = filled(commitment, open_round, **{f"value_{count.pk}": "9", f"version_{count.pk}": "1"})
    assert form.is_valid()
    assert form.entries == []


def test_the_second_of_two_people_is_told_and_nothing_is_overwritten(
    officer, second_officer, commitment, count, open_round, now
):
    enter_values(by=officer, at=now, round_=open_round, entries=[FigureInput(count, IndicatorFigure(Decimal(9)))])
    with pytest.raises(Conflict, match=f"{officer.name} has entered 1.1a .* 9 people"):
        enter_values(
            by=second_officer, at=now, round_=open_round, entries=[FigureInput(count, IndicatorFigure(Decimal(10)))]
        )
    assert IndicatorValue.objects.get().value == 9


def test_a_partner_supplies_and_an_officer_approves(officer, partner, count, delivering, open_round, now):
    [value] = enter_values(
        by=partner, at=now, round_=open_round, entries=[FigureInput(count, IndicatorFigure(Decimal(9)))]
    )
    assert value.state == "proposed"
    assert not IndicatorValue.objects.approved().exists()
    assert approve_value(by=officer, at=now, value=value, version=1).approved_by == officer
    with pytest.raises(Refused, match="approved"):
        enter_values(
            by=partner, at=now, round_=open_round, entries=[FigureInput(count, IndicatorFigure(Decimal(8)), version=2)]
        )
    assert list(count.history.order_by("id").values_list("act", flat=True)) == ["define", "propose", "approve_value"]


def test_a_figure_goes_back_with_a_reason_and_comes_again(officer, partner, count, delivering, open_round, now):
    [value] = enter_values(
        by=partner, at=now, round_=open_round, entries=[FigureInput(count, IndicatorFigure(Decimal(9)))]
    )
    with pytest.raises(Refused, match="Say what needs to change"):
        return_value(by=officer, at=now, value=value, reason=" ")
    value = return_value(by=officer, at=now, value=value, reason="Count people, not visits.")
    [box] = FiguresForm(count.commitment, open_round).boxes
    assert box.returned == "Count people, not visits."
    entry = FigureInput(count, IndicatorFigure(Decimal(7)), version=value.version)
    [again] = enter_values(by=partner, at=now, round_=open_round, entries=[entry])
    assert (again.state, again.value, again.state_reason) == ("proposed", Decimal(7), "")


def test_who_does_not_deliver_supplies_nothing(partner, outsider, steering_member, count, delivering, open_round, now):
    for person in (outsider, steering_member):
        with pytest.raises(Refused):
            enter_values(
                by=person, at=now, round_=open_round, entries=[FigureInput(count, IndicatorFigure(Decimal(9)))]
            )
    assert not IndicatorValue.objects.exists()


def test_a_partner_of_any_commitment_supplies_what_its_priority_counts(
    officer, partner, strategy, delivering, open_round, now
):
    what = IndicatorDefinition("P1", "Groups")
    of_priority = define_indicator(by=officer, at=now, of=strategy.priorities.get(number=1), what=what)
    [value] = enter_values(
        by=partner, at=now, round_=open_round, entries=[FigureInput(of_priority, IndicatorFigure(Decimal(3)))]
    )
    assert value.organisation == partner.organisations[0]


def test_the_partner_who_became_an_officer_does_not_approve_their_own(
    officer, partner, council, count, delivering, open_round, now
):
    [value] = enter_values(
        by=partner, at=now, round_=open_round, entries=[FigureInput(count, IndicatorFigure(Decimal(9)))]
    )
    with pytest.raises(Refused, match="Only a council officer"):
        approve_value(by=partner, at=now, value=value)
    IndicatorValue.objects.update(entered_by=officer)
    with pytest.raises(Refused, match="another officer"):
        approve_value(by=officer, at=now, value=value)


def test_a_closed_round_keeps_its_figures(officer, partner, strategy, count, delivering, now):
    over = make_round(strategy, years_ago=1)
    for person, why in ((officer, "is closed"), (partner, "is not accepting figures today")):
        with pytest.raises(Refused, match=why):
            enter_values(by=person, at=now, round_=over, entries=[FigureInput(count, IndicatorFigure(Decimal(9)))])
    with pytest.raises(Refused, match="closed"):
        set_targets(by=officer, at=now, indicator=count, round_=over, aims=[TargetInput(Decimal(3))])


def test_nothing_is_counted_in_a_round_that_has_not_begun(officer, strategy, count, now):
    today = timezone.localdate(now)
    to_come = Round.objects.create(
        strategy=strategy, slug="to-come", observes_from=today + timedelta(days=1),
        observes_to=today + timedelta(days=360), opens_on=today + timedelta(days=361),
        closes_on=today + timedelta(days=390), grace_until=today + timedelta(days=397),
    )  # fmt: skip
    with pytest.raises(NotNow, match="has not started"):
        enter_values(by=officer, at=now, round_=to_come, entries=[FigureInput(count, IndicatorFigure(Decimal(9)))])
    Round.objects.filter(pk=to_come.pk).update(observes_from=today)
    assert enter_values(by=officer, at=now, round_=to_come, entries=[FigureInput(count, IndicatorFigure(Decimal(9)))])


def test_a_round_is_asked_as_it_is_now_and_not_as_it_was_read(officer, partner, strategy, count, delivering, now):
    over = make_round(strategy)
    over.__class__.objects.filter(pk=over.pk).update(state="closed", closings=1)
    assert over.state == "open", "what was read before"
    for person in (officer, partner):
        with pytest.raises(Refused, match=r"closed|is not accepting figures"):
            enter_values(by=person, at=now, round_=over, entries=[FigureInput(count, IndicatorFigure(Decimal(9)))])


def test_a_definition_cant_give_figures_another_meaning(officer, count, scale, open_round, now):
    enter_values(
        by=officer, at=now, round_=open_round,
        entries=[FigureInput(count, IndicatorFigure(Decimal(9))), FigureInput(scale, IndicatorFigure(Decimal(3)))],
    )  # fmt: skip
    edit_indicator(
        by=officer, at=now, indicator=count, what=IndicatorDefinition("1.1a", "People in touch", unit="people")
    )
    assert Indicator.objects.get(code="1.1a").title == "People in touch"
    with pytest.raises(Refused, match="another unit"):
        edit_indicator(by=officer, at=now, indicator=count, what=IndicatorDefinition("1.1a", "Visits", unit="visits"))
    shorter = IndicatorDefinition("1.1c", "The directory", kind="scale", scale=STEPS[:2])
    with pytest.raises(Refused, match="use a step that would be gone"):
        edit_indicator(by=officer, at=now, indicator=scale, what=shorter)


def test_a_code_is_used_once_in_a_strategy(officer, commitment, count, now):
    with pytest.raises(Refused, match="There is an indicator"):
        define_indicator(by=officer, at=now, of=commitment, what=IndicatorDefinition("1.1a", "Again"))


def test_the_figures_of_thirty_indicators_cost_three_queries(
    officer, commitment, open_round, now, django_assert_num_queries
):
    for number in range(30):
        define_indicator(by=officer, at=now, of=commitment, what=IndicatorDefinition(f"x{number}", f"Thing {number}"))
    with django_assert_num_queries(3):
        assert len(FiguresForm(commitment, open_round).boxes) == 30


def test_another_organisation_learns_neither_the_figure_nor_the_name(
    partner, outsider, other_charity, commitment, count, delivering, open_round, now
):
    DeliveryPartner.objects.create(commitment=commitment, organisation=other_charity)
    enter_values(by=partner, at=now, round_=open_round, entries=[FigureInput(count, IndicatorFigure(Decimal(7777)))])
    with pytest.raises(Refused, match=r"There is a figure for 1\.1a") as refused:
        enter_values(by=outsider, at=now, round_=open_round, entries=[FigureInput(count, IndicatorFigure(Decimal(5)))])
    assert not isinstance(refused.value, Conflict)
    assert partner.name not in refused.value.sentence
    assert "7,777" not in refused.value.sentence


def test_a_figure_that_is_returned_after_the_window_can_be_mended(
    signed_in, administrator, officer, partner, commitment, count, delivering, open_round, now
):
    [value] = enter_values(
        by=partner, at=now, round_=open_round, entries=[FigureInput(count, IndicatorFigure(Decimal(9)))]
    )
    begin_review(by=administrator, at=now, round_=open_round)
    again = [FigureInput(count, IndicatorFigure(Decimal(12)), version=value.version)]
    with pytest.raises(Refused, match="is not accepting figures today"):
        enter_values(by=partner, at=now, round_=open_round, entries=again)
    value = return_value(by=officer, at=now, value=value, reason="Of how many groups?")
    address = f"/strategies/{commitment.strategy.slug}/indicators/1.1a/figures/{open_round.slug}/"
    client = signed_in(partner)
    assert address in client.get("/my-work/").content.decode()
    page = client.get(address)
    assert "Of how many groups?" in page.content.decode()
    sent = {f"figures-value_{count.pk}": "12", f"figures-version_{count.pk}": str(value.version)}
    assert client.post(address, sent).status_code == 302
    value.refresh_from_db()
    assert (value.value, value.state) == (Decimal(12), "proposed")


def test_a_partner_of_another_priority_supplies_nothing_to_this_one(
    officer, partner, strategy, delivering, open_round, now
):
    assert strategy.priorities.filter(number=2).exists()
    what = IndicatorDefinition("P2", "Groups")
    of_priority = define_indicator(by=officer, at=now, of=strategy.priorities.get(number=2), what=what)
    assert not delivers(of_priority).exists()
    with pytest.raises(Refused):
        enter_values(
            by=partner, at=now, round_=open_round, entries=[FigureInput(of_priority, IndicatorFigure(Decimal(3)))]
        )
    assert not IndicatorValue.objects.exists()


def test_a_percentage_is_asked_for_in_one_box_and_says_that_it_has_no_base(officer, commitment, open_round, now):
    what = IndicatorDefinition("1.1p", "Kitchen waste that is recycled", kind="percentage")
    share_ = define_indicator(by=officer, at=now, of=commitment, what=what)
    form = filled(commitment, open_round, **{f"value_{share_.pk}": "13%"})
    assert form.is_valid(), form.errors
    [box] = form.boxes
    assert box.asked.name == "Kitchen waste that is recycled (%)"
    assert box.hints == ["As it was published. It is shown with “base not published”."]
    assert [row["value"] for row in form.rows] == ["13% (base not published)"]
    [value] = enter_values(by=officer, at=now, round_=open_round, entries=form.entries)
    assert (value.value, value.numerator, value.denominator) == (Decimal(13), None, None)


def test_a_step_that_stands_is_named_by_its_word(officer, commitment, scale, open_round, now):
    enter_values(by=officer, at=now, round_=open_round, entries=[FigureInput(scale, IndicatorFigure(Decimal(2)))])
    form = filled(commitment, open_round, **{f"value_{scale.pk}": ""})
    assert not form.is_valid()
    assert "There is a figure already (Under way)." in str(form.errors)
