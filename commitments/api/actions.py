"""The actions towards a commitment through the API: the same rows and services as on the pages. None is ever deleted."""

from collections.abc import Callable
from typing import Any

from django.db.models import OuterRef
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.functional import cached_property
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from commitments.api.action_serializers import (
    ActionAnswer,
    ActionInput,
    DoneInput,
    DropInput,
    EditInput,
    MoveInput,
    ReopenInput,
)
from commitments.api.strategies import IN_STRATEGY, InStrategy
from commitments.models import Action, ActionDueDateChange, Commitment
from commitments.permissions.progress import check_can_manage_commitment
from commitments.queries.changes import changed_in_history
from commitments.services import actions as services
from partners.reading.public_names import sees_names
from partners.signed_in import signed_in_person
from vcsportal.common.json_columns import list_column

OF_COMMITMENT = OpenApiParameter("key", str, OpenApiParameter.PATH, description="The commitment's key.")
FIELDS = (
    "id", "version", "reference", "title", "parent_id", "due_on", "done_on", "dropped_on", "dropped_why", "owner_team",
    "owner_organisation__slug", "owner_organisation__name", "owner_person__name", "commitment__reference", "commitment__key",
    "commitment__strategy__slug", "moves",
)  # fmt: skip


class OfCommitment(InStrategy):
    """Objects of one commitment. If the commitment does not exist, the answer is 404."""

    @cached_property
    def commitment(self) -> Commitment:
        commitments = Commitment.objects.select_related("strategy", "priority")
        return get_object_or_404(commitments, strategy=self.strategy, key=self.kwargs["key"])

    def may_manage(self, request: Request) -> None:
        """Refuse people without the right before checking what was sent, as the page does."""
        check_can_manage_commitment(request.user, self.commitment)


@extend_schema(parameters=[IN_STRATEGY, OF_COMMITMENT])
class ActionDoor(OfCommitment):
    """A commitment's actions, the first due first and those without a due date last."""

    queryset = Action.objects.none()
    serializer_class = ActionAnswer
    changes = changed_in_history("action")
    lookup_value_regex = r"[0-9]{1,18}"

    def get_queryset(self) -> Any:
        return Action.objects.filter(commitment=self.commitment).in_order()

    def columns(self, queryset: Any) -> Any:
        moves = ActionDueDateChange.objects.filter(action=OuterRef("pk")).order_by("at", "id")
        return queryset.annotate(moves=list_column(moves, was="was", now="now", reason="reason", at="at")).values(
            *FIELDS
        )

    def get_serializer_context(self) -> dict[str, Any]:
        person = self.request.user
        named = sees_names(person)
        return {**super().get_serializer_context(), "named": named, "today": timezone.localdate()}

    @extend_schema(request=ActionInput, responses={201: ActionAnswer})
    def create(self, request: Request, **kwargs: Any) -> Response:
        """Add an action; council officers and administrators."""
        self.may_manage(request)
        asked = self._read(ActionInput)
        made = services.plan_action(
            by=signed_in_person(request), at=timezone.now(), commitment=self.commitment, due_on=asked.pop("due_on"),
            plan=services.Plan(**asked),
        )  # fmt: skip
        self.kwargs["pk"] = made.pk
        answer = self.get_serializer(self.get_object()).data
        return Response(answer, status=201, headers={"Location": answer["url"]})

    @extend_schema(request=EditInput, responses=ActionAnswer)
    def partial_update(self, request: Request, **kwargs: Any) -> Response:
        """Change what an action says and who owns it. What is left out stays. To change its due date, use the move
        operation."""
        self.may_manage(request)
        row, asked = self._row(), self._read(EditInput)
        version, now = asked.pop("version"), services.plan_of(row)
        names = ("title", "reference", "parent", "owner_person", "owner_organisation", "owner_team")
        plan = services.Plan(**{name: asked.get(name, getattr(now, name)) for name in names})
        services.edit_action(by=signed_in_person(request), at=timezone.now(), action=row, plan=plan, version=version)
        return self._answer()

    @extend_schema(request=MoveInput, responses=ActionAnswer)
    @action(detail=True, methods=["post"])
    def move(self, request: Request, **kwargs: Any) -> Response:
        """Change the due date, with the reason; null removes it."""
        return self._act(services.move_action, MoveInput)

    @extend_schema(request=DoneInput, responses=ActionAnswer)
    @action(detail=True, methods=["post"])
    def done(self, request: Request, **kwargs: Any) -> Response:
        """Record the day on which it was done."""
        return self._act(services.complete_action, DoneInput)

    @extend_schema(request=DropInput, responses=ActionAnswer)
    @action(detail=True, methods=["post"])
    def drop(self, request: Request, **kwargs: Any) -> Response:
        """Record that it will not be done, since when and why."""
        return self._act(services.drop_action, DropInput)

    @extend_schema(request=ReopenInput, responses=ActionAnswer)
    @action(detail=True, methods=["post"])
    def reopen(self, request: Request, **kwargs: Any) -> Response:
        """Reopen an action that was done or dropped, with the reason."""
        return self._act(services.reopen_action, ReopenInput)

    def _act(self, service: Callable[..., Action], shape: Any) -> Response:
        self.may_manage(self.request)
        row = self._row()
        service(by=signed_in_person(self.request), at=timezone.now(), action=row, **self._read(shape))
        return self._answer()

    def _row(self) -> Action:
        related = ("commitment__strategy", "parent", "owner_person", "owner_organisation")
        action: Action = get_object_or_404(self.get_queryset().select_related(*related), pk=self.kwargs["pk"])
        return action

    def _read(self, shape: Any) -> dict[str, Any]:
        serializer = shape(data=self.request.data, context={"commitment": self.commitment})
        serializer.is_valid(raise_exception=True)
        return dict(serializer.validated_data)

    def _answer(self) -> Response:
        return Response(self.get_serializer(self.get_object()).data)
