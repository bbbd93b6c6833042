"""Which mailboxes and telephone numbers everyone may read: those of an organisation or of a post, not those of one person.

No rule can be sure: ``jo.brook@example.org`` may be a person, and ``ashgreen.allotments@gmail.com`` is all that a small group
has. So what looks personal is refused once, with a sentence, and accepted where someone confirms that the group shares it.
"""

import re
import unicodedata
from typing import Any, Final

from partners.email_domains import domain_of, is_everybodys
from vcsportal.common.words import Invalid

_ROLES: Final = frozenset(
    """
    accounts admin administration administrator allotments association bookings breakfast care centre chair chairman charity chat
    cic church club co-ordinator committee community contact contactus coordinator council desk director donate donations
    editor education email enquire enquiries enquiry events farm finance food friends fundraising garden general giving group
    groups hall hello help helpdesk helpline home house info information involved learning library lunch mail mailbox mail
    manager market media members membership ministry mosque museum network news newsletter office officer org
    outreach parish partnership people post president press project reception referral referrals safeguarding school
    secretary service services shed shop society staff support synagogue team temple theatre trading training treasurer trust
    trustee trustees village volunteer volunteering volunteers warden welcome youth
    """.split()  # noqa: SIM905 - a list to read and to add to
)
"""Words of shared mailboxes: posts, services and kinds of group."""
_SURNAMES: Final = frozenset(
    "care chair church club farm friends garden hall house market parish people post press school temple".split()  # noqa: SIM905
)
"""Those of them that are surnames, too."""
_SEVERAL_NAMES: Final = re.compile(r"[a-z]+(?:[._'’-][a-z]+)+\d{0,4}")
"""Words of letters with signs between them, as in a person's name; perhaps a year at the end."""
_MOBILE: Final = re.compile(r"07(?!0|6)\d|07624")
"""Ofcom's numbering plan: 07 is for mobile phones, but for 070 (personal numbers) and 076 (pagers; 07624 is the Isle of Man)."""
_PERSONAL: Final = re.compile(r"070")
MAXIMUM_TELEPHONE_CHARACTERS: Final = 20
SHARED_MAILBOX: Final = (
    "This looks like the address of one person, and everyone can read it. Use a shared address, such as "
    "info@example.org, or confirm below that this one belongs to the organisation."
)
SHARED_TELEPHONE: Final = (
    "This is a mobile number, and everyone can read it. Use a shared number, or confirm below that this "
    "one belongs to the organisation."
)


def looks_personal(mailbox: str, name: str) -> bool:
    """Whether a mailbox looks like one person's.

    At the organisation's own domain, that is two names or more with signs between them (``jo.brook@``, ``j.m.brook@``). At a provider that is open to
    anyone it is every address that is neither made of words of the organisation's name nor has the word of a post or a service.

    :param mailbox: the whole address.
    :param name: the organisation's name.
    """
    local = _plain(mailbox.rpartition("@")[0]).partition("+")[0]
    shared = local in _ROLES or _is_shared(re.findall(r"[a-z]+", local), re.findall(r"[a-z]+", _plain(name)))
    if is_everybodys(domain_of(mailbox)):
        return not shared
    return not shared and _SEVERAL_NAMES.fullmatch(local) is not None


def _is_shared(parts: list[str], own: list[str]) -> bool:
    """Whether words of a mailbox are those of a post, a service or the organisation itself, given by the words of its name.

    A post that is also a surname, or one word of the name, says nothing beside another word: ``carol.hall``, ``jo.brook``.
    """
    if any(part in _ROLES - _SURNAMES for part in parts):
        return True
    initials = "".join(word[0] for word in own)
    known = {*_ROLES, *own, *([initials] if len(initials) > 2 else [])}
    made_of = re.compile("|".join(map(re.escape, sorted(known, key=len, reverse=True))))
    if parts and all(re.fullmatch(f"(?:{made_of.pattern})+", part) for part in parts):
        return True
    joined = "".join(parts)
    if sum(word in joined for word in set(own) if len(word) > 3) > 1:
        return True
    return len(parts) == 1 and any(
        joined.startswith(role) or joined.endswith(role) for role in _ROLES - _SURNAMES if len(role) > 4
    )


def tidy_telephone(number: str) -> str:
    """Return a telephone number in digits with spaces, beginning with 0 or, from abroad, +; "" for nothing.

    :raises Invalid: for what is no number, with the field ``telephone``.
    """
    text = " ".join(number.replace("(0)", "").replace("(", " ").replace(")", " ").replace("-", " ").split())
    if not text:
        return ""
    text = re.sub(r"^(\+|00) ?44 ?0? ?", "0", text)
    digits = text.replace(" ", "")
    if not re.fullmatch(r"\+?\d{7,15}", digits) or not digits.startswith(("0", "+")):
        raise Invalid("Enter a telephone number with its area code, for example 01632 960 001.", field="telephone")
    if digits.startswith("0") and not 10 <= len(digits) <= 11:
        raise Invalid(
            f"This number has {len(digits)} digits, and numbers in the United Kingdom have 10 or 11. Check it.",
            field="telephone",
        )
    if _PERSONAL.match(digits):
        raise Invalid(
            "Numbers that begin with 070 are personal numbers, and can be expensive to call. Use another number.",
            field="telephone",
        )
    return text if len(text) <= MAXIMUM_TELEPHONE_CHARACTERS else digits


def is_mobile(number: str) -> bool:
    """Whether a number, as :func:`tidy_telephone` returns it, is a mobile phone's."""
    return _MOBILE.match(number.replace(" ", "")) is not None


def check_contacts(*, name: str, mailbox: str, telephone: str, confirmed: bool) -> None:
    """Raise :class:`Invalid` for a mailbox or a number that looks like one person's, unless it is ``confirmed`` as shared.

    :param telephone: as :func:`tidy_telephone` returns it.
    """
    if confirmed:
        return
    if mailbox and looks_personal(mailbox, name):
        raise Invalid(SHARED_MAILBOX, field="team_mailbox")
    if telephone and is_mobile(telephone):
        raise Invalid(SHARED_TELEPHONE, field="telephone")


def are_confirmed(organisation: Any, *, mailbox: str, telephone: str, ticked: bool) -> bool:
    """Whether contacts count as confirmed: they have been ticked now, or are the very ones that were confirmed before.

    :param organisation: what the portal has (``team_mailbox``, ``telephone``, ``contacts_confirmed``); None for a new one.
    """
    if ticked or organisation is None:
        return ticked
    same = (mailbox, telephone) == (organisation.team_mailbox, organisation.telephone)
    return bool(same and organisation.contacts_confirmed)


def _plain(text: str) -> str:
    letters = unicodedata.normalize("NFKD", text)
    return "".join(letter for letter in letters if not unicodedata.combining(letter)).casefold()
