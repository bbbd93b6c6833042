"""Points through the API: published words and answers for everybody; the acts of whoever answers them.

Original words and contact details are on the pages of the people who answer, and nowhere in the API.
"""

from typing import Any

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response as Answered

from commitments import stances
from commitments.api.serializers import StanceWord, StateWord, say_stance
from commitments.filters.points import PointFilter
from commitments.models import Point
from commitments.point_content import MAX_LINE_CHARACTERS, MAX_WORDS_CHARACTERS, PointAnswer
from commitments.services import points as services
from partners.signed_in import signed_in_person
from vcsportal.common.api import ReadDoor, api_url
from vcsportal.common.api_shapes import Answer, Input, Named, Word
from vcsportal.common.numbers import LARGEST_INTEGER
from vcsportal.common.words import choices

VERSION_READ = "The version you read, so that nobody's changes are overwritten."
TEXT: Any = {"required": False, "allow_blank": True, "default": "", "max_length": MAX_WORDS_CHARACTERS}


class PointKindWord(Word):
    """The kind of a point, such as a decision."""


class PointReply(Answer):
    """What somebody asked, said or decided, in the words that are published, and the answer."""

    url = serializers.URLField()
    id = serializers.IntegerField()
    kind = PointKindWord()
    state = StateWord()
    raised_on = serializers.DateField()
    strategy = serializers.CharField(allow_null=True, help_text="Its slug; null if it is about none.")
    group = Named(allow_null=True)
    engagement = serializers.CharField(
        help_text="The title of the engagement at which it was made; empty if there is none."
    )
    district = serializers.CharField(allow_null=True, help_text="The GSS code; null if it is about none.")
    words = serializers.CharField(help_text="The published words; empty while nothing is published.")
    raised_by = serializers.CharField(help_text="Who raised it, as it is published.")
    stance = StanceWord(allow_null=True)
    response = serializers.CharField()
    responded_at = serializers.DateTimeField(allow_null=True)
    done_on = serializers.DateField(allow_null=True)
    commitment = serializers.CharField(allow_null=True, help_text="The key of the commitment that it led to, or null.")
    version = serializers.IntegerField(help_text="Send it back when you change the point.")

    def represent(self, row: Any) -> dict[str, Any]:
        shown = row.is_published
        by = (row.raised_by.name if row.raised_by else row.raised_by_words) if shown else ""
        return {
            "url": api_url(f"points/{row.pk}/"),
            "id": row.pk,
            "kind": {"code": row.kind, "label": row.kind_of.label},
            "state": {"code": row.state, "label": row.state_of.label},
            "raised_on": row.raised_on.isoformat(),
            "strategy": row.strategy.slug if row.strategy else None,
            "group": {"slug": row.group.organisation.slug, "name": row.group.organisation.name} if row.group else None,
            "engagement": row.engagement.title if row.engagement else "",
            "district": row.district.gss_code if row.district else None,
            "words": row.public_words if shown else "",
            "raised_by": by,
            "stance": say_stance(row.stance),
            "response": row.response,
            "responded_at": row.responded_at.isoformat() if row.responded_at else None,
            "done_on": row.done_on.isoformat() if row.done_on else None,
            "commitment": row.became_commitment.key if row.became_commitment else None,
            "version": row.version,
        }


class PointVersionInput(Input):
    """What was read."""

    version = serializers.IntegerField(min_value=0, max_value=LARGEST_INTEGER, help_text=VERSION_READ)


class PointAnswerInput(PointVersionInput):
    """An answer with its reason."""

    stance = serializers.ChoiceField(choices=choices(stances.STANCES))
    response = serializers.CharField(max_length=MAX_WORDS_CHARACTERS)


class PointPublishInput(PointVersionInput):
    """The words that everyone will read. They name nobody."""

    public_words = serializers.CharField(max_length=MAX_WORDS_CHARACTERS)
    raised_by_words = serializers.CharField(
        required=False, allow_blank=True, default="", max_length=MAX_LINE_CHARACTERS
    )


class PointReasonInput(PointVersionInput):
    """Why something is done."""

    reason = serializers.CharField(**TEXT)


class PointDoneInput(PointVersionInput):
    """The day on which it was done."""

    done_on = serializers.DateField()


class PointCloseInput(PointReasonInput):
    """Why it is closed."""

    is_spam = serializers.BooleanField(required=False, default=False)


class PointDoor(ReadDoor):
    """Published points, what was raised last on top; and those that you answer. For unpublished ones, words are empty."""

    queryset = Point.objects.none()
    serializer_class = PointReply
    filterset_class = PointFilter
    lookup_value_regex = r"[0-9]{1,18}"

    def get_queryset(self) -> Any:
        mine = Point.objects.handled_by(self.request.user, timezone.localdate()).values("pk")
        found = Point.objects.published() | Point.objects.filter(pk__in=mine)
        return found.select_related(
            "strategy", "group__organisation", "engagement", "district", "raised_by", "became_commitment"
        ).newest_first()

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
            mine.select_related("decided_at", "became_commitment", "raised_by"), pk=self.kwargs["pk"]
        )

    def _read(self, shape_of: Any) -> dict[str, Any]:
        shape = shape_of(data=self.request.data)
        shape.is_valid(raise_exception=True)
        return dict(shape.validated_data)

    def _did(self, point: Point, service: Any, **said: Any) -> Answered:
        service(by=signed_in_person(self.request), at=timezone.now(), point=point, **said)
        return Answered(self.get_serializer(self.get_object()).data)
