"""What the portal's search finds of organisations and groups, as far as anyone may read it."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Final

from partners.kinds import GROUP, KINDS
from partners.models import Organisation
from partners.models.organisations import ORGANISATION_WORDS, OrganisationQuerySet, those_carrying_on
from partners.standings import TAKES_PART
from vcsportal.common.prepared_queries import PreparedQuery
from vcsportal.common.ranked_search import RankedSearch, WordSearch, by_rank, with_rank
from vcsportal.common.search_kinds import Hit, RowsInOrder, SearchKind
from vcsportal.common.word_search import both, having, words_of

_GROUP_WORDS: Final = both(
    ORGANISATION_WORDS, both(words_of("group__purpose", weight="B"), words_of("group__aims", weight="B"))
)
_MOST_NAMES: Final = 5_000
_BY_NAME: Final = ("sort_name", "id")


def _public_organisations() -> OrganisationQuerySet:
    return Organisation.objects.public().bodies()


_FOUND: Final = RankedSearch(_public_organisations, ORGANISATION_WORDS, order=_BY_NAME, shortest=1)
_REPLACED: Final = WordSearch(
    lambda queries: (
        having(_public_organisations(), ORGANISATION_WORDS, queries)
        .filter(succeeded_by__isnull=False).values_list("succeeded_by", flat=True)
    ),
    shortest=1,
)  # fmt: skip
_FOUND_OR_REPLACING: Final = WordSearch(
    lambda queries, replacing: with_rank(
        _public_organisations().having_or_among(queries, replacing), ORGANISATION_WORDS, queries, order=_BY_NAME
    ),
    shortest=1,
)


def _organisations(words: Sequence[str], today: date) -> list[int]:
    """Two queries, and those for the few that have been replaced: what carries on their work is found too."""
    if not (replaced := _REPLACED(words)):
        return _FOUND(words)
    return by_rank(_FOUND_OR_REPLACING(words, replacing=sorted(those_carrying_on(replaced))))


_SHOWN_ORGANISATIONS: Final = RowsInOrder(_public_organisations)


def _shown_organisations(keys: Sequence[int], today: date) -> list[Hit]:
    kinds = dict(KINDS)
    return [_hit(row, kinds[row.kind]) for row in _SHOWN_ORGANISATIONS(keys)]


def _hit(row: Organisation, kind: str, *more: str) -> Hit:
    former = ", ".join(row.former_name_list)
    standing = "" if row.standing == TAKES_PART else row.standing_of.label
    return Hit(
        title=row.name,
        url=row.get_absolute_url(),
        texts=(f"Formerly {former}" if former else "", row.description, *more),
        about=", ".join(filter(None, (kind, standing))),
    )


def _public_groups() -> OrganisationQuerySet:
    return Organisation.objects.public().filter(kind=GROUP)


_GROUPS: Final = RankedSearch(_public_groups, _GROUP_WORDS, order=_BY_NAME)
_SHOWN_GROUPS: Final = RowsInOrder(lambda: _public_groups().select_related("group"))


def _shown_groups(keys: Sequence[int], today: date) -> list[Hit]:
    return [
        _hit(row, "Group", *((row.group.purpose, row.group.aims) if hasattr(row, "group") else ()))
        for row in _SHOWN_GROUPS(keys)
    ]


def _names_of(rows: Callable[[], OrganisationQuerySet]) -> Callable[[date], Iterable[str]]:
    ask = PreparedQuery(lambda: rows().by_name().values_list("name", "former_names")[:_MOST_NAMES])
    return lambda today: (f"{name}\n{former}" for name, former in ask())


KINDS_TO_SEARCH: Final = (
    SearchKind(
        "organisations", "Organisations", _organisations, _shown_organisations, _names_of(_public_organisations)
    ),
    SearchKind("groups", "Groups", lambda words, today: _GROUPS(words), _shown_groups, _names_of(_public_groups)),
)
