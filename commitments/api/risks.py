"""Risks through the API: the same rows, filters and services as on the pages. None is ever deleted."""

from typing import Any

from django.db.models import Prefetch
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from commitments.api.risk_serializers import AssessmentInput, RiskAnswer, RiskEditInput, RiskEndInput, RiskInput
from commitments.api.strategies import IN_STRATEGY, InStrategy
from commitments.filters.risks import RiskFilter
from commitments.models import Risk, RiskAssessment, RiskLead, RiskReview
from commitments.permissions.risks import check_can_keep_risks, check_can_review_risk
from commitments.queries.changes import changed_in_history
from commitments.services.risk_assessments import assess_risk, confirm_risk
from commitments.services.risks import edit_risk, end_risk, record_risk
from partners.signed_in import signed_in_person
from vcsportal.common.api_shapes import Input, Nothing


@extend_schema(parameters=[IN_STRATEGY])
class RiskDoor(InStrategy):
    """The risks to a strategy, in the order of its register."""

    queryset = Risk.objects.none()
    serializer_class = RiskAnswer
    filterset_class = RiskFilter
    changes = changed_in_history("risk")
    lookup_field = "key"
    lookup_url_kwarg = "risk"
    lookup_value_regex = r"[-a-z0-9]{1,60}"

    def get_queryset(self) -> Any:
        return Risk.objects.filter(strategy=self.strategy).in_order()

    def columns(self, queryset: Any) -> Any:
        assessments = RiskAssessment.objects.select_related("priority", "round", "replaces").order_by("id")
        reviews = RiskReview.objects.select_related("round").order_by("round__observes_from", "id")
        leads = RiskLead.objects.select_related("organisation").order_by("place")
        return queryset.select_related("strategy", "priority", "commitment").prefetch_related(
            Prefetch("assessments", assessments), Prefetch("reviews", reviews), Prefetch("leads", leads)
        )

    @extend_schema(request=RiskInput, responses={201: RiskAnswer})
    def create(self, request: Request, **kwargs: Any) -> Response:
        """Record a risk; for those responsible for the strategy, and administrators."""
        check_can_keep_risks(request.user, self.strategy)
        sent = self._read(RiskInput)
        made = record_risk(
            by=signed_in_person(request), at=timezone.now(), strategy=self.strategy, content=sent.content
        )
        self.kwargs["risk"] = made.key
        answer = self.get_serializer(self.get_object()).data
        return Response(answer, status=201, headers={"Location": answer["url"]})

    @extend_schema(request=RiskEditInput, responses=RiskAnswer)
    def partial_update(self, request: Request, **kwargs: Any) -> Response:
        """Change what is said of it. What is left out stays; assessments are added with the assess operation."""
        row = self._row()
        sent = self._read(RiskEditInput)
        edit_risk(
            by=signed_in_person(request), at=timezone.now(), risk=row, content=sent.content(row),
            version=sent.validated_data["version"],
        )  # fmt: skip
        return self._answer()

    @extend_schema(request=AssessmentInput, responses=RiskAnswer)
    @action(detail=True, methods=["post"])
    def assess(self, request: Request, **kwargs: Any) -> Response:
        """Add an assessment. None is ever changed: a newer one replaces the one before."""
        row = self._row()
        sent = self._read(AssessmentInput, risk=row)
        assess_risk(
            by=signed_in_person(request), at=timezone.now(), risk=row, content=sent.content,
            replaces=sent.validated_data.get("replaces"),
        )  # fmt: skip
        return self._answer()

    @extend_schema(request=Nothing, responses=RiskAnswer)
    @action(detail=True, methods=["post"])
    def confirm(self, request: Request, **kwargs: Any) -> Response:
        """Say in the open round that it is still as it was assessed."""
        row = get_object_or_404(Risk.objects.select_related("strategy__owner"), **self._which())
        check_can_review_risk(request.user, row)
        self._read(Nothing)
        confirm_risk(by=signed_in_person(request), at=timezone.now(), risk=row)
        return self._answer()

    @extend_schema(request=RiskEndInput, responses=RiskAnswer)
    @action(detail=True, methods=["post"])
    def end(self, request: Request, **kwargs: Any) -> Response:
        """Say that it is no longer a risk, and why."""
        row = self._row()
        sent = self._read(RiskEndInput)
        end_risk(by=signed_in_person(request), at=timezone.now(), risk=row, **sent.validated_data)
        return self._answer()

    def _which(self) -> dict[str, Any]:
        return {"strategy": self.strategy, "key": self.kwargs["risk"]}

    def _row(self) -> Risk:
        """Return it for someone who keeps it: refuse others before what was sent is checked, as the page does."""
        related = ("strategy__owner", "priority", "commitment")
        row: Risk = get_object_or_404(Risk.objects.select_related(*related), **self._which())
        check_can_keep_risks(self.request.user, row.strategy)
        return row

    def _read(self, shape: type[Input], **context: Any) -> Any:
        read = shape(data=self.request.data, context={"strategy": self.strategy, **context})
        read.is_valid(raise_exception=True)
        return read

    def _answer(self) -> Response:
        return Response(self.get_serializer(self.get_object()).data)
