"""What the views of evidence share: finding an item, the values of its page, the version that a form was opened with."""

from typing import Any, Final, cast

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from commitments.models import Evidence, Strategy
from commitments.permissions import evidence as evidence_permissions
from commitments.reading.consents import shown
from commitments.reading.evidence_cards import evidence_details, figures, when
from commitments.rules import workflow
from commitments.rules.evidence_figures import FIGURE_CODES, FIGURES
from commitments.rules.kinds import shared_nouns
from vcsportal.common import plurals
from vcsportal.common.prepared_queries import PreparedQuery


def visible_evidence_or_404(request: HttpRequest, pk: int) -> Evidence:
    """Return the piece if this person may see it, with its organisation."""
    if request.user.is_authenticated:
        evidence: Evidence = get_object_or_404(_visible_to(request.user), pk=pk)
        return evidence
    found = _PUBLISHED(pk=pk)
    if not found:
        raise Http404
    return cast(Evidence, found[0])


def _visible_to(person: Any) -> Any:
    return Evidence.objects.visible_to(person).with_strategies().select_related("organisation")


_PUBLISHED: Final = PreparedQuery(lambda pk: _visible_to(None).filter(pk=pk))


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
    commitments = list(piece.commitments.select_related("strategy", "priority").in_order())
    kinds = [commitment.strategy.kind for commitment in commitments]
    if piece.council_chooses_in is not None:
        kinds.append(piece.council_chooses_in.kind)
    return {
        "piece": piece,
        "nouns": shared_nouns(kinds),
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
        "chooses_council": piece.council_chooses_in is not None,
        "commitments": commitments,
    }


def evidence_changes(piece: Evidence, *, steps: bool, opened: str = "") -> dict[str, str]:
    """Return the address behind *Change* for each row of the page that checks an item before it is sent.

    :param steps: whether its person answers one question a screen; otherwise each leads to its place in the whole form.
    """
    whole = reverse("commitments:evidence-edit", args=[piece.pk])
    anchors = {
        "title": "title", "when": "happened_from", "where": "districts", "commitments": "commitments",
        "figures": FIGURE_CODES[0], "story": "story", "files": "uploads", "links": "link_1", "publishable": "publishable",
    }  # fmt: skip
    found = {row: f"{whole}#id_{field}" for row, field in anchors.items()}
    if steps:
        query = urlencode({"check": "1", **({"opened": opened} if opened else {})})
        in_steps = {
            "title": "what", "when": "what", "where": "what", "commitments": "commitments", "story": "what",
            "files": "photographs", "publishable": "people",
        }  # fmt: skip
        for row, step in in_steps.items():
            found[row] = f"{reverse('commitments:evidence-step', args=[piece.pk, step])}?{query}"
        unasked = [figure.code for figure in FIGURES if not figure.short_question]
        if all(getattr(piece, code) is None for code in unasked):
            found["figures"] = found["title"]
    return found


def who_told(piece: Evidence, typed_by: str) -> str:
    """Return how somebody else came to type it: "Told by telephone; typed by Common Thread". The public reads it too."""
    if not piece.said_by:
        return ""
    how = f"Told {piece.get_said_how_display().lower()}"
    return f"{how}; typed by {typed_by}" if typed_by else how


def is_insider(person: Any, piece: Evidence) -> bool:
    """Whether the person is of its own organisation, or sees all evidence."""
    return evidence_permissions.sees_all_of_evidence(person, piece)


def posted_version(request: HttpRequest) -> int | None:
    """Return the version that the page showed; None if it did not say."""
    text = request.POST.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None
