"""Many items of evidence at once from a partner’s own system, by the pieces that read people’s own files."""

from typing import Any, Final

from django.urls import reverse
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from commitments.api.evidence_serializers import AnyField, figure_inputs, with_figures
from commitments.models import Evidence, Strategy
from commitments.permissions.evidence import check_may_log_evidence
from commitments.workbooks.evidence import EVIDENCE
from commitments.workbooks.kind import Scope
from commitments.workbooks.sent_rows import RowResult, SentRow, send_rows
from partners.signed_in import signed_in_person
from vcsportal.common.api import Door
from vcsportal.common.api_addresses import api_url, portal_url
from vcsportal.common.api_input import TableFile, TableJSON
from vcsportal.common.api_refusals import bad
from vcsportal.common.api_shapes import Answer, Input
from vcsportal.common.spreadsheets.json_rows import BETWEEN, is_json

YES_OR_NO: Final = {"true": True, "false": False}


class EvidenceRow(Input):
    """One row. In CSV the fields are headings, and those of the spreadsheet of evidence will do too."""

    reference = serializers.CharField(
        required=False, help_text="Your own. A row whose reference was logged before adds nothing."
    )
    organisation = serializers.CharField(
        required=False, help_text="The slug or name of your organisation; leave it out if you have only one."
    )
    title = serializers.CharField(help_text="What you did, in one line.")
    happened_from = serializers.CharField(help_text="The day: 2026-03-12, 12/03/2026 or 12 March 2026.")
    happened_to = serializers.CharField(required=False, allow_null=True, help_text="The last of several days.")
    commitments = serializers.ListField(
        child=serializers.CharField(), required=False,
        help_text=f"Keys or references; in CSV with “{BETWEEN.strip()}” between.",
    )  # fmt: skip
    council_chooses = serializers.BooleanField(required=False, help_text="Let the council choose the commitments.")
    districts = serializers.ListField(child=serializers.CharField(), required=False, help_text="GSS codes or names.")
    story = serializers.CharField(required=False, help_text="What happened.")
    language = serializers.CharField(required=False, help_text="Of the words, such as pl.")
    link = serializers.CharField(required=False, help_text="A web page that shows what was done.")
    publishable = serializers.BooleanField(required=False, help_text="Whether it may be published.")
    send = serializers.BooleanField(required=False, help_text="Send it for review; otherwise it is a draft.")

    def get_fields(self) -> dict[str, AnyField]:
        return with_figures(super().get_fields(), figure_inputs())


class RowFault(Answer):
    """What is wrong in a row."""

    column = serializers.CharField(help_text="The name of the field; empty if it is about the row.")
    found = serializers.CharField(help_text="What is there, cut if it is long.")
    detail = serializers.CharField(help_text="What to do, as a sentence.")


class RowAnswer(Answer):
    """What became of a row, or would."""

    row = serializers.IntegerField(help_text="In JSON the first item is 1; in CSV the headings are row 1.")
    reference = serializers.CharField()
    result = serializers.ChoiceField(
        choices=[each.value for each in RowResult],
        help_text="new: it would be logged. added: it was logged now. known: it was logged before. refused: see faults.",
    )
    evidence = serializers.URLField(allow_null=True, help_text="The item that was logged, now or before.")
    page = serializers.URLField(allow_null=True, help_text="The address of its page.")
    faults = RowFault(many=True)
    notes = serializers.ListField(child=serializers.CharField(), help_text="What to look at twice, as sentences.")


class RowCounts(Answer):
    """How many rows have each result."""

    new = serializers.IntegerField()
    added = serializers.IntegerField()
    known = serializers.IntegerField()
    refused = serializers.IntegerField()


class RowsAnswer(Answer):
    """What became of the rows of a file, or would."""

    preview = serializers.BooleanField(help_text="Whether nothing was saved.")
    counts = RowCounts()
    rows = RowAnswer(many=True)


class EvidenceRowsDoor(Door):
    """Many items of evidence at once."""

    queryset = Evidence.objects.none()
    serializer_class = RowsAnswer
    parser_classes = [TableJSON, TableFile]
    item_parameters = frozenset({"strategy", "preview"})

    @extend_schema(
        parameters=[
            OpenApiParameter("strategy", str, required=True, description="The slug of the strategy of the commitments."),
            OpenApiParameter("preview", bool, description="true tells what would become of each row, and saves nothing."),
        ],
        request={"application/json": EvidenceRow(many=True), "text/csv": OpenApiTypes.STR},
        responses=RowsAnswer,
    )  # fmt: skip
    def create(self, request: Request) -> Response:
        """Log many items for your own organisation, or look at what would become of them.

        The rows without faults are saved, and the others are returned with what to correct. A row whose reference was logged
        before adds nothing, so the same file can be sent again.
        """
        check_may_log_evidence(request.user)
        person, at = signed_in_person(request), timezone.now()
        strategy, looks = _strategy(request), _preview(request)
        data = request.data if isinstance(request.data, bytes) else b""
        media_type = str(request.content_type).partition(";")[0].strip().lower()
        if is_json(data) != (media_type == TableJSON.media_type):
            raise bad("file", f"The body is not what Content-Type says: {media_type[:40]}.")
        name = "rows.json" if media_type == TableJSON.media_type else "rows.csv"
        scope = Scope(person, timezone.localdate(at), strategy)
        rows = send_rows(by=person, at=at, kind=EVIDENCE, scope=scope, data=data, name=name, save=not looks)
        counts = {each.value: sum(row.result is each for row in rows) for each in RowResult}
        return Response({"preview": looks, "counts": counts, "rows": [_row(row) for row in rows]})


def _strategy(request: Request) -> Strategy:
    if found := Strategy.objects.filter(slug=request.query_params.get("strategy", "")).first():
        return found
    raise bad("strategy", "There is no such strategy. Give the slug of the one that the commitments belong to.")


def _preview(request: Request) -> bool:
    text = request.query_params.get("preview", "false")
    if text not in YES_OR_NO:
        raise bad("preview", "Give true or false.")
    return YES_OR_NO[text]


def _row(sent: SentRow) -> dict[str, Any]:
    key = sent.thing.key if sent.thing else ""
    return {
        "row": sent.row,
        "reference": sent.reference,
        "result": sent.result.value,
        "evidence": api_url(f"evidence/{key}/") if key else None,
        "page": portal_url(reverse("commitments:evidence", args=[key])) if key else None,
        "faults": [{"column": each.column, "found": each.found, "detail": each.instead} for each in sent.faults],
        "notes": list(sent.notes),
    }
