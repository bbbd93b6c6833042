"""Responses through the API: the public ones for everybody; writing, sending, approving and returning for whoever may."""

from typing import Any

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response as Answered

from commitments.api.evidence_serializers import VersionInput
from commitments.api.serializers import StanceWord, StateWord, say_stance
from commitments.api.strategies import IN_STRATEGY, InStrategy
from commitments.content.responses import ResponseContent
from commitments.models import Response
from commitments.queries.changes import changed_in_history
from commitments.rules import stances, workflow
from commitments.services.responses import approve_response, return_response, save_response, submit_response
from partners.signed_in import signed_in_person
from vcsportal.common.api_addresses import api_url
from vcsportal.common.api_shapes import Answer, Input, Named
from vcsportal.common.numbers import LARGEST_INTEGER
from vcsportal.common.words import choices

NUMBER = r"[0-9]{1,18}"
"""A response's number, as a regular expression."""
VERSION_READ = "The version you read, so that nobody's changes are overwritten."
TEXT: Any = {"required": False, "allow_blank": True, "default": ""}


class ResponseAnswer(Answer):
    """The response of one addressee to one commitment. Until it is published only those who handle it read what is written."""

    url = serializers.URLField()
    strategy = serializers.CharField()
    commitment = serializers.CharField(help_text="Its reference now.")
    commitment_key = serializers.CharField(help_text="Its key, which never changes.")
    addressee = serializers.CharField(help_text="What the source calls its addressee.")
    organisation = Named(allow_null=True, help_text="Null if the addressee is not one organisation of the portal.")
    opens_progress = serializers.BooleanField(
        help_text="Whether it is the owner’s, published, and accepts it or a part of it, so that updates are asked for."
    )
    state = StateWord()
    stance = StanceWord(allow_null=True)
    words = serializers.CharField()
    decided_where = serializers.CharField()
    decided_on = serializers.DateField(allow_null=True)
    version = serializers.IntegerField(help_text="Counts its saves; name the one that you read when you change it.")
    published_at = serializers.DateTimeField(allow_null=True)

    def represent(self, row: Any) -> dict[str, Any]:
        commitment, shown = row.commitment, row.is_given or row.pk in self.context["handled"]
        state = workflow.RESPONSE_STATE[row.state]
        return {
            "url": api_url(f"strategies/{commitment.strategy.slug}/responses/{row.pk}/"),
            "strategy": commitment.strategy.slug,
            "commitment": commitment.reference,
            "commitment_key": commitment.key,
            "addressee": row.addressee,
            "organisation": {"slug": row.organisation.slug, "name": row.organisation.name}
            if row.organisation
            else None,
            "opens_progress": row.is_owners and row.public_stance.opens_progress,
            "state": {"code": state.code, "label": state.label} if shown else {"code": "awaited", "label": "Awaited"},
            "stance": say_stance(row.stance) if shown else None,
            "words": row.words if shown else "",
            "decided_where": row.decided_where if shown else "",
            "decided_on": row.decided_on.isoformat() if shown and row.decided_on else None,
            "version": row.version if shown else 0,
            "published_at": row.given_at.isoformat() if row.given_at else None,
        }


class ResponseInput(Input):
    """A response. ``version`` is the one that you read."""

    stance = serializers.ChoiceField(choices=choices(stances.STANCES), required=False, allow_blank=True, default="")
    words = serializers.CharField(
        **TEXT, help_text="What will be done, or why not. Everyone can read it once it is approved."
    )
    decided_where = serializers.CharField(**TEXT, help_text="Such as “Cabinet”.")
    decided_on = serializers.DateField(required=False, allow_null=True, default=None)
    version = serializers.IntegerField(min_value=0, max_value=LARGEST_INTEGER, help_text=VERSION_READ)


class ReturnResponseInput(Input):
    """What needs to change, and what was read."""

    version = serializers.IntegerField(min_value=0, max_value=LARGEST_INTEGER, help_text=VERSION_READ)
    reason = serializers.CharField(**TEXT, help_text="What needs to change. Whoever wrote it will read this.")


@extend_schema(parameters=[IN_STRATEGY])
class ResponseDoor(InStrategy):
    """The responses to a strategy's commitments, such as recommendations, in its own order."""

    queryset = Response.objects.none()
    serializer_class = ResponseAnswer
    changes = changed_in_history("response")
    lookup_value_regex = NUMBER

    def get_queryset(self) -> Any:
        found = Response.objects.filter(commitment__strategy=self.strategy).in_order()
        return found.select_related("organisation", "commitment__strategy__owner", "submitted_by")

    def get_serializer_context(self) -> dict[str, Any]:
        handled = Response.objects.handled_by(self.request.user).filter(commitment__strategy=self.strategy)
        return {**super().get_serializer_context(), "handled": set(handled.values_list("pk", flat=True))}


@extend_schema(parameters=[IN_STRATEGY])
class ResponseActsDoor(ResponseDoor):
    """What people do with one response that they handle."""

    @extend_schema(request=ResponseInput, responses=ResponseAnswer)
    @action(detail=True, methods=["post"])
    def save(self, request: Request, **kwargs: Any) -> Answered:
        """Save a draft; for whoever may answer for the addressee."""
        return self._write(request, save_response)

    @extend_schema(request=ResponseInput, responses=ResponseAnswer)
    @action(detail=True, methods=["post"])
    def submit(self, request: Request, **kwargs: Any) -> Answered:
        """Send it to be approved; for whoever may answer for the addressee."""
        return self._write(request, submit_response)

    @extend_schema(request=VersionInput, responses=ResponseAnswer)
    @action(detail=True, methods=["post"])
    def approve(self, request: Request, **kwargs: Any) -> Answered:
        """Publish it; for a second person of the addressee, or an administrator."""
        return self._decide(request, VersionInput, approve_response)

    @extend_schema(request=ReturnResponseInput, responses=ResponseAnswer)
    @action(detail=True, methods=["post"], url_path="return", url_name="return")
    def send_back(self, request: Request, **kwargs: Any) -> Answered:
        """Return it with a reason; for a second person of the addressee, or an administrator."""
        return self._decide(request, ReturnResponseInput, return_response)

    def _handled(self) -> Response:
        rows = Response.objects.handled_by(self.request.user).filter(commitment__strategy=self.strategy)
        rows = rows.filter(organisation__isnull=False).select_related("organisation", "commitment__strategy__owner")
        return get_object_or_404(rows, pk=self.kwargs["pk"])

    def _write(self, request: Request, service: Any) -> Answered:
        response = self._handled()
        shape = ResponseInput(data=request.data)
        shape.is_valid(raise_exception=True)
        said = shape.validated_data
        content = ResponseContent(said["stance"], said["words"], said["decided_where"], said["decided_on"])
        service(
            by=signed_in_person(request), at=timezone.now(), response=response, content=content, version=said["version"]
        )
        return self._answer()

    def _decide(self, request: Request, shape_of: Any, service: Any) -> Answered:
        response = self._handled()
        shape = shape_of(data=request.data)
        shape.is_valid(raise_exception=True)
        service(by=signed_in_person(request), at=timezone.now(), response=response, **shape.validated_data)
        return self._answer()

    def _answer(self) -> Answered:
        return Answered(self.get_serializer(self.get_object()).data)
