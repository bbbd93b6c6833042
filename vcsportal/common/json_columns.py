"""Fetches the rows related to a row together with it."""

from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import JSONField, QuerySet
from django.db.models.functions import JSONObject


class _JSONArray(ArraySubquery):
    """An array as one piece of JSON, which is read once and not entry by entry."""

    template = "to_jsonb(ARRAY(%(subquery)s))"
    output_field: Any = JSONField()


def list_column(rows: QuerySet[Any], **fields: str) -> ArraySubquery:
    """Return a column that holds, for each row, a list of small dictionaries: one query however long the list of rows."""
    return _JSONArray(rows.values(list_column=JSONObject(**fields)))
