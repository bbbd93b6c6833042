"""The session engine (``SESSION_ENGINE``): encrypted, in a table that knows whose a session is, since when, and where."""

from datetime import datetime
from typing import Any, Final

from django.contrib.auth import SESSION_KEY
from django.utils import timezone

from partners.sessions.encrypted_store import SessionStore as EncryptedSessions
from vcsportal.common import clock
from vcsportal.common.prepared_queries import PreparedQuery
from vcsportal.common.visitors import current_visit

_READ: Final = PreparedQuery(
    lambda key, now: SessionStore.get_model_class().objects.filter(session_key=key, expire_date__gt=now)
)


class SessionStore(EncryptedSessions):
    """A session that remembers when its person signed in and was seen last."""

    row: Any = None
    """The row as it was read or written last; None before that, and for a session without one."""

    @classmethod
    def get_model_class(cls) -> Any:
        from partners.models import Session

        return Session

    @property
    def began_at(self) -> datetime | None:
        """When the person signed in; None if nobody has."""
        return self.row.began_at if self.row else None

    @property
    def seen_at(self) -> datetime | None:
        """When the person was seen last, to within five minutes."""
        return self.row.seen_at if self.row else None

    def load(self) -> Any:
        self.row = next(iter(_READ(key=self.session_key, now=timezone.now())), None)
        if self.row is None:
            self._session_key = None  # as Django has it: the next save takes a key of its own
            return {}
        return self.decode(self.row.session_data)

    def create_model_instance(self, data: Any) -> Any:
        new: Any = super().create_model_instance(data)
        old = self.row
        if person := data.get(SESSION_KEY):
            now, visit = clock.now(), current_visit()
            new.person_id, new.seen_at = int(person), now
            same = old is not None and old.person_id == new.person_id
            new.began_at = old.began_at if same else now
            if visit:
                new.address, new.browser = visit.address, visit.browser
            elif old is not None:
                new.address, new.browser = old.address, old.browser
        if old is not None and old.session_key == new.session_key:
            new.public_id = old.public_id
        self.row = new
        return new

    def flush(self) -> None:
        super().flush()
        self.row = None
