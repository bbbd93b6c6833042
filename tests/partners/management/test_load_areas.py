"""Districts and counties from their file."""

from collections.abc import Callable
from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from partners.area_kinds import noun, settled_kind
from partners.models import Area, HistoryEntry
from partners.services.areas import load_areas
from vcsportal.common.words import Refused

pytestmark = pytest.mark.django_db

OLD = '[[area]]\ngss_code = "E07000001"\nname = "Old Vale"\nkind = "district"\n'
NEW = '[[area]]\ngss_code = "E06000999"\nname = "New Vale"\nkind = "unitary"\nvalid_from = 2028-04-01\n'

FAULTS = {
    "a code that is none": (OLD.replace("E07000001", "Oxford"), "line 2, area Oxford, gss_code: “Oxford” is not a GSS code"),
    "a code used twice": (OLD + OLD, "line 6, area E07000001, gss_code: E07000001 is used twice"),
    "an unknown kind": (OLD.replace("district", "realm"), "line 4, area E07000001, kind: “realm” is not one of"),
    "dates out of order": (NEW + "valid_to = 2027-04-01\n", "line 6, area E06000999, valid_to: comes before"),
    "a successor that is itself": (OLD + 'replaced_by = "E07000001"\n', "line 5, area E07000001, replaced_by: names the area itself"),
    "a successor that nobody knows": (OLD + 'replaced_by = "E06000999"\n', "area E07000001, replaced_by: “E06000999” is neither"),
    "a county with the code of a district": (OLD.replace('"district"', '"county"'), "line 4, area E07000001, kind: is “county”, but codes that begin with E07 are of the kind “district”."),
    "a district with the code of a county": (OLD.replace("E07000001", "E10000001"), "line 4, area E10000001, kind: is “district”, but codes that begin with E10 are of the kind “county”."),
    "a code of no kind": (OLD.replace("E07000001", "E12000001"), "line 2, area E12000001, gss_code: E12000001 begins with E12, which is not a kind of area that can be used. Codes begin with E10 (County), E07 (District)"),
    "a successor named twice": (OLD + 'replaced_by = ["E06000999", "E06000999"]\n' + NEW, "line 5, area E07000001, replaced_by: names an area twice"),
    "a successor that is a number": (OLD + "replaced_by = [6]\n", "line 5, area E07000001, replaced_by: should be a text or a list of texts"),
    "a loop of successors": (OLD + 'replaced_by = "E06000999"\n' + NEW + 'replaced_by = "E07000001"\n', "line 1, area E07000001, replaced_by: leads back to the area itself: E07000001 is replaced by E06000999 is replaced by E07000001."),
    "no areas": ("", "line 1, area: is missing"),
    "a key that is not known": (OLD + 'colour = "green"\n', "line 5, area E07000001, colour: is not recognised here"),
}  # fmt: skip


@pytest.fixture
def load(tmp_path: Path) -> Callable[[str], str]:
    def run(text: str) -> str:
        file = tmp_path / "areas.toml"
        file.write_text(text, encoding="utf-8")
        out = StringIO()
        call_command("load_areas", str(file), stdout=out)
        return out.getvalue()

    return run


def test_the_portals_own_file_has_five_districts_and_the_county() -> None:
    out = StringIO()
    call_command("load_areas", stdout=out)
    names = [area.name for area in Area.objects.districts()]
    assert names == ["Cherwell", "Oxford", "South Oxfordshire", "Vale of White Horse", "West Oxfordshire"]
    assert Area.objects.get(kind="county").gss_code == "E10000025"
    assert "6 areas. Loaded." in out.getvalue()


def test_loaded_twice_changes_nothing(load: Callable[[str], str]) -> None:
    load(OLD)
    assert "Nothing changed." in load(OLD)
    assert Area.objects.count() == 1


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_named_with_its_line_and_nothing_is_written(name: str, load: Callable[[str], str]) -> None:
    text, words = FAULTS[name]
    with pytest.raises(CommandError) as refused:
        load(text)
    assert words in str(refused.value)
    assert Area.objects.count() == 0


def test_a_council_that_is_reorganised_points_to_its_successor(load: Callable[[str], str]) -> None:
    load(OLD)
    said = load(OLD + 'valid_to = 2028-03-31\nreplaced_by = "E06000999"\n' + NEW)
    old = Area.objects.get(gss_code="E07000001")
    assert old.valid_to == date(2028, 3, 31)
    assert [area.name for area in old.successors.all()] == ["New Vale"]
    assert "Amended Old Vale (E07000001): valid_to." in said
    assert HistoryEntry.objects.filter(act="area amended").count() == 2


def test_only_an_administrator_may_load_areas_by_hand(officer, now) -> None:
    with pytest.raises(Refused, match="Only an administrator"):
        load_areas(by=officer, at=now, entries=[])


def test_a_district_is_split_and_several_become_one(load: Callable[[str], str]) -> None:
    second = NEW.replace("E06000999", "E06000998").replace("New Vale", "New Downs")
    other = OLD.replace("E07000001", "E07000002").replace("Old Vale", "Old Hills")
    text = (
        OLD + 'valid_to = 2028-03-31\nreplaced_by = ["E06000999", "E06000998"]\n'
        + other + 'valid_to = 2028-03-31\nreplaced_by = "E06000999"\n' + NEW + second
    )  # fmt: skip
    load(text)
    vale = Area.objects.get(gss_code="E07000001")
    assert {area.name for area in vale.successors.all()} == {"New Vale", "New Downs"}
    found = Area.objects.with_predecessors("E06000999")
    assert {area.name for area in Area.objects.filter(pk__in=found)} == {"New Vale", "Old Vale", "Old Hills"}
    assert Area.objects.with_predecessors("E07000001") == [vale.pk]
    before, after = date(2028, 3, 31), date(2028, 4, 1)
    assert [area.name for area in Area.objects.districts().in_force(before)] == ["Old Hills", "Old Vale"]
    assert [area.name for area in Area.objects.districts().in_force(after)] == ["New Downs", "New Vale"]
    assert "Nothing changed." in load(text)


def test_a_loop_through_the_portals_own_areas_is_refused(load: Callable[[str], str]) -> None:
    load(OLD + NEW + 'replaced_by = "E07000001"\n')
    with pytest.raises(CommandError, match="leads back to the area itself"):
        load(OLD + 'replaced_by = "E06000999"\n')
    assert not Area.objects.get(gss_code="E07000001").successors.exists()


@pytest.mark.parametrize(
    ("written", "code", "kind"),
    [
        ("county", "E10000025", "county"), ("district", "E07000178", "district"), ("unitary", "E06000014", "unitary"),
        ("district", "E06000014", "unitary"), ("metropolitan_district", "E08000035", "metropolitan_district"),
        ("district", "E08000035", "metropolitan_district"), ("london_borough", "E09000007", "london_borough"),
        ("combined_authority", "E47000001", "combined_authority"), ("welsh_principal_area", "W06000015", "welsh_principal_area"),
        ("scottish_council_area", "S12000036", "scottish_council_area"),
        ("northern_ireland_district", "N09000003", "northern_ireland_district"), ("district", "E47000001", None),
        ("unitary", "E07000178", None), ("london_borough", "E08000035", None), ("county", "E13000001", None),
    ],
)  # fmt: skip
def test_the_code_and_the_word_say_which_kind_an_area_is(written: str, code: str, kind: str | None) -> None:
    settled = settled_kind(written, code)
    assert (settled.code if settled else None) == kind


@pytest.mark.parametrize(
    ("kinds", "word"),
    [
        (("district", "district"), "district"),
        ((), "district"),
        (("district", "unitary"), "area"),
        (("london_borough",), "area"),
    ],
)
def test_only_districts_are_called_districts(kinds: tuple[str, ...], word: str) -> None:
    assert noun(kinds) == word
