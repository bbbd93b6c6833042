"""Fetches the rows related to a row together with it."""

from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import QuerySet
from django.db.models.functions import JSONObject


def list_column(rows: QuerySet[Any], **fields: str) -> ArraySubquery:
    """Return a column that holds, for each row, a list of small dictionaries: one query however long the list of rows."""
    return ArraySubquery(rows.values(list_column=JSONObject(**fields)))
