"""What the views of evidence share: finding an item, the values of its page, the version that a form was opened with."""

from typing import Any

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone

from commitments import permissions, workflow
from commitments.models import Evidence, Strategy
from commitments.reading.consents import shown
from commitments.reading.evidence_cards import evidence_details, figures, when
from vcsportal.common import plurals


def visible_evidence_or_404(request: HttpRequest, pk: int) -> Evidence:
    """Return the piece if this person may see it, with its organisation."""
    return get_object_or_404(
        Evidence.objects.visible_to(request.user).with_strategies().select_related("organisation"), pk=pk
    )


def asked_strategy(request: HttpRequest) -> Strategy | None:
    """Return the strategy that the address names, else the one that the portal opens with."""
    slug = request.GET.get("strategy")
    if not slug:
        return Strategy.objects.current(timezone.localdate())
    if "\x00" in slug:
        raise Http404  # the database can't be asked for it
    return get_object_or_404(Strategy, slug=slug)


def evidence_values(piece: Evidence, *, insider: bool = True) -> dict[str, Any]:
    """Return what a reader of the piece is shown.

    :param insider: of its own organisation or the council; they see what waits for somebody's consent, too.
    """
    today = timezone.localdate()
    near = evidence_details(piece, today)
    seen = shown(piece, today, insider=insider, story_state=near["story_state"])
    return {
        "piece": piece,
        "state": workflow.EVIDENCE_STATE[piece.state],
        "when": when(piece),
        "where": plurals.join_with_and(near["district_names"]),
        "figures": figures(piece),
        "photographs": seen.photographs,
        "documents": seen.documents,
        "shown": seen,
        "told": who_told(piece, near["typed_by"] or ""),
        "title": seen.title,
        "links": near["pages"] if seen.links else [],
        "commitments": list(piece.commitments.select_related("strategy", "priority").in_order()),
    }


def who_told(piece: Evidence, typed_by: str) -> str:
    """Return how somebody else came to type it: "Told by telephone; typed by Common Thread". The public reads it too."""
    if not piece.said_by:
        return ""
    how = f"Told {piece.get_said_how_display().lower()}"
    return f"{how}; typed by {typed_by}" if typed_by else how


def is_insider(person: Any, piece: Evidence) -> bool:
    """Whether the person is of its own organisation, or sees all evidence."""
    return permissions.sees_all_of_evidence(person, piece)


def posted_version(request: HttpRequest) -> int | None:
    """Return the version that the page showed; None if it did not say."""
    text = request.POST.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None
