"""Which commitment an entry of a revised file is: by key, or beyond doubt, or asked of a person."""

from dataclasses import replace
from typing import Any

import pytest

from commitments.strategy_file.matching import KnownCommitment, match, plain
from commitments.strategy_file.priorities import CommitmentEntry

ROOMS = KnownCommitment("rooms", "1.1", "Rooms", "Open a room in every village")
CHAIRS = KnownCommitment("chairs", "1.2", "Chairs", "Lend chairs and tables")
LIST = KnownCommitment("list", "1.3", "List", "Publish one list of rooms")
PLAN = (ROOMS, CHAIRS, LIST)


def entry(reference: str, title: str, wording: str, key: str = "") -> CommitmentEntry:
    number = int(reference.split(".")[1]) if reference else 0
    return CommitmentEntry(reference, number, wording, title, False, line=10 + number, key=key)


def of(known: KnownCommitment, **changes: Any) -> CommitmentEntry:
    """The entry of a file that says what the portal says."""
    return replace(entry(known.reference, known.short_title, known.wording), **changes)


def keys(*entries: CommitmentEntry, known: tuple[KnownCommitment, ...] = PLAN) -> list[str]:
    """The key of each entry, "" for a new one."""
    found = match(known, entries)
    assert not found.faults, found.faults
    return [found.same.get(place, "") for place in range(len(entries))]


def refused(*entries: CommitmentEntry, known: tuple[KnownCommitment, ...] = PLAN) -> list[str]:
    return [str(fault) for fault in match(known, entries).faults]


def test_the_same_file_matches_itself():
    assert keys(of(ROOMS), of(CHAIRS), of(LIST)) == ["rooms", "chairs", "list"]


def test_a_key_decides_whatever_else_has_changed():
    chairs = entry("1.1", "Sofas", "Something else altogether", key="chairs")
    assert keys(chairs, of(ROOMS, reference="1.2"), of(LIST)) == ["chairs", "rooms", "list"]


def test_one_inserted_in_the_middle_is_new_and_the_others_are_renumbered():
    new = entry("1.2", "Map", "Map the rooms that exist")
    rooms = of(ROOMS, wording="Open a room in every village and every estate")
    assert keys(rooms, new, of(CHAIRS, reference="1.3"), of(LIST, reference="1.4")) == ["rooms", "", "chairs", "list"]


def test_two_that_changed_places_are_told_apart_by_their_wording():
    assert keys(of(ROOMS), of(LIST, reference="1.2"), of(CHAIRS, reference="1.3")) == ["rooms", "list", "chairs"]


@pytest.mark.parametrize("wording", ["LEND chairs  and tables.", "Lend chairs and tables ;", "lend chairs\nand tables"])
def test_what_a_printer_changes_does_not_make_another_wording(wording):
    assert keys(of(ROOMS), of(LIST, reference="1.2"), of(CHAIRS, reference="1.3", wording=wording))[2] == "chairs"


def test_kinds_of_quotation_marks_and_dashes_are_one():
    assert plain("The “sector’s” plan – now.") == plain('the "sector\'s" plan - now')
    assert plain("Lend chairs") != plain("Lend a chair")


def test_the_ordinary_correction_keeps_number_and_short_title():
    assert keys(of(ROOMS), of(CHAIRS, wording="Lend chairs, tables and tents"), of(LIST)) == ["rooms", "chairs", "list"]


def test_a_new_short_title_with_the_same_wording_is_the_same():
    assert (
        keys(of(ROOMS), of(CHAIRS, short_title="Furniture", reference="1.3"), of(LIST, reference="1.2"))[1] == "chairs"
    )


def test_number_and_wording_that_both_changed_are_asked_about_with_the_keys():
    new = entry("1.2", "Map", "Map the rooms that exist")
    faults = refused(
        of(ROOMS), new, of(CHAIRS, reference="1.3", wording="Lend chairs and tents"), of(LIST, reference="1.4")
    )
    assert len(faults) == 3
    assert any(
        "commitment 1.3: “Chairs” may be new" in one
        and 'key = "chairs" if it is 1.2 “Chairs”' in one
        and 'key = "chairs-2" if it is new' in one
        for one in faults
    )
    assert any("commitment 1.2: “Map” may be new" in one and 'key = "map" if it is new' in one for one in faults)
    assert any("“Chairs” is in the portal and not in the file" in one for one in faults)


def test_the_persons_answer_is_taken():
    new = entry("1.2", "Map", "Map the rooms that exist", key="map")
    chairs = of(CHAIRS, reference="1.3", wording="Lend chairs and tents", key="chairs")
    assert keys(of(ROOMS), new, chairs, of(LIST, reference="1.4")) == ["rooms", "", "chairs", "list"]


def test_the_same_number_and_title_are_not_enough_where_another_entry_is_nearer():
    taken = of(ROOMS, wording="Close every room on Sundays")
    moved = entry("1.2", "Village rooms", "Open a room in every village and hamlet")
    faults = refused(taken, moved, of(CHAIRS, reference="1.3"), of(LIST, reference="1.4"))
    assert any("commitment 1.1: “Rooms” may be new" in one for one in faults)
    assert any("commitment 1.2: “Village rooms” may be new" in one for one in faults)


def test_nor_where_another_entry_has_the_same_short_title():
    taken = of(ROOMS, wording="Open a room in every village and every estate")
    other = entry("1.4", "Rooms", "Paint all of them yellow")
    faults = refused(taken, of(CHAIRS), of(LIST), other)
    assert any("commitment 1.1" in one for one in faults)
    assert any("commitment 1.4" in one for one in faults)


def test_two_with_one_wording_are_told_apart_by_number_or_not_at_all():
    twin = KnownCommitment("twin", "1.2", "Twin", ROOMS.wording)
    assert keys(of(ROOMS), of(twin), known=(ROOMS, twin)) == ["rooms", "twin"]
    assert refused(of(ROOMS, reference="1.3"), of(twin, reference="1.4"), known=(ROOMS, twin))


def test_one_that_is_left_out_is_refused_with_its_key():
    [fault] = refused(of(ROOMS), of(LIST, reference="1.2"))
    assert "commitment 1.2: “Chairs” is in the portal and not in the file" in fault
    assert 'key = "chairs"' in fault
    assert "closed_on" in fault


def test_a_closed_one_may_be_left_out():
    closed = replace(CHAIRS, closed=True)
    found = match((ROOMS, closed, LIST), (of(ROOMS), of(LIST, reference="1.2")))
    assert (found.gone, found.faults) == (["chairs"], [])


def test_an_entry_that_resembles_a_closed_one_is_asked_about():
    closed = replace(CHAIRS, closed=True)
    again = entry("1.3", "Furniture", "Lend chairs, tables and tents")
    [fault] = refused(of(ROOMS), of(LIST, reference="1.2"), again, known=(ROOMS, closed, LIST))
    assert 'key = "chairs" if it is 1.2 “Chairs”' in fault
    new = entry("1.3", "Insurance", "Insure every room")
    assert keys(of(ROOMS), of(LIST, reference="1.2"), new, known=(ROOMS, closed, LIST)) == ["rooms", "list", ""]


def test_a_key_that_the_portal_does_not_know_is_a_new_commitment():
    [fault] = refused(of(ROOMS), replace(of(CHAIRS), key="chiars"), of(LIST))
    assert 'put it back into the file with key = "chairs"' in fault


def test_the_nearest_come_first_and_no_more_than_six_are_named():
    many = tuple(
        KnownCommitment(f"k{n}", f"1.{n}", f"Title {n}", f"Wording number {n} of many {'x' * n}") for n in range(1, 10)
    )
    faults = refused(entry("1.1", "Other", "Nothing like any of these at all"), known=many)
    question = next(one for one in faults if "may be new" in one)
    assert question.count("if it is 1.") == 6
