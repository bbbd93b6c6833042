"""The application's own role in the test's database, with the grants that a deployment gives it and nothing else."""

import os
import secrets
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any
from urllib.parse import urlsplit

import psycopg2
from django.db import connection
from psycopg2 import sql

GRANTS = (
    "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {}",
    "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {}",
)


@contextmanager
def connected_as_app() -> Iterator[Any]:
    """Connect as that role. ``make test`` brings it (``APP_DATABASE_URL``); elsewhere it is made for as long as it is used."""
    if url := os.environ.get("APP_DATABASE_URL", ""):
        parts = urlsplit(url)
        role, password, made = str(parts.username), str(parts.password), False
    else:
        role, password, made = f"app_{secrets.token_hex(4)}", secrets.token_hex(16), True
    with connection.cursor() as cursor:
        if made:
            statement = "CREATE ROLE {} LOGIN NOSUPERUSER NOCREATEROLE NOCREATEDB PASSWORD {}"
            cursor.execute(
                sql.SQL(statement).format(sql.Identifier(role), sql.Literal(password)).as_string(cursor.cursor)
            )
        for grant in GRANTS:
            cursor.execute(sql.SQL(grant).format(sql.Identifier(role)).as_string(cursor.cursor))
    known = {
        key: value for key, value in connection.get_connection_params().items() if key in {"host", "port", "dbname"}
    }
    try:
        with closing(psycopg2.connect(**{**known, "user": role, "password": password})) as theirs:
            yield theirs
    finally:
        if made:
            with connection.cursor() as cursor:
                for last in ("DROP OWNED BY {}", "DROP ROLE {}"):
                    cursor.execute(sql.SQL(last).format(sql.Identifier(role)).as_string(cursor.cursor))
