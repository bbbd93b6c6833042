"""Districts and counties from their file."""

from collections.abc import Callable
from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from partners.models import Area, HistoryEntry
from partners.services.areas import load_areas
from vcsportal.common.words import Refused

pytestmark = pytest.mark.django_db

OLD = '[[area]]\ngss_code = "E07000001"\nname = "Old Vale"\nkind = "district"\n'
NEW = '[[area]]\ngss_code = "E06000999"\nname = "New Vale"\nkind = "county"\nvalid_from = 2028-04-01\n'

FAULTS = {
    "a code that is none": (OLD.replace("E07000001", "Oxford"), "line 2, area Oxford, gss_code: “Oxford” is not a GSS code"),
    "a code used twice": (OLD + OLD, "line 6, area E07000001, gss_code: E07000001 is used twice"),
    "an unknown kind": (OLD.replace("district", "realm"), "line 4, area E07000001, kind: “realm” is not one of"),
    "dates out of order": (NEW + "valid_to = 2027-04-01\n", "line 6, area E06000999, valid_to: comes before"),
    "a successor that is itself": (OLD + 'replaced_by = "E07000001"\n', "line 5, area E07000001, replaced_by: names the area itself"),
    "a successor that nobody knows": (OLD + 'replaced_by = "E06000999"\n', "area E07000001, replaced_by: “E06000999” is neither"),
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
    old = Area.objects.select_related("replaced_by").get(gss_code="E07000001")
    assert old.valid_to == date(2028, 3, 31)
    assert old.replaced_by is not None
    assert old.replaced_by.name == "New Vale"
    assert "Amended Old Vale (E07000001): valid_to." in said
    assert HistoryEntry.objects.filter(act="area amended").count() == 2


def test_only_an_administrator_may_load_areas_by_hand(officer, now) -> None:
    with pytest.raises(Refused, match="Only an administrator"):
        load_areas(by=officer, at=now, entries=[])
