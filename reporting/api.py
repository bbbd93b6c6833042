"""The reports, and what meetings look at and decide, through the API."""

from typing import Any

from django.db.models import Q
from django.http import Http404
from django.utils import timezone
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.mixins import RetrieveModelMixin

from commitments.models import Engagement
from commitments.page_parts.engagement import find_engagement
from commitments.permissions.engagement import check_can_read_account
from commitments.reading import decisions as decided
from commitments.rules.engagement_kinds import MEETING
from commitments.services.engagement import check_open
from partners.signed_in import signed_in_person
from reporting.filters import EditionFilter
from reporting.meeting_serializers import MeetingAnswer, MinutesAnswer, OpenMeeting
from reporting.models import Edition
from reporting.reading import meeting as meetings
from reporting.reading.meeting_opening import changes_since, last_decisions
from reporting.reading.minutes import Minutes, minutes_of
from reporting.reading.suspension import suspended_contents
from reporting.serializers import EditionAnswer
from vcsportal.common.api import Door, ReadDoor
from vcsportal.common.api_choices import Changes


class EditionDoor(ReadDoor):
    """Editions of the report, the one asked for last first: published ones, and all for those who see them earlier."""

    queryset = Edition.objects.none()
    serializer_class = EditionAnswer
    filterset_class = EditionFilter
    changes = Changes(
        lambda since: Q(published_at__gte=since) | Q(finished_at__gte=since) | Q(withdrawal__at__gte=since)
    )
    lookup_value_regex = r"[0-9]{1,18}"

    def get_queryset(self) -> Any:
        editions = Edition.objects.visible_to(self.request.user).select_related("round__strategy", "withdrawal")
        return editions.defer("facts").with_files().newest_first()

    def prepared(self, rows: Any) -> Any:
        _add_suspended(rows)
        return rows

    def get_object(self) -> Any:
        row = super().get_object()
        _add_suspended([row])
        return row


def _add_suspended(rows: Any) -> None:
    """Add to each edition which kinds of content it shows that may not be shown today. Three queries, however many."""
    found = suspended_contents(rows, timezone.localdate())
    for row in rows:
        row.suspended_content = found[row.pk]


NOT_YOURS = {403: OpenApiResponse(description="It is not yours to read, or not yet.")}


@extend_schema(responses={200: MeetingAnswer, **NOT_YOURS})
class MeetingDoor(RetrieveModelMixin, Door):
    """A meeting for those who run it: the last decisions, what has changed, the exceptions, and what was decided so far.

    A decision is recorded with `POST points/`, whose kind is then `decision`.
    """

    queryset = Engagement.objects.none()
    serializer_class = MeetingAnswer
    lookup_value_regex = r"[0-9]{1,18}"

    def get_object(self) -> Any:
        found, today = _meeting(int(self.kwargs["pk"])), timezone.localdate()
        check_open(self.request.user, timezone.now(), found, None)  # type: ignore[arg-type]  # strangers are refused there
        person = signed_in_person(self.request)
        has = meetings.meeting(found, person, today)
        last = last_decisions(found, person, today)
        changed = changes_since(has.strategies, last.meeting.starts_on, today) if last.meeting else []
        made = decided.lines(decided.decided_at(found, public=False), today)
        return OpenMeeting(has, last, changed, made)


@extend_schema(responses={200: MinutesAnswer, **NOT_YOURS})
class MinutesDoor(RetrieveModelMixin, Door):
    """The minutes of a meeting: for everyone once it is written up, before that for those who keep it."""

    queryset = Engagement.objects.none()
    serializer_class = MinutesAnswer
    lookup_value_regex = r"[0-9]{1,18}"

    def get_object(self) -> Minutes:
        found = _meeting(int(self.kwargs["pk"]))
        if found.state == "called_off":
            raise Http404
        check_can_read_account(self.request.user, found, timezone.localdate())
        return minutes_of(found)


def _meeting(pk: int) -> Engagement:
    """Return a meeting; raise 404 for engagement of another kind."""
    found = find_engagement(pk)
    if found.kind != MEETING:
        raise Http404
    return found
