"""Each district beside the year before: counts that are never added up, and a map of equal tiles."""

import json
import re
from dataclasses import replace
from typing import Any

import lxml.html
import pytest

from reporting import rendering
from reporting.facts import AreaFacts, from_json, to_json
from reporting.formats import FORMAT_BY_CODE
from reporting.narrative import districts
from tests.reporting.small import empty, small
from tests.reporting.test_every_face import in_zip


def told(report) -> list[tuple[Any, ...]]:
    """What is printed of each district, this round's and what was before."""
    return [
        (row.area.name, *(f and (f.items, f.organisations, f.commitments, f"{f.people.said} {f.people.base}".strip()) for f in (row.now, row.before)))
        for row in districts.rows(report)
    ]  # fmt: skip


def test_an_item_counts_in_each_district_that_it_names():
    assert told(small()) == [
        ("North", (4, 3, 2, "96 from 3 of 4 items"), (3, 2, 2, "120 from 2 of 3 items")),
        ("South", (2, 2, 2, "84 from 2 of 2 items"), (0, 0, 0, "not counted")),
        ("West", (0, 0, 0, "not counted"), (0, 0, 0, "not counted")),
    ]


def test_two_organisations_of_one_name_are_two():
    first, second = (replace(item, districts=("North",), organisation="Hill Trust") for item in small().evidence[:2])
    for slugs, count in ((("hill-trust", "hill-trust-2"), 2), (("hill-trust", "hill-trust"), 1), (("", ""), 1)):
        items = (replace(first, organisation_slug=slugs[0]), replace(second, organisation_slug=slugs[1]))
        assert told(replace(small(), evidence=items))[0][1][1] == count


def test_the_note_says_what_counts_twice_and_what_names_no_district():
    assert (
        "Two items name more than one district and count in each, so the numbers can’t be added up."
        in districts.note(small())
    )
    assert "Two items of evidence name no district." in districts.note(small())
    evidence = small().evidence
    single = replace(small(), evidence=tuple(replace(item, districts=("North",)) for item in evidence))
    assert "more than one" not in districts.note(single)
    assert "no district" not in districts.note(single)
    one = replace(small(), evidence=(evidence[1], replace(evidence[0], districts=())))
    assert "One item names more than one district and counts in each" in districts.note(one)
    assert "One item of evidence names no district." in districts.note(one)


def test_an_edition_from_before_districts_were_kept_has_this_year_alone_and_no_map():
    data = json.loads(json.dumps(to_json(small())))
    del data["districts"]
    for area in data["areas"]:
        del area["column"], area["row"]
    for earlier in data["earlier"]:
        del earlier["areas"]
    old = from_json(data)
    assert [(name, now[0], before) for name, now, before in told(old)] == [("North", 4, None), ("South", 2, None)]
    assert districts.tile_map(old, districts.rows(old)) is None


def test_tiles_are_equal_unshaded_and_each_says_its_counts():
    chart = districts.tile_map(small(), districts.rows(small()))
    assert chart is not None
    assert chart.sentence == (
        "A map of the districts as equal tiles in their rough places: North, 4 items of evidence, 3 in 2023-24; "
        "South, 2 items of evidence, 0 in 2023-24; West, 0 items of evidence, 0 in 2023-24."
    )
    tiles = re.findall(r"<rect ([^>]+)/>", chart.svg)
    assert len(tiles) == 3
    assert len(set(tiles)) == 1, "one size, one look"
    assert 'fill="none"' in tiles[0]
    assert len(set(re.findall(r"translate\(([^)]+)\)", chart.svg))) == 3


@pytest.mark.parametrize("place", [(None, None), (1, None), (None, 1)])
def test_one_district_without_a_place_leaves_the_table_alone(place):
    north, *others = small().districts
    report = replace(small(), districts=(AreaFacts(north.gss_code, north.name, north.kind, *place), *others))
    assert not districts.has_map(districts.rows(report))
    html = rendering.to_html(report)
    assert "district-map" not in html[html.index("</style>") :]
    assert "What organisations did in each district" in html


def test_one_district_alone_is_no_map_and_none_is_no_part_of_the_report():
    assert not districts.has_map(districts.rows(replace(small(), districts=small().districts[:1])))
    none = replace(empty(), districts=(), areas=())
    assert districts.rows(none) == []
    assert "In each" not in rendering.to_html(none)


def test_where_every_count_would_be_0_a_sentence_stands_in_the_place_of_table_and_map():
    without = replace(small(), evidence=())
    assert districts.nothing(without, districts.rows(without)) == "", "there was something the year before"
    nowhere = replace(without, earlier=tuple(replace(year, areas=()) for year in without.earlier))
    assert (
        districts.nothing(nowhere, districts.rows(nowhere))
        == "No item of evidence of 2024-25 or 2023-24 names any district."
    )
    first = empty()
    for face in ("print", "html"):
        html = (
            rendering.to_html(first)
            if face == "print"
            else FORMAT_BY_CODE["html"].write(first, {}, None).content.decode()
        )
        assert "No item of evidence of 2024-25 names any district." in html
        assert not lxml.html.fromstring(html).xpath(
            "//*[contains(@class, 'districts') or contains(@class, 'district-map')]"
        )
    assert len(json.loads(FORMAT_BY_CODE["json"].write(first, {}, None).content)["tables"]["districts"]["rows"]) == 3
    assert districts.nothing(small(), districts.rows(small())) == ""


@pytest.mark.parametrize("face", ["print", "html"])
def test_table_and_map_are_in_print_and_on_the_web(face):
    report = small()
    html = (
        rendering.to_html(report)
        if face == "print"
        else FORMAT_BY_CODE["html"].write(report, {}, None).content.decode()
    )
    [table] = lxml.html.fromstring(html).xpath("//table[contains(@class, 'districts')]")
    rows = [[" ".join(cell.text_content().split()) for cell in row] for row in table.xpath(".//tr")]
    assert rows[0] == ["District", "Items of evidence", "Organisations", "Commitments worked on", "People reached"]
    assert rows[1] == ["North", "4 3", "3 2", "2 2", "96 from 3 of 4 items 120 from 2 of 3 items"]
    assert "all" not in {row[0].lower() for row in rows}, "no sum over districts"
    assert lxml.html.fromstring(html).xpath("//*[contains(@class, 'district-map')]")


def test_the_data_have_a_row_for_each_district_and_year():
    rows = json.loads(FORMAT_BY_CODE["json"].write(small(), {}, None).content)["tables"]["districts"]["rows"]
    assert [(row["district"], row["round"], row["pieces_of_evidence"], row["organisations"], row["commitments"], row["people_reached"], row["people_reached_given_by"]) for row in rows] == [
        ("North", "2023-24", 3, 2, 2, 120, 2), ("North", "2024-25", 4, 3, 2, 96, 3),
        ("South", "2023-24", 0, 0, 0, None, 0), ("South", "2024-25", 2, 2, 2, 84, 2),
        ("West", "2023-24", 0, 0, 0, None, 0), ("West", "2024-25", 0, 0, 0, None, 0),
    ]  # fmt: skip


@pytest.mark.parametrize("layout", ["docx", "odt"])
def test_the_committee_paper_has_the_table_too(layout):
    words = in_zip(FORMAT_BY_CODE[layout].write(small(), {}, None).content)
    assert "What organisations did in each district in 2024-25, and in 2023-24" in words
    assert "4; 3 in 2023-24" in words
