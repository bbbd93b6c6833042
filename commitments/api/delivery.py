"""Who helps or has helped to deliver a commitment, through the API. A part is ended, never deleted."""

from typing import Any

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from commitments.api.action_serializers import DeliveryAnswer, DeliveryChangeInput, DeliveryInput
from commitments.api.actions import OF_COMMITMENT, OfCommitment
from commitments.api.strategies import IN_STRATEGY
from commitments.filters.delivery import DeliveryFilter
from commitments.models import DeliveryPartner
from commitments.queries.changes import part_changed
from commitments.services.delivery import add_delivery_partner, change_delivery_partner
from partners.signed_in import signed_in_person
from vcsportal.common.api_choices import Changes

FIELDS = (
    "id", "role", "started_on", "ended_on", "organisation__slug", "organisation__name", "commitment__reference", "commitment__key",
    "commitment__strategy__slug",
)  # fmt: skip


@extend_schema(parameters=[IN_STRATEGY, OF_COMMITMENT])
class DeliveryDoor(OfCommitment):
    """Who helps to deliver a commitment or did so earlier; ``on`` asks for one day."""

    queryset = DeliveryPartner.objects.none()
    serializer_class = DeliveryAnswer
    filterset_class = DeliveryFilter
    changes = Changes(part_changed)
    lookup_value_regex = r"[0-9]{1,18}"

    def get_queryset(self) -> Any:
        parts = DeliveryPartner.objects.lasting().filter(commitment=self.commitment)
        return parts.order_by("organisation__sort_name", "started_on", "id")

    def columns(self, queryset: Any) -> Any:
        return queryset.values(*FIELDS)

    @extend_schema(request=DeliveryInput, responses={201: DeliveryAnswer})
    def create(self, request: Request, **kwargs: Any) -> Response:
        """Record that an organisation helps to deliver; council officers and administrators."""
        self.may_manage(request)
        serializer = DeliveryInput(data=request.data)
        serializer.is_valid(raise_exception=True)
        made = add_delivery_partner(
            by=signed_in_person(request), at=timezone.now(), commitment=self.commitment, **serializer.validated_data
        )
        self.kwargs["pk"] = made.pk
        answer = self.get_serializer(self.get_object()).data
        return Response(answer, status=201, headers={"Location": answer["url"]})

    @extend_schema(request=DeliveryChangeInput, responses=DeliveryAnswer)
    def partial_update(self, request: Request, **kwargs: Any) -> Response:
        """Change a part or its days, or end it."""
        self.may_manage(request)
        rows = self.get_queryset().select_related("commitment", "organisation")
        part = get_object_or_404(rows, pk=self.kwargs["pk"])
        serializer = DeliveryChangeInput(data=request.data)
        serializer.is_valid(raise_exception=True)
        now = {name: getattr(part, name) for name in ("role", "started_on", "ended_on")}
        part = change_delivery_partner(
            by=signed_in_person(request), at=timezone.now(), part=part, **{**now, **serializer.validated_data}
        )
        row = self.columns(DeliveryPartner.objects.filter(pk=part.pk)).get()
        return Response(self.get_serializer(row).data)
