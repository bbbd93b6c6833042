"""Figures with sources and the awards under them: who keeps them, what is refused, and that nothing is lost."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from commitments.content.sourced_figures import AwardContent, SourcedFigureContent, SourcedValueContent
from commitments.models import Award, HistoryEntry, SourcedFigure, SourcedValue
from commitments.services.awards import add_award, content_of, edit_award, withdraw_award
from commitments.services.sourced_figures import add_figure, edit_figure, end_figure
from commitments.services.sourced_values import add_sourced_value, correct_sourced_value, take_back_value
from partners.services.sources import SourceContent, add_source
from partners.services.strands import StrandContent, add_strand
from tests.factories import make_organisation, make_person, make_strategy
from vcsportal.common.words import Conflict, Invalid, NotAllowed, NotNow

pytestmark = pytest.mark.django_db
MONEY = SourcedFigureContent("money", "Grants to the sector", unit="£")


@pytest.fixture
def source(now):
    return add_source(by=None, at=now, content=SourceContent("Accounts", period="2021"))


@pytest.fixture
def figure(officer, now, strategy):
    return add_figure(by=officer, at=now, strategy=strategy, content=MONEY)


def content(number=500, **changes):
    return SourcedValueContent(**{"value": Decimal(number), "period": "2020/21", **changes})


def award(**changes):
    given = {
        "kind": "grant",
        "identifier": "a-1",
        "title": "A ramp",
        "amount_awarded": Decimal(50),
        "award_date": date(2020, 5, 1),
    }
    return AwardContent(**{**given, "recipient_name": "Friends of the Hall", **changes})  # fmt: skip


def test_only_the_people_who_answer_for_the_strategy_keep_its_figures(figure, partner, steering_member, now):
    stranger = make_person("officer", make_organisation("Elmshire Council", "public_body"))
    value = add_sourced_value(by=None, at=now, figure=figure, content=content())
    given = add_award(by=None, at=now, figure=figure, content=award())
    for person in (partner, steering_member, stranger):
        for act in (
            lambda by: add_figure(by=by, at=now, strategy=figure.strategy, content=MONEY),
            lambda by: edit_figure(by=by, at=now, figure=figure, content=MONEY),
            lambda by: end_figure(by=by, at=now, figure=figure, reason="Old."),
            lambda by: add_sourced_value(by=by, at=now, figure=figure, content=content()),
            lambda by: correct_sourced_value(by=by, at=now, value=value, content=content(), reason="Wrong."),
            lambda by: take_back_value(by=by, at=now, value=value, reason="Wrong."),
            lambda by: add_award(by=by, at=now, figure=figure, content=award(identifier="a-2")),
            lambda by: edit_award(by=by, at=now, award=given, content=award(title="Two ramps")),
            lambda by: withdraw_award(by=by, at=now, award=given, reason="Wrong."),
        ):
            with pytest.raises(NotAllowed):
                act(person)


def test_a_figure_is_public_once_a_value_of_it_has_a_source(figure, officer, source, now):
    def seen(person=None):
        return SourcedFigure.objects.visible_to(person).exists()

    assert not seen()
    unsourced = add_sourced_value(by=officer, at=now, figure=figure, content=content())
    assert (seen(), seen(officer)) == (False, True)
    sourced = correct_sourced_value(
        by=officer, at=now, value=unsourced, content=content(source=source), reason="The source was found."
    )
    assert seen()
    take_back_value(by=officer, at=now, value=sourced, reason="It is about another year.")
    assert not seen()


def test_a_correction_is_a_row_of_its_own_and_made_once(figure, officer, now):
    first = add_sourced_value(by=officer, at=now, figure=figure, content=content())
    second = correct_sourced_value(by=officer, at=now, value=first, content=content(600), reason="A digit was wrong.")
    assert (second.replaces, SourcedValue.objects.current().get()) == (first, second)
    with pytest.raises(NotNow):
        correct_sourced_value(by=officer, at=now, value=first, content=content(700), reason="Again.")
    with pytest.raises(NotNow):
        take_back_value(by=officer, at=now, value=first, reason="Again.")
    with pytest.raises(Invalid) as refused:
        correct_sourced_value(by=officer, at=now, value=second, content=content(700), reason=" ")
    assert refused.value.field == "reason"
    entry = HistoryEntry.objects.get(act="figure_correct")
    assert (entry.said["was"]["figure"], entry.said["now"]["figure"]) == ("£500", "£600")


def test_two_people_at_once_lose_nothing(figure, officer, now):
    seen = figure.version
    add_sourced_value(by=officer, at=now, figure=figure, content=content(), version=seen)
    for act in (
        lambda: add_sourced_value(by=officer, at=now, figure=figure, content=content(1), version=seen),
        lambda: edit_figure(by=officer, at=now, figure=figure, content=MONEY, version=seen),
        lambda: end_figure(by=officer, at=now, figure=figure, reason="Old.", version=seen),
    ):
        with pytest.raises(Conflict):
            act()
    assert SourcedValue.objects.get().value == 500


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"value": None}, "value"),
        ({"period": ""}, "starts_on"),
        ({"qualifier": "circa"}, "qualifier"),
        ({"starts_on": date(1800, 12, 31)}, "starts_on"),
        ({"starts_on": date(2020, 1, 2), "ends_on": date(2020, 1, 1)}, "ends_on"),
        ({"ends_on": date(2020, 1, 1)}, "starts_on"),
        ({"words": "x" * 1001}, "words"),
        ({"numerator": Decimal(1), "denominator": Decimal(2)}, "value"),
    ],
)
def test_a_value_is_a_number_with_a_day_or_a_period(figure, officer, now, changes, field):
    with pytest.raises(Invalid) as refused:
        add_sourced_value(by=officer, at=now, figure=figure, content=content(**changes))
    assert refused.value.field == field


def test_the_words_alone_or_the_day_alone_say_when(figure, officer, now):
    add_sourced_value(by=officer, at=now, figure=figure, content=content(starts_on=None))
    add_sourced_value(by=officer, at=now, figure=figure, content=content(starts_on=date(1801, 1, 1), period=""))
    assert SourcedValue.objects.count() == 2


@pytest.mark.parametrize(("place", "of"), [(0, 151), (152, 151), (Decimal("1.5"), 151), (None, 151), (10, None)])
def test_a_rank_is_a_whole_place_among_how_many_there_are(officer, strategy, now, place, of):
    rank = add_figure(by=officer, at=now, strategy=strategy, content=SourcedFigureContent("place", "Rank", kind="rank"))
    parts = {"numerator": place and Decimal(place), "denominator": of and Decimal(of), "value": None}
    with pytest.raises(Invalid):
        add_sourced_value(by=officer, at=now, figure=rank, content=content(**parts))
    good = content(value=None, numerator=Decimal(151), denominator=Decimal(151))
    assert add_sourced_value(by=officer, at=now, figure=rank, content=good).value == 151


def test_a_value_is_by_area_or_by_strand_and_never_both(officer, strategy, area, now):
    faith = add_strand(by=None, at=now, content=StrandContent("Faith"))
    people = add_figure(
        by=officer, at=now, strategy=strategy, content=SourcedFigureContent("take_up", "Members", unit="people")
    )
    for wrong in (
        content(area=area, strand=faith), content(Decimal("1.5"), strand=faith), content(strand=faith, qualifier="about"),
        content(-1, strand=faith),
    ):  # fmt: skip
        with pytest.raises(Invalid):
            add_sourced_value(by=officer, at=now, figure=people, content=wrong)
    value = add_sourced_value(by=officer, at=now, figure=people, content=content(3, strand=faith))
    assert value.strand == faith
    with pytest.raises(IntegrityError, match="one_dimension_at_a_time"), transaction.atomic():
        SourcedValue.objects.create(figure=people, value=1, period="x", area=area, strand=faith, entered_at=now)
    money = add_figure(by=officer, at=now, strategy=strategy, content=MONEY)
    with pytest.raises(Invalid):
        add_sourced_value(by=officer, at=now, figure=money, content=content(3, strand=faith))


def test_what_stands_beside_is_about_the_same_thing(figure, officer, area, strategy, now):
    first = add_sourced_value(by=officer, at=now, figure=figure, content=content())
    second = add_sourced_value(by=officer, at=now, figure=figure, content=content(600), beside=first)
    assert second.beside == first
    other = add_figure(by=officer, at=now, strategy=strategy, content=MONEY)
    for thing, value, beside in (
        (figure, content(1), second),
        (figure, content(1, area=area), first),
        (other, content(1), first),
    ):
        with pytest.raises(Invalid) as refused:
            add_sourced_value(by=officer, at=now, figure=thing, content=value, beside=beside)
        assert refused.value.field == "beside"


def test_how_a_figure_counts_stays_once_it_has_a_value(figure, officer, now):
    add_sourced_value(by=officer, at=now, figure=figure, content=content())
    with pytest.raises(Invalid) as refused:
        edit_figure(
            by=officer, at=now, figure=figure, content=SourcedFigureContent("money", "Grants", unit="£ million")
        )
    assert refused.value.field == "unit"
    changed = edit_figure(
        by=officer, at=now, figure=figure, content=SourcedFigureContent("money", "Grants", unit="£", in_report=True)
    )
    assert (changed.title, changed.in_report) == ("Grants", True)


def test_a_part_has_no_parts_and_is_of_the_same_strategy_and_topic(figure, officer, strategy, now):
    part = add_figure(
        by=officer, at=now, strategy=strategy, content=SourcedFigureContent("money", "Small grants", part_of=figure)
    )
    other = make_strategy(make_organisation("Elmshire Council", "public_body"), slug="elmshire", opens_first=False)
    for place, wrong in (
        (strategy, SourcedFigureContent("money", "Tiny grants", part_of=part)),
        (strategy, SourcedFigureContent("place", "People", part_of=figure)),
        (other, SourcedFigureContent("money", "Grants", part_of=figure)),
    ):
        with pytest.raises(Invalid) as refused:
            add_figure(by=None, at=now, strategy=place, content=wrong)
        assert refused.value.field == "part_of"
    with pytest.raises(Invalid):
        edit_figure(
            by=officer, at=now, figure=figure, content=SourcedFigureContent("money", "Grants", unit="£", part_of=part)
        )


def test_a_figure_that_has_ended_takes_nothing_more(figure, officer, now):
    value = add_sourced_value(by=officer, at=now, figure=figure, content=content())
    with pytest.raises(Invalid):
        end_figure(by=officer, at=now, figure=figure, reason="  ")
    end_figure(by=officer, at=now, figure=figure, reason="The council counts it no longer.")
    for act in (
        lambda: end_figure(by=officer, at=now, figure=figure, reason="Again."),
        lambda: add_sourced_value(by=officer, at=now, figure=figure, content=content(1)),
        lambda: correct_sourced_value(by=officer, at=now, value=value, content=content(1), reason="Wrong."),
        lambda: add_award(by=officer, at=now, figure=figure, content=award()),
    ):
        with pytest.raises(NotNow):
            act()


def test_an_award_goes_to_an_organisation_and_stands_under_money(figure, officer, charity, strategy, now):
    given = add_award(by=officer, at=now, figure=figure, content=award(recipient=charity, recipient_name=""))
    assert (given.recipient_said, given.funding_organisation, given.year) == (charity.name, strategy.owner, "2020-21")
    place = add_figure(by=officer, at=now, strategy=strategy, content=SourcedFigureContent("place", "People"))
    with pytest.raises(NotNow):
        add_award(by=officer, at=now, figure=place, content=award(identifier="a-3"))
    for changes, field in (
        ({"recipient_name": ""}, "recipient_name"), ({"recipient": charity}, "recipient_name"),
        ({"recipient_name": "Mr Smith"}, "recipient_name"), ({"recipient_name": "nan@example.org"}, "recipient_name"),
        ({"identifier": "a-1"}, "identifier"), ({"identifier": ""}, "identifier"), ({"title": " "}, "title"),
        ({"kind": "gift"}, "kind"), ({"currency": "XYZ"}, "currency"), ({"notice": "example.org"}, "notice"),
        ({"amount_awarded": Decimal(0)}, "amount_awarded"),
        ({"planned_from": date(2021, 1, 2), "planned_to": date(2021, 1, 1)}, "planned_to"),
    ):  # fmt: skip
        with pytest.raises(Invalid) as refused:
            add_award(by=officer, at=now, figure=figure, content=award(**{"identifier": "a-2", **changes}))
        assert refused.value.field == field
    other = make_strategy(make_organisation("Elmshire Council", "public_body"), slug="elmshire", opens_first=False)
    with pytest.raises(Invalid) as refused:
        add_award(
            by=officer,
            at=now,
            figure=figure,
            content=award(identifier="a-2", commitments=tuple(other.commitments.all()[:1])),
        )
    assert refused.value.field == "commitments"


def test_an_award_is_corrected_with_history_and_taken_back_never_deleted(figure, officer, area, now):
    given = add_award(by=officer, at=now, figure=figure, content=award())
    edited = edit_award(
        by=officer, at=now, award=given, content=award(amount_awarded=Decimal(60), districts=(area,)), version=0
    )
    assert HistoryEntry.objects.get(act="award_edit").said["was"] == {"amount_awarded": "50.00", "districts": ""}
    assert edit_award(by=officer, at=now, award=edited, content=content_of(edited)).version == 1
    with pytest.raises(Conflict):
        edit_award(by=officer, at=now, award=given, content=award(), version=0)
    withdraw_award(by=officer, at=now, award=given, reason="It was never paid.")
    assert not Award.objects.current().exists()
    assert Award.objects.visible_to(officer).exists()
    assert not Award.objects.visible_to(None).exists()
    with pytest.raises(NotNow):
        edit_award(by=officer, at=now, award=given, content=award())


def test_the_database_keeps_every_row_as_it_was(figure, officer, now):
    add_sourced_value(by=officer, at=now, figure=figure, content=content())
    add_award(by=officer, at=now, figure=figure, content=award())
    with pytest.raises(DatabaseError, match="can only be added to"), transaction.atomic():
        SourcedValue.objects.update(note="x")
    for model in (SourcedValue, Award, SourcedFigure):
        with pytest.raises(DatabaseError), transaction.atomic():
            model.objects.all().delete()


def test_what_a_figure_is_about_stays_while_something_is_under_it(figure, officer, strategy, now):
    add_award(by=officer, at=now, figure=figure, content=award())
    whole = add_figure(by=officer, at=now, strategy=strategy, content=SourcedFigureContent("place", "People"))
    part = SourcedFigureContent("place", "Adults", part_of=whole)
    add_figure(by=officer, at=now, strategy=strategy, content=part)
    for kept, about in ((figure, "place"), (whole, "take_up")):
        content = SourcedFigureContent(about, kept.title, unit=kept.unit)
        with pytest.raises(Invalid) as refused:
            edit_figure(by=officer, at=now, figure=kept, content=content)
        assert refused.value.field == "about"
