"""Counts by strand on pages: who reads small numbers, who reads “fewer than 5”, and that no page lets one be worked out."""

import re

import pytest
from django.urls import reverse

from commitments.models import DeliveryPartner, IndicatorValue
from commitments.reading.indicators import panels
from commitments.rules.small_numbers import EXPLAINED, KEPT, KEPT_BACK, WITHHELD
from tests.factories import make_organisation, make_person
from tests.strand_figures import SHOWN, StrandFigures, counts, make_strand_figures

pytestmark = pytest.mark.django_db
HIDDEN = ("4,177", "4177", "2,222", "2222")
"""What nobody but the people who enter figures may read: the next smallest number, as people and as programs write it."""


@pytest.fixture
def figures(commitment, officer, now, open_round) -> StrandFigures:
    return make_strand_figures(commitment, officer, now, open_round)


@pytest.fixture
def delivering(commitment, charity) -> None:
    DeliveryPartner.objects.create(commitment=commitment, organisation=charity)


def text_of(answer) -> str:
    found = re.search(r"<main.*</main>", answer.content.decode(), re.S)
    assert found
    return " ".join(re.sub(r"<[^>]+>", " ", found[0]).split())


def page_of(client, indicator, name="indicator", *more):
    return client.get(reverse(f"commitments:{name}", args=[indicator.strategy.slug, indicator.code, *more]))


def boxes(figures, version, **written):
    key = figures.members.pk
    sent = {f"figures-strand_{key}_{code}": text for code, text in written.items() if code != "value"}
    return {f"figures-value_{key}": written["value"], f"figures-version_{key}": version, **sent}


def enter(client, figures, round_, version, **written):
    there = reverse("commitments:indicator-values", args=[figures.members.strategy.slug, "S1", round_.slug])
    return client.post(there, boxes(figures, version, **written))


def test_small_numbers_are_for_the_people_who_enter_figures(client, signed_in, figures, officer, partner, commitment):
    other_council = make_person("officer", make_organisation("Elsewhere", kind="council"), name="Other Officer")
    for person in (None, partner, other_council):
        reader = signed_in(person) if person else client
        page = text_of(page_of(reader, figures.members))
        for said in SHOWN:
            assert said in page
        assert EXPLAINED in page
        assert not [number for number in HIDDEN if number in page]
        assert " 3 " not in page.split("By strand")[1].split(EXPLAINED)[0]
        withheld = text_of(page_of(reader, figures.carers))
        assert WITHHELD in withheld
        assert "Faith" not in withheld, "not even which strands it has"
    own = text_of(page_of(signed_in(officer), figures.members))
    assert "4,177" in own
    assert KEPT in own
    assert "Faith 2" in text_of(page_of(signed_in(officer), figures.carers)).replace("  ", " ")


def test_the_commitments_page_has_the_newest_breakdown(client, figures, commitment):
    page = text_of(client.get(commitment.get_absolute_url()))
    assert f"By strand: Faith fewer than 5; Age not shown; Women 6,203; Disability 7,309. {EXPLAINED}" in page
    assert WITHHELD in page


def test_nobody_reads_in_the_history_what_a_hidden_number_was(client, signed_in, figures, officer, partner, open_round):
    enter(signed_in(officer), figures, open_round, 1, value="9311", faith="40", age="2222", women="6203")
    for reader in (client, signed_in(partner)):
        page = text_of(page_of(reader, figures.members))
        assert "Figure entered for" in page
        assert not [number for number in HIDDEN if number in page]
        assert WITHHELD in page, "the two breakdowns side by side would give the 3 away"
        assert "Women" not in page
        assert WITHHELD in text_of(reader.get(figures.members.commitment.get_absolute_url()))
    own = text_of(page_of(signed_in(officer), figures.members))
    assert f"{open_round.label}: {KEPT_BACK}" in own
    assert "By strand: Faith 40; Age 2,222; Women 6,203" in own
    assert "By strand: Faith 3; Age 4,177; Women 6,203; Disability 7,309" in own


def test_a_partner_supplies_a_breakdown_and_an_officer_reviews_it_with_the_figure(
    client, signed_in, figures, delivering, officer, partner, open_round
):
    IndicatorValue.objects.filter(indicator=figures.members).delete()
    theirs = signed_in(partner)
    form = page_of(theirs, figures.members, "indicator-values", open_round.slug).content.decode()
    assert "By strand (optional)" in form
    assert form.split("By strand (optional)")[1].count('inputmode="numeric"') == 4
    sent = enter(theirs, figures, open_round, "", value="2,500", faith="3", age="2,222", women="2500")
    assert sent.status_code == 302
    value = IndicatorValue.objects.get(indicator=figures.members)
    assert (value.state, value.by_strand) == ("proposed", counts(3, 2222, 2500))
    assert "Faith 3; Age 2,222; Women 2,500" in text_of(page_of(theirs, figures.members))
    colleague_of_none = make_person("partner_lead", make_organisation("Yew Trust"))
    for reader in (client, signed_in(colleague_of_none)):
        assert "Faith" not in text_of(page_of(reader, figures.members)), "nobody has approved it"
    review = reverse("commitments:value-review", args=[value.pk])
    page = text_of(signed_in(officer).get(review))
    assert "Faith 3 Age 2,222 Women 2,500" in page
    assert KEPT in page
    signed_in(officer).post(review, {"decision": "approve", "version": value.version})
    shown = text_of(page_of(client, figures.members))
    assert "Faith fewer than 5 Age not shown Women 2,500" in shown
    again = text_of(page_of(signed_in(partner), figures.members, "indicator-values", open_round.slug))
    assert "2,222" not in again, "it counts now: the form has nothing for them to change"


def test_a_wrong_count_is_shown_where_it_was_typed(signed_in, figures, officer, open_round):
    answer = enter(signed_in(officer), figures, open_round, 1, value="100", faith="101", age="9")
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "This is more than the figure for everyone (100)" in page
    assert re.search(r"<details class=\"govuk-details\" open>\s*<summary[^>]*>\s*<span[^>]*>By strand", page)
    assert IndicatorValue.objects.get(indicator=figures.members).version == 1


def test_an_officer_marks_an_indicator_as_counted_by_strand(signed_in, figures, officer):
    there = reverse("commitments:indicator-edit", args=[figures.members.strategy.slug, "S1"])
    sent = {"title": "Members", "kind": "number", "counting": "per_round", "direction": "up", "unit": "people"}
    answer = signed_in(officer).post(there, {**sent, "by_strand": "on", "by_district": "on"})
    assert answer.status_code == 422
    assert "Choose districts or strands, not both" in answer.content.decode()
    assert signed_in(officer).post(there, {**sent, "by_strand": "on"}).status_code == 302
    assert "By strand too." in text_of(page_of(signed_in(officer), figures.members))


def test_what_is_asked_costs_one_query_more(figures, commitment, django_assert_num_queries):
    with django_assert_num_queries(4):
        told = panels(slug=commitment.strategy.slug, commitment=commitment)
    assert [summary.last.by_strand is not None for summary in told if summary.last] == [True, True]
    IndicatorValue.objects.update(by_strand={})
    with django_assert_num_queries(3):
        panels(slug=commitment.strategy.slug, commitment=commitment)
