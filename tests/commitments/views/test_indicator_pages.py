"""The pages of indicators: the picture and its words, who may do what there, and how few questions they ask."""

import re
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from commitments.models import DeliveryPartner, Indicator, IndicatorTarget, IndicatorValue, Round
from commitments.reading.indicator_picture import draw
from commitments.reading.indicators import missed_targets, panels, returned_to, waiting_for
from commitments.reading.update_form import form_name
from commitments.rules.indicators import IndicatorFigure
from commitments.services.indicators import (
    FigureInput,
    IndicatorDefinition,
    TargetInput,
    define_indicator,
    enter_values,
    set_targets,
)
from commitments.services.working_copies import keep_copy
from partners.models import Area
from tests.factories import make_area, make_round, make_strategy

pytestmark = pytest.mark.django_db
AT_MOST = 12


@pytest.fixture
def rounds(strategy) -> list[Round]:
    """Three rounds, the oldest first; the last is open today."""
    made = [make_round(strategy, years_ago=n) for n in (2, 1, 0)]
    Round.objects.filter(strategy=strategy).update(state="open")  # so that officers can enter what is past
    return list(Round.objects.filter(pk__in=[one.pk for one in made]).order_by("observes_from"))


@pytest.fixture
def groups(officer, commitment, charity, now) -> Indicator:
    DeliveryPartner.objects.create(commitment=commitment, organisation=charity)
    what = IndicatorDefinition("1.1a", "New groups", "Those that met twice.", "groups", counting="cumulative")
    return define_indicator(by=officer, at=now, of=commitment, what=what)


def put(officer, now, indicator, round_, number=None, target=None, absent=""):
    if number is not None or absent:
        figure = IndicatorFigure(None if number is None else Decimal(number), absent_reason=absent)
        enter_values(by=officer, at=now, round_=round_, entries=[FigureInput(indicator, figure)])
    if target is not None:
        set_targets(by=officer, at=now, indicator=indicator, round_=round_, aims=[TargetInput(Decimal(target))])


def close(*some: Round) -> None:
    Round.objects.filter(pk__in=[one.pk for one in some]).update(state="closed", closings=1)


def page_of(client, indicator: Indicator, name: str = "indicator", *more: str):
    return client.get(reverse(f"commitments:{name}", args=[indicator.strategy.slug, indicator.code, *more]))


def test_the_picture_says_everything_and_a_gap_is_a_gap(client, officer, groups, rounds, now):
    put(officer, now, groups, rounds[0], 52, 50)
    put(officer, now, groups, rounds[1], absent="The book was lost.", target=50)
    put(officer, now, groups, rounds[2], 45, 50)
    close(*rounds[:2])
    page = page_of(client, groups).content.decode()
    title = re.search(r"<title id=\"picture-title\">(.*?)</title>", page, re.S)
    assert title
    first, second, third = (one.slug for one in rounds)
    assert title[1] == (
        f"New groups. More is better. 52 groups by the end of {first}, 52 of them in that round; the target by then was 50 groups. "
        f"Target met. {second}: no figure: The book was lost, and the target was 50 groups. 97 groups by the end of {third}, 45 of "
        "them in that round; the target by then was 150 groups. Of the rounds with both numbers: 97 against a target of 100 groups. "
        "Target missed."
    )
    assert "No figure: The book was lost." in page
    assert page.count('class="app-picture__actual"') == 2
    assert "style=" not in page.split("<main")[1]


def test_bars_are_as_long_as_their_numbers_and_stand_on_zero(officer, groups, rounds, now, strategy):
    put(officer, now, groups, rounds[0], 60, 50)
    put(officer, now, groups, rounds[1], 40, 50)
    [told] = panels(slug=strategy.slug, commitment=groups.commitment)
    picture = draw(told)
    assert picture
    bars = [(bar.kind, bar.x, bar.width, bar.carried) for band in picture.bands for bar in band.bars]
    assert bars == [
        ("target", "0%", "48%", "0%"), ("actual", "0%", "57.6%", "0%"),
        ("target", "0%", "96%", "48%"), ("actual", "0%", "96%", "57.6%"),
    ]  # fmt: skip


def test_nothing_to_draw_is_said_and_not_drawn(client, groups, rounds):
    page = page_of(client, groups).content.decode()
    assert "app-picture" not in page
    assert "No overall target or figure has been given yet." in page


def test_a_share_says_its_base_and_districts_have_their_table(client, officer, commitment, rounds, council, now):
    cherwell = make_area()
    council.districts.add(cherwell)
    what = IndicatorDefinition("1.1b", "Halls with a ramp", kind="ratio", by_district=True)
    halls = define_indicator(by=officer, at=now, of=commitment, what=what)
    parts = {None: (12, 48), cherwell: (3, 4)}
    entries = [
        FigureInput(halls, IndicatorFigure(None, Decimal(a), Decimal(b)), area) for area, (a, b) in parts.items()
    ]
    enter_values(by=officer, at=now, round_=rounds[2], entries=entries)
    page = page_of(client, halls).content.decode()
    assert "12 of 48 (25%)" in page
    assert "Cherwell" in page
    assert "3 of 4 (75%)" in page


def test_an_officer_says_what_is_counted_and_what_it_aims_at(signed_in, officer, commitment, open_round):
    client = signed_in(officer)
    there = reverse("commitments:indicator-new", args=[commitment.strategy.slug, "thing-1-1"])
    boxes = {
        "code": "1.1z", "title": "The directory", "kind": "scale", "counting": "per_round", "direction": "up",
        "steps": "Not begun\nUnder way: somebody has begun\nDone", "baseline": "1",
    }  # fmt: skip
    made_at = client.post(there, boxes)
    made = Indicator.objects.get(code="1.1z")
    assert made_at.headers["Location"] == made.get_absolute_url()
    assert made.scale[1] == {"step": 2, "label": "Under way", "definition": "somebody has begun"}
    again = client.post(there, boxes)
    assert again.status_code == 422
    assert "There is an indicator 1.1z in this strategy already." in again.content.decode()
    targets = reverse("commitments:indicator-targets", args=[commitment.strategy.slug, "1.1z", open_round.slug])
    assert client.post(targets, {"aim": "3"}).status_code == 302
    assert made.targets.get().value == 3
    edit = reverse("commitments:indicator-edit", args=[commitment.strategy.slug, "1.1z"])
    assert "Under way: somebody has begun" in client.get(edit).content.decode()
    assert client.post(edit, {**boxes, "title": "The shared directory"}).status_code == 302
    assert made.history.filter(act="amend").get().said["now"] == {"title": "The shared directory"}


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"kind": "scale"}, "A scale needs two steps or more"),
        ({"steps": "One\nTwo"}, "Only a scale has steps."),
        ({"kind": "ratio", "counting": "cumulative"}, "Only numbers can add up"),
        ({"kind": "percentage", "counting": "cumulative"}, "Only numbers can add up"),
        ({"unit": "%", "counting": "cumulative"}, "Only numbers can add up"),
        ({"code": "1 a"}, "Write the code with letters, digits, dots and hyphens only"),
        ({"baseline": "few"}, "“few” is not a number."),
    ],
)
def test_what_contradicts_itself_is_refused_at_its_box(change, sentence, signed_in, officer, commitment):
    there = reverse("commitments:indicator-new", args=[commitment.strategy.slug, "thing-1-1"])
    boxes = {"code": "x", "title": "Y", "kind": "number", "counting": "per_round", "direction": "up", **change}
    answer = signed_in(officer).post(there, boxes)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not Indicator.objects.exists()


def test_a_priority_has_its_own_indicators_on_its_page(client, signed_in, officer, strategy):
    there = reverse("commitments:priority-indicator-new", args=[strategy.slug, 1])
    boxes = {
        "code": "P1",
        "title": "Groups in the network",
        "kind": "number",
        "counting": "per_round",
        "direction": "up",
    }
    assert signed_in(officer).post(there, boxes).status_code == 302
    page = client.get(reverse("commitments:priority", args=[strategy.slug, 1])).content.decode()
    assert "Groups in the network" in page
    assert "Add an indicator" not in page


def test_a_figure_goes_from_the_partner_to_the_officer_and_back(
    client, signed_in, officer, partner, outsider, groups, rounds
):
    there = reverse("commitments:indicator-values", args=[groups.strategy.slug, groups.code, rounds[2].slug])
    box = f"figures-value_{groups.pk}"
    assert signed_in(outsider).get(there).status_code == 403
    wrong = signed_in(partner).post(there, {box: "N/A"})
    assert wrong.status_code == 422
    assert "“N/A” is not a number." in wrong.content.decode()
    assert signed_in(partner).post(there, {box: "1,200"}).status_code == 302
    value = IndicatorValue.objects.get()
    assert "1,200" not in page_of(client, groups).content.decode(), "only proposed"
    assert "1,200" in page_of(signed_in(partner), groups).content.decode()
    [waiting] = waiting_for(officer)
    review = reverse("commitments:value-review", args=[value.pk])
    assert waiting.url == review
    assert "1 figure from partners is waiting" in signed_in(officer).get("/review/figures/").content.decode()
    silent = signed_in(officer).post(review, {"decision": "return", "version": "1"})
    assert silent.status_code == 422
    assert "Say what needs to change." in silent.content.decode()
    signed_in(officer).post(review, {"decision": "return", "reason": "Groups, not people.", "version": "1"})
    assert waiting_for(officer) == []
    [sent_back] = returned_to(partner)
    assert sent_back.url == there
    assert "Groups, not people." in signed_in(partner).get(there).content.decode()
    assert "Figures returned to you" in signed_in(partner).get("/my-work/").content.decode()
    answer = signed_in(partner).post(there, {box: "12", f"figures-version_{groups.pk}": "2"})
    assert answer.status_code == 302
    stale = signed_in(officer).post(review, {"decision": "approve", "version": "2"})
    assert stale.status_code == 409
    assert "Someone has changed this figure since you read it." in stale.content.decode()
    assert signed_in(officer).post(review, {"decision": "approve", "version": "3"}).status_code == 302
    assert "12 groups by the end of" in page_of(client, groups).content.decode()
    told = signed_in(partner).get(there).content.decode()
    assert "If you think that it is wrong" in told
    assert box not in told


def test_the_second_of_two_officers_sees_both_figures(signed_in, officer, second_officer, groups, rounds, now):
    there = reverse("commitments:indicator-values", args=[groups.strategy.slug, groups.code, rounds[2].slug])
    put(officer, now, groups, rounds[2], 9)
    box = f"figures-value_{groups.pk}"
    answer = signed_in(second_officer).post(there, {box: "11", f"figures-version_{groups.pk}": ""})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Olive Officer has entered 1.1a" in page
    assert 'value="11"' in page
    again = {box: "11", f"figures-version_{groups.pk}": "1"}
    assert f'name="figures-version_{groups.pk}" value="1"' in page
    assert signed_in(second_officer).post(there, again).status_code == 302
    assert IndicatorValue.objects.get().value == 11


def test_a_kept_copy_stands_above_the_figures_and_holds_none_of_them(
    signed_in, officer, commitment, groups, rounds, now
):
    name = form_name(commitment, rounds[2].slug)
    keep_copy(by=officer, at=now, form=name, fields={"narrative": ["Half a story"]}, seen=None)
    there = reverse("commitments:update", args=[commitment.strategy.slug, commitment.key])
    page = signed_in(officer).get(there).content.decode()
    assert "What you typed was saved" in page
    assert page.count(f'name="figures-value_{groups.pk}"') == 1
    kept_line = page.partition('class="app-kept-line"')[2].partition("</form>")[0]
    assert f'name="round" value="{rounds[2].slug}"' in kept_line
    assert "figures-" not in kept_line


def test_missed_targets_know_what_is_about_to_be_sent(officer, groups, rounds, commitment, now):
    put(officer, now, groups, rounds[2], target=50)
    assert missed_targets(commitment, rounds[2]) == ()
    given = [FigureInput(groups, IndicatorFigure(Decimal(30)))]
    assert missed_targets(commitment, rounds[2], given) == (
        "New groups, 30 groups by now against a target of 50 groups",
    )
    assert missed_targets(commitment, rounds[2], [FigureInput(groups, IndicatorFigure(Decimal(50)))]) == ()


def test_addresses_of_what_is_not_there_are_404(client, signed_in, officer, groups, rounds):
    assert client.get(f"/strategies/{groups.strategy.slug}/indicators/none/").status_code == 404
    assert page_of(signed_in(officer), groups, "indicator-values", "1999-00").status_code == 404


def test_pages_ask_the_same_few_questions_for_1_32_and_500_rows(
    signed_in, client, officer, partner, council, charity, now
):
    asked: dict[str, list[int]] = {}
    for size in (1, 32, 500):
        strategy = make_strategy(council, slug=f"s{size}", shape=(1, 1, 1, 1, 1))
        here = [make_round(strategy)]
        Round.objects.filter(strategy=strategy).update(state="open")
        first = strategy.commitments.get(reference="1.1")
        DeliveryPartner.objects.create(commitment=first, organisation=charity)
        areas = Area.objects.bulk_create(
            Area(gss_code=f"E{size:03}{n:05}", name=f"Area {n}", kind="district") for n in range(size)
        )
        council.districts.add(*areas)
        for part in ({"priority": first.priority}, {"commitment": first}):
            Indicator.objects.bulk_create(
                Indicator(strategy=strategy, code=f"{'P' if 'priority' in part else 'C'}{n}", title="T", by_district=True, **part)
                for n in range(size)
            )  # fmt: skip
        one = Indicator.objects.get(strategy=strategy, code="C0")
        IndicatorTarget.objects.bulk_create(
            IndicatorTarget(indicator=one, round=here[0], area=a, value=3) for a in areas
        )
        IndicatorValue.objects.bulk_create(
            IndicatorValue(
                indicator=other, round=here[0], value=3, state="proposed", organisation=charity, entered_at=now, entered_by=partner
            )
            for other in Indicator.objects.filter(strategy=strategy)
        )  # fmt: skip
        review = reverse("commitments:value-review", args=[IndicatorValue.objects.filter(indicator=one).get().pk])
        base, slug = one.get_absolute_url(), here[0].slug
        pages = {
            "stranger": [base, f"/strategies/{strategy.slug}/priorities/1/"],
            "partner": [base, f"{base}figures/{slug}/"],
            "officer": [base, f"{base}figures/{slug}/", f"{base}targets/{slug}/", f"{base}edit/", "/review/figures/", review,
                        f"/strategies/{strategy.slug}/priorities/1/"],
        }  # fmt: skip
        for who, urls in pages.items():
            for number, url in enumerate(urls):
                reader = client if who == "stranger" else signed_in(officer if who == "officer" else partner)
                with CaptureQueriesContext(connection) as queries:
                    assert reader.get(url).status_code == 200, url
                asked.setdefault(f"{who} {number}", []).append(len(queries))
    for page, counts in asked.items():
        assert len(set(counts)) == 1, (page, counts)
        assert counts[0] <= AT_MOST, (page, counts)
    print(f"looked at {len(asked)} pages: {asked}")


def test_strangers_do_not_read_what_was_only_supplied(client, signed_in, officer, partner, groups, rounds, now):
    entry = FigureInput(groups, IndicatorFigure(Decimal(7777)))
    [supplied] = enter_values(by=partner, at=now, round_=rounds[-1], entries=[entry])
    assert "7777" not in page_of(client, groups).content.decode().replace(",", "")
    corrected = FigureInput(groups, IndicatorFigure(Decimal(12)), version=supplied.version)
    enter_values(by=officer, at=now, round_=rounds[-1], entries=[corrected])
    assert "7777" not in page_of(client, groups).content.decode().replace(",", "")
    assert "7777" in page_of(signed_in(officer), groups).content.decode().replace(",", "")


# Targets of all rounds, the baseline and the direction


@pytest.fixture
def waste(officer, commitment, now) -> Indicator:
    """A published percentage of which less is better."""
    what = IndicatorDefinition(
        "1.1p",
        "Waste that is burnt",
        kind="percentage",
        direction="down",
        baseline=Decimal(30),
        baseline_note="2021-22",
    )
    return define_indicator(by=officer, at=now, of=commitment, what=what)


def only(strategy, indicator, **more):
    return next(
        one for one in panels(slug=strategy.slug, commitment=indicator.commitment, **more) if one.code == indicator.code
    )


def test_no_target_was_set_is_said_only_where_no_round_has_one(officer, waste, rounds, now, strategy):
    first, second, third = (one.slug for one in rounds)
    put(officer, now, waste, rounds[0], 25)
    assert only(strategy, waste).sentence == f"25% (base not published) in {first}. No target was set."
    put(officer, now, waste, rounds[1], target=24)
    put(officer, now, waste, rounds[2], target=22)
    told = only(strategy, waste)
    assert told.sentence == f"25% (base not published) in {first}. Targets: 24% in {second}, 22% in {third}."
    assert told.beside == "Baseline: 30% (2021-22). Less is better: the target is a ceiling."
    until = only(strategy, waste, until=rounds[0])
    assert until.sentence == told.sentence
    assert until.beside == told.beside


def test_no_target_was_set_is_said_once_for_all_districts_and_rounds(client, officer, commitment, rounds, now):
    what = IndicatorDefinition("1.1d", "Halls with a ramp", kind="number", by_district=True)
    halls = define_indicator(by=officer, at=now, of=commitment, what=what)
    areas = [make_area(name, code) for name, code in (("Oxford", "E07000178"), ("Cherwell", "E07000177"))]
    for round_ in rounds[:2]:
        entries = [FigureInput(halls, IndicatorFigure(Decimal(3)), area) for area in areas]
        enter_values(by=officer, at=now, round_=round_, entries=entries)
    page = " ".join(client.get(halls.get_absolute_url()).content.decode().split())
    table = page.split(">By district<")[1].split("</table>")[0]
    assert "No target was set for any district." in table
    assert table.count("No target") == 1
    assert "Was it met?" not in page
    aims = [TargetInput(Decimal(3), area=areas[0])]
    set_targets(by=officer, at=now, indicator=halls, round_=rounds[0], aims=aims)
    page = " ".join(client.get(halls.get_absolute_url()).content.decode().split())
    assert "No target was set for any district." not in page
    assert "Target: 3" in page


def test_a_reason_for_no_target_is_given_with_the_targets_of_other_rounds(officer, waste, rounds, now, strategy):
    first, second, _ = (one.slug for one in rounds)
    put(officer, now, waste, rounds[0], 25)
    put(officer, now, waste, rounds[1], target=24)
    IndicatorTarget.objects.create(indicator=waste, round=rounds[0], note="the fund was new")
    assert only(strategy, waste).sentence == (
        f"25% (base not published) in {first}. No target: the fund was new. Target: 24% in {second}."
    )


def test_later_targets_stand_beside_a_figure_that_has_a_target(officer, waste, rounds, now, strategy, client):
    second, third = (one.slug for one in rounds[1:])
    put(officer, now, waste, rounds[0], 25, 26)
    put(officer, now, waste, rounds[1], target=24)
    put(officer, now, waste, rounds[2], target=22)
    beside = (
        "Baseline: 30% (2021-22). Less is better: the target is a ceiling. "
        f"Later targets: 24% in {second}, 22% in {third}."
    )
    assert only(strategy, waste).beside == beside
    assert only(strategy, waste, until=rounds[0]).beside == beside
    for address in (waste.get_absolute_url(), waste.commitment.get_absolute_url()):
        assert beside in client.get(address).text
    assert "A share of" not in client.get(waste.get_absolute_url()).text


def test_the_picture_and_its_text_alternative_say_what_the_table_says(client, officer, waste, rounds, now, strategy):
    to_come = make_round(strategy, years_ago=-1)
    Round.objects.filter(pk=to_come.pk).update(state="planned", closings=0)
    put(officer, now, waste, rounds[0], 25, 26)
    put(officer, now, waste, to_come, target=20)
    close(*rounds[:2])
    page = page_of(client, waste).text
    alternative = re.search(r"<title id=\"picture-title\">(.*?)</title>", page, re.S)
    assert alternative
    bands = re.findall(r'class="app-picture__round"[^>]*>([^<:]*)[^<]*<', page)
    gaps = re.findall(r'class="app-picture__gap"[^>]*>(.*?)<', page)
    rows = re.findall(r'app-table__round">(.*?)</th><td[^>]*>(.*?)</td><td[^>]*>(.*?)</td>', page)
    assert [row[0] for row in rows] == bands == [one.slug for one in (*rounds, to_come)]
    assert gaps == [row[2] for row in rows[1:]] == ["No figure was given", "No figure yet", "No figure yet"]
    for slug, _, counted in rows[1:]:
        assert f"{counted} for {slug}" in alternative[1]
    assert "No figure was given" not in alternative[1].replace(f"No figure was given for {rounds[1].slug}", "")
    assert f"No figure yet for {to_come.slug}, and the target is 20%." in alternative[1]
    assert "Baseline: 30% (2021-22)." in alternative[1]
    assert "Dashed line: baseline, 30%" in page


def test_money_adds_up_with_its_sign_in_front(officer, commitment, rounds, now, strategy):
    what = IndicatorDefinition("1.1m", "Grants paid", unit="£", counting="cumulative")
    grants = define_indicator(by=officer, at=now, of=commitment, what=what)
    put(officer, now, grants, rounds[0], 1200, 1000)
    put(officer, now, grants, rounds[1], target=1000)
    put(officer, now, grants, rounds[2], 500, 1000)
    told = only(strategy, grants)
    assert told.sentence == (
        f"£1,700 by the end of {rounds[2].slug}, £500 of it in that round; the target by then was £3,000. "
        "Of the rounds with both numbers: £1,700 against a target of £2,000."
    )
    picture = draw(told)
    assert picture
    assert [bar.words for bar in picture.bands[2].bars] == [
        "Target so far: £3,000 (£1,000 in this round)", "Counted so far: £1,700 (£500 in this round)",
    ]  # fmt: skip


def test_a_share_equal_to_its_target_as_printed_is_met(officer, commitment, rounds, now, strategy):
    halls = define_indicator(
        by=officer, at=now, of=commitment, what=IndicatorDefinition("1.1s", "Groups with a plan", kind="ratio")
    )
    enter_values(
        by=officer,
        at=now,
        round_=rounds[0],
        entries=[FigureInput(halls, IndicatorFigure(None, Decimal(2), Decimal(3)))],
    )
    set_targets(by=officer, at=now, indicator=halls, round_=rounds[0], aims=[TargetInput(Decimal("66.7"))])
    told = only(strategy, halls)
    assert told.sentence == f"2 of 3 (66.7%) in {rounds[0].slug}; the target was 66.7% of the whole."
    assert told.last
    assert told.last.verdict_said == "Target met"
