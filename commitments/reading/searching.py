"""What the portal's search finds of strategies: each kind with the rule of its own pages for what anyone may read."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, Final

from django.db.models import Q, QuerySet
from django.utils import timezone

from commitments.models import (
    Action,
    CaseStudy,
    CaseStudyText,
    Commitment,
    Consent,
    Engagement,
    Evidence,
    Point,
    Priority,
    ProgressUpdate,
)
from commitments.models.actions import ACTION_WORDS
from commitments.models.case_studies import CASE_STUDY_WORDS
from commitments.models.engagement import ENGAGEMENT_WORDS
from commitments.models.points import POINT_WORDS
from commitments.models.progress import UPDATE_WORDS
from commitments.models.strategy import COMMITMENT_WORDS, PRIORITY_WORDS
from commitments.queries.organisation_names import organisations_named
from commitments.reading.evidence_cards import card, read_cards
from commitments.reading.pages import address, priority_address
from commitments.reading.points import addresses_of_points, public_points, said
from commitments.rules.story_consent import DETAILS_WITHHELD
from vcsportal.common.addresses import address as address_of_view
from vcsportal.common.dates import in_words
from vcsportal.common.long_lists import MAX_COUNTED
from vcsportal.common.markdown import to_text
from vcsportal.common.search_kinds import Hit, SearchKind, in_order
from vcsportal.common.word_search import first_keys, having_words, ranked, word_queries, words_in, words_of

_NEWEST_EVIDENCE: Final = ("-happened_from", "-id")
_MOST_LOOKED_AT: Final = 2 * MAX_COUNTED
_MOST_TEXTS: Final = 300
"""How many texts of a kind give the words that can be suggested."""


def _commitments(words: Sequence[str], today: date) -> list[int]:
    found = having_words(Commitment.objects.all(), COMMITMENT_WORDS, words)
    keys = ranked(found, COMMITMENT_WORDS, words, order=("-strategy__starts_on", "priority__number", "number", "id"))
    references = dict(found.values_list("pk", "reference"))
    asked = [word.casefold() for word in words]
    return sorted(keys, key=lambda key: [word.casefold() for word in words_in(references.get(key, ""))] != asked)


def _shown_commitments(keys: Sequence[int], today: date) -> list[Hit]:
    rows = in_order(Commitment.objects.select_related("strategy"), keys)
    return [
        Hit(
            title=f"{row.reference} {row.short_title}",
            url=address(row.strategy.slug, row.key),
            texts=(row.wording, row.note),
            about=row.strategy.title,
            language=row.strategy.language,
        )
        for row in rows
    ]


def _priorities(words: Sequence[str], today: date) -> list[int]:
    found = having_words(Priority.objects.all(), PRIORITY_WORDS, words)
    return ranked(found, PRIORITY_WORDS, words, order=("-strategy__starts_on", "number", "id"))


def _shown_priorities(keys: Sequence[int], today: date) -> list[Hit]:
    rows = in_order(Priority.objects.select_related("strategy"), keys)
    return [
        Hit(
            title=str(row),
            url=priority_address(row.strategy.slug, row.number),
            texts=(to_text(row.summary), to_text(row.introduction)),
            about=row.strategy.title,
            language=row.strategy.language,
        )
        for row in rows
    ]


def _actions(words: Sequence[str], today: date) -> list[int]:
    return ranked(
        having_words(Action.objects.all(), ACTION_WORDS, words), ACTION_WORDS, words, order=("-due_on", "-id")
    )


def _shown_actions(keys: Sequence[int], today: date) -> list[Hit]:
    rows = in_order(Action.objects.select_related("commitment__strategy"), keys)
    return [
        Hit(
            title=str(row),
            url=address_of_view("commitments:action", row.commitment.strategy.slug, row.commitment.key, row.pk),
            about=f"{row.commitment}, {row.commitment.strategy.title}",
        )
        for row in rows
    ]


def _updates(words: Sequence[str], today: date) -> list[int]:
    return first_keys(having_words(_public_updates(), UPDATE_WORDS, words), order=("-published_at", "-id"))


def _public_updates() -> Any:
    return ProgressUpdate.objects.visible_to(None).filter(state="published")


def _shown_updates(keys: Sequence[int], today: date) -> list[Hit]:
    rows = in_order(_public_updates().select_related("commitment__strategy", "round"), keys)
    return [
        Hit(
            title=f"{row.commitment}: {row.round.label}",
            url=f"{address(row.commitment.strategy.slug, row.commitment.key)}#round-{row.round.slug}",
            texts=(row.reason, row.remedy, to_text(row.narrative), to_text(row.next_steps)),
            about=row.commitment.strategy.title,
            day=timezone.localdate(row.published_at),
        )
        for row in rows
    ]


def _evidence(words: Sequence[str], today: date) -> list[int]:
    """Return the keys of evidence as :func:`ranked` does. Four queries.

    What consents keep back is asked of the newest alone, and of these only where there is a consent: asked of each item that
    has a common word, it would take longer than all the rest.
    """
    organisations = organisations_named(words)
    public = Evidence.objects.visible_to(None)
    having = public
    for word, query in zip(words, word_queries(words), strict=True):
        ours = Q(organisation__in=organisations[word]) if organisations[word] else Q(pk__in=[])
        having = having.filter(Q(words=query) | ours)
    newest = list(having.order_by(*_NEWEST_EVIDENCE)[:_MOST_LOOKED_AT].values_list("pk", flat=True))
    asked_about = set(Consent.objects.filter(evidence__in=newest, file=None).values_list("evidence", flat=True))
    readable = public.filter(pk__in=asked_about).matching(list(words), organisations, today, None)
    hidden = asked_about - set(readable.values_list("pk", flat=True)) if asked_about else set()
    if len(newest) == _MOST_LOOKED_AT and len(newest) - len(hidden) <= MAX_COUNTED:
        return ranked(public.matching(list(words), organisations, today, None), "words", words, order=_NEWEST_EVIDENCE)
    keys = [key for key in newest if key not in hidden][: MAX_COUNTED + 1]
    return ranked(public.filter(pk__in=keys), "words", words, order=_NEWEST_EVIDENCE) if keys else []


def _shown_evidence(keys: Sequence[int], today: date) -> list[Hit]:
    public = set(Evidence.objects.visible_to(None).filter(pk__in=keys).values_list("pk", flat=True))
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


def _case_studies(words: Sequence[str], today: date) -> list[int]:
    found, organisations = CaseStudy.objects.filter(published__isnull=False), organisations_named(words)
    for word, query in zip(words, word_queries(words), strict=True):
        having = CaseStudyText.objects.alias(found_by=CASE_STUDY_WORDS).filter(found_by=query)
        led = Q(evidence__organisation__in=organisations[word]) if organisations[word] else Q(pk__in=[])
        found = found.filter(Q(published__in=having.values("pk")) | led)
    # Asked in two steps: in one, PostgreSQL would look at all evidence for the few that have a case study.
    public = CaseStudy.objects.visible_to(None, today).filter(pk__in=list(found.values_list("pk", flat=True)))
    return first_keys(public, order=("-accepted_at", "-id"), key="evidence_id")


def _shown_case_studies(keys: Sequence[int], today: date) -> list[Hit]:
    public = CaseStudy.objects.visible_to(None, today).filter(evidence__in=keys).select_related("published")
    texts = {row.evidence_id: row.published for row in public if row.published is not None}
    hits = []
    for piece in read_cards([key for key in keys if key in texts], today=today):
        text, where = texts[piece.pk], card(piece)["where"]
        told = (
            text.problem, text.what_was_done, text.what_changed, text.learnt, text.how_to_copy, text.place, text.led_with,
            text.cost,
        )  # fmt: skip
        hits.append(
            Hit(
                title=text.headline, url=address_of_view("commitments:case-study", piece.pk), texts=told,
                about=", ".join(filter(None, (piece.organisation.name, text.place or where))),
            )
        )  # fmt: skip
    return hits


def _points(words: Sequence[str], today: date) -> list[int]:
    found = _public_points(today).alias(said=words_of("public_words", weight="A"), whole=POINT_WORDS)
    answered = Q(responded_at__isnull=False)
    for query in word_queries(words):
        found = found.filter(Q(whole=query) & (answered | Q(said=query)))
    return first_keys(found, order=("-raised_on", "-id"))


def _public_points(today: date) -> Any:
    return public_points(today) & Point.objects.published()


def _shown_points(keys: Sequence[int], today: date) -> list[Hit]:
    rows = in_order(_public_points(today).select_related("engagement", "raised_by", "district"), keys)
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


def _engagement(words: Sequence[str], today: date) -> list[int]:
    found = having_words(Engagement.objects.written_up(), ENGAGEMENT_WORDS, words)
    return ranked(found, ENGAGEMENT_WORDS, words, order=("-starts_on", "-id"))


def _shown_engagement(keys: Sequence[int], today: date) -> list[Hit]:
    rows = in_order(Engagement.objects.written_up().with_owner(), keys)
    return [
        Hit(
            title=row.title,
            url=address_of_view("commitments:engagement", row.pk),
            texts=(to_text(row.summary), row.question),
            about=f"{row.kind_of.label}, {row.when}",
        )
        for row in rows
    ]


def _titles(rows: QuerySet[Any], *names: str) -> Iterable[str]:
    """Return what these fields of the first rows say."""
    return (" ".join(texts) for texts in rows.values_list(*names)[:_MOST_TEXTS])


def _titles_of_evidence(today: date) -> Iterable[str]:
    told = Evidence.objects.visible_to(None).with_story_state(today).newest_first()
    return _titles(told.exclude(story_state__in=DETAILS_WITHHELD), "title")


def _headlines(today: date) -> Iterable[str]:
    return _titles(CaseStudy.objects.visible_to(None, today).newest_first(), "published__headline")


KINDS_TO_SEARCH: Final = (
    SearchKind(
        "commitments", "Commitments", _commitments, _shown_commitments,
        lambda today: _titles(Commitment.objects.order_by("-id"), "short_title", "wording"),
    ),
    SearchKind(
        "priorities", "Priorities", _priorities, _shown_priorities,
        lambda today: _titles(Priority.objects.order_by("-id"), "title"),
    ),
    SearchKind(
        "actions", "Actions", _actions, _shown_actions,
        lambda today: _titles(Action.objects.order_by("-id"), "title"),
    ),
    SearchKind(
        "updates", "Progress updates", _updates, _shown_updates,
        lambda today: _titles(_public_updates().order_by("-published_at", "-id"), "reason", "remedy", "narrative", "next_steps"),
    ),
    SearchKind("evidence", "Evidence", _evidence, _shown_evidence, _titles_of_evidence),
    SearchKind("case-studies", "Case studies", _case_studies, _shown_case_studies, _headlines),
    SearchKind(
        "points", "You said, we did", _points, _shown_points,
        lambda today: _titles(_public_points(today).newest_first(), "public_words"),
    ),
    SearchKind(
        "engagement", "Meetings and consultations", _engagement, _shown_engagement,
        lambda today: _titles(Engagement.objects.written_up().newest_first(), "title", "question", "summary"),
    ),
)  # fmt: skip
