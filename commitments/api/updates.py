"""Updates through the API: saving a draft, sending it, approving it, returning it, by the same services as on the pages."""

from dataclasses import asdict, replace
from datetime import date
from typing import Any

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from commitments.api.progress_serializers import UpdateAnswer
from commitments.api.strategies import IN_STRATEGY, UpdateDoor
from commitments.content.updates import UpdateContent
from commitments.forms.figures import FiguresForm
from commitments.forms.updates import UpdateForm
from commitments.models import Commitment, Evidence, ProgressUpdate, Round
from commitments.permissions.progress import (
    check_can_approve_update,
    check_can_return_update,
    check_can_update_commitment,
)
from commitments.reading import update_form as reading
from commitments.rules import status, update_questions
from commitments.services.newer_status import StatusChoice
from commitments.services.progress import save_update
from commitments.services.update_approval import approve_update, return_update
from commitments.services.update_submission import send_update
from partners.signed_in import signed_in_person
from vcsportal.common.api_shapes import Input
from vcsportal.common.numbers import LARGEST_INTEGER
from vcsportal.common.words import Invalid, choices

VERSION_READ = "The version you read, so that nobody's changes are overwritten."
TEXT: Any = {"required": False, "allow_blank": True, "default": ""}
WORDS: Any = {"required": False, "allow_blank": True}
MAX_CITED = 100


class DraftInput(Input):
    """A draft of an update: what is left out stays as it is. ``version`` is the one that you read; leave it out where nobody has begun."""

    status = serializers.ChoiceField(choices=choices(status.STATUSES), required=False, allow_blank=True)
    reason = serializers.CharField(**WORDS, help_text="Why. Everyone can read it once it is approved.")
    remedy = serializers.CharField(**WORDS, help_text="What will be done about it, if at risk or delayed.")
    narrative = serializers.CharField(**WORDS, help_text="What has happened, in a small part of Markdown.")
    next_steps = serializers.CharField(**WORDS, help_text="What comes next, in a small part of Markdown.")
    cites = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=LARGEST_INTEGER), required=False, max_length=MAX_CITED,
        help_text="The accepted evidence that supports it, by id. The report names it.",
    )  # fmt: skip
    version = serializers.IntegerField(
        min_value=0, max_value=LARGEST_INTEGER, required=False, allow_null=True, default=None, help_text=VERSION_READ
    )


class UpdateInput(DraftInput):
    """An update to send; what is left out is sent as the draft has it."""

    answers = serializers.DictField(
        child=serializers.CharField(allow_blank=True, max_length=2000), required=False, default=dict,
        help_text=f"Answers to the questions that are asked on sending, by their codes: {', '.join(update_questions.CODES)}.",
    )  # fmt: skip


class ApprovalInput(Input):
    """What was read before it is approved."""

    version = serializers.IntegerField(min_value=0, max_value=LARGEST_INTEGER, help_text=VERSION_READ)

    status_choice = serializers.ChoiceField(
        choices=[("keep", "Keep the newer status"), ("take", "Take the update’s")], required=False,
        help_text="Which status to keep, if it was changed directly after the update was sent; otherwise leave it out.",
    )  # fmt: skip
    commitment_version = serializers.IntegerField(
        min_value=0,
        max_value=LARGEST_INTEGER,
        required=False,
        help_text="Required with status_choice: the version of the commitment that you read.",
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if ("status_choice" in attrs) != ("commitment_version" in attrs):
            raise serializers.ValidationError("Send status_choice and commitment_version together, or neither.")
        return attrs

    @property
    def choice(self) -> StatusChoice | None:
        """Which status holds, where one was chosen."""
        values = self.validated_data
        if "status_choice" not in values:
            return None
        return StatusChoice(keep=values["status_choice"] == "keep", version=values["commitment_version"])


class ReturnInput(Input):
    """What needs to change, and what was read."""

    version = serializers.IntegerField(min_value=0, max_value=LARGEST_INTEGER, help_text=VERSION_READ)
    reason = serializers.CharField(**TEXT, help_text="What needs to change. The officer will read this.")


@extend_schema(parameters=[IN_STRATEGY])
class UpdateActsDoor(UpdateDoor):
    """What officers do with one update."""

    @extend_schema(request=DraftInput, responses=UpdateAnswer)
    @action(detail=True, methods=["post"])
    def save(self, request: Request, **kwargs: Any) -> Response:
        """Save a draft of the update of a round, which only the strategy's own people can see; council officers only."""
        commitment, round_ = self._place()
        asked = self._read(DraftInput)
        content, cites = self._content(commitment, round_, asked), self._cited(commitment, asked.get("cites"))
        data = {**asdict(content), "cites": [str(piece.pk) for piece in cites or ()]}
        form = UpdateForm(data, commitment=commitment, whole=False, evidence=cites or ())
        if not form.is_valid():
            raise ValidationError({name: list(map(str, sentences)) for name, sentences in form.errors.items()})
        # What its person has typed on the page is left alone, so that no program makes it vanish.
        save_update(
            by=signed_in_person(request), at=timezone.now(), commitment=commitment, round_=round_, content=form.content,
            version=self._version(commitment, round_, asked["version"]), cites=cites,
        )  # fmt: skip
        return self._answer()

    @extend_schema(request=UpdateInput, responses=UpdateAnswer)
    @action(detail=True, methods=["post"])
    def submit(self, request: Request, **kwargs: Any) -> Response:
        """Send the update of a round to be approved; council officers only."""
        commitment, round_ = self._place()
        asked, at = self._read(UpdateInput), timezone.now()
        content = self._content(commitment, round_, asked)
        asks = self._questions(commitment, round_, content.status, timezone.localdate(at))
        send_update(
            by=signed_in_person(request), at=at, commitment=commitment, round_=round_, content=content,
            version=self._version(commitment, round_, asked["version"]),
            answers=update_questions.answered(asks, asked["answers"]), cites=self._cited(commitment, asked.get("cites")),
            replaces=False, figures=(), form=reading.form_name(commitment, round_.slug), opened="",
        )  # fmt: skip
        return self._answer()

    @extend_schema(request=ApprovalInput, responses=UpdateAnswer)
    @action(detail=True, methods=["post"])
    def approve(self, request: Request, **kwargs: Any) -> Response:
        """Approve it, so that everyone can read it; a council officer or an administrator who did not send it."""
        update = self._found()
        check_can_approve_update(request.user, update)
        shape = ApprovalInput(data=request.data)
        shape.is_valid(raise_exception=True)
        approve_update(
            by=signed_in_person(request),
            at=timezone.now(),
            update=update,
            version=shape.validated_data["version"],
            choice=shape.choice,
        )
        return self._answer()

    @extend_schema(request=ReturnInput, responses=UpdateAnswer)
    @action(detail=True, methods=["post"], url_path="return", url_name="return")
    def send_back(self, request: Request, **kwargs: Any) -> Response:
        """Return it with a reason that its officer reads; a council officer or an administrator."""
        update = self._found()
        check_can_return_update(request.user, update)
        shape = ReturnInput(data=request.data)
        shape.is_valid(raise_exception=True)
        return_update(by=signed_in_person(request), at=timezone.now(), update=update, **shape.validated_data)
        return self._answer()

    def _place(self) -> tuple[Commitment, Round]:
        """Return the commitment and the round of an update to write; who may not is not asked for words, as on the page."""
        here = Commitment.objects.select_related("strategy", "priority")
        commitment = get_object_or_404(here, strategy=self.strategy, key=self.kwargs["key"])
        check_can_update_commitment(self.request.user, commitment)
        return commitment, get_object_or_404(Round, strategy=self.strategy, slug=self.kwargs["round"])

    def _read(self, shape: type[Input]) -> dict[str, Any]:
        read = shape(data=self.request.data)
        read.is_valid(raise_exception=True)
        return dict(read.validated_data)

    def _content(self, commitment: Commitment, round_: Round, asked: dict[str, Any]) -> UpdateContent:
        """Return what was sent, and of what was left out what the draft has."""
        begun = commitment.updates.filter(round=round_, state__in=["draft", "returned"]).first()
        stored = reading.content_of(begun) if begun else UpdateContent("")
        return replace(stored, **{name: asked[name] for name, _label in reading.UPDATE_FIELDS if name in asked})

    def _cited(self, commitment: Commitment, keys: list[int] | None) -> list[Evidence] | None:
        """Return the evidence with these keys; None, where nothing was sent, leaves what the draft cites."""
        if keys is None:
            return None
        accepted = Evidence.objects.accepted().filter(commitments=commitment)
        found = list(accepted.filter(pk__in=keys).order_by("id"))
        if len(found) != len(set(keys)):
            raise Invalid("Choose from the evidence that has been accepted for this commitment.", field="cites")
        return found

    def _found(self) -> ProgressUpdate:
        rows = self.get_queryset().select_related("commitment", "round")
        update: ProgressUpdate = get_object_or_404(rows, round__slug=self.kwargs["round"])
        return update

    def _questions(
        self, commitment: Commitment, round_: Round, word: str, today: date
    ) -> tuple[update_questions.UpdateQuestion, ...]:
        figures = FiguresForm(commitment, round_).asked
        return update_questions.questions(
            reading.facts(commitment, word, round_, today=today, figures=figures, given=())
        )

    def _version(self, commitment: Commitment, round_: Round, asked: int | None) -> int | None:
        """If the round asks for an update and nobody has begun it, there was no version to read."""
        expected = ProgressUpdate.objects.filter(commitment=commitment, round=round_, state="expected").first()
        return expected.version if expected and asked is None else asked

    def _answer(self) -> Response:
        return Response(self.get_serializer(self.get_object()).data)
