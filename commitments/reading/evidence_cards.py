"""An item of evidence as pages show it: cards, figures, place and date, in words."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any, Final

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, OuterRef, Q, Subquery, Window
from django.db.models.functions import JSONObject
from django.urls import reverse

from commitments.models import Commitment, Evidence, EvidenceFile, EvidenceLink, HistoryEntry
from commitments.models.evidence import EvidenceQuerySet
from commitments.reading.consent_states import consents_of_item, ledger_of, photograph_is_showable, story_state
from commitments.rules import story_consent, workflow
from commitments.rules.evidence_figures import FIGURES
from partners.models import Area
from vcsportal.common import long_lists, plurals
from vcsportal.common.dates import in_words
from vcsportal.common.json_columns import list_column
from vcsportal.common.markdown import to_text
from vcsportal.common.prepared_queries import PreparedQuery

EVIDENCE_SHOWN: Final = 6
"""So many cards stand on the page of a commitment."""


def with_card(items: EvidenceQuerySet) -> EvidenceQuerySet:
    """Add what :func:`ready_for_cards` needs, in the same query."""
    districts = Area.objects.filter(evidence=OuterRef("pk")).order_by("name", "id")
    photographs = EvidenceFile.objects.filter(evidence=OuterRef("pk"), kind="photograph", erased_at=None).order_by("id")
    file = JSONObject(
        evidence_id="evidence_id", id="id", caption="caption", description="description", shows_people="shows_people"
    )
    return items.select_related("organisation").annotate(
        district_names=ArraySubquery(districts.values("name")),
        photographs=ArraySubquery(photographs.values(file=file)),
        consents_given=consents_of_item(),
    )


def ready_for_cards(items: Iterable[Any], *, today: date) -> list[Any]:
    """Return the items of a query :func:`with_card`, each with the state of its story and the photograph of its card.

    What nobody agreed to show on this day is left out for everybody.
    """
    found = list(items)
    for item in found:
        ledger = ledger_of(item.consents_given)
        shown: dict[str, Any] = next(
            (photograph for photograph in item.photographs if photograph_is_showable(ledger, photograph, today)), {}
        )
        item.story_state = story_state(ledger, item.pk, today)
        item.photograph_id = shown.get("id")
        item.photograph_in_words = shown.get("description") or shown.get("caption")
    return found


_CARDS: Final = PreparedQuery(lambda keys: with_card(Evidence.objects.filter(pk__in=keys)))


def read_cards(keys: Sequence[int], *, today: date) -> list[Any]:
    """Return the items with these keys, in this order, with all that :func:`card` needs. One query, however many items."""
    items: dict[int, Any] = {item.pk: item for item in _CARDS(keys=list(keys))} if keys else {}
    return ready_for_cards((items[key] for key in keys if key in items), today=today)


def evidence_details(piece: Evidence, today: date) -> dict[str, Any]:
    """Return what stands beside a piece, in one query: districts, links, how its story stands, who typed it for others."""
    [details] = _DETAILS(evidence=piece.pk, today=today)
    return dict(details)


def _details(evidence: int, today: date) -> Any:
    districts = Area.objects.filter(evidence=OuterRef("pk")).order_by("name", "id")
    begun = HistoryEntry.objects.filter(evidence=OuterRef("pk"), act="log").order_by("id")
    links = EvidenceLink.objects.filter(evidence=OuterRef("pk")).order_by("id")
    return (
        Evidence.objects.filter(pk=evidence)
        .with_story_state(today)
        .annotate(
            district_names=ArraySubquery(districts.values("name")),
            pages=list_column(links, url="url", label="label", page="page"),
            typed_by=Subquery(begun.values("said__typed_by")[:1]),
        )
        .values("district_names", "pages", "typed_by", "story_state")
    )


_DETAILS: Final = PreparedQuery(_details)


def newest_cards(commitment: Commitment, today: date) -> tuple[list[dict[str, Any]], int, int]:
    """Return the newest accepted, publishable evidence as cards, in one query; how many there are in all, and since the status."""
    found = ready_for_cards(_NEWEST(commitment=commitment.pk, since=commitment.status_at), today=today)
    return [card(piece) for piece in found], *((found[0].total, found[0].since) if found else (0, 0))


def _with_counts(commitment: int, since: datetime | None) -> Any:
    later = Q(accepted_at__gt=since) if since else Q()
    pieces = Evidence.objects.published().filter(commitments=commitment).newest_first()
    counted = pieces.annotate(total=Window(Count("id")), since=Window(Count("id", filter=later)))
    return with_card(counted)[:EVIDENCE_SHOWN]


_NEWEST: Final = PreparedQuery(_with_counts)


def card(piece: Any, *, state: bool = False) -> dict[str, Any]:
    """Return the values of ``components/_evidence_card.html`` for an item that is :func:`ready_for_cards`.

    :param state: show which state it is in, as its own people and those who review see it; they also see its title, whatever
        became of its story.
    """
    bare = piece.story_state in story_consent.DETAILS_WITHHELD
    photo = ""
    if piece.photograph_id:
        photo = reverse("commitments:evidence-file", args=[piece.pk, piece.photograph_id]) + "?size=print"
    text = story_consent.SENTENCES[piece.story_state] if piece.story_state else to_text(piece.story)
    return {
        "title": story_consent.NO_TITLE if bare and not state else piece.title,
        "language": "" if bare and not state else piece.language,
        "url": piece.get_absolute_url(),
        "organisation": piece.organisation.name,
        "where": plurals.join_with_and(piece.district_names),
        "when": when(piece),
        "figures": figures(piece),
        "photo": photo,
        "photo_alt": piece.photograph_in_words or "",
        "text": text if len(text) <= 160 else text[:160].rsplit(" ", 1)[0] + "…",
        "state": workflow.EVIDENCE_STATE[piece.state] if state else None,
    }


def when(piece: Evidence) -> str:
    """Return ``12 March 2026`` or ``12 to 14 March 2026``, as short as it can be said."""
    begins, ends = piece.happened_from, piece.happened_to
    if ends is None or ends == begins:
        return in_words(begins)
    first = in_words(begins)
    if begins.year == ends.year:
        first = first.rsplit(" ", 1)[0]
        if begins.month == ends.month:
            first = str(begins.day)
    return f"{first} to {in_words(ends)}"


def figures(piece: Evidence) -> list[dict[str, Any]]:
    """Return the figures that are known; an unknown one is not a zero."""
    known = [(getattr(piece, figure.code), figure) for figure in FIGURES]
    return [{"value": value, "label": figure.noun(value)} for value, figure in known if value is not None]


def counted(number: int, what: str = "item") -> str:
    """Return ``1 item of evidence`` or ``more than 1,000 items of evidence``, for a number from :func:`count_up_to`."""
    return f"{long_lists.counted(number, what)} of evidence"
