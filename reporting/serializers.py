"""What the API says of editions of the report."""

from typing import Any

from django.urls import reverse
from rest_framework import serializers

from reporting.faces import FACE
from reporting.models import Edition, Face
from reporting.stages import EDITION_STATE
from vcsportal.common.api import portal_url
from vcsportal.common.api_shapes import Answer, Word


class FaceAnswer(serializers.Serializer):
    """One file of an edition."""

    code = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    media_type = serializers.CharField()
    size = serializers.IntegerField(help_text="Bytes.")
    pages = serializers.IntegerField(allow_null=True)
    sha256 = serializers.CharField()
    url = serializers.URLField(help_text="The file.")


class EditionAnswer(Answer):
    """One making of a round's report. A published edition never changes: compare its checksum."""

    url = serializers.URLField()
    page = serializers.URLField(help_text="The same for people, with the file.")
    id = serializers.IntegerField()
    strategy = serializers.CharField()
    round = serializers.CharField()
    number = serializers.IntegerField()
    state = Word()
    error = serializers.CharField(help_text="What went wrong, as a sentence.")
    requested_at = serializers.DateTimeField()
    finished_at = serializers.DateTimeField(allow_null=True)
    published_at = serializers.DateTimeField(allow_null=True)
    pages = serializers.IntegerField(allow_null=True)
    size = serializers.IntegerField(allow_null=True, help_text="Bytes of the PDF.")
    sha256 = serializers.CharField(help_text="Of the PDF.")
    facts_sha256 = serializers.CharField(help_text="The checksum printed on the report's last page.")
    faces = FaceAnswer(many=True)

    @staticmethod
    def _face(row: Edition, face: Face) -> dict[str, Any]:
        about = FACE[face.code]
        return {
            "code": face.code,
            "label": about.label,
            "media_type": about.media_type,
            "size": face.size,
            "pages": face.pages,
            "sha256": face.sha256,
            "url": portal_url(reverse("reporting:face", args=[row.pk, face.code])),
        }

    def represent(self, row: Edition) -> dict[str, Any]:
        state, pdf = EDITION_STATE[row.state], row.face("pdf")
        return {
            "url": f"{self.context['api_root']}editions/{row.pk}/",
            "page": portal_url(row.get_absolute_url()),
            "id": row.pk,
            "strategy": row.round.strategy.slug,
            "round": row.round.slug,
            "number": row.number,
            "state": {"code": state.code, "label": state.label},
            "error": row.error,
            **{
                name: at.isoformat() if (at := getattr(row, name)) else None
                for name in ("requested_at", "finished_at", "published_at")
            },
            "pages": pdf.pages if pdf else None,
            "size": pdf.size if pdf else None,
            "sha256": pdf.sha256 if pdf else "",
            "facts_sha256": row.facts_sha256,
            "faces": [self._face(row, face) for face in row.faces.all()],
        }
