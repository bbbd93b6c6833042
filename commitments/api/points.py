"""Points through the API: published words and answers for everybody; recording and the acts of whoever answers them.

Original words and contact details are on the pages of the people who answer, and nowhere in the API.
"""

from typing import Any

from django.db.models import BooleanField, ExpressionWrapper, Q
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response as Answered

from commitments.api.point_serializers import (
    NewPointInput,
    PointAnswerInput,
    PointAssignInput,
    PointCloseInput,
    PointDirectInput,
    PointDoneInput,
    PointPublishInput,
    PointReasonInput,
    PointReply,
    find_owner,
)
from commitments.content.points import PointAnswer
from commitments.filters.points import PointFilter
from commitments.models import Point
from commitments.permissions.points import check_can_handle_point, check_may_handle_points
from commitments.queries.changes import changed_in_history
from commitments.services import points as services
from commitments.services.point_transitions import READ_WITH
from commitments.services.receiving_points import record_point
from partners.signed_in import signed_in_person
from vcsportal.common.api import ReadDoor


class PointDoor(ReadDoor):
    """Published points, what was raised last on top; and those that you answer. For unpublished ones, words are empty."""

    queryset = Point.objects.none()
    serializer_class = PointReply
    filterset_class = PointFilter
    changes = changed_in_history("point")
    lookup_value_regex = r"[0-9]{1,18}"

    def get_queryset(self) -> Any:
        mine = Point.objects.handled_by(self.request.user, timezone.localdate()).values("pk")
        return (Point.objects.published() | Point.objects.filter(pk__in=mine)).newest_first()

    def columns(self, queryset: Any) -> Any:
        mine = Point.objects.handled_by(self.request.user, timezone.localdate()).values("pk")
        handled = ExpressionWrapper(Q(pk__in=mine), output_field=BooleanField())
        return queryset.select_related(
            "strategy",
            "group__organisation",
            "engagement",
            "district",
            "raised_by",
            "became_commitment",
            "owner",
            "decided_at",
            "became_action__commitment__strategy",
        ).annotate(is_handled=handled)

    @extend_schema(request=NewPointInput, responses={201: PointReply})
    def create(self, request: Request, **kwargs: Any) -> Answered:
        """Record what was said or decided; for whoever answers the points of its strategy or group."""
        check_may_handle_points(request.user, timezone.localdate())
        shape = NewPointInput(data=request.data)
        shape.is_valid(raise_exception=True)
        content, asked = shape.content.tidy(), shape.validated_data
        about = Point(
            engagement=content.engagement, strategy=content.strategy, group=content.group, commitment=content.commitment
        )
        check_can_handle_point(request.user, about, timezone.localdate())
        made = record_point(
            by=signed_in_person(request), at=timezone.now(), content=content, owner=find_owner(asked["owner"], about),
            makes_action=asked["makes_action"], publish=asked["publish"],
        )  # fmt: skip
        answer = self._shown(made)
        return Answered(answer, status=201, headers={"Location": answer["url"]})

    @extend_schema(request=PointAssignInput, responses=PointReply)
    @action(detail=True, methods=["post"])
    def assign(self, request: Request, **kwargs: Any) -> Answered:
        """Say who has to answer it and by when; for whoever answers it. What is left out stays."""
        point, said = self._mine(), self._read(PointAssignInput)
        owner = find_owner(said["owner"], point) if "owner" in said else point.owner
        now = {"owner_words": point.owner_words, "due_on": point.due_on}
        return self._did(point, services.assign_point, **{**now, **said, "owner": owner})

    @extend_schema(request=PointDirectInput, responses=PointReply)
    @action(detail=True, methods=["post"], url_path="pass-on", url_name="pass-on")
    def pass_on(self, request: Request, **kwargs: Any) -> Answered:
        """Say which strategy and group it is about, and so who answers it. What is left out stays."""
        point = self._mine()
        now = {"strategy": point.strategy, "group": point.group}
        return self._did(point, services.direct_point, **{**now, **self._read(PointDirectInput)})

    @extend_schema(request=PointAnswerInput, responses=PointReply)
    @action(detail=True, methods=["post"])
    def answer(self, request: Request, **kwargs: Any) -> Answered:
        """Answer it; for whoever answers the points of its strategy or group."""
        point, said = self._mine(), self._read(PointAnswerInput)
        answer = PointAnswer(said["stance"], said["response"], point.decided_at, point.became_commitment)
        return self._did(point, services.answer_point, answer=answer, version=said["version"])

    @extend_schema(request=PointPublishInput, responses=PointReply)
    @action(detail=True, methods=["post"])
    def publish(self, request: Request, **kwargs: Any) -> Answered:
        """Publish edited words; for whoever answers it."""
        point = self._mine()
        return self._did(point, services.publish_point, raised_by=point.raised_by, **self._read(PointPublishInput))

    @extend_schema(request=PointReasonInput, responses=PointReply)
    @action(detail=True, methods=["post"], url_path="take-down", url_name="take-down")
    def take_down(self, request: Request, **kwargs: Any) -> Answered:
        """Take the published words down; for whoever answers it."""
        return self._did(self._mine(), services.take_down_point, **self._read(PointReasonInput))

    @extend_schema(request=PointDoneInput, responses=PointReply)
    @action(detail=True, methods=["post"])
    def done(self, request: Request, **kwargs: Any) -> Answered:
        """Record the day on which it was done; for whoever answers it."""
        return self._did(self._mine(), services.finish_point, **self._read(PointDoneInput))

    @extend_schema(request=PointCloseInput, responses=PointReply)
    @action(detail=True, methods=["post"])
    def close(self, request: Request, **kwargs: Any) -> Answered:
        """Close it; for whoever answers it."""
        return self._did(self._mine(), services.close_point, **self._read(PointCloseInput))

    @extend_schema(request=PointReasonInput, responses=PointReply)
    @action(detail=True, methods=["post"])
    def reopen(self, request: Request, **kwargs: Any) -> Answered:
        """Reopen it, with the reason; for whoever answers it."""
        return self._did(self._mine(), services.reopen_point, **self._read(PointReasonInput))

    def _mine(self) -> Point:
        mine = Point.objects.handled_by(self.request.user, timezone.localdate())
        return get_object_or_404(
            mine.select_related(*READ_WITH, "decided_at", "became_commitment"), pk=self.kwargs["pk"]
        )

    def _read(self, shape_of: Any) -> dict[str, Any]:
        shape = shape_of(data=self.request.data)
        shape.is_valid(raise_exception=True)
        return dict(shape.validated_data)

    def _did(self, point: Point, service: Any, **said: Any) -> Answered:
        service(by=signed_in_person(self.request), at=timezone.now(), point=point, **said)
        return Answered(self._shown(point))

    def _shown(self, point: Point) -> Any:
        """Return the point as this person reads it now, even if it has just been passed on to others."""
        return self.get_serializer(self.columns(Point.objects.all()).get(pk=point.pk)).data
