"""What a password may be: 12 to 128 characters, and not one of those that are guessed first.

No rule asks for digits or signs: such rules make passwords worse (NIST SP 800-63B, 3.1.1.2). What is refused is what
guessing programs try first: common passwords with something added, keyboard rows, repetition, and the portal's own words.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Any, Final

from django.conf import settings
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError

MINIMUM_CHARACTERS: Final = 12
MAXIMUM_CHARACTERS: Final = 128
MINIMUM_DIFFERENT_CHARACTERS: Final = 5
MINIMUM_CHARACTERS_LEFT: Final = 6
"""Characters that must be left once words that everybody guesses are taken out."""
TOO_SHORT: Final = f"Use at least {MINIMUM_CHARACTERS} characters. Three or four unrelated words are easy to remember."
TOO_LONG: Final = f"Use {MAXIMUM_CHARACTERS} characters or fewer."
TOO_FEW: Final = "This repeats the same few characters. Three or four unrelated words are easy to remember."
GUESSED: Final = (
    "This is one of the passwords that are guessed first. Three or four unrelated words are easy to remember."
)
OWN_WORDS: Final = (
    "This is mostly your name, your address or the portal’s name. Choose words that have nothing to do with them."
)
ROWS: Final = (
    "qwertyuiop", "asdfghjkl", "zxcvbnm", "1234567890", "0987654321", "qwertzuiop", "azertyuiop", "qazwsxedcrfv",
    "1qaz2wsx3edc4rfv", "1q2w3e4r5t6y7u8i9o0p", "abcdefghijklmnopqrstuvwxyz",
)  # fmt: skip
MINIMUM_RUN_CHARACTERS: Final = 4
GUESSED_WORDS: Final = (
    "password", "passwort", "passw", "passphrase", "letmein", "welcome", "changeme", "secret", "admin", "administrator",
    "login", "iloveyou", "monkey", "dragon", "football", "liverpool", "arsenal", "chelsea", "summer", "winter", "spring",
    "autumn", "sunshine", "princess", "correct", "horse", "battery", "staple", "council", "officer", "portal",
    "commitment", "report", "january", "february", "september", "october", "november", "december",
)  # fmt: skip
_LOOK_ALIKES: Final = str.maketrans("013457@$!|", "oieastasil")


class Length:
    """Between 12 and 128 characters. Longer ones are refused before anything is computed from them."""

    def validate(self, password: str, user: Any = None) -> None:
        if len(password) < MINIMUM_CHARACTERS:
            raise ValidationError(TOO_SHORT, code="password_too_short")
        if len(password) > MAXIMUM_CHARACTERS:
            raise ValidationError(TOO_LONG, code="password_too_long")

    def get_help_text(self) -> str:
        return TOO_SHORT


class NotGuessedFirst:
    """Not a common password, a keyboard row, a repetition or the portal's own words, plain or with something added."""

    def __init__(self) -> None:
        self.common = CommonPasswordValidator().passwords

    def validate(self, password: str, user: Any = None) -> None:
        if len(password) > MAXIMUM_CHARACTERS:
            return  # said by Length
        text = password.casefold()
        if len(set(text)) < MINIMUM_DIFFERENT_CHARACTERS or re.fullmatch(r"(.+?)\1+", text):
            raise ValidationError(TOO_FEW, code="password_repeats")
        plain = text.translate(_LOOK_ALIKES)
        letters = re.sub(r"^[\W\d_]+|[\W\d_]+$", "", text)
        if {text, letters, plain, re.sub(r"[\W_]+", "", text)} & self.common:
            raise ValidationError(GUESSED, code="password_too_common")
        if min(_left(text, GUESSED_WORDS), _left(plain, GUESSED_WORDS)) < MINIMUM_CHARACTERS_LEFT:
            raise ValidationError(GUESSED, code="password_too_common")
        if _left(text, [*_own_words(user), *GUESSED_WORDS]) < MINIMUM_CHARACTERS_LEFT:
            raise ValidationError(OWN_WORDS, code="password_of_own_words")

    def get_help_text(self) -> str:
        return TOO_SHORT


def _own_words(user: Any) -> list[str]:
    """Return the words of the person and of the portal, in small letters, the longest first."""
    about = [settings.PORTAL_NAME, settings.PORTAL_COUNCIL]
    about += [str(getattr(user, name, "")) for name in ("name", "email")]
    words = {word for text in about for word in re.split(r"[\W\d_]+", text.casefold()) if len(word) >= 3}
    return sorted(words, key=lambda word: (-len(word), word))


def _left(text: str, words: Iterable[str]) -> int:
    """Return how many different letters or signs are left without these words, runs of keys, digits and gaps."""
    for word in [*words, *_runs(text)]:
        text = text.replace(word, " ")
    return len(set(re.sub(r"[\W\d_]+", "", text))) if text.strip() else 0


def _runs(text: str) -> Iterator[str]:
    """Yield the pieces of ``text`` that follow a row of the keyboard or the alphabet, either way, the longest first."""
    for size in range(len(text), MINIMUM_RUN_CHARACTERS - 1, -1):
        for start in range(len(text) - size + 1):
            piece = text[start : start + size]
            if any(piece in row or piece[::-1] in row for row in ROWS):
                yield piece
