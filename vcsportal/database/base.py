"""Django's backend for PostgreSQL, with limits on what is waited for."""

from typing import Any

import psycopg2
from django.conf import settings
from django.db.backends.postgresql import base as postgresql

from vcsportal.database import limits
from vcsportal.database.waiting import Watched, silence

PROBE_SECONDS = 2.0
"""A kept connection is tried at the beginning of a request; the server has so long to answer."""


class DatabaseWrapper(postgresql.DatabaseWrapper):
    """A connection whose waits end, each kind of process with its own limits.

    :ivar sets_savepoints: False while :func:`vcsportal.database.savepoints.without_savepoints` lasts.
    """

    sets_savepoints = True

    def savepoint(self) -> str | None:
        """Begin what can be taken back by itself. None, which Django knows from databases that can't, where that is not wanted."""
        return super().savepoint() if self.sets_savepoints else None

    def get_connection_params(self) -> dict[str, Any]:
        params = limits.limited(super().get_connection_params(), tell_server=settings.DATABASE_LIMITS_BY_OPTIONS)
        if limits.current().watched:
            params["connection_factory"] = Watched
        return params

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        if not limits.current().watched:
            return super().get_new_connection(conn_params)
        silence.check()
        connection: Any = super().get_new_connection(conn_params)
        silence.ended()
        connection.wait_seconds = self._wait_seconds()
        return connection

    def is_usable(self) -> bool:
        if not isinstance(self.connection, Watched):
            return bool(super().is_usable())
        if silence.lasts:
            return False
        self.connection.wait_seconds = PROBE_SECONDS
        try:
            return bool(super().is_usable())
        except psycopg2.Error:
            return False
        finally:
            if self.connection is not None:
                self.connection.wait_seconds = self._wait_seconds()

    def _wait_seconds(self) -> float | None:
        statement = limits.current().statement
        return statement + limits.MARGIN_SECONDS if statement else None
