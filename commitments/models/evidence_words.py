"""How the words of evidence are searched, as far as they may be read (:mod:`vcsportal.common.word_search`).

PostgreSQL keeps the words of title and story beside each item (weights A and B).
"""

from datetime import date
from typing import Any

from django.contrib.postgres.search import SearchVectorField
from django.db.models import BooleanField, ExpressionWrapper, F, Func, Value

from vcsportal.common.word_search import Vector, both, words_of


def words_of_evidence(title: str, story: str) -> Vector:
    """Return the words of two fields as one search vector."""
    return both(words_of(title, weight="A"), words_of(story, weight="B"))


def readable_words(today: date, insider: Any) -> Func:
    """Return the words of an item as far as they may be read on the portal on this day.

    A function of the database, by the rule that ``EvidenceQuerySet.with_story_state`` asks too: written out in the query, it
    would make PostgreSQL choose a way that reads everything.

    :param insider: the condition under which the person sees all of the item.
    """
    return Func(
        F("words"),
        F("pk"),
        Value(today),
        ExpressionWrapper(insider, output_field=BooleanField()),
        function="portal_readable_words",
        output_field=SearchVectorField(),
    )
