"""The file of a directory: what it adds and changes, what it leaves, and what is wrong in it."""

from io import StringIO
from time import process_time

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from partners.models import HistoryEntry, Organisation, OrganisationIdentifier
from partners.services.removal import remove_listing
from tests.common.spreadsheets.made import excel, with_empty_results
from tests.factories import make_organisation

pytestmark = pytest.mark.django_db
HEAD = "name,kind,description,mailbox,telephone,districts,former_names,standing,ended_on,succeeded_by,identifiers\n"
TWO = (
    "Ash Green Allotments,charity,Plots.,info@ash.example.org,01632 960001,E07000178,Mill Plots,listed,,,GB-CHC 1234567\n"
    "Mill Choir,unincorporated_group,,,,,,ended,2024-03-31,Ash Green Allotments,\n"
)


@pytest.fixture
def load(tmp_path):
    def run(text, *more):
        file, out = tmp_path / "directory.csv", StringIO()
        file.write_text(text, encoding="utf-8")
        call_command("load_organisations", str(file), *more, stdout=out)
        return out.getvalue()

    return run


def test_a_file_is_loaded_once_and_changes_what_differs(load, area):
    text = HEAD + TWO.replace("E07000178", area.gss_code)
    assert "2 added, 0 changed" in load(text, "--dry-run")
    assert not Organisation.objects.exists()
    assert "2 added, 0 changed" in load(text)
    plots, choir = Organisation.objects.order_by("name")
    assert (plots.standing, plots.former_names, list(plots.districts.all())) == ("listed", "Mill Plots", [area])
    assert (choir.standing, choir.succeeded_by, f"{choir.ended_on}") == ("ended", plots, "2024-03-31")
    before = HistoryEntry.objects.count()
    assert "0 added, 0 changed, 2 as before" in load(text)
    assert HistoryEntry.objects.count() == before
    assert "0 added, 1 changed, 1 as before" in load(text.replace("Plots.", "Sixty plots."))
    assert HistoryEntry.objects.count() == before + 1


def test_what_takes_part_or_was_removed_stays_as_it_is(load, charity):
    removed = make_organisation("Quiet Group", standing="listed")
    remove_listing(by=None or _administrator(), at=timezone.now(), organisation=removed, why="It asked us to.")
    said = load(f"name,kind,description\n{charity.name},charity,Other words.\nQuiet Group,charity,Found again.\n")
    assert "takes part" in said
    assert "was removed" in said
    charity.refresh_from_db()
    removed.refresh_from_db()
    assert charity.description != "Other words."
    assert removed.description == ""
    assert removed.is_removed


def _administrator():
    from tests.factories import make_person

    return make_person("administrator")


FAULTS = {
    "name,kind,colour\nA,charity,red\n": "line 1, colour: is not a column",
    "kind\ncharity\n": "line 1, name: is missing",
    "name,kind\nAsh Group,circus\n": "line 2, organisation Ash Group, kind: “circus” is not a kind",
    "name,kind,mailbox\nAsh Group,charity,jo.brook@example.org\n": "line 2, organisation Ash Group, mailbox: This looks like",
    "name,kind,telephone\nAsh Group,charity,07700 900001\n": "line 2, organisation Ash Group, telephone: This is a mobile",
    "name,kind,standing\nAsh Group,charity,takes_part\n": "standing: “takes_part” is neither",
    "name,kind,succeeded_by\nAsh Group,charity,Elm Group\n": "standing: must be “ended”",
    "name,kind,standing,succeeded_by\nAsh Group,charity,ended,Elm Group\n": "succeeded_by: “Elm Group” is neither",
    "name,kind,standing,succeeded_by\nA Group,charity,ended,B Group\nB Group,charity,ended,A Group\n": "leads back",
    "name,kind\nAsh Group,charity\nASH GROUP,charity\n": "line 3, organisation ASH GROUP, name: is in row 2",
    "name,kind,districts\nAsh Group,charity,Nowhere\n": "districts: “Nowhere” is not one",
    "name,kind,identifiers\nAsh Group,charity,1234\n": "identifiers: “1234” does not begin",
    "name,description\nAsh Group,Words.\n": "kind: is missing",
}


_LONG = "a" * 300
TOO_LONG_OR_TWICE = {
    "name,kind,slug\nAsh Group,charity,My Group!\n": "line 2, organisation Ash Group, slug: Use small letters",
    f"name,kind,slug\nAsh Group,charity,{'a' * 81}\n": "slug: has 81 characters",
    "name,kind,slug\nAsh Group,charity,new\n": "slug: “new” can’t be used",
    "name,kind,slug\nAsh Group,charity,ash\nElm Group,charity,ash\n": "line 3, organisation Elm Group, slug: is in row 2",
    f"name,kind,website\nAsh Group,charity,https://ash.example/{_LONG}\n": "website: This has 320 characters",
    f"name,kind,mailbox\nAsh Group,charity,info@{'a' * 60}.{'b' * 60}.{'c' * 60}.{'d' * 60}.{'e' * 20}.example\n": "mailbox: This has",
    "name,kind,identifiers\nAsh Group,charity,GB-CHC 1234567\nElm Group,charity,GB-CHC 1234567\n": "identifiers: is in row 2",
}


@pytest.mark.parametrize("text", FAULTS, ids=range(len(FAULTS)))
def test_a_fault_is_named_by_its_row_and_nothing_is_written(load, text):
    with pytest.raises(CommandError, match="Nothing was saved") as refused:
        load(text)
    assert FAULTS[text] in str(refused.value)
    assert not Organisation.objects.exists()


@pytest.mark.parametrize("text", TOO_LONG_OR_TWICE, ids=range(len(TOO_LONG_OR_TWICE)))
def test_what_the_database_would_refuse_is_a_fault_of_its_row(load, text):
    with pytest.raises(CommandError, match="Nothing was saved") as refused:
        load(text)
    assert TOO_LONG_OR_TWICE[text] in str(refused.value)


def test_an_address_made_of_a_name_leaves_one_that_a_later_row_asks_for(load):
    load("name,kind,slug\nChoir,charity,\nOther Choir,charity,choir\n")
    assert dict(Organisation.objects.values_list("name", "slug")) == {"Choir": "choir-2", "Other Choir": "choir"}
    assert "2 as before" in load("name,kind,slug\nChoir,charity,\nOther Choir,charity,choir\n")


def test_three_thousand_are_loaded_and_changed_in_few_statements(load, area, django_assert_max_num_queries):
    def rows(first):
        return HEAD + "".join(
            f"Group {n:04},charity,Words {first}.,,,{area.gss_code},,listed,,,GB-CHC {first + n}\n"
            for n in range(3_000)
        )

    begun = process_time()
    for first, found in ((1_000_000, "3000 added"), (2_000_000, "3000 changed")):
        # Other numbers would make other organisations of the same names, so the second file gives their slugs.
        text = rows(first)
        if found == "3000 changed":
            text = text.replace("name,", "name,slug,", 1)
            for n in range(3_000):
                text = text.replace(f"Group {n:04},", f"Group {n:04},group-{n:04},", 1)
        with django_assert_max_num_queries(60):
            assert found in load(text)
    assert process_time() - begun < 60
    assert Organisation.objects.count() == 3_000
    assert OrganisationIdentifier.objects.filter(value__startswith="2").count() == 3_000


def test_a_cell_that_shows_an_error_is_a_fault_and_empties_nothing(tmp_path):
    there = make_organisation("Ash Group", standing="listed", website="https://ash.example")

    def fill(book, sheet):
        book.add_worksheet("Notes").write_string(0, 0, "aside")
        sheet.write_row(0, 0, ["name", "website", "telephone", "districts", "identifiers"])
        sheet.write_string(1, 0, "Ash Group")
        for column, error in ((1, "#N/A"), (2, "#REF!"), (3, "#N/A"), (4, "#NAME?")):
            sheet.write_formula(1, column, "=A9", None, error)

    file, out = tmp_path / "directory.xlsx", StringIO()
    file.write_bytes(excel(fill))
    with pytest.raises(CommandError) as refused:
        call_command("load_organisations", str(file))
    for column in ("website", "telephone", "districts", "identifiers"):
        assert f"line 2, organisation Ash Group, {column}: This cell shows an error" in str(refused.value)
    there.refresh_from_db()
    assert there.website == "https://ash.example"

    def fill_well(book, sheet):
        book.add_worksheet("Notes").write_string(0, 0, "aside")
        sheet.write_row(0, 0, ["name", "website", "description"])
        sheet.write_string(1, 0, "Ash Group")
        sheet.write_formula(1, 1, "=A9", None, "https://new.example")
        sheet.write_formula(1, 2, "=A9", None, "EMPTY")

    file.write_bytes(with_empty_results(excel(fill_well)))
    call_command("load_organisations", str(file), stdout=out)
    assert "Figures!B2 (website): This cell has a formula. Its last saved result was read." in out.getvalue()
    assert "The sheet “Notes” was not read." in out.getvalue()
    there.refresh_from_db()
    assert there.website == "https://new.example"


def test_the_sheet_that_people_see_is_read(tmp_path):
    def fill(book, sheet):
        sheet.write_row(0, 0, ["Lists", "Green"])
        sheet.hide()
        seen = book.add_worksheet("Directory")
        seen.write_row(0, 0, ["name", "kind"])
        seen.write_row(1, 0, ["Ash Group", "charity"])
        seen.activate()
        seen.set_first_sheet()

    file = tmp_path / "directory.xlsx"
    file.write_bytes(excel(fill))
    call_command("load_organisations", str(file), stdout=StringIO())
    assert Organisation.objects.get().name == "Ash Group"


def test_a_column_that_is_left_out_keeps_the_successor_and_an_empty_one_takes_it_away(load):
    head = "name,kind,standing,succeeded_by\n"
    load(f"{head}Elm Group,charity,listed,\nAsh Group,charity,ended,Elm Group\n")
    said = load("name,kind,standing\nAsh Group,charity,ended\n")
    assert "0 added, 0 changed, 1 as before" in said
    ash = Organisation.objects.get(name="Ash Group")
    assert ash.succeeded_by == Organisation.objects.get(name="Elm Group")
    load(f"{head}Ash Group,charity,ended,\n")
    ash.refresh_from_db()
    assert ash.succeeded_by is None


def test_a_number_that_goes_leaves_the_same_number_of_another_register(load):
    head = "name,kind,identifiers\n"
    load(f"{head}Ash Group,charity,GB-SC SC123456; GB-COH SC123456\n")
    load(f"{head}Ash Group,charity,GB-SC SC123456\n")
    numbers = Organisation.objects.get().identifiers.values_list("scheme", "value")
    assert list(numbers) == [("GB-SC", "SC123456")]
