"""What the portal's search finds of strategies: each kind with the rule of its own pages for what anyone may read."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Any, Final

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from commitments.models import (
    Action,
    CaseStudy,
    CaseStudyQuotation,
    CaseStudyText,
    Commitment,
    Engagement,
    Evidence,
    Point,
    Priority,
    ProgressUpdate,
)
from commitments.models.actions import ACTION_WORDS
from commitments.models.engagement import ENGAGEMENT_WORDS
from commitments.models.points import POINT_WORDS
from commitments.models.progress import UPDATE_WORDS
from commitments.models.strategy import COMMITMENT_WORDS, PRIORITY_WORDS
from commitments.queries.organisation_names import organisations_named
from commitments.reading.districts import district_address
from commitments.reading.evidence_cards import card, read_cards
from commitments.reading.evidence_search import find_evidence
from commitments.reading.pages import address, priority_address
from commitments.reading.points import addresses_of_points, said
from commitments.rules.story_consent import DETAILS_WITHHELD
from partners.area_kinds import LOCAL_KINDS
from partners.models import Area
from vcsportal.common.addresses import address as address_of_view
from vcsportal.common.dates import in_words
from vcsportal.common.markdown import to_text
from vcsportal.common.prepared_queries import PreparedQuery
from vcsportal.common.ranked_search import RankedSearch, WordSearch, first_keys
from vcsportal.common.search_kinds import Hit, RowsInOrder, SearchKind
from vcsportal.common.word_search import having, words_in, words_of

_MOST_TEXTS: Final = 300
"""How many texts of a kind give the words that can be suggested."""


_COMMITMENTS: Final = RankedSearch(
    Commitment.objects.all, COMMITMENT_WORDS, order=("-strategy__starts_on", "priority__number", "number", "id")
)
_REFERENCES: Final = WordSearch(
    lambda queries: having(Commitment.objects.all(), COMMITMENT_WORDS, queries).values_list("pk", "reference")
)


def _commitments(words: Sequence[str], today: date) -> list[int]:
    keys, references = _COMMITMENTS(words), dict(_REFERENCES(words))
    asked = [word.casefold() for word in words]
    return sorted(keys, key=lambda key: [word.casefold() for word in words_in(references.get(key, ""))] != asked)


_SHOWN_COMMITMENTS: Final = RowsInOrder(lambda: Commitment.objects.select_related("strategy"))


def _shown_commitments(keys: Sequence[int], today: date) -> list[Hit]:
    return [
        Hit(
            title=f"{row.reference} {row.short_title}",
            url=address(row.strategy.slug, row.key),
            texts=(row.wording, row.note),
            about=row.strategy.title,
            language=row.strategy.language,
        )
        for row in _SHOWN_COMMITMENTS(keys)
    ]


_PRIORITIES: Final = RankedSearch(Priority.objects.all, PRIORITY_WORDS, order=("-strategy__starts_on", "number", "id"))
_SHOWN_PRIORITIES: Final = RowsInOrder(lambda: Priority.objects.select_related("strategy"))


def _shown_priorities(keys: Sequence[int], today: date) -> list[Hit]:
    return [
        Hit(
            title=str(row),
            url=priority_address(row.strategy.slug, row.number),
            texts=(to_text(row.summary), to_text(row.introduction)),
            about=row.strategy.title,
            language=row.strategy.language,
        )
        for row in _SHOWN_PRIORITIES(keys)
    ]


_ACTIONS: Final = RankedSearch(Action.objects.all, ACTION_WORDS, order=("-due_on", "-id"))
_SHOWN_ACTIONS: Final = RowsInOrder(lambda: Action.objects.select_related("commitment__strategy"))


def _shown_actions(keys: Sequence[int], today: date) -> list[Hit]:
    return [
        Hit(
            title=str(row),
            url=address_of_view("commitments:action", row.commitment.strategy.slug, row.commitment.key, row.pk),
            about=f"{row.commitment}, {row.commitment.strategy.title}",
        )
        for row in _SHOWN_ACTIONS(keys)
    ]


def _public_updates() -> Any:
    return ProgressUpdate.objects.visible_to(None).filter(state="published")


_UPDATES: Final = WordSearch(
    lambda queries: first_keys(having(_public_updates(), UPDATE_WORDS, queries), order=("-published_at", "-id"))
)
_SHOWN_UPDATES: Final = RowsInOrder(lambda: _public_updates().select_related("commitment__strategy", "round"))


def _shown_updates(keys: Sequence[int], today: date) -> list[Hit]:
    return [
        Hit(
            title=f"{row.commitment}: {row.round.label}",
            url=f"{address(row.commitment.strategy.slug, row.commitment.key)}#round-{row.round.slug}",
            texts=(row.reason, row.remedy, to_text(row.narrative), to_text(row.next_steps)),
            about=row.commitment.strategy.title,
            day=timezone.localdate(row.published_at),
        )
        for row in _SHOWN_UPDATES(keys)
    ]


_PUBLIC_EVIDENCE: Final = PreparedQuery(
    lambda keys: Evidence.objects.visible_to(None).filter(pk__in=keys).values_list("pk", flat=True)
)


def _shown_evidence(keys: Sequence[int], today: date) -> list[Hit]:
    public = set(_PUBLIC_EVIDENCE(keys=list(keys)))
    hits = []
    for piece in read_cards([key for key in keys if key in public], today=today):
        values = card(piece)
        text = values["text"] if piece.story_state else to_text(piece.story)
        hits.append(
            Hit(
                title=values["title"], url=values["url"], texts=(text,), day=piece.happened_from,
                about=", ".join(filter(None, (values["organisation"], values["where"]))), language=values["language"],
            )
        )  # fmt: skip
    return hits


def _told(queries: Any, keys: Any, today: date) -> Any:
    """Return the keys of the case studies whose published text or its quotation has each word, or that an organisation of
    that name leads.
    """
    found = CaseStudy.objects.filter(published__isnull=False)
    for query, named in zip(queries, keys, strict=True):
        told, quoted = CaseStudyText.objects.having(query), CaseStudyText.objects.quoting(query, today)
        own = Evidence.objects.filter(pk=OuterRef("evidence"), organisation__in=named)
        found = found.filter(Q(published__in=told.values("pk")) | Q(published__in=quoted.values("pk")) | Q(Exists(own)))
    return found.values_list("pk", flat=True)


_TOLD: Final = WordSearch(_told)
_PUBLIC_CASE_STUDIES: Final = PreparedQuery(
    lambda among, today: first_keys(
        CaseStudy.objects.visible_to(None, today).filter(pk__in=among), order=("-accepted_at", "-id"), key="evidence_id"
    )
)


def _case_studies(words: Sequence[str], today: date) -> list[int]:
    """Asked in two steps: in one, PostgreSQL would look at all evidence for the few that have a case study."""
    told = _TOLD(words, organisations_named(words), today=today)
    return _PUBLIC_CASE_STUDIES(among=told, today=today) if told else []


def _readable_case_studies(keys: list[int], today: date) -> Any:
    quoted = CaseStudyQuotation.objects.showable(today).filter(pk=OuterRef("published__quotation"))
    public = CaseStudy.objects.visible_to(None, today).filter(evidence__in=keys)
    return public.annotate(may_quote=Exists(quoted)).select_related("published__quotation")


_READABLE_CASE_STUDIES: Final = PreparedQuery(_readable_case_studies)


def _shown_case_studies(keys: Sequence[int], today: date) -> list[Hit]:
    rows = _READABLE_CASE_STUDIES(keys=list(keys), today=today)
    texts = {row.evidence_id: (row.published, row.may_quote) for row in rows if row.published is not None}
    hits = []
    for piece in read_cards([key for key in keys if key in texts], today=today):
        (text, may_quote), where = texts[piece.pk], card(piece)["where"]
        quotation = (text.quotation.words, text.quotation.said_by) if may_quote and text.quotation else ()
        told = (
            text.problem, text.what_was_done, text.what_changed, text.learnt, text.how_to_copy, text.place, text.led_with,
            text.cost, *quotation,
        )  # fmt: skip
        hits.append(
            Hit(
                title=text.headline, url=address_of_view("commitments:case-study", piece.pk), texts=told,
                about=", ".join(filter(None, (piece.organisation.name, text.place or where))),
            )
        )  # fmt: skip
    return hits


def _public_points() -> Any:
    return Point.objects.published().exclude(is_spam=True)


def _said(queries: Any) -> Any:
    found = _public_points().alias(said=words_of("public_words", weight="A"), whole=POINT_WORDS)
    answered = Q(responded_at__isnull=False)
    for query in queries:
        found = found.filter(Q(whole=query) & (answered | Q(said=query)))
    return first_keys(found, order=("-raised_on", "-id"))


_POINTS: Final = WordSearch(_said)
_SHOWN_POINTS: Final = RowsInOrder(lambda: _public_points().select_related("engagement", "raised_by", "district"))


def _shown_points(keys: Sequence[int], today: date) -> list[Hit]:
    rows = _SHOWN_POINTS(keys)
    addresses = addresses_of_points(today) if rows else {}
    return [
        Hit(
            title=f"{row.kind_of.label}, {in_words(row.raised_on)}",
            url=addresses[row.pk],
            texts=(row.public_words, row.response if row.is_answered else ""),
            about=said(row, today).place if row.engagement else "",
        )
        for row in rows
    ]


_ENGAGEMENT: Final = RankedSearch(Engagement.objects.written_up, ENGAGEMENT_WORDS, order=("-starts_on", "-id"))
_SHOWN_ENGAGEMENT: Final = RowsInOrder(lambda: Engagement.objects.written_up().with_owner())


def _shown_engagement(keys: Sequence[int], today: date) -> list[Hit]:
    return [
        Hit(
            title=row.title,
            url=address_of_view("commitments:engagement", row.pk),
            texts=(to_text(row.summary), row.question),
            about=f"{row.kind_of.label}, {row.when}",
        )
        for row in _SHOWN_ENGAGEMENT(keys)
    ]


_DISTRICTS: Final = RankedSearch(
    lambda: Area.objects.filter(kind__in=LOCAL_KINDS), words_of("name", weight="A"), order=("name", "id")
)
_SHOWN_DISTRICTS: Final = RowsInOrder(Area.objects.districts)


def _shown_districts(keys: Sequence[int], today: date) -> list[Hit]:
    return [
        Hit(
            title=row.name,
            url=district_address(row),
            about=row.get_kind_display() if row.is_in_force(today) else f"{row.get_kind_display()}, not in force today",
        )
        for row in _SHOWN_DISTRICTS(keys)
    ]


def _titles(rows: Callable[..., QuerySet[Any]], *names: str) -> Callable[..., Iterable[str]]:
    """Return what asks what these fields of the first rows say."""
    ask = PreparedQuery(lambda **values: rows(**values).values_list(*names)[:_MOST_TEXTS])
    return lambda **values: (" ".join(texts) for texts in ask(**values))


def _always(ask: Callable[..., Any]) -> Callable[[date], Any]:
    """Return a question that does not depend on the day."""
    return lambda today: ask()


def _newest_evidence(today: date) -> Any:
    """Return the newest items whose title may be shown. Consents are asked of the newest alone, not of all there are."""
    newest = Evidence.objects.visible_to(None).newest_first()[:_MOST_TEXTS]
    rows = Evidence.objects.filter(pk__in=newest.values("pk")).with_story_state(today)
    return rows.exclude(story_state__in=DETAILS_WITHHELD)


_TITLES_OF_EVIDENCE: Final = _titles(_newest_evidence, "title")
_HEADLINES: Final = _titles(
    lambda today: CaseStudy.objects.visible_to(None, today).newest_first(), "published__headline"
)

KINDS_TO_SEARCH: Final = (
    SearchKind(
        "districts", "What happens in a place", lambda words, today: _DISTRICTS(words), _shown_districts,
        _always(_titles(Area.objects.districts, "name")),
    ),
    SearchKind(
        "commitments", "Commitments", _commitments, _shown_commitments,
        _always(_titles(lambda: Commitment.objects.order_by("-id"), "short_title", "wording")),
    ),
    SearchKind(
        "priorities", "Priorities", lambda words, today: _PRIORITIES(words), _shown_priorities,
        _always(_titles(lambda: Priority.objects.order_by("-id"), "title")),
    ),
    SearchKind(
        "actions", "Actions", lambda words, today: _ACTIONS(words), _shown_actions,
        _always(_titles(lambda: Action.objects.order_by("-id"), "title")),
    ),
    SearchKind(
        "updates", "Progress updates", lambda words, today: _UPDATES(words), _shown_updates,
        _always(_titles(lambda: _public_updates().order_by("-published_at", "-id"), "reason", "remedy", "narrative", "next_steps")),
    ),
    SearchKind(
        "evidence", "Evidence", find_evidence, _shown_evidence, lambda today: _TITLES_OF_EVIDENCE(today=today),
    ),
    SearchKind(
        "case-studies", "Case studies", _case_studies, _shown_case_studies, lambda today: _HEADLINES(today=today),
    ),
    SearchKind(
        "points", "You said, we did", lambda words, today: _POINTS(words), _shown_points,
        _always(_titles(lambda: _public_points().newest_first(), "public_words")),
    ),
    SearchKind(
        "engagement", "Meetings and consultations", lambda words, today: _ENGAGEMENT(words), _shown_engagement,
        _always(_titles(lambda: Engagement.objects.written_up().newest_first(), "title", "question", "summary")),
    ),
)  # fmt: skip
