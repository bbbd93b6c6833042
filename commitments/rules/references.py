"""References as a strategy's own text has them, such as 1.4, A1 or CW1.2b. No ORM, no request, no clock.

A reference is a name and no order: the order of priorities and commitments is the strategy file's.
"""

import re
from typing import Final

from commitments.rules.commitment_keys import is_key

MAX_REFERENCE_CHARACTERS: Final = 20
"""Characters of a reference."""
REFERENCE_FORM: Final = "letters, digits, full stops, hyphens, slashes, brackets and single spaces between them"
"""What a reference may be made of, for sentences."""
_FORM: Final = re.compile(r"(?=.*[^\W_])(?:[^\W_]|[.\-/()\[\]])+(?: (?:[^\W_]|[.\-/()\[\]])+)*")
_NOT_IN_ANCHORS: Final = re.compile(r"[^A-Za-z0-9.-]")


def is_reference(text: str) -> bool:
    """Whether a text can be a reference: it has a letter or a digit, and nothing that :data:`REFERENCE_FORM` leaves out."""
    return len(text) <= MAX_REFERENCE_CHARACTERS and _FORM.fullmatch(text) is not None


def may_be_reference(name: str) -> bool:
    """Whether a name in an address could be a reference: "5b" can be a key as well, "lend-chairs" is taken for a key."""
    return is_reference(name) and (not is_key(name) or len(name) <= 4 or any(map(str.isdigit, name)))


def folded(reference: str) -> str:
    """Return what two references that differ only in capitals have in common."""
    return reference.casefold()


def anchor(reference: str) -> str:
    """Return the part of an id or of a link's end that is made of a reference: "1.4" is itself, "5(b)" is "5_28_b_29_".

    Every other character is written as its code point between underscores, so that two references never share an anchor.
    """
    return _NOT_IN_ANCHORS.sub(lambda found: f"_{ord(found[0]):x}_", reference)


def numbered(priority: str, number: int, place: int) -> str:
    """Return the reference of a commitment to which the source gives none: that of its priority, and its place.

    :param priority: the reference of its priority; "" or one with a space in it gives way to the priority's number.
    """
    return f"{priority if priority and ' ' not in priority else number}.{place}"


def label(reference: str, number: int) -> str:
    """Return what a priority is called: its reference, or its number where it has none."""
    return reference or str(number)


def heading(noun: str, reference: str) -> str:
    """Return what a priority is called in a heading: "Priority 3", but "Theme 1" where its reference has a word of its own."""
    return reference if re.match(r"[^\W\d_]{2,} ", reference) else f"{noun} {reference}"
