"""The API's serializers for editions of the report."""

from typing import Any

from django.urls import reverse
from rest_framework import serializers

from reporting.formats import FORMAT_BY_CODE
from reporting.models import Edition, Face
from reporting.permissions import can_download
from reporting.reading.round_editions import permanent
from reporting.reading.suspension import is_suspended
from reporting.workflow import EDITION_STATE
from vcsportal.common.api_addresses import portal_url
from vcsportal.common.api_shapes import Answer, Word


class FaceAnswer(serializers.Serializer[Any]):
    """One file of an edition."""

    code = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # a field called as an attribute of every field
    media_type = serializers.CharField()
    size = serializers.IntegerField(help_text="Bytes.")
    pages = serializers.IntegerField(allow_null=True)
    sha256 = serializers.CharField()
    url = serializers.URLField(
        allow_null=True, help_text="The file; null where the edition is withdrawn or the file is suspended."
    )
    suspended = serializers.BooleanField(help_text="Not available, because someone no longer agrees to what it shows.")
    erased_at = serializers.DateTimeField(
        allow_null=True, help_text="When it was erased for that reason; its size and checksum stay."
    )


class WithdrawalAnswer(serializers.Serializer[Any]):
    """Why a published edition is no longer available."""

    at = serializers.DateTimeField()
    reason = serializers.CharField()


class EditionAnswer(Answer):
    """One making of a round's report. A published edition never changes: compare its checksum."""

    url = serializers.URLField()
    page = serializers.URLField(help_text="The same for people, with the file.")
    report_page = serializers.URLField(
        allow_null=True,
        help_text="The address that always shows the latest published report of its round; null if this edition is not published or was withdrawn.",
    )
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
    faces = FaceAnswer(many=True, help_text="Its files, each of the same facts.")
    withdrawn = WithdrawalAnswer(allow_null=True)
    made_with = serializers.DictField(
        child=serializers.CharField(allow_blank=True),
        help_text="What drew it: the portal's version, checksums of templates, code and fonts, versions of libraries.",
    )

    def _faces(self, row: Edition) -> list[dict[str, Any]]:
        """Return its files in the table's order."""
        made = {face.code: face for face in row.faces.all()}
        offered = can_download(self.context["request"].user, row)
        contents: frozenset[str] = getattr(row, "suspended_content", frozenset())
        return [
            self._face(row, made[code], offered, is_suspended(FORMAT_BY_CODE[code], contents, made))
            for code in FORMAT_BY_CODE
            if code in made
        ]

    @staticmethod
    def _face(row: Edition, face: Face, offered: bool, suspended: bool) -> dict[str, Any]:
        about = FORMAT_BY_CODE[face.code]
        erasure = getattr(face, "erasure", None)
        return {
            "code": face.code,
            "label": about.label,
            "media_type": about.media_type,
            "size": face.size,
            "pages": face.pages,
            "sha256": face.sha256,
            "url": portal_url(reverse("reporting:face", args=[row.pk, face.code]))
            if offered and not suspended and not erasure
            else None,
            "suspended": suspended,
            "erased_at": erasure.at if erasure else None,
        }

    def represent(self, row: Edition) -> dict[str, Any]:
        state, pdf = EDITION_STATE[row.state], row.face("pdf")
        withdrawal = getattr(row, "withdrawal", None)
        return {
            "url": f"{self.context['api_root']}editions/{row.pk}/",
            "page": portal_url(row.get_absolute_url()),
            "report_page": portal_url(permanent(row)) if row.published_at and not withdrawal else None,
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
            "faces": self._faces(row),
            "withdrawn": {"at": withdrawal.at.isoformat(), "reason": withdrawal.reason} if withdrawal else None,
            "made_with": row.made_with,
        }
