"""Encrypts text that is stored in a row for a while and that nobody may read there, with a key made from
``SECRET_KEY``. A copy or backup of the database does not reveal it without the key. Keys in ``SECRET_KEY_FALLBACKS``
still open
what was encrypted before the key was changed.
"""

import base64

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.utils.crypto import salted_hmac


class Unreadable(ValueError):
    """The text was not encrypted for this purpose with a key that the portal has."""


def encrypt(text: str, *, purpose: str) -> str:
    """Return ``text`` encrypted and signed, as ASCII. What is encrypted for one purpose can't be read for another."""
    return _keys(purpose).encrypt(text.encode()).decode("ascii")


def decrypt(token: str, *, purpose: str) -> str:
    """Return the text that was encrypted. Raise :class:`Unreadable` if it was altered, or made with another key."""
    try:
        return _keys(purpose).decrypt(token.encode()).decode()
    except InvalidToken as error:
        raise Unreadable("This text can’t be decrypted with the portal’s key.") from error


def fingerprints(text: str, *, purpose: str) -> list[str]:
    """Return keyed checksums of a text, by which an encrypted one is found again: that of today's key first, then earlier ones."""
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    return [salted_hmac(f"vcsportal:{purpose}", text, secret=key, algorithm="sha256").hexdigest() for key in keys]


def _keys(purpose: str) -> MultiFernet:
    return MultiFernet([_key(key, purpose) for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)])


def _key(secret: str, purpose: str) -> Fernet:
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=f"vcsportal:{purpose}".encode())
    return Fernet(base64.urlsafe_b64encode(derived.derive(secret.encode())))
