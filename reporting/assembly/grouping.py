"""Rows into lists by a key, and names of areas as a column."""

from collections import defaultdict
from collections.abc import Hashable, Iterable
from typing import Any, TypeVar

from django.contrib.postgres.expressions import ArraySubquery
from django.db import models

T = TypeVar("T")
K = TypeVar("K", bound=Hashable)


def names(areas: models.QuerySet[Any]) -> ArraySubquery:
    """Return a column with the names of areas, in their order."""
    return ArraySubquery(areas.order_by("area__name", "id").values("area__name"))


def grouped(pairs: Iterable[tuple[K, T]]) -> defaultdict[K, list[T]]:
    """Return the second parts of the pairs, in their order, by the first."""
    found: defaultdict[K, list[T]] = defaultdict(list)
    for key, value in pairs:
        found[key].append(value)
    return found
