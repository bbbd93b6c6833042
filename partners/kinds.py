"""The kinds of organisation."""

from typing import Final

KINDS: Final = (
    ("charity", "Charity"),
    ("charitable_company", "Charitable company"),
    ("cio", "Charitable incorporated organisation (CIO)"),
    ("cic", "Community interest company (CIC)"),
    ("community_benefit_society", "Community benefit society"),
    ("co_operative", "Co-operative"),
    ("social_enterprise", "Social enterprise"),
    ("faith_group", "Faith group"),
    ("unincorporated_group", "Unincorporated group"),
    ("infrastructure_body", "Infrastructure body"),
    ("public_body", "Public body"),
    ("partnership_group", "Partnership or group"),
)
PUBLIC_BODY: Final = "public_body"  # its council officers answer for the strategies that it owns
GROUP: Final = "partnership_group"  # it steers a strategy through its members; it does not itself take part in one
