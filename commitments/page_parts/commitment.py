"""What the views of a commitment share: breadcrumbs, and who is signed in."""

from typing import cast

from django.forms import Form
from django.http import QueryDict
from django.utils import timezone

from commitments.models import Commitment
from commitments.reading import glance
from commitments.reading import pages as reading


def crumbs(commitment: Commitment, *, inside: bool = False) -> list[dict[str, str]]:
    """Return the way back up; ``inside`` adds the commitment's own page."""
    strategy = commitment.strategy
    way = [
        {"title": strategy.title, "url": strategy.get_absolute_url()},
        {"title": str(commitment.priority), "url": reading.priority_address(strategy.slug, commitment.priority.number)},
    ]
    return [*way, {"title": commitment.reference, "url": commitment.get_absolute_url()}] if inside else way


def freshness(commitment: Commitment) -> str:
    """Return how long ago its status was said, in words."""
    said = timezone.localdate(commitment.status_at) if commitment.status_at else None
    return glance.freshness(said, timezone.localdate())


def hidden_fields(form: Form, version: int | str | None = None) -> list[tuple[str, str]]:
    """Return what was written as hidden fields.

    :param version: the version that now stands; None keeps the one that was written about.
    """
    data = cast(QueryDict, form.data)
    return [
        (name, value)
        for name in form.fields
        for value in ([str(version)] if name == "version" and version is not None else data.getlist(name))
    ]
