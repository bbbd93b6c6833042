"""What the portal's search finds of published reports and their narratives: the one of each round that everyone is meant to read."""

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

from django.contrib.postgres.search import SearchVectorField
from django.db.models import ExpressionWrapper, F, OuterRef, QuerySet, Value
from django.urls import reverse
from django.utils import timezone

from reporting.models import Edition, narrative_of
from vcsportal.common.markdown import to_text
from vcsportal.common.ranked_search import WordSearch, first_keys
from vcsportal.common.search_kinds import Hit, RowsInOrder, SearchKind
from vcsportal.common.word_search import both, having, words_of

_REPORT_WORDS: Final = both(
    both(
        both(words_of("round__title", weight="A"), words_of("round__slug", weight="A")),
        both(words_of("round__strategy__title", weight="B"), words_of("called", weight="B")),
    ),
    ExpressionWrapper(F("words"), output_field=SearchVectorField()),
)
_CALLED: Final = "annual report"


def _to_be_read() -> QuerySet[Edition]:
    """Return the editions that everyone is meant to read: of each round the public one that was published last."""
    newest = Edition.objects.last_published().filter(round=OuterRef("round"))
    return Edition.objects.public().filter(pk=newest.values("pk")[:1])


def _found(queries: Any) -> Any:
    rows = _to_be_read().alias(called=Value(_CALLED))
    return first_keys(having(rows, _REPORT_WORDS, queries), order=("-round__observes_from", "-id"))


_FOUND: Final = WordSearch(_found)


def _reports(words: Sequence[str], today: date) -> list[int]:
    return _FOUND(words)


_SHOWN: Final = RowsInOrder(
    lambda: (
        _to_be_read().defer("facts").select_related("round__strategy").annotate(narrative=narrative_of("facts"))
    )
)  # fmt: skip


def _shown_reports(keys: Sequence[int], today: date) -> list[Hit]:
    return [
        Hit(
            title=f"Report for {row.round.label}",
            url=reverse("reporting:report", args=[row.round.strategy.slug, row.round.slug]),
            texts=tuple(to_text(text) for text in row.narrative),
            about=row.round.strategy.title,
            day=timezone.localdate(row.published_at),
            language=row.round.strategy.language,
        )
        for row in _SHOWN(keys)
    ]


KINDS_TO_SEARCH: Final = (SearchKind("reports", "Published reports", _reports, _shown_reports, lambda today: ()),)
