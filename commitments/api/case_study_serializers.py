"""The shapes of case studies in the API."""

from typing import Any

from rest_framework import serializers

from commitments.api.evidence_serializers import District
from commitments.api.serializers import StateWord
from commitments.content.case_studies import CaseStudyContent
from commitments.models import CaseStudyText, Evidence
from commitments.models.evidence import SAID_HOW
from commitments.rules import case_study_parts as parts
from commitments.rules import workflow
from partners.models import Strand
from partners.serializers import StrandPart
from vcsportal.common.api_addresses import api_url, portal_url
from vcsportal.common.api_shapes import Answer, Input, Named
from vcsportal.common.numbers import LARGEST_INTEGER

_LINE: Any = {"required": False, "allow_blank": True, "max_length": parts.MAX_LINE_CHARACTERS}
_PART: Any = {**_LINE, "max_length": parts.MAX_PART_CHARACTERS}


class CaseStudyAnswer(Answer):
    """An item of evidence described in detail. A part that nobody wrote is empty."""

    url = serializers.URLField()
    page = serializers.URLField(help_text="The address of its page.")
    evidence = serializers.IntegerField(help_text="The id of the item of evidence that it is about; its own id, too.")
    organisation = Named()
    state = StateWord()
    headline = serializers.CharField()
    place = serializers.CharField(help_text="Where it was, in words.")
    districts = District(many=True)
    led_with = serializers.CharField(help_text="Who led it together with the organisation: no names.")
    problem = serializers.CharField()
    what_was_done = serializers.CharField()
    what_changed = serializers.CharField()
    learnt = serializers.CharField()
    how_to_copy = serializers.CharField()
    cost = serializers.CharField(help_text="What it cost, in words.")
    cost_pounds = serializers.IntegerField(allow_null=True, help_text="Whole pounds; null where it is not known.")
    quotation = serializers.CharField(help_text="Empty unless its speaker agrees to it being shown on the portal.")
    said_by = serializers.CharField(help_text="A post or a few words, never a name.")
    strands = StrandPart(many=True)
    told_how = serializers.CharField(
        help_text="How the organisation told us, if someone else wrote it down; otherwise empty."
    )
    accepted_at = serializers.DateTimeField(allow_null=True)
    version = serializers.IntegerField(
        allow_null=True, help_text="Send it back when you change it; null for those who neither write nor review it."
    )

    def represent(self, row: Any) -> dict[str, Any]:
        # Its own people read that a withheld case study is there, and nothing of what the story tells.
        text = row.text_with(row.reads) or CaseStudyText()
        quotation = text.quotation if row.may_quote else None
        piece = row.evidence
        return {
            "url": api_url(f"case-studies/{piece.pk}/"),
            "page": portal_url(row.get_absolute_url()),
            "evidence": piece.pk,
            "organisation": {"slug": piece.organisation.slug, "name": piece.organisation.name},
            "state": {"code": row.shown_state, "label": workflow.CASE_STUDY_STATE[row.shown_state].label},
            **{name: getattr(text, name) for name in ("headline", "place", "led_with", *parts.PART_CODES, "cost")},
            "cost_pounds": text.cost_pounds,
            "districts": [
                {"gss_code": area.gss_code, "name": area.name, "kind": area.kind} for area in piece.districts.all()
            ],
            "quotation": quotation.words if quotation else "",
            "said_by": quotation.said_by if quotation else "",
            "strands": row.read_strands,
            "told_how": text.told_how,
            "accepted_at": row.accepted_at.isoformat() if row.accepted_at else None,
            "version": row.version if row.handles or row.may_write else None,
        }


class CaseStudyVersionInput(Input):
    """What was read."""

    version = serializers.IntegerField(min_value=0, max_value=LARGEST_INTEGER, help_text="The version you read.")


class CaseStudyReasonInput(CaseStudyVersionInput):
    """Why it is returned or withdrawn."""

    reason = serializers.CharField(required=False, allow_blank=True, default="", max_length=2_000)


class CaseStudyInput(Input):
    """What is told. What is left out is saved as empty."""

    headline = serializers.CharField(max_length=parts.MAX_HEADLINE_CHARACTERS)
    place = serializers.CharField(**_LINE)
    led_with = serializers.CharField(**_LINE)
    problem = serializers.CharField(**_PART)
    what_was_done = serializers.CharField(**_PART)
    what_changed = serializers.CharField(**_PART)
    learnt = serializers.CharField(**_PART)
    how_to_copy = serializers.CharField(**_PART)
    cost = serializers.CharField(**_LINE)
    cost_pounds = serializers.IntegerField(required=False, allow_null=True, min_value=0, max_value=10_000_000)
    quotation = serializers.CharField(**{**_PART, "max_length": parts.MAX_QUOTATION_CHARACTERS})
    said_by = serializers.CharField(**_LINE)
    strands = serializers.SlugRelatedField(
        slug_field="code", queryset=Strand.objects.all(), many=True, required=False,
        error_messages={"does_not_exist": "No match was found for {value}. Check it and try again."},
    )  # fmt: skip
    told_how = serializers.ChoiceField(choices=SAID_HOW, required=False, allow_blank=True)
    version = serializers.IntegerField(
        min_value=0, max_value=LARGEST_INTEGER, help_text="The version you read; 0 where nobody has begun."
    )

    @property
    def content(self) -> CaseStudyContent:
        """What was sent, for the service."""
        values = {name: value for name, value in self.validated_data.items() if name not in {"version", "evidence"}}
        return CaseStudyContent(**{**values, "strands": tuple(values.get("strands", ()))})


class NewCaseStudyInput(CaseStudyInput):
    """What is told, and the item of evidence that it is about."""

    evidence = serializers.PrimaryKeyRelatedField(queryset=Evidence.objects.none(), help_text="The id of the evidence.")

    def get_fields(self) -> dict[str, Any]:
        fields = super().get_fields()
        person = self.context.get("person")  # None where the API is only described
        if person is not None:
            fields["evidence"].queryset = Evidence.objects.visible_to(person).select_related("organisation")  # type: ignore[attr-defined]  # a related field
        return fields


class CaseStudyChoiceInput(Input):
    """The round in whose report it is to be printed, or left out after all."""

    strategy = serializers.SlugField(max_length=80)
    round = serializers.SlugField(max_length=80)
    chosen = serializers.BooleanField(default=True)
