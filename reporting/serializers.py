"""What the API says of editions of the report."""

from typing import Any

from rest_framework import serializers

from reporting.models import Edition
from reporting.stages import EDITION_STATE
from vcsportal.common.api import portal_url
from vcsportal.common.api_shapes import Answer, Word


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
    size = serializers.IntegerField(allow_null=True, help_text="Bytes.")
    sha256 = serializers.CharField()

    def represent(self, row: Edition) -> dict[str, Any]:
        state = EDITION_STATE[row.state]
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
            "pages": row.pages,
            "size": row.size,
            "sha256": row.sha256,
        }
