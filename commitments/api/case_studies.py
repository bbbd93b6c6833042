"""Case studies through the API: the same rows, filters and services as on the pages."""

from typing import Any

from django.db.models import BooleanField, Exists, F, OuterRef, Value
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from commitments.api.case_study_serializers import (
    CaseStudyAnswer,
    CaseStudyChoiceInput,
    CaseStudyInput,
    CaseStudyReasonInput,
    CaseStudyVersionInput,
    NewCaseStudyInput,
)
from commitments.filters.case_studies import CaseStudyFilter
from commitments.models import CaseStudy, CaseStudyQuotation, CaseStudyText
from commitments.permissions import case_studies as permissions
from commitments.permissions.evidence import check_may_log_evidence
from commitments.queries.changes import changed_in_history
from commitments.reading.case_studies import EACH_TEXT
from commitments.services import case_studies as services
from commitments.services import case_study_review as review
from partners.models import Strand
from partners.permissions import types_for_groups
from partners.signed_in import signed_in_person
from vcsportal.common.api import ReadDoor
from vcsportal.common.api_shapes import Input
from vcsportal.common.json_columns import list_column


class CaseStudyDoor(ReadDoor):
    """Published case studies, what was accepted last on top; and those that you write, with their newest text, or review, as they were sent."""

    queryset = CaseStudy.objects.none()
    serializer_class = CaseStudyAnswer
    filterset_class = CaseStudyFilter
    changes = changed_in_history("case_study")
    lookup_field = "evidence"
    lookup_value_regex = r"[0-9]{1,18}"

    def get_queryset(self) -> Any:
        today = timezone.localdate()
        rows = CaseStudy.objects.for_reader(self.request.user, today)
        return rows.order_by(F("accepted_at").desc(nulls_last=True), "-id")

    def columns(self, queryset: Any) -> Any:
        read = CaseStudyText.objects.filter(pk=OuterRef("reads"))
        strands = Strand.objects.filter(case_study_texts=OuterRef("reads")).in_order()
        return (
            queryset.select_related("evidence__organisation", *EACH_TEXT)
            .prefetch_related("evidence__districts")
            .annotate(
                may_quote=Exists(read.filter(quotation__in=CaseStudyQuotation.objects.showable(timezone.localdate()))),
                read_strands=list_column(strands, code="code", words="words"),
                may_write=Value(types_for_groups(self.request.user), output_field=BooleanField()),
            )
        )

    @extend_schema(request=NewCaseStudyInput, responses={201: CaseStudyAnswer})
    def create(self, request: Request, **kwargs: Any) -> Response:
        """Write a case study about an item of evidence, as a draft; your own organisation's, or one that you may log evidence for."""
        check_may_log_evidence(request.user)
        sent = NewCaseStudyInput(data=request.data, context={"person": request.user})
        sent.is_valid(raise_exception=True)
        evidence, version = sent.validated_data["evidence"], sent.validated_data["version"]
        made = services.save_case_study(
            by=signed_in_person(request), at=timezone.now(), evidence=evidence, content=sent.content, version=version
        )
        answer = self._shown(made)
        return Response(answer, status=201, headers={"Location": answer["url"]})

    @extend_schema(request=CaseStudyInput, responses=CaseStudyAnswer)
    @action(detail=True, methods=["post"])
    def save(self, request: Request, **kwargs: Any) -> Response:
        """Save a draft in the place of what was written. What is published stays until the new text is accepted."""
        return self._written(services.save_case_study)

    @extend_schema(request=CaseStudyInput, responses=CaseStudyAnswer)
    @action(detail=True, methods=["post"])
    def submit(self, request: Request, **kwargs: Any) -> Response:
        """Save it and send it to the council."""
        return self._written(services.submit_case_study)

    @extend_schema(request=CaseStudyVersionInput, responses=CaseStudyAnswer)
    @action(detail=True, methods=["post"])
    def accept(self, request: Request, **kwargs: Any) -> Response:
        """Publish what was sent; a council officer who did not write it."""
        row = self._row()
        permissions.check_can_accept_case_study(request.user, row)
        return self._act(review.accept_case_study, row, CaseStudyVersionInput)

    @extend_schema(request=CaseStudyReasonInput, responses=CaseStudyAnswer)
    @action(detail=True, methods=["post"], url_path="return", url_name="return")
    def send_back(self, request: Request, **kwargs: Any) -> Response:
        """Return it with a reason; a council officer who did not write it."""
        row = self._row()
        permissions.check_can_return_case_study(request.user, row)
        return self._act(review.return_case_study, row, CaseStudyReasonInput)

    @extend_schema(request=CaseStudyReasonInput, responses=CaseStudyAnswer)
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, **kwargs: Any) -> Response:
        """Withdraw it; its own organisation, or a council officer with a reason once it has been sent."""
        row = self._row()
        permissions.check_can_withdraw_case_study(request.user, row)
        return self._act(services.withdraw_case_study, row, CaseStudyReasonInput)

    @extend_schema(request=CaseStudyVersionInput, responses=CaseStudyAnswer)
    @action(detail=True, methods=["post"])
    def reopen(self, request: Request, **kwargs: Any) -> Response:
        """Reopen what was withdrawn, as a draft; its own organisation."""
        row = self._row()
        permissions.check_can_reopen_case_study(request.user, row)
        return self._act(services.reopen_case_study, row, CaseStudyVersionInput)

    @extend_schema(request=CaseStudyChoiceInput, responses=CaseStudyAnswer)
    @action(detail=True, methods=["post"])
    def choose(self, request: Request, **kwargs: Any) -> Response:
        """Print it in full in the report of a round, or leave it out after all; a council officer."""
        row = self._row()
        sent = CaseStudyChoiceInput(data=request.data)
        sent.is_valid(raise_exception=True)
        asked = sent.validated_data
        rounds = review.rounds_to_decide(row).select_related("strategy__owner")
        round_ = get_object_or_404(rounds, strategy__slug=asked["strategy"], slug=asked["round"])
        service = review.choose_case_study if asked["chosen"] else review.leave_out_case_study
        service(by=signed_in_person(request), at=timezone.now(), case_study=row, round_=round_)
        return Response(self._shown(row))

    def _row(self) -> CaseStudy:
        visible = CaseStudy.objects.visible_to(self.request.user, timezone.localdate())
        row: CaseStudy = get_object_or_404(
            visible.select_related("evidence__organisation", "newest__written_by"), evidence=self.kwargs["evidence"]
        )
        return row

    def _written(self, service: Any) -> Response:
        row = self._row()
        permissions.check_can_write_case_study(self.request.user, row.evidence, row)
        sent = CaseStudyInput(data=self.request.data)
        sent.is_valid(raise_exception=True)
        by, version = signed_in_person(self.request), sent.validated_data["version"]
        service(by=by, at=timezone.now(), evidence=row.evidence, content=sent.content, version=version)
        return Response(self._shown(row))

    def _act(self, service: Any, row: CaseStudy, shape: type[Input]) -> Response:
        sent = shape(data=self.request.data)
        sent.is_valid(raise_exception=True)
        service(by=signed_in_person(self.request), at=timezone.now(), case_study=row, **sent.validated_data)
        return Response(self._shown(row))

    def _shown(self, row: CaseStudy) -> Any:
        """Return the case study as this person reads it now."""
        rows = CaseStudy.objects.for_reader(self.request.user, timezone.localdate())
        return self.get_serializer(self.columns(rows).get(pk=row.pk)).data
