"""The kinds of area that a council's evidence, organisations and figures name, and the GSS codes that each has.

Source: the Office for National Statistics, Register of Geographic Codes. The first three characters of a code (its entity)
identify the kind of area: https://geoportal.statistics.gov.uk, “Register of Geographic Codes (RGC)”.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class AreaKind:
    """A kind of area. ``entity`` is how its codes begin; ``is_local`` says that things are reported to have happened in one,
    which is not said of areas that are made of several.
    """

    code: str
    label: str
    entity: str
    is_local: bool = True


AREA_KINDS: Final = (
    AreaKind("county", "County", "E10", is_local=False),
    AreaKind("district", "District", "E07"),
    AreaKind("unitary", "Unitary authority", "E06"),
    AreaKind("metropolitan_district", "Metropolitan district", "E08"),
    AreaKind("london_borough", "London borough", "E09"),
    AreaKind("combined_authority", "Combined authority", "E47", is_local=False),
    AreaKind("welsh_principal_area", "Welsh principal area", "W06"),
    AreaKind("scottish_council_area", "Scottish council area", "S12"),
    AreaKind("northern_ireland_district", "Northern Ireland district", "N09"),
)
AREA_KIND: Final = {kind.code: kind for kind in AREA_KINDS}
LOCAL_KINDS: Final = tuple(kind.code for kind in AREA_KINDS if kind.is_local)
_BY_ENTITY: Final = {kind.entity: kind for kind in AREA_KINDS}


def kind_of_code(gss_code: str) -> AreaKind | None:
    """Return the kind of area that a GSS code belongs to; None for a code of no kind that is known here."""
    return _BY_ENTITY.get(gss_code[:3].upper())


def settled_kind(written: str, gss_code: str) -> AreaKind | None:
    """Return the kind of an area from the word that a file has for it and its GSS code; None where the two contradict each other.

    The register calls every local authority area a local authority district, so “district” fits each of them; the code
    then says which kind it is.
    """
    by_code = kind_of_code(gss_code)
    if by_code and (by_code.code == written or (written == "district" and by_code.is_local)):
        return by_code
    return None


def noun(kinds: Iterable[str]) -> str:
    """Return what areas of these kinds are called together: ``district`` where all of them are districts, else ``area``."""
    return "district" if set(kinds) <= {"district"} else "area"


def nouns(kinds: Iterable[str]) -> str:
    """Return the same of several: ``districts`` or ``areas``."""
    return f"{noun(kinds)}s"


def all_of(kinds: Iterable[str]) -> str:
    """Return what every place that a form offers is called: districts make up a county, and areas of other kinds need not."""
    return "All of the county" if noun(kinds) == "district" else "All of these areas"
