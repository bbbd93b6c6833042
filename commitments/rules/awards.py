"""Grants and contracts, with the field names of the 360Giving Data Standard: kinds, years, and sums by kind, year and currency.

Source of the names: the standard's grant template (``id``, ``title``, ``description``, ``currency``, ``amountAwarded``,
``awardDate``, ``plannedDates``, ``recipientOrganization``, ``fundingOrganization``, ``beneficiaryLocation``,
``grantProgramme``). Contracts use the same names, and say in ``kind`` that they are contracts.
"""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from vcsportal.common import plurals
from vcsportal.common.words import Invalid

GRANT: Final = "grant"
AWARD_KINDS: Final = ((GRANT, "Grant"), ("contract", "Contract"))
CURRENCIES: Final = {"GBP": "£", "EUR": "€", "USD": "$"}
PENCE: Final = Decimal("0.01")
MOST: Final = Decimal(10) ** 11
YEAR_BEGINS: Final = (4, 1)
"""Month and day on which a financial year begins."""
CURRENCY_WORDS: Final = {"GBP": "pounds", "EUR": "euros", "USD": "dollars"}
_TITLE = re.compile(
    r"(?:mr|mrs|ms|miss|mx|dr|doctor|sir|dame|lord|lady|prof|professor|rev|revd|reverend|cllr|councillor)\b\.?\s+(.+)",
    re.I,
)
_UNNAMED = re.compile(r"(?:an?\s+)?(?:private\s+)?individuals?", re.I)
_OF_ORGANISATIONS = re.compile(
    r"(association|centre|charity|cic|cio|club|college|committee|company|co-operative|council|federation|foundation|fund|group"
    r"|hospice|institute|limited|llp|ltd|museum|network|partnership|plc|project|school|services?|society"
    r"|solutions|support|team|theatre|trust|trustees|union)\W*"
)
"""Words that names of organisations have and those of people hardly ever."""
LONGEST_NAME: Final = 4
"""How many words the name of a person has at most, without a title."""
INDIVIDUAL: Final = (
    "Awards to people are not listed, to protect their privacy. "
    "Name the organisation that received it, or leave the award out."
)


PREFIX_360GIVING: Final = re.compile(r"360G-[A-Za-z0-9]+(?:[-_][A-Za-z0-9]+)*")
"""The shape of the prefixes that 360Giving gives to publishers, such as ``360G-shirewell``."""
_NOT_IN_IDENTIFIERS = re.compile(r"[\s/\\]+")
"""What the standard advises to leave out of identifiers."""


def registered_id(prefix: str, *parts: str) -> str:
    """Return an identifier that is given once in the world: the publisher's prefix, then the parts.

    Source: the standard's guidance on identifiers of grants, and of organisations without a number in a register. A last part
    that begins with the prefix already is the whole identifier.
    """
    whole = parts[-1] if parts[-1].startswith(f"{prefix}-") else "-".join((prefix, *parts))
    return _NOT_IN_IDENTIFIERS.sub("_", whole)


def financial_year(day: date) -> str:
    """Return the financial year of a day: ``2020-21`` from 1 April 2020 to 31 March 2021."""
    first = day.year if (day.month, day.day) >= YEAR_BEGINS else day.year - 1
    return f"{first}-{(first + 1) % 100:02d}"


def year_days(year: str) -> tuple[date, date] | None:
    """Return the first and the last day of ``2020-21``; None for what is no financial year."""
    found = re.fullmatch(r"(\d{4})-(\d{2})", year)
    if found is None or not 1900 <= (first := int(found[1])) <= 2200 or (first + 1) % 100 != int(found[2]):
        return None
    return date(first, *YEAR_BEGINS), date(first + 1, 3, 31)


def check_recipient(name: str) -> None:
    """Raise :class:`Invalid` for a recipient that is a person rather than an organisation, as far as the name tells.

    It tells so by a title before a few words, unless one of them is of organisations (“Society”), joins names (“of”, “&”) or is
    a possessive (“Barnardo’s”).
    """
    name = " ".join(name.split())
    titled = _TITLE.fullmatch(name)
    if _UNNAMED.fullmatch(name) or (titled and _names_a_person(titled[1])):
        raise Invalid(INDIVIDUAL, field="recipient_name")


def _names_a_person(words: str) -> bool:
    parts = words.lower().replace("’", "'").split()
    joins = {"of", "for", "the", "and", "&", "at", "in"}
    return len(parts) <= LONGEST_NAME and not any(
        part in joins or part.endswith(("'s", "s'")) or _OF_ORGANISATIONS.fullmatch(part) for part in parts
    )


def check_amount(amount: Decimal) -> Decimal:
    """Return an amount in pounds and pence; raise :class:`Invalid` for 0, less, too much, or parts of a penny."""
    if amount <= 0:
        raise Invalid("Enter an amount of more than 0.", field="amount_awarded")
    if amount >= MOST:
        raise Invalid("This amount looks too large. Check it.", field="amount_awarded")
    if amount != amount.quantize(PENCE):
        raise Invalid("Enter pounds and pence, such as 1,250.50.", field="amount_awarded")
    return amount.quantize(PENCE)


@dataclass(frozen=True, slots=True)
class AwardSum:
    """What awards of one kind, one financial year and one currency come to, and how many they are."""

    year: str
    kind: str
    currency: str
    count: int
    amount: Decimal

    @property
    def counted(self) -> str:
        """``1 grant``, ``12 contracts``."""
        return plurals.counted(self.count, self.kind)


def sums(awards: Iterable[Any]) -> list[AwardSum]:
    """Return the sums of awards, the newest year first; grants, contracts, years and currencies are never added together.

    :param awards: anything with ``award_date``, ``kind``, ``currency`` and ``amount_awarded``.
    """
    found: defaultdict[tuple[str, str, str], list[Decimal]] = defaultdict(list)
    for award in awards:
        found[financial_year(award.award_date), award.kind, award.currency].append(award.amount_awarded)
    order = [code for code, _ in AWARD_KINDS]
    keys = sorted(sorted(found, key=lambda key: (order.index(key[1]), key[2])), key=lambda key: key[0], reverse=True)
    return [AwardSum(*key, len(found[key]), sum(found[key], Decimal(0))) for key in keys]
