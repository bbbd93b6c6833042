"""Engagement through the API: the same rows, filters and services as on the pages."""

from typing import Any

from django.db.models import Prefetch
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from commitments.api.engagement_serializers import (
    AccountInput,
    AttendanceInput,
    CallOffInput,
    EngagementAnswer,
    EngagementEditInput,
    NewEngagementInput,
    VersionedInput,
)
from commitments.content.engagement import EngagementPlan
from commitments.filters.engagement import EngagementFilter
from commitments.models import Commitment, Engagement, Evidence
from commitments.permissions.engagement import check_can_keep_engagement, check_can_plan_engagement
from commitments.queries.changes import changed_in_history
from commitments.queries.engagement_owners import owners_offered
from commitments.reading.engagement import kept_keys
from commitments.services import engagement as services
from commitments.services import engagement_account as accounts
from partners.signed_in import signed_in_person
from vcsportal.common.api import ReadDoor
from vcsportal.common.api_shapes import Input


class EngagementDoor(ReadDoor):
    """Meetings, workshops, consultations and the like: what is planned, soonest first, then the rest, newest first."""

    queryset = Engagement.objects.none()
    serializer_class = EngagementAnswer
    filterset_class = EngagementFilter
    changes = changed_in_history("engagement")
    lookup_value_regex = r"[0-9]{1,18}"

    def get_queryset(self) -> Any:
        return Engagement.objects.upcoming_then_held()

    def columns(self, queryset: Any) -> Any:
        evidence = Evidence.objects.visible_to(self.request.user).newest_first()
        return queryset.select_related("group__organisation", "strategy").prefetch_related(
            "districts", "attendance__organisation", "attendance__seat",
            Prefetch("commitments", Commitment.objects.select_related("strategy", "priority")),
            Prefetch("evidence", evidence, to_attr="shown_evidence"),
        )  # fmt: skip

    def get_serializer_context(self) -> dict[str, Any]:
        kept = kept_keys(self.request.user, timezone.localdate())
        return {**super().get_serializer_context(), "kept": kept}

    @extend_schema(request=NewEngagementInput, responses={201: EngagementAnswer})
    def create(self, request: Request, **kwargs: Any) -> Response:
        """Plan something, or record what took place; for whoever answers for the strategy or keeps the group."""
        person, today = signed_in_person(request), timezone.localdate()
        if not owners_offered(person, today).any:
            check_can_plan_engagement(person, None, None, today)
        asked = self._read(NewEngagementInput).validated_data
        group, strategy = asked.pop("group"), asked.pop("strategy")
        made = services.plan_engagement(
            by=person, at=timezone.now(), group=group, strategy=strategy, plan=EngagementPlan(**asked)
        )
        self.kwargs["pk"] = made.pk
        answer = self.get_serializer(self.get_object()).data
        return Response(answer, status=201, headers={"Location": answer["url"]})

    @extend_schema(request=EngagementEditInput, responses=EngagementAnswer)
    def partial_update(self, request: Request, **kwargs: Any) -> Response:
        """Change what everyone can read of it from the start, and whose it is. What is left out stays."""
        row = self._row()
        sent = self._read(EngagementEditInput)
        return self._act(services.edit_engagement, row, sent, plan=sent.plan(row), owner=sent.owner(row))

    @extend_schema(request=VersionedInput, responses=EngagementAnswer)
    @action(detail=True, methods=["post"])
    def hold(self, request: Request, **kwargs: Any) -> Response:
        """Say that it was held."""
        row = self._row()
        return self._act(services.hold_engagement, row, self._read(VersionedInput))

    @extend_schema(request=AccountInput, responses=EngagementAnswer)
    @action(detail=True, methods=["post"])
    def account(self, request: Request, **kwargs: Any) -> Response:
        """Save a draft of what became of it. Only those who keep it can read a draft."""
        row = self._row()
        sent = self._read(AccountInput, person=self.request.user)
        return self._act(accounts.save_account, row, sent, account=sent.account)

    @extend_schema(request=AccountInput, responses=EngagementAnswer)
    @action(detail=True, methods=["post"], url_path="write-up", url_name="write-up")
    def write_up(self, request: Request, **kwargs: Any) -> Response:
        """Publish what became of it."""
        row = self._row()
        sent = self._read(AccountInput, person=self.request.user)
        return self._act(accounts.write_up_engagement, row, sent, account=sent.account)

    @extend_schema(request=VersionedInput, responses=EngagementAnswer)
    @action(detail=True, methods=["post"])
    def reopen(self, request: Request, **kwargs: Any) -> Response:
        """Take its account off the public pages, so that it can be changed."""
        row = self._row()
        return self._act(accounts.reopen_engagement, row, self._read(VersionedInput))

    @extend_schema(request=AttendanceInput, responses=EngagementAnswer)
    @action(detail=True, methods=["post"])
    def attendance(self, request: Request, **kwargs: Any) -> Response:
        """Record who came and who sent apologies, in the place of what was recorded before."""
        row = self._row()
        sent = self._read(AttendanceInput, group=row.group_id, engagement=row.pk)
        return self._act(accounts.set_attendance, row, sent, entries=sent.validated_data["attendance"])

    @extend_schema(request=CallOffInput, responses=EngagementAnswer)
    @action(detail=True, methods=["post"], url_path="call-off", url_name="call-off")
    def call_off(self, request: Request, **kwargs: Any) -> Response:
        """Call it off, with a reason that everyone can read."""
        row = self._row()
        sent = self._read(CallOffInput)
        return self._act(services.call_off_engagement, row, sent, reason=sent.validated_data["reason"])

    def _row(self) -> Engagement:
        """Return it for somebody who keeps it: refuse others before what was sent is checked, as the page does."""
        related = ("group__organisation", "strategy__owner")
        row: Engagement = get_object_or_404(Engagement.objects.select_related(*related), pk=self.kwargs["pk"])
        check_can_keep_engagement(self.request.user, row, timezone.localdate())
        return row

    def _read(self, shape: type[Input], **context: Any) -> Any:
        read = shape(data=self.request.data, context=context)
        read.is_valid(raise_exception=True)
        return read

    def _act(self, service: Any, row: Engagement, sent: Any, **values: Any) -> Response:
        by, version = signed_in_person(self.request), sent.validated_data["version"]
        service(by=by, at=timezone.now(), engagement=row, version=version, **values)
        return Response(self.get_serializer(self.get_object()).data)
