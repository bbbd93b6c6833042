"""The facts about who has signed a charter."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class SignatoryFacts:
    """A signature that stood on a day of the period, and how it stands by what the round heard. No person is named.

    ``signed_as`` is the post of whoever signed. ``standing`` is a code of :data:`commitments.rules.charters.STANDINGS`,
    ``standing_words`` what pages say of it. ``has_done`` is what the organisation said in the round, ``pledges`` what it
    pledges on the day of the report. ``ended_on`` is the first day on which it no longer stood, None while it did. ``organisation_slug`` is the organisation's in addresses.
    """

    organisation: str
    kind_label: str
    signed_on: date
    signed_as: str
    standing: str
    standing_words: str
    has_done: str = ""
    pledges: tuple[str, ...] = ()
    ended_on: date | None = None
    ended_why: str = ""
    organisation_slug: str = ""
