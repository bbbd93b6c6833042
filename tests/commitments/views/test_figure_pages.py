"""The county in figures and money as pages: who reads what, what was corrected, and how a source is put right."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from commitments.content.sourced_figures import AwardContent, SourcedFigureContent, SourcedValueContent
from commitments.models import Award, SourcedFigure, SourcedValue
from commitments.reading.award_files import COLUMNS, award_row
from commitments.services.awards import add_award
from commitments.services.sourced_figures import add_figure
from commitments.services.sourced_values import add_sourced_value, correct_sourced_value, take_back_value
from partners.models import Area, Source
from partners.services.strands import end_strand
from tests.county_figures import LARGE, NEXT_SMALLEST, NOT_SOURCED, STRANDS, CountyFigures, make_county_figures
from tests.factories import make_organisation, make_person, make_strategy

pytestmark = pytest.mark.django_db
LIST, MONEY = "/figures/", "/money/"


@pytest.fixture
def figures(strategy, officer, now) -> CountyFigures:
    return make_county_figures(strategy, officer, now)


def page(client, address, status=200):
    answer = client.get(address)
    assert answer.status_code == status
    return answer.getvalue().decode()


def shown(number, text):
    return f"{number:,}" in text or str(number) in text


def test_what_has_no_source_and_small_numbers_are_for_the_people_who_answer(
    client, figures, signed_in, partner, officer
):
    elsewhere = make_organisation("Elmshire Council", "public_body")
    make_strategy(elsewhere, slug="elmshire", opens_first=False)
    members = figures.members.get_absolute_url()
    for reader in (client, signed_in(partner), signed_in(make_person("officer", elsewhere))):
        page(reader, figures.secret.get_absolute_url(), 404)
        for address in (LIST, members):
            text = page(reader, address)
            assert "fewer than 5" in text
            assert shown(LARGE[0], text)
            assert not shown(NEXT_SMALLEST, text)
            assert not shown(NOT_SOURCED, text)
            assert "/figures/values/" not in text
        carers = page(reader, figures.carers.get_absolute_url())
        assert "This breakdown is not shown" in carers
        assert "Faith" not in carers
    keeps = signed_in(officer)
    assert shown(NOT_SOURCED, page(keeps, LIST))
    assert "app-sourced--none" in page(keeps, figures.secret.get_absolute_url())
    text = page(keeps, members)
    assert shown(NEXT_SMALLEST, text)
    assert "Only the people who can change these numbers see them." in text
    for value in figures.members.values.all():
        assert reverse("commitments:sourced-value-correct", args=[value.pk]) in text
    assert "app-sourced--none" not in text, "a breakdown with a source is no figure without one"


def test_each_other_source_says_how_it_differs(client, figures, officer, now):
    first = figures.value(figures.poverty)
    third = SourcedValueContent(Decimal(2000), period="2021", source=figures.source)
    add_sourced_value(by=officer, at=now, figure=figures.poverty, content=third, beside=first)
    text = page(client, figures.poverty.get_absolute_url())
    assert text.count("Two sources differ by 500 people.") == 1
    assert text.count("Another source says the same.") == 1


def test_a_correction_says_what_it_was_and_is_why_when_and_by_which_post(
    client, figures, signed_in, officer, council, now
):
    first = figures.value(figures.poverty)
    content = SourcedValueContent(Decimal(2100), period="2020/21", source=figures.source)
    correct_sourced_value(by=officer, at=now, value=first, content=content, reason="A digit was wrong.")
    text = page(client, figures.poverty.get_absolute_url())
    assert "2,000 people (2020/21) was corrected to 2,100 people (2020/21)" in text
    assert "Reason: A digit was wrong." in text
    assert f"by Council officer, {council.name}" in text
    assert officer.name not in text
    [other] = SourcedValue.objects.current().filter(figure=figures.poverty, beside__isnull=False)
    take_back_value(by=officer, at=now, value=other, reason="It counts adults.")
    text = page(client, figures.poverty.get_absolute_url())
    assert "2,500 people (2021) was withdrawn" in text
    assert officer.name in page(signed_in(officer), figures.poverty.get_absolute_url())


def test_corrections_tell_nobody_a_small_number_or_what_had_no_source(client, figures, signed_in, officer, now):
    small = figures.value(figures.members)
    content = SourcedValueContent(Decimal(9911), period="2020/21", source=figures.source, strand=small.strand)
    raised = correct_sourced_value(by=officer, at=now, value=small, content=content, reason="Counted again.")
    correct_sourced_value(
        by=officer, at=now, value=raised, content=replace(content, value=Decimal(4)), reason="Once more."
    )
    unsourced = figures.value(figures.secret)
    found = SourcedValueContent(Decimal(500), period="2020/21", source=figures.source)
    correct_sourced_value(by=officer, at=now, value=unsourced, content=found, reason="The source was found.")
    for figure, hidden in ((figures.members, 9911), (figures.secret, NOT_SOURCED)):
        text = page(client, figure.get_absolute_url())
        assert "was corrected" not in text
        assert not shown(hidden, text)
        assert shown(hidden, page(signed_in(officer), figure.get_absolute_url()))


def test_a_source_is_corrected_wherever_it_is_named(client, figures, signed_in, officer, partner):
    address = reverse("commitments:source-edit", args=[figures.poverty.pk, figures.source.slug])
    keeps = signed_in(officer)
    assert address in page(keeps, figures.poverty.get_absolute_url())
    sent = {"title": "Joint needs assessment", "period": "2021", "version": figures.source.version}
    assert keeps.post(address, {**sent, "title": ""}).status_code == 422
    assert signed_in(partner).post(address, sent).status_code == 403
    assert keeps.post(address, sent).status_code == 302
    assert keeps.post(address, {**sent, "title": "Another"}).status_code == 409
    for figure in (figures.poverty, figures.grants):
        assert "Joint needs assessment" in page(client, figure.get_absolute_url())
    other = reverse("commitments:source-edit", args=[figures.grants.pk, "census-of-households"])
    assert keeps.get(other).status_code == 404, "the figure does not name it"


def test_a_new_source_is_added_with_the_value_or_what_it_lacks_is_named_at_its_box(figures, signed_in, officer):
    keeps = signed_in(officer)
    address = reverse("commitments:sourced-value-new", args=[figures.secret.pk])
    assert '<details class="govuk-details">' in page(keeps, address)
    sent = {"value": "1,200", "period": "2022", "new_title": "Parish count", "version": 1}
    answer = keeps.post(address, sent)
    assert answer.status_code == 422
    assert "new_published_on" in answer.context["form"].errors
    assert '<details class="govuk-details" open>' in answer.content.decode()
    assert not Source.objects.filter(title="Parish count").exists()
    assert keeps.post(address, {**sent, "new_period": "2022"}).status_code == 302
    assert SourcedValue.objects.latest("id").source == Source.objects.get(title="Parish count")


def test_money_lists_awards_and_sums_that_mix_nothing(client, figures):
    text = page(client, MONEY)
    for words in ("A ramp", "Two tables", "Advice", "2 grants", "£120", "1 contract", "£900"):
        assert words in text
    assert "A mistake" not in text
    assert "£1,020" not in text
    only = page(client, f"{MONEY}?kind=contract")
    assert "A ramp" not in only
    rows = page(client, "/money/awards.csv?kind=grant")
    assert ("A ramp" in rows, "Advice" in rows, "A mistake" in rows) == (True, False, False)
    assert client.get(f"{MONEY}?year=x").status_code == 422


def test_an_award_leads_to_its_figure_only_if_that_can_be_read(client, figures, signed_in, officer, now):
    award = figures.award.get_absolute_url()
    assert figures.grants.get_absolute_url() in page(client, award)
    take_back_value(by=officer, at=now, value=figures.value(figures.grants), reason="It is about another year.")
    assert figures.grants.get_absolute_url() not in page(client, award)
    assert figures.grants.get_absolute_url() in page(signed_in(officer), award)


def test_a_figure_is_gone_from_the_list_once_it_ends_and_its_page_says_why(client, figures, signed_in, officer):
    address = reverse("commitments:sourced-figure-end", args=[figures.poverty.pk])
    version = SourcedFigure.objects.get(pk=figures.poverty.pk).version
    answer = signed_in(officer).post(address, {"reason": "The council counts it no longer.", "version": version})
    assert answer.status_code == 302
    assert figures.poverty.title not in page(client, LIST)
    assert "The council counts it no longer." in page(client, figures.poverty.get_absolute_url())
    assert figures.poverty.title not in page(client, f"{LIST}?strategy=elsewhere")
    assert figures.members.title in page(client, f"{LIST}?strategy={figures.poverty.strategy.slug}")


def test_the_list_takes_no_more_queries_with_more_values(
    signed_in, figures, officer, now, django_assert_max_num_queries
):
    keeps = signed_in(officer)
    page(keeps, LIST)
    with django_assert_max_num_queries(40) as before:
        page(keeps, LIST)
    for number in range(6):
        content = SourcedValueContent(Decimal(number + 10), period=f"202{number}", source=figures.source)
        add_sourced_value(by=officer, at=now, figure=figures.poverty, content=content)
    with django_assert_max_num_queries(len(before)):
        page(keeps, LIST)


def test_a_value_of_an_ended_strand_or_area_is_corrected_and_stays_what_it_is(
    client, figures, signed_in, officer, area, now
):
    small, place = figures.value(figures.members), figures.value(figures.poverty)
    content = SourcedValueContent(Decimal(60), period="2020/21", source=figures.source, area=area)
    by_area = add_sourced_value(by=officer, at=now, figure=figures.poverty, content=content)
    end_strand(by=None, at=now, strand=small.strand)
    Area.objects.filter(pk=area.pk).update(valid_to=timezone.localdate(now) - timedelta(days=1))
    keeps = signed_in(officer)
    for value, about in ((small, small.strand), (by_area, area), (place, None)):
        address = reverse("commitments:sourced-value-correct", args=[value.pk])
        form = keeps.get(address).context["form"]
        assert not {"area", "strand", "beside"} & form.fields.keys()
        assert ("This value is for" in page(keeps, address)) is (about is not None)
        sent = {name: form[name].value() or "" for name in form.fields}
        assert keeps.post(address, {**sent, "note": "Counted in May.", "reason": "A note."}).status_code == 302
        now_is = SourcedValue.objects.get(replaces=value)
        assert (now_is.strand, now_is.area, now_is.value) == (value.strand, value.area, value.value)
    text = page(client, figures.members.get_absolute_url())
    assert "fewer than 5" in text
    assert re.search(r"\b3 people", text) is None


def test_numbers_by_strand_are_entered_together_and_shown_together(client, figures, signed_in, officer):
    keeps, figure = signed_in(officer), figures.secret
    address = reverse("commitments:sourced-value-new", args=[figure.pk])
    text = page(keeps, address)
    assert text.count('name="strand_') == len(STRANDS)
    sent = {"strand_faith": "3", "strand_age": "9", "strand_women": "1,200", "period": "2022", "version": 1}
    sent["source"] = figures.source.slug
    for wrong, field in (
        ({"strand_age": "-1"}, "strand_age"),
        ({"strand_age": "1.5"}, "strand_age"),
        ({"qualifier": "about"}, "value"),
    ):
        answer = keeps.post(address, {**sent, **wrong})
        assert (answer.status_code, set(answer.context["form"].errors)) == (422, {field})
        assert answer.content.decode().count('<details class="govuk-details" open>') == 1
    assert keeps.post(address, sent).status_code == 302
    assert "fewer than 5" in page(client, figure.get_absolute_url())
    assert "1,200 people" in page(client, figure.get_absolute_url())
    assert "9 people" not in page(client, figure.get_absolute_url())
    assert (
        keeps.post(address, {"value": "1,240", "strand_faith": "40", "period": "2023", "version": 2}).status_code == 302
    )
    assert SourcedValue.objects.filter(period="2023", strand__isnull=True).get().value == 1240
    assert SourcedValue.objects.filter(period="2023", strand__code="faith").get().value == 40


def test_numbers_by_strand_are_not_for_one_area(figures, signed_in, officer, area):
    keeps = signed_in(officer)
    address = reverse("commitments:sourced-value-new", args=[figures.secret.pk])
    sent = {"area": area.gss_code, "value": "40", "strand_faith": "3", "period": "2022", "version": 1}
    answer = keeps.post(address, sent)
    assert (answer.status_code, set(answer.context["form"].errors)) == (422, {"area"})
    assert figures.secret.values.count() == 1
    money = page(keeps, reverse("commitments:sourced-value-new", args=[figures.grants.pk]))
    assert "strand_" not in money


def test_an_edited_award_keeps_areas_that_are_gone_and_its_currency(figures, signed_in, officer, area, now):
    figures.award.districts.add(area)
    Award.objects.filter(pk=figures.award.pk).update(currency="EUR")
    Area.objects.filter(pk=area.pk).update(valid_to=timezone.localdate(now) - timedelta(days=1))
    address = f"{figures.award.get_absolute_url()}edit/"
    keeps = signed_in(officer)
    form = keeps.get(address).context["form"]
    assert form.fields["amount_awarded"].label == "Amount in euros"
    Award.objects.filter(pk=figures.award.pk).update(currency="CHF")
    assert keeps.get(address).context["form"].fields["amount_awarded"].label == "Amount in CHF"
    Award.objects.filter(pk=figures.award.pk).update(currency="EUR")
    sent = {name: value for name in form.fields if (value := form[name].value())}
    answer = keeps.post(address, {**sent, "title": "Two ramps"})
    assert answer.status_code == 302, answer.context["form"].errors
    award = Award.objects.get(pk=figures.award.pk)
    assert (award.title, award.currency, list(award.districts.all())) == ("Two ramps", "EUR", [area])


def test_the_filter_by_commitment_means_that_of_one_strategy(client, figures, strategy, officer, now):
    other = make_strategy(make_organisation("Elmshire Council", "public_body"), slug="elmshire", opens_first=False)
    money = add_figure(by=None, at=now, strategy=other, content=SourcedFigureContent("money", "Grants", unit="£"))
    content = AwardContent("grant", "a-50", "A bus", Decimal(5), date(2020, 5, 1), recipient_name="Bus Friends")
    mine, theirs = strategy.commitments.order_by("id")[0], other.commitments.order_by("id")[0]
    figures.award.commitments.add(mine)
    assert "A ramp" in page(client, f"{MONEY}?commitment={mine.reference}"), "there is no other strategy with awards"
    add_award(by=None, at=now, figure=money, content=replace(content, commitments=(theirs,)))
    assert mine.reference == theirs.reference
    for query, titles in (
        (f"commitment={mine.reference}", (False, False)),
        (f"commitment={mine.reference}&strategy={strategy.slug}", (True, False)),
        (f"commitment={other.slug}:{theirs.key}", (False, True)),
    ):
        rows = page(client, f"/money/awards.csv?{query}")
        assert ("A ramp" in rows, "A bus" in rows) == titles, query
    rows = client.get("/money/awards.json").json()["grants"]
    assert len({row["id"] for row in rows}) == len(rows) == 4
    assert all(row["description"] and row["recipientOrganization"][0]["id"] for row in rows)
    assert {row["recipientOrganization"][0]["id"] for row in rows} == {"portal-hall-friends", "portal-bus-friends"}


def test_a_change_just_after_midnight_has_its_local_day(figures):
    Award.objects.filter(pk=figures.award.pk).update(changed_at=datetime(2026, 7, 1, 23, 30, tzinfo=UTC))
    award = Award.objects.select_related("figure__strategy", "funding_organisation").get(pk=figures.award.pk)
    assert award_row(award)[COLUMNS.index("Last Modified")] == "2026-07-02"
