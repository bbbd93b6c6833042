"""Figures with sources and awards through the API: what everybody reads, what is hidden, what the people who keep them write."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from commitments.content.sourced_figures import SourcedFigureContent, SourcedValueContent
from commitments.models import Award, SourcedFigure, SourcedValue
from commitments.services.sourced_figures import add_figure
from commitments.services.sourced_values import add_sourced_value
from partners.models import Source
from tests.county_figures import LARGE, NEXT_SMALLEST, NOT_SOURCED, CountyFigures, make_county_figures
from tests.factories import make_organisation, make_person, make_strategy

pytestmark = pytest.mark.django_db


@pytest.fixture
def figures(strategy, officer, now) -> CountyFigures:
    return make_county_figures(strategy, officer, now)


def codes(rows):
    return [row["code"] for row in rows]


def test_what_has_no_source_is_read_by_the_people_who_answer_alone(api, stranger, figures, partner, officer):
    secret = f"figures/{figures.secret.pk}/"
    for reader in (stranger, api(partner)):
        assert figures.secret.code not in codes(reader.list("figures/"))
        assert reader.get(secret).status_code == 404
        assert str(NOT_SOURCED) not in reader.get("figures/").content.decode()
    assert api(officer).get(secret).json()["values"][0]["value"] == NOT_SOURCED


def test_a_second_source_stands_beside_the_first_and_says_how_it_differs(stranger, figures):
    [first] = stranger.get(f"figures/{figures.poverty.pk}/").json()["values"]
    [other] = first["others"]
    assert (first["said"], first["differs"], first["source"]["title"]) == ("2,000 people", "", "Needs assessment")
    assert (other["said"], other["differs"]) == ("2,500 people", "by 500 people")
    assert (other["source"]["title"], other["words"]) == ("Census of households", "two and a half thousand")


def test_small_numbers_and_the_next_smallest_are_hidden_from_everybody_else(api, stranger, figures, partner, officer):
    address = f"figures/{figures.members.pk}/"
    for reader in (stranger, api(partner)):
        shown = reader.get(address).json()
        assert [(row["name"], row["count"], row["said"]) for row in shown["by_strand"]] == [
            ("Faith", None, "fewer than 5"),
            ("Age", None, "not shown"),
            ("Women", LARGE[0], "6,203 people"),
            ("Disability", LARGE[1], "7,309 people"),
        ]
        assert "fewer than 5" in shown["by_strand_note"]
        for page in (address, "figures/"):
            assert not {f"{NEXT_SMALLEST}", f"{NEXT_SMALLEST:,}"} & set(reader.get(page).content.decode().split('"'))
    assert [row["count"] for row in api(officer).get(address).json()["by_strand"]] == [3, NEXT_SMALLEST, *LARGE]


def test_a_breakdown_that_would_give_a_number_away_does_not_even_name_its_strands(stranger, api, figures, officer):
    shown = stranger.get(f"figures/{figures.carers.pk}/").json()
    assert (shown["by_strand"], "not shown" in shown["by_strand_note"]) == ([], True)
    assert [row["count"] for row in api(officer).get(f"figures/{figures.carers.pk}/").json()["by_strand"]] == [2]


def test_lists_are_filtered_and_a_filter_that_means_nothing_is_named(stranger, figures, strategy):
    assert codes(stranger.list("figures/?about=money")) == [figures.grants.code]
    assert codes(stranger.list(f"figures/?strategy={strategy.slug}&about=take_up")) == [
        figures.members.code,
        figures.carers.code,
    ]
    assert stranger.list("figures/?strategy=elsewhere") == []
    for wrong in ("figures/?about=weather", "awards/?kind=gift", "awards/?year=2020"):
        assert stranger.get(wrong).status_code == 400, wrong
    names = [row["award"]["title"] for row in stranger.list("awards/?kind=grant&year=2020-21")]
    assert names == ["Two tables", "A ramp"]
    assert [row["award"]["title"] for row in stranger.list("awards/?organisation=hall")] == [
        "Advice",
        "Two tables",
        "A ramp",
    ]
    assert stranger.list("awards/?organisation=elsewhere") == []


def test_whoever_answers_adds_a_figure_a_value_a_correction_and_an_end(api, stranger, strategy, officer):
    writer = api(officer)
    sent = {"strategy": strategy.slug, "about": "place", "title": "People in Ash", "unit": "people"}
    answer = writer.post("figures/", sent)
    assert (answer.status_code, answer.json()["version"]) == (201, 0)
    one = f"figures/{answer.json()['id']}/"
    assert stranger.get(one).status_code == 404
    source = {"title": "Parish count", "period": "2022"}
    said = {"value": "120", "period": "2022", "qualifier": "about", "new_source": source, "version": 0}
    [value] = writer.post(f"{one}value/", said).json()["values"]
    assert (value["said"], stranger.get(one).json()["values"][0]["source"]["title"]) == (
        "about 120 people",
        "Parish count",
    )
    slug = Source.objects.get(title="Parish count").slug
    wrong = {"id": value["id"], "value": "125", "period": "2022", "source": slug, "version": 1}
    assert set(writer.post(f"{one}correct/", wrong).json()["errors"]) == {"reason"}
    [now] = writer.post(f"{one}correct/", {**wrong, "reason": "A digit was wrong."}).json()["values"]
    assert (now["said"], now["correction"]) == ("125 people", "A digit was wrong.")
    assert writer.post(f"{one}correct/", {**wrong, "reason": "Again.", "version": 2}).status_code == 404
    assert writer.post(f"{one}value/", {**said, "new_source": None, "version": 1}).status_code == 409
    assert writer.post(f"{one}end/", {"reason": "Nobody counts.", "version": 2}).json()["ended"] is True
    assert writer.post(f"{one}value/", {**said, "new_source": None, "version": 3}).status_code == 409
    assert SourcedValue.objects.filter(figure=answer.json()["id"]).count() == 2


def test_a_refused_value_leaves_no_source_behind(api, figures, officer):
    said = {"value": "1", "period": "", "new_source": {"title": "Left over", "period": "2022"}, "version": 1}
    answer = api(officer).post(f"figures/{figures.secret.pk}/value/", said)
    assert (answer.status_code, set(answer.json()["errors"])) == (400, {"starts_on"})
    assert not Source.objects.filter(title="Left over").exists()


def test_whoever_answers_lists_an_award_and_takes_it_off_the_list(api, stranger, figures, officer, charity):
    writer = api(officer)
    sent = {
        "figure": figures.grants.pk, "kind": "grant", "identifier": "b-1", "title": "A boiler", "amount_awarded": "1250.50",
        "award_date": "2021-04-01", "recipient": charity.slug, "recipient_is_organisation": True,
    }  # fmt: skip
    refused = writer.post("awards/", {**sent, "recipient_is_organisation": False})
    assert (refused.status_code, set(refused.json()["errors"])) == (400, {"recipient_is_organisation"})
    made = writer.post("awards/", sent)
    assert made.status_code == 201
    shown = made.json()
    assert (shown["award"]["amountAwarded"], shown["award"]["financialYear"]) == (1250.5, "2021-22")
    number = Award.objects.get(identifier="b-1").pk
    assert stranger.get(f"awards/{number}/").json()["award"]["recipientOrganization"][0]["name"] == charity.name
    writer.post(f"awards/{number}/withdraw/", {"reason": "Twice.", "version": 0})
    assert stranger.get(f"awards/{number}/").status_code == 404
    assert "b-1" not in stranger.get("awards/").content.decode()


def test_nobody_else_writes(api, figures, strategy, partner):
    elsewhere = make_organisation("Elmshire Council", "public_body")
    make_strategy(elsewhere, slug="elmshire", opens_first=False)
    other = api(make_person("officer", elsewhere))
    figure = {"strategy": strategy.slug, "about": "place", "title": "People"}
    assert other.post("figures/", figure).status_code == 403
    for writer in (other, api(partner)):
        for address, sent in (
            (f"figures/{figures.poverty.pk}/value/", {"value": "1", "period": "x", "version": 2}),
            (f"figures/{figures.poverty.pk}/end/", {"reason": "x", "version": 2}),
            (f"awards/{figures.award.pk}/withdraw/", {"reason": "x", "version": 0}),
        ):
            assert writer.post(address, sent).status_code == 403, address
    assert not SourcedFigure.objects.filter(ended_at__isnull=False).exists()


def test_lists_take_no_more_queries_with_more_rows(stranger, figures, strategy, now):
    def asked():
        with CaptureQueriesContext(connection) as found:
            assert len(stranger.list("figures/")) >= 4
            assert stranger.list("awards/")
        return len(found)

    asked()
    before = asked()
    elsewhere = make_strategy(make_organisation("Elmshire Council", "public_body"), slug="elmshire", opens_first=False)
    value = SourcedValueContent(Decimal(1), period="2020", source=figures.source)
    for place in (strategy, elsewhere):
        for number in range(4):
            content = SourcedFigureContent("place", f"More {number}")
            figure = add_figure(by=None, at=now, strategy=place, content=content)
            add_sourced_value(by=None, at=now, figure=figure, content=value)
    assert asked() == before


def test_a_correction_names_no_area_or_strand_and_stays_for_the_same(api, stranger, figures, officer):
    address, small = f"figures/{figures.members.pk}/", figures.value(figures.members)
    sent = {"id": small.pk, "value": "3", "period": "2020/21", "source": figures.source.slug, "reason": "A note."}
    version = stranger.get(address).json()["version"]
    answer = api(officer).post(f"{address}correct/", {**sent, "strand": "", "version": version})
    assert (answer.status_code, set(answer.json()["errors"])) == (400, {"strand"})
    assert api(officer).post(f"{address}correct/", {**sent, "version": version}).status_code == 200
    assert [row["said"] for row in stranger.get(address).json()["by_strand"]][:2] == ["fewer than 5", "not shown"]
    assert stranger.get(address).json()["values"] == []


def test_a_whole_breakdown_is_sent_at_once(api, stranger, figures, officer):
    address = f"figures/{figures.secret.pk}/"
    sent = {
        "by_strand": {"faith": 3, "age": 9, "women": 30},
        "period": "2022",
        "source": figures.source.slug,
        "version": 1,
    }
    for wrong in ({"faith": 3, "elves": 1}, {"faith": -1}, {"faith": "x"}):
        answer = api(officer).post(f"{address}value/", {**sent, "by_strand": wrong})
        assert (answer.status_code, set(answer.json()["errors"])) == (400, {"by_strand"})
    assert api(officer).post(f"{address}value/", {**sent, "value": "41"}).status_code == 200
    shown = stranger.get(address).json()
    assert [row["said"] for row in shown["by_strand"]] == ["fewer than 5", "not shown", "30 people"]
    assert [value["said"] for value in shown["values"]] == ["41 people"]
