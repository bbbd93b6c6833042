"""The photographs and documents of an item of evidence through the API: listed, added, described and removed as on its pages."""

from typing import Any

from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.functional import cached_property
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from commitments.api.evidence_serializers import FilePart, VersionInput, bytes_url
from commitments.files.uploads import CheckedFile
from commitments.forms.fields import MAX_DESCRIPTION_CHARACTERS
from commitments.models import Evidence, EvidenceFile
from commitments.page_parts.evidence import is_insider
from commitments.page_parts.uploads import budget_of, look_into_file, why_left_out
from commitments.permissions.evidence import check_can_edit_evidence
from commitments.reading.consents import standing
from commitments.services import evidence as services
from partners.signed_in import signed_in_person
from vcsportal.common.api import ReadDoor
from vcsportal.common.api_input import BoundedJSON, FormWithFile, TooLarge, check_typed
from vcsportal.common.api_refusals import bad
from vcsportal.common.api_shapes import Input
from vcsportal.common.upload_handlers import TOO_BIG, TOO_MANY, left_out
from vcsportal.common.words import Invalid, NotNow

NUMBER = r"[0-9]{1,18}"
STANDINGS = (
    ("shown", "Everyone who may see the item sees it"),
    ("waiting", "Only its own people and the council see it, until somebody has agreed"),
    ("taken_back", "Nobody is shown it any more"),
)
CAPTION: Any = {"max_length": 250, "required": False, "allow_blank": True}
DESCRIPTION: Any = {"max_length": MAX_DESCRIPTION_CHARACTERS, "required": False, "allow_blank": True}
CAPTION_TEXT = "The caption under it."
DESCRIPTION_TEXT = "What a photograph shows, for people who can’t see it."
PEOPLE_TEXT = "Whether someone can be recognised in a photograph. It is then shown once their consent is recorded on the item’s page."
ONE_FILE = "Send one file in each request."


class EvidenceFileAnswer(FilePart):
    """A photograph or document of an item of evidence."""

    url = serializers.URLField()
    download = serializers.URLField(help_text="Where those who may see it fetch it, signed in on the pages.")
    page = serializers.CharField(help_text="The page of a document that shows it.")
    shows_people = serializers.BooleanField(help_text="Whether someone can be recognised in it.")
    standing = serializers.ChoiceField(choices=STANDINGS, help_text="Who is shown it: shown, waiting or taken_back.")
    version = serializers.IntegerField(
        help_text="The version of the item of evidence, which rises with each change of its files."
    )

    def to_representation(self, row: Any) -> dict[str, Any]:
        evidence = row.evidence_id
        plain = ("id", "kind", "name", "caption", "description", "media_type", "size", "sha256", "page", "shows_people")
        return {
            **{name: getattr(row, name) for name in plain},
            "url": f"{self.context['api_root']}evidence/{evidence}/files/{row.pk}/",
            "download": bytes_url(evidence, row.pk),
            "standing": standing(row),
            "version": row.evidence.version,
        }


class RemovedFileAnswer(serializers.Serializer[Any]):
    """What is left after a file was removed."""

    removed = serializers.IntegerField(help_text="The file’s id.")
    version = serializers.IntegerField(help_text="The version of the item of evidence now.")


class NewFileInput(Input):
    """A photograph or document, and what is said about it."""

    file = serializers.FileField(
        allow_empty_file=True,
        help_text="A photograph (JPEG, PNG, WebP) or a document (PDF, Word, Excel, PowerPoint, OpenDocument, plain text).",
    )
    caption = serializers.CharField(**CAPTION, default="", help_text=CAPTION_TEXT)
    description = serializers.CharField(**DESCRIPTION, default="", help_text=DESCRIPTION_TEXT)
    shows_people = serializers.BooleanField(required=False, default=False, help_text=PEOPLE_TEXT)


class FileDescriptionInput(VersionInput):
    """What is said about a file; what is left out stays."""

    caption = serializers.CharField(**CAPTION, help_text=CAPTION_TEXT)
    description = serializers.CharField(**DESCRIPTION, help_text=DESCRIPTION_TEXT)
    page = serializers.CharField(
        max_length=40, required=False, allow_blank=True, help_text="The page of a document that shows it."
    )
    shows_people = serializers.BooleanField(required=False, help_text=PEOPLE_TEXT)


@extend_schema(parameters=[OpenApiParameter("evidence", int, OpenApiParameter.PATH, description="The item’s id.")])
class EvidenceFileDoor(ReadDoor):
    """The files of an item of evidence; those that wait for somebody's consent only for its own people and the council."""

    queryset = EvidenceFile.objects.none()
    serializer_class = EvidenceFileAnswer
    lookup_value_regex = NUMBER

    def get_parsers(self) -> list[Any]:
        acts = getattr(self, "action_map", None) or {}
        adds = self.request is not None and acts.get((self.request.method or "").lower()) == "create"
        return [FormWithFile() if adds else BoundedJSON()]

    @cached_property
    def evidence(self) -> Evidence:
        rows = Evidence.objects.visible_to(self.request.user).select_related("organisation")
        return get_object_or_404(rows, pk=self.kwargs["evidence"])

    def get_queryset(self) -> Any:
        today = timezone.localdate()
        files = EvidenceFile.objects.filter(evidence=self.evidence)
        if not is_insider(self.request.user, self.evidence):
            files = files.showable(today)
        return files.with_standing(today).select_related("evidence").order_by("id")

    @extend_schema(
        request={"multipart/form-data": NewFileInput},
        responses={201: EvidenceFileAnswer, 200: OpenApiResponse(EvidenceFileAnswer, "The same file was there already.")},
    )  # fmt: skip
    def create(self, request: Request, **kwargs: Any) -> Response:
        """Add a photograph or document to a draft, or to an item that was returned; its own organisation only."""
        check_can_edit_evidence(request.user, self.evidence)  # before the file is looked into, as the page does
        asked, at = self._form(request), timezone.now()
        made = services.attach_file(
            by=signed_in_person(request), at=at, evidence=self.evidence, checked=self._looked_into(asked.pop("file")), **asked
        )  # fmt: skip
        answer = self._answer(made.pk)
        return Response(answer, status=201 if made.added_at == at else 200, headers={"Location": answer["url"]})

    @extend_schema(request=FileDescriptionInput, responses=EvidenceFileAnswer)
    def partial_update(self, request: Request, **kwargs: Any) -> Response:
        """Say what a file shows, and whether someone can be recognised in it. What is left out stays."""
        file, asked = self._file(), self._read(request, FileDescriptionInput)
        services.describe_file(by=signed_in_person(request), at=timezone.now(), file=file, **asked)
        return Response(self._answer(file.pk))

    @extend_schema(request=VersionInput, responses=RemovedFileAnswer)
    @action(detail=True, methods=["post"])
    def remove(self, request: Request, **kwargs: Any) -> Response:
        """Remove a file from a draft, or from an item that was returned; its own organisation only."""
        file, asked = self._file(), self._read(request, VersionInput)
        key = file.pk
        services.remove_file(by=signed_in_person(request), at=timezone.now(), file=file, **asked)
        self.evidence.refresh_from_db(fields=["version"])
        return Response({"removed": key, "version": self.evidence.version})

    def _form(self, request: Request) -> dict[str, Any]:
        """Return what was sent with one file. Raise :class:`TooLarge` if it is larger than a file may be."""
        shape = NewFileInput(data=request.data)
        for name, why in left_out(request._request):
            if why == TOO_BIG:
                raise TooLarge(why_left_out(name, why))
            raise Invalid(ONE_FILE, field="file") if why == TOO_MANY else NotNow(why_left_out(name, why))
        if len(request.FILES.getlist("file")) > 1:
            raise bad("file", ONE_FILE)
        check_typed([text for name in request.POST for text in (name, *request.POST.getlist(name))])
        shape.is_valid(raise_exception=True)
        return dict(shape.validated_data)

    def _looked_into(self, upload: Any) -> CheckedFile:
        asking = self.request._request
        try:
            return look_into_file(asking, upload, budget_of(asking))
        except Invalid as refused:
            raise Invalid(refused.sentence, field="file") from None

    def _read(self, request: Request, shape: type[Input]) -> dict[str, Any]:
        read = shape(data=request.data)
        read.is_valid(raise_exception=True)
        return dict(read.validated_data)

    def _file(self) -> EvidenceFile:
        """Return the file of an item that this person may change; who may not is not asked for a version."""
        file: EvidenceFile = get_object_or_404(self.get_queryset(), pk=self.kwargs["pk"])
        check_can_edit_evidence(self.request.user, file.evidence)
        return file

    def _answer(self, key: int) -> dict[str, Any]:
        self.kwargs["pk"] = key
        answer: dict[str, Any] = self.get_serializer(self.get_object()).data
        return answer
