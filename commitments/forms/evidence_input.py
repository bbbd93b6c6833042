"""An item of evidence as the form that asks for it would send it, and as it opens with it."""

from typing import Any

from commitments.content.evidence import EvidenceContent
from commitments.models import Evidence
from commitments.rules.evidence_figures import figures_of


def values_of(piece: Evidence, content: EvidenceContent | None = None) -> dict[str, Any]:
    """Return a piece as the form's initial values; ``content`` is its content, if that was read already."""
    content = content or content_of(piece)
    values: dict[str, Any] = {
        "version": piece.version,
        "title": content.title,
        "happened_from": content.happened_from,
        "happened_to": content.happened_to,
        "commitments": [commitment.key for commitment in content.commitments],
        "districts": [area.gss_code for area in content.districts],
        "story": content.story,
        "council_chooses": content.council_chooses_in is not None,
        "publishable": content.publishable,
        "language": content.language,
    }
    values.update(figures_of(content))
    values.update(said_by=content.said_by, said_how=content.said_how)
    for row, (address, label, page) in enumerate(content.links, start=1):
        values.update({f"link_{row}": address, f"link_{row}_label": label, f"link_{row}_page": page})
    return values


def content_of(piece: Evidence) -> EvidenceContent:
    """Return a piece's content, as the unchanged form would send it."""
    return EvidenceContent(
        title=piece.title,
        happened_from=piece.happened_from,
        happened_to=piece.happened_to,
        story=piece.story,
        commitments=tuple(piece.commitments.select_related("priority", "strategy").in_order()),
        districts=tuple(piece.districts.order_by("name", "id")),
        council_chooses_in=piece.council_chooses_in,
        publishable=piece.publishable,
        links=tuple(piece.links.order_by("id").values_list("url", "label", "page")),
        said_by=piece.said_by,
        said_how=piece.said_how,
        language=piece.language,
        **figures_of(piece),
    )
