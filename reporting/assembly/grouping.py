"""Rows into lists by a key, and names of areas as a column."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any, TypeVar

from django.contrib.postgres.expressions import ArraySubquery
from django.db import models

T = TypeVar("T")


def names(areas: models.QuerySet[Any]) -> ArraySubquery:
    """Return a column with the names of areas, in their order."""
    return ArraySubquery(areas.order_by("area__name", "id").values("area__name"))


def grouped(pairs: Iterable[tuple[int, T]]) -> defaultdict[int, list[T]]:
    """Return the second parts of the pairs, in their order, by the first."""
    found: defaultdict[int, list[T]] = defaultdict(list)
    for key, value in pairs:
        found[key].append(value)
    return found
