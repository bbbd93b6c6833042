"""One commitment in short, for other websites: a card, a badge, and the code that shows them there."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import Truncator

from commitments.models import Commitment
from commitments.reading.glance import word_of
from commitments.rules.stances import Stance
from commitments.rules.status import Status
from commitments.rules.status_shapes import SHAPES
from vcsportal.common.plurals import capital

MAX_REASON_CHARACTERS: Final = 160
CARD_WIDTH, CARD_HEIGHT = 400, 300
_BADGE_HEIGHT: Final = 28
_LETTER: Final = 7.4
"""How wide a letter of the badge is on average, in pixels. The text is fitted into what its letters come to."""
_SHAPE: Final = 14
_GAP: Final = 9
_INK: Final = "#1b2327"
_PAPER: Final = "#ffffff"


@dataclass(frozen=True, slots=True)
class CommitmentCard:
    """What a card says: the status that the commitment's page shows, since when, and the reason in one line.

    ``round`` is what people call the newest round with a published update; "" where there is none.
    """

    called: str
    title: str
    language: str
    word: Status | Stance
    on: date | None
    reason: str
    round: str
    owner: str
    url: str

    @property
    def in_words(self) -> str:
        """The commitment and its status as one text: ``Commitment 1.4 Lend chairs: At risk. The County Council``."""
        return f"{self.called} {self.title}: {self.word.label}. {self.owner}"


def card_of(commitment: Commitment) -> CommitmentCard:
    """Return the card of a commitment whose strategy and owner are read with it. One query.

    What waits for approval is not among it: a commitment has a status only once that is published.
    """
    newest = commitment.updates.published().select_related("round").order_by("-round__observes_from", "id").first()
    line = next((line.strip() for line in commitment.status_reason.splitlines() if line.strip()), "")
    strategy = commitment.strategy
    return CommitmentCard(
        _called(commitment),
        commitment.short_title,
        strategy.language,
        word_of(commitment.status, commitment.owner_response),
        timezone.localdate(commitment.status_at) if commitment.status_at else None,
        Truncator(line).chars(MAX_REASON_CHARACTERS),
        newest.round.label if newest else "",
        strategy.owner.name,
        f"{settings.PORTAL_URL}{commitment.get_absolute_url()}",
    )


def _called(commitment: Commitment) -> str:
    return f"{capital(commitment.strategy.nouns.commitment)} {commitment.reference}"


def badge(card: CommitmentCard) -> SafeString:
    """Return a picture of one line as SVG: what the commitment is called, then shape and word of its status.

    It has colours as attributes and no style, so that the strictest site shows it.
    """
    left = 2 * _GAP + len(card.called) * _LETTER
    right = 3 * _GAP + _SHAPE + len(card.word.label) * _LETTER
    fill, ink = card.word.fill if card.word.fill.startswith("#") else _PAPER, card.word.ink
    width, middle = left + right, _BADGE_HEIGHT / 2
    return format_html(
        '<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}" role="img" '
        'lang="en-GB"><title>{title}</title>'
        '<rect width="{width}" height="{height}" rx="3" fill="{edge}"/>'
        '<path d="M3 1h{left_inside}v{inside}h-{left_inside}a2 2 0 0 1-2-2v-{straight}a2 2 0 0 1 2-2z" fill="{paper}"/>'
        '<path d="M{left} 1h{right_inside}a2 2 0 0 1 2 2v{straight}a2 2 0 0 1-2 2h-{right_inside}z" fill="{fill}"/>'
        '<g transform="translate({shape_at} {shape_top}) scale({scale})">{shape}</g>'
        "{called}{label}</svg>",
        width=f"{width:.1f}",
        height=_BADGE_HEIGHT,
        title=card.in_words,
        edge=card.word.edge,
        left=f"{left:.1f}",
        left_inside=f"{left - 3:.1f}",
        right_inside=f"{right - 3:.1f}",
        inside=_BADGE_HEIGHT - 2,
        straight=_BADGE_HEIGHT - 6,
        paper=_PAPER,
        fill=fill,
        shape_at=f"{left + _GAP:.1f}",
        shape_top=f"{middle - _SHAPE / 2:.1f}",
        scale=f"{_SHAPE / 24:.4f}",
        shape=_shape(card.word, fill),
        called=_text(card.called, _GAP, _INK, "400"),
        label=_text(card.word.label, left + 2 * _GAP + _SHAPE, ink, "700"),
    )


def _text(words: str, at: float, ink: str, weight: str) -> SafeString:
    return format_html(
        '<text x="{}" y="18.500" font-family="Verdana, DejaVu Sans, Arial, sans-serif" font-size="12" font-weight="{}" fill="{}" '
        'textLength="{}" lengthAdjust="spacingAndGlyphs">{}</text>',
        f"{at:.1f}", weight, ink, f"{len(words) * _LETTER:.1f}", words,
    )  # fmt: skip


def _shape(word: Status | Stance, fill: str) -> SafeString:
    """Return the symbol of a status in its own colours."""
    edge, mark = escape(word.edge), escape(fill)
    drawn = {
        "body": f' fill="{edge}"',
        "line": f' fill="none" stroke="{edge}" stroke-width="3"',
        "mark": f' fill="none" stroke="{mark}" stroke-width="3.5"',
    }
    return mark_safe("".join(f"{part}{drawn[kind]}/>" for kind, part in SHAPES[word.shape]))  # noqa: S308 - our own


@dataclass(frozen=True, slots=True)
class EmbeddingCode:
    """What people copy into their own website: the card in a frame, and the badge as a picture that leads to the page."""

    card: str
    badge: str


def embedding_code(commitment: Commitment) -> EmbeddingCode:
    """Return the code that shows a commitment whose strategy is read with it. No query.

    The words beside a picture say no status: they would stay when it changes.
    """
    args, called = [commitment.strategy.slug, commitment.key], _called(commitment)
    title, told = escape(f"{called} {commitment.short_title}"), escape(commitment.short_title)
    frame, picture = (reverse(f"commitments:commitment-{name}", args=args) for name in ("card", "badge"))
    about = f"The status of {escape(called[:1].lower() + called[1:])} {told}"
    return EmbeddingCode(
        f'<iframe src="{settings.PORTAL_URL}{frame}" title="{title}" width="{CARD_WIDTH}" height="{CARD_HEIGHT}" loading="lazy"></iframe>',
        f'<a href="{settings.PORTAL_URL}{commitment.get_absolute_url()}">'
        f'<img src="{settings.PORTAL_URL}{picture}" alt="{about}"></a>',
    )
