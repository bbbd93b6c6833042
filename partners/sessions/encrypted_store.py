"""Sessions in the database, encrypted: while somebody signs in, theirs holds the code that was sent to them."""

from contextlib import suppress
from typing import Any

from django.contrib.sessions.backends.db import SessionStore as DatabaseSessions

from vcsportal.common.encryption import Unreadable, decrypt, encrypt

PURPOSE = "session"


class SessionStore(DatabaseSessions):
    """Django's sessions in the database; a row shows nothing of what is kept in it."""

    def encode(self, session_dict: dict[str, Any]) -> str:
        return encrypt(super().encode(session_dict), purpose=PURPOSE)

    def decode(self, session_data: Any) -> dict[str, Any]:
        with suppress(Unreadable):  # made before sessions were encrypted, or with a key that is gone: then it is empty
            session_data = decrypt(session_data, purpose=PURPOSE)
        return super().decode(session_data)
