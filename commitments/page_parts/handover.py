"""Finding a hand-over for its two people and for administrators."""

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from commitments.models import HistoryEntry
from commitments.permissions.progress import can_hand_over_work
from commitments.services.handover import handed_on
from commitments.services.tasks import check_can_take
from partners.signed_in import signed_in_person
from vcsportal.common.words import Refused


def find_hand_over(request: HttpRequest, pk: int) -> HistoryEntry:
    """Return the entry of a hand-over: for administrators, and for the two people involved.

    The brief says how things stand today, so each of the two reads it while they could still take on all that it names.
    """
    entry = get_object_or_404(HistoryEntry, pk=pk, act="hand_over")
    person = signed_in_person(request)
    if can_hand_over_work(person):
        return entry
    if person.pk not in {entry.said.get("from_id"), entry.said.get("to_id")}:
        raise Http404
    try:
        check_can_take(person, *handed_on(entry))
    except Refused:
        raise Http404 from None
    return entry
