"""What the portal's search finds of published reports: the one of each round that everyone is meant to read."""

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

from django.db.models import Value
from django.urls import reverse
from django.utils import timezone

from reporting.models import Edition
from vcsportal.common.ranked_search import WordSearch, first_keys
from vcsportal.common.search_kinds import Hit, SearchKind, in_order
from vcsportal.common.word_search import both, having, words_of

_REPORT_WORDS: Final = both(
    both(words_of("round__title", weight="A"), words_of("round__slug", weight="A")),
    both(words_of("round__strategy__title", weight="B"), words_of("called", weight="B")),
)
_CALLED: Final = "annual report"


def _found(queries: Any) -> Any:
    public = Edition.objects.public().alias(called=Value(_CALLED))
    return first_keys(having(public, _REPORT_WORDS, queries), order=("-round__observes_from", "-published_at", "-id"))


_FOUND: Final = WordSearch(_found)


def _reports(words: Sequence[str], today: date) -> list[int]:
    return [row.pk for row in _one_of_each_round(_FOUND(words))]


def _one_of_each_round(keys: Sequence[int]) -> list[Edition]:
    """Return the editions with these keys that are the ones to read: of each round the one published last."""
    rounds: dict[int, Edition] = {}
    for edition in in_order(Edition.objects.public().defer("facts").select_related("round__strategy"), keys):
        rounds.setdefault(edition.round_id, edition)
    return list(rounds.values())


def _shown_reports(keys: Sequence[int], today: date) -> list[Hit]:
    return [
        Hit(
            title=f"Report for {row.round.label}",
            url=reverse("reporting:report", args=[row.round.strategy.slug, row.round.slug]),
            about=row.round.strategy.title,
            day=timezone.localdate(row.published_at),
            language=row.round.strategy.language,
        )
        for row in _one_of_each_round(keys)
    ]


KINDS_TO_SEARCH: Final = (SearchKind("reports", "Published reports", _reports, _shown_reports, lambda today: ()),)
