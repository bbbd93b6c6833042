"""A file of the directory that is loaded again: what people changed since, and organisations of one name."""

from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from partners.models import HistoryEntry, Organisation
from partners.services.organisations import edit_organisation
from partners.services.removal import remove_listing, restore_listing
from partners.services.standing import end_organisation, list_only
from tests.factories import make_area, make_organisation

pytestmark = pytest.mark.django_db
THREE = (
    "name,kind,telephone,former_names,standing,identifiers\n"
    "Elm Players,charity,01632 960001,,,\nLunch Club,charity,,,,\nMill Choir,charity,,,,\n"
)


@pytest.fixture
def load(tmp_path):
    def run(text, *more):
        file, out = tmp_path / "directory.csv", StringIO()
        file.write_text(text, encoding="utf-8")
        call_command("load_organisations", str(file), *more, stdout=out)
        return out.getvalue()

    return run


def edit(by, organisation, districts=(), identifiers=(), strands=None, **changes):
    return edit_organisation(
        by=by, at=timezone.now(), organisation=organisation, changes=changes, districts=districts,
        identifiers=identifiers, strands=strands,
    )  # fmt: skip


def named(name):
    return Organisation.objects.get(name=name)


def test_a_file_does_not_undo_what_people_changed(load, officer):
    load(THREE)
    edit(officer, named("Elm Players"), telephone="")
    edit(officer, named("Lunch Club"), name="Ash Green Lunch Club", former_names="Lunch Club")
    end_organisation(
        by=officer, at=timezone.now(), organisation=named("Mill Choir"), ended_on=date(2026, 5, 3),
        succeeded_by=named("Elm Players"),
    )  # fmt: skip
    before = HistoryEntry.objects.count()
    said = load(THREE)
    assert "0 added, 0 changed, 2 as before" in said
    assert HistoryEntry.objects.count() == before
    assert "Row 2: Elm Players: changed by hand, so not by the file: telephone (" in said
    assert "Row 3: Lunch Club may be Ash Green Lunch Club, which was changed by hand" in said
    assert "Row 4: Mill Choir: changed by hand, so not by the file: standing (" in said
    assert "Add --overwrite" in said
    assert named("Elm Players").telephone == ""
    assert named("Ash Green Lunch Club").former_names == "Lunch Club"
    choir = named("Mill Choir")
    assert (choir.standing, choir.ended_on, choir.succeeded_by) == ("ended", date(2026, 5, 3), named("Elm Players"))


def test_the_rest_of_a_row_that_somebody_changed_is_loaded(load, officer):
    load(THREE)
    lunch = edit(officer, named("Lunch Club"), name="Ash Green Lunch Club", former_names="Lunch Club")
    said = load("name,slug,kind,telephone,former_names\nLunch Club,lunch-club,charity,01632 960002,\n")
    assert "1 changed" in said
    lunch.refresh_from_db()
    assert (lunch.name, lunch.former_names, lunch.telephone) == ("Ash Green Lunch Club", "Lunch Club", "01632 960002")
    assert "name (" in said
    assert "former names (" in said
    assert "telephone" not in said


def test_whoever_means_it_overwrites_and_after_that_the_file_counts_again(load, officer):
    load(THREE)
    elm = edit(officer, named("Elm Players"), telephone="01632 960009")
    assert "1 changed" in load(THREE, "--overwrite")
    elm.refresh_from_db()
    assert (elm.telephone, elm.changed_by_hand) == ("01632 960001", {})
    assert "1 changed" in load(THREE.replace("960001", "960003"))


def test_a_file_that_says_the_same_as_a_person_counts_again_but_for_what_was_emptied(load, officer):
    load(THREE)
    elm = edit(officer, named("Elm Players"), telephone="01632 960009")
    assert "3 as before" in load(THREE.replace("960001", "960009"))
    assert "1 changed" in load(THREE.replace("960001", "960003"))
    edit(officer, elm, telephone="")
    assert "3 as before" in load(THREE.replace("01632 960001", ""))
    load(THREE)
    elm.refresh_from_db()
    assert elm.telephone == ""


def test_districts_strands_and_numbers_changed_by_hand_stay(load, officer, area):
    other = make_area("Elmshire", "E07000199")
    text = f"name,kind,districts,strands,identifiers\nElm Players,charity,{area.gss_code},,GB-CHC 1234567\n"
    load(text)
    elm = edit(officer, named("Elm Players"), districts=[other], identifiers=[("GB-CHC", "7654321")])
    said = load(text)
    assert "0 added" in said
    assert "which was changed by hand" in said
    said = load(text.replace("name,", "name,slug,").replace("Elm Players,", "Elm Players,elm-players,"))
    assert "0 added, 0 changed, 1 as before" in said
    assert "districts (" in said
    assert "identifiers (" in said
    assert list(elm.districts.all()) == [other]
    assert list(elm.identifiers.values_list("value", flat=True)) == ["7654321"]


def test_no_file_brings_back_what_was_erased_at_an_organisations_request(load, officer):
    load(THREE)
    elm = remove_listing(by=officer, at=timezone.now(), organisation=named("Elm Players"), why="It asked us to.")
    restore_listing(by=officer, at=timezone.now(), organisation=elm)
    load(THREE)
    elm.refresh_from_db()
    assert elm.telephone == ""


def test_one_that_was_listed_again_by_hand_does_not_end_by_a_file(load, administrator):
    text = "name,kind,standing,ended_on\nMill Choir,charity,ended,2025-01-01\n"
    load(text)
    list_only(by=administrator, at=timezone.now(), organisation=named("Mill Choir"))
    assert "1 as before" in load(text)
    assert named("Mill Choir").is_listed


def test_a_confirmed_number_that_stays_stays_confirmed(load, officer):
    load(THREE)
    edit(officer, named("Elm Players"), telephone="07700 900001", contacts_confirmed=True)
    load(THREE.replace("telephone", "telephone,contacts_confirmed").replace("960001", "960001,no"))
    elm = named("Elm Players")
    assert (elm.telephone, elm.contacts_confirmed) == ("07700 900001", True)


HALL = "name,kind,districts,identifiers\n"


def test_two_organisations_of_one_name_and_different_numbers_are_two(load):
    load(f"{HALL}Village Hall Trust,charity,,GB-CHC 2000001\n")
    said = load(f"{HALL}Village Hall Trust,charity,,GB-CHC 3000001\n")
    assert "1 added" in said
    assert "is new, although another organisation (village-hall-trust) has the same name" in said
    both = Organisation.objects.filter(name="Village Hall Trust").order_by("pk")
    assert [list(each.identifiers.values_list("value", flat=True)) for each in both] == [["2000001"], ["3000001"]]
    again = f"{HALL}Village Hall Trust,charity,,GB-CHC 2000001\nVillage Hall Trust,charity,,GB-CHC 3000001\n"
    assert "0 added, 0 changed, 2 as before" in load(again)


def test_one_file_may_have_two_of_one_name_where_something_tells_them_apart(load, area):
    other = make_area("Elmshire", "E07000199")
    for head, first, second in (
        (HALL, f"Lunch Club,charity,{area.gss_code},", f"Lunch Club,charity,{other.gss_code},"),
        (HALL, "Village Hall,charity,,GB-CHC 2000001", "Village Hall,charity,,GB-CHC 3000001"),
        ("name,slug,kind\n", "Women’s Institute,wi-ash,charity", "Women’s Institute,wi-elm,charity"),
    ):
        assert "2 added" in load(f"{head}{first}\n{second}\n")
        assert "2 as before" in load(f"{head}{first}\n{second}\n")
    with pytest.raises(CommandError, match="Lunch Club, name: is the name of several organisations"):
        load(f"{HALL}Lunch Club,charity,,\n")
    with pytest.raises(CommandError, match="succeeded_by: is the name of several organisations"):
        load("name,kind,standing,succeeded_by\nOld Club,charity,ended,Lunch Club\n")


def test_a_number_learned_this_year_belongs_to_the_one_of_that_name(load, area):
    load(f"{HALL}Village Hall Trust,charity,{area.gss_code},\n")
    assert "0 added, 1 changed" in load(f"{HALL}Village Hall Trust,charity,{area.gss_code},GB-CHC 2000001\n")


def test_one_that_takes_part_does_not_stand_in_the_way_of_another_of_its_name(load):
    make_organisation("Village Hall Trust", identifiers=[("GB-CHC", "2000001")])
    assert "1 added" in load(f"{HALL}Village Hall Trust,charity,,GB-CHC 3000001\n")


def test_a_website_that_is_corrected_leaves_no_trusted_domain_behind(load, administrator, officer):
    head = "name,kind,website\nMill Choir,charity,https://"
    load(f"{head}southfields.example.com/clubs/choir\n")
    load(f"{head}millchoir.example.org\n")
    choir = named("Mill Choir")
    assert choir.email_domains == ["millchoir.example.org"]
    choir.email_domains = ["millchoir.example.org", "of-their-own.example.org"]
    choir.save()
    edit(administrator, choir, website="https://choir.example.net/")
    assert named("Mill Choir").email_domains == ["choir.example.net", "of-their-own.example.org"]
    edit(officer, choir, website="https://choir.example.net/about")
    assert named("Mill Choir").email_domains == ["choir.example.net", "of-their-own.example.org"]
    edit(officer, choir, website="https://anything.example.com/")
    assert named("Mill Choir").email_domains == ["of-their-own.example.org"]
