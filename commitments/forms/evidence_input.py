"""An item of evidence as the form that asks for it would send it, and as it opens with it."""

from typing import Any, Final

from commitments.models import Evidence
from commitments.services.evidence import Deed

FIGURES: Final = (("people_reached", "People reached"), ("volunteers", "Volunteers"), ("hours", "Volunteer hours"))


def values_of(piece: Evidence, deed: Deed | None = None) -> dict[str, Any]:
    """Return a piece as the form's initial values; ``deed`` is what it tells, where that has been read already."""
    deed = deed or deed_of(piece)
    values: dict[str, Any] = {
        "version": piece.version,
        "title": deed.title,
        "happened_from": deed.happened_from,
        "happened_to": deed.happened_to,
        "commitments": [one.key for one in deed.commitments],
        "districts": [area.gss_code for area in deed.districts],
        "story": deed.story,
        "publishable": deed.publishable,
        "language": deed.language,
    }
    values.update({name: getattr(deed, name) for name, _ in FIGURES})
    values.update(said_by=deed.said_by, said_how=deed.said_how)
    for row, (address, label, page) in enumerate(deed.links, start=1):
        values.update({f"link_{row}": address, f"link_{row}_label": label, f"link_{row}_page": page})
    return values


def deed_of(piece: Evidence) -> Deed:
    """Return what a piece tells, as the form would send it again."""
    return Deed(
        title=piece.title,
        happened_from=piece.happened_from,
        happened_to=piece.happened_to,
        story=piece.story,
        commitments=tuple(piece.commitments.select_related("priority", "strategy").in_order()),
        districts=tuple(piece.districts.order_by("name", "id")),
        publishable=piece.publishable,
        links=tuple(piece.links.order_by("id").values_list("url", "label", "page")),
        said_by=piece.said_by,
        said_how=piece.said_how,
        language=piece.language,
        **{name: getattr(piece, name) for name, _ in FIGURES},
    )
