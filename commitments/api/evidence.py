"""Evidence through the API: the same rows, filters and services as on the pages."""

from collections.abc import Callable
from typing import Any

from django.db.models import BooleanField, ExpressionWrapper, OuterRef
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from commitments.api.evidence_serializers import (
    FIELDS,
    FILE_FIELDS,
    AcceptInput,
    EvidenceAnswer,
    EvidenceEditInput,
    EvidenceInput,
    ReasonInput,
    VersionInput,
)
from commitments.filters.evidence import EvidenceFilter
from commitments.models import Evidence, EvidenceFile, EvidenceLink
from commitments.permissions import evidence as evidence_permissions
from commitments.permissions.evidence import check_can_edit_evidence, check_can_log_evidence, check_may_log_evidence
from commitments.queries.changes import changed_in_history
from commitments.reading.references import asked_commitments
from commitments.services import evidence as services
from partners.signed_in import signed_in_person
from vcsportal.common.api import ReadDoor
from vcsportal.common.api_long_lists import LongPages
from vcsportal.common.api_shapes import Input
from vcsportal.common.json_columns import list_column
from vcsportal.common.words import Invalid


def _accept(*, evidence: Evidence, commitments: list[str], **values: Any) -> Evidence:
    """Accept an item for the commitments that are named. Raise :class:`Invalid` for a name that means none."""
    strategy = evidence.council_chooses_in
    chosen = asked_commitments(strategy, commitments) if strategy else ()
    if len(chosen) != len(set(commitments)):
        raise Invalid(
            "Name commitments of the strategy that it was sent for, each by its key, and only where the council chooses.",
            field="commitments",
        )
    return services.accept_evidence(evidence=evidence, commitments=chosen, **values)


class EvidenceDoor(ReadDoor):
    """Evidence that you may see, the newest first: what is published, and your own organisation's."""

    queryset = Evidence.objects.none()
    serializer_class = EvidenceAnswer
    filterset_class = EvidenceFilter
    pagination_class = LongPages
    changes = changed_in_history("evidence")
    lookup_value_regex = r"[0-9]{1,18}"

    def get_queryset(self) -> Any:
        return Evidence.objects.visible_to(self.request.user).newest_first()

    def columns(self, queryset: Any) -> Any:
        here = {"evidence": OuterRef("pk")}
        commitment_links = Evidence.commitments.through.objects.filter(**here).order_by(
            "commitment__priority__number", "commitment__number", "id"
        )
        places = Evidence.districts.through.objects.filter(**here).order_by("area__name", "id")
        links = EvidenceLink.objects.filter(**here).order_by("id")
        today = timezone.localdate()
        files = EvidenceFile.objects.showable(today).filter(**here).order_by("id")
        return (
            queryset.with_story_state(today)
            .annotate(
                commitment_links=list_column(
                    commitment_links,
                    reference="commitment__reference",
                    key="commitment__key",
                    strategy="commitment__strategy__slug",
                ),
                places=list_column(places, gss_code="area__gss_code", name="area__name", kind="area__kind"),
                pages=list_column(links, url="url", label="label", page="page"),
                papers=list_column(files, id="id", **{name: name for name in FILE_FIELDS}),
                insider=ExpressionWrapper(Evidence.insiders(self.request.user), output_field=BooleanField()),
            )
            .values(
                "id",
                "story_state",
                "insider",
                "organisation__slug",
                "organisation__name",
                "commitment_links",
                "council_chooses_in__slug",
                "places",
                "pages",
                "papers",
                "reference",
                *FIELDS,
            )
        )

    @extend_schema(
        request=EvidenceInput,
        responses={201: EvidenceAnswer, 200: OpenApiResponse(EvidenceAnswer, "It was made before, by the same token.")},
    )
    def create(self, request: Request) -> Response:
        """Log evidence for your own organisation, as a draft."""
        check_may_log_evidence(request.user)  # before the shape is judged: the page's door does not open either
        serializer = EvidenceInput(data=request.data)
        serializer.is_valid(raise_exception=True)
        asked, at = serializer.validated_data, timezone.now()
        check_can_log_evidence(request.user, asked["organisation"])  # before the words are judged, as the page does
        made = services.log_evidence(
            by=signed_in_person(request),
            at=at,
            organisation=asked["organisation"],
            content=serializer.content(),
            form_token=asked["form_token"],
            reference=asked["reference"],
        )
        self.kwargs["pk"] = made.pk
        answer = self.get_serializer(self.get_object()).data
        return Response(answer, status=201 if made.logged_at == at else 200, headers={"Location": answer["url"]})

    @extend_schema(request=EvidenceEditInput, responses=EvidenceAnswer)
    def partial_update(self, request: Request, **kwargs: Any) -> Response:
        """Change a draft, or an item that was returned; its own organisation only. What is left out stays."""
        piece = get_object_or_404(self.get_queryset(), pk=self.kwargs["pk"])
        check_can_edit_evidence(request.user, piece)  # before the words are judged, as the page does
        serializer = EvidenceEditInput(data=request.data)
        serializer.is_valid(raise_exception=True)
        services.edit_evidence(
            by=signed_in_person(request), at=timezone.now(), evidence=piece, content=serializer.content_after(piece),
            version=serializer.validated_data["version"],
        )  # fmt: skip
        return Response(self.get_serializer(self.get_object()).data)

    @extend_schema(request=VersionInput, responses=EvidenceAnswer)
    @action(detail=True, methods=["post"])
    def submit(self, request: Request, **kwargs: Any) -> Response:
        """Send it to the council for review; its own organisation only."""
        return self._act(services.submit_evidence, VersionInput, evidence_permissions.check_can_submit_evidence)

    @extend_schema(request=AcceptInput, responses=EvidenceAnswer)
    @action(detail=True, methods=["post"])
    def accept(self, request: Request, **kwargs: Any) -> Response:
        """Accept it, so that it counts; a council officer who did not log it."""
        return self._act(_accept, AcceptInput, evidence_permissions.check_can_accept_evidence)

    @extend_schema(request=ReasonInput, responses=EvidenceAnswer)
    @action(detail=True, methods=["post"], url_path="return", url_name="return")
    def send_back(self, request: Request, **kwargs: Any) -> Response:
        """Return it with a reason that its organisation reads; a council officer who did not log it."""
        return self._act(services.return_evidence, ReasonInput, evidence_permissions.check_can_return_evidence)

    @extend_schema(request=ReasonInput, responses=EvidenceAnswer)
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, **kwargs: Any) -> Response:
        """Withdraw it; its own organisation, or a council officer with a reason once it has been sent."""
        return self._act(services.withdraw_evidence, ReasonInput, evidence_permissions.check_can_withdraw_evidence)

    @extend_schema(request=VersionInput, responses=EvidenceAnswer)
    @action(detail=True, methods=["post"])
    def reopen(self, request: Request, **kwargs: Any) -> Response:
        """Reopen a withdrawn item as a draft; its own organisation only."""
        return self._act(services.reopen_evidence, VersionInput, evidence_permissions.check_can_reopen_evidence)

    def _act(
        self, service: Callable[..., Evidence], shape: type[Input], check: Callable[[Any, Evidence], None]
    ) -> Response:
        piece = get_object_or_404(self.get_queryset(), pk=self.kwargs["pk"])
        check(self.request.user, piece)  # who may not is not asked for a version
        serializer = shape(data=self.request.data)
        serializer.is_valid(raise_exception=True)
        service(by=signed_in_person(self.request), at=timezone.now(), evidence=piece, **serializer.validated_data)
        return Response(self.get_serializer(self.get_object()).data)
