"""Fetches an edition for the person who asks; someone without access to it gets 404."""

from django.db.models import Exists, F, OuterRef
from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from reporting.models import Edition


def find_edition(request: HttpRequest, pk: int) -> Edition:
    """Return it with its round, its files and whether there is a later edition, without its facts."""
    later = Edition.objects.filter(round=OuterRef("round_id"), number__gt=OuterRef("number"))
    editions = Edition.objects.visible_to(request.user).select_related(
        "round__strategy__owner", "requested_by", "cancelled_by", "published_by", "withdrawal"
    )
    return get_object_or_404(
        editions.annotate(has_later=Exists(later), schema=F("facts__schema")).defer("facts").with_files(), pk=pk
    )
