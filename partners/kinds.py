"""The kinds of organisation, and the sector that each belongs to."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Sector:
    """A part of public life that several kinds of organisation share."""

    code: str
    label: str


SECTORS: Final = (
    Sector("council", "Councils"),
    Sector("public", "Wider public sector"),
    Sector("health", "Health"),
    Sector("education", "Education"),
    Sector("voluntary", "Charity, social enterprise and third sector"),
    Sector("business", "Other and local businesses"),
)
"""The sectors by which the framework for community wealth building in Oxfordshire lists the people it consulted (its appendix)."""


@dataclass(frozen=True, slots=True)
class OrganisationKind:
    """A kind of organisation: its code and name, and the code of its sector; "" for groups, whose members come from several."""

    code: str
    label: str
    sector: str


TABLE: Final = (
    OrganisationKind("charity", "Charity", "voluntary"),
    OrganisationKind("charitable_company", "Charitable company", "voluntary"),
    OrganisationKind("cio", "Charitable incorporated organisation (CIO)", "voluntary"),
    OrganisationKind("cic", "Community interest company (CIC)", "voluntary"),
    OrganisationKind("community_benefit_society", "Community benefit society", "voluntary"),
    OrganisationKind("co_operative", "Co-operative", "voluntary"),
    OrganisationKind("social_enterprise", "Social enterprise", "voluntary"),
    OrganisationKind("faith_group", "Faith group", "voluntary"),
    OrganisationKind("unincorporated_group", "Unincorporated group", "voluntary"),
    OrganisationKind("infrastructure_body", "Infrastructure body", "voluntary"),
    OrganisationKind("housing_association", "Housing association", "business"),
    OrganisationKind("public_body", "Public body", "public"),
    OrganisationKind("town_or_parish_council", "Town or parish council", "council"),
    OrganisationKind("health_body", "Health body", "health"),
    OrganisationKind("education_body", "School, college or university", "education"),
    OrganisationKind("justice_body", "Police or justice body", "public"),
    OrganisationKind("business", "Business", "business"),
    OrganisationKind("partnership_group", "Partnership or group", ""),
)
KINDS: Final = tuple((kind.code, kind.label) for kind in TABLE)
PUBLIC_BODY: Final = "public_body"  # its council officers answer for the strategies that it owns
COUNCIL: Final = "council"
"""The code of the sector of councils."""
GROUP: Final = "partnership_group"  # it steers a strategy through its members; it does not itself take part in one
_SECTOR: Final = {kind.code: kind.sector for kind in TABLE}


def sector_of(kind: str, *, owns_strategies: bool) -> str:
    """Return the code of an organisation's sector; "" for groups. A public body that owns a strategy is a council.

    :raises KeyError: for a kind that is not in the table.
    """
    return COUNCIL if kind == PUBLIC_BODY and owns_strategies else _SECTOR[kind]
