"""Fetches an edition for the person who asks; someone without access to it gets 404."""

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from reporting.models import Edition


def find_edition(request: HttpRequest, pk: int) -> Edition:
    """Return it with its round and its files, without its facts."""
    editions = Edition.objects.visible_to(request.user).select_related(
        "round__strategy__owner", "requested_by", "cancelled_by", "published_by", "withdrawal"
    )
    return get_object_or_404(editions.defer("facts").with_files(), pk=pk)
