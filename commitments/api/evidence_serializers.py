"""The API's serializers for evidence: what it returns, and what it reads to log an item and change its state."""

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from rest_framework import serializers

from commitments.api.serializers import StateWord
from commitments.content.evidence import EvidenceContent
from commitments.forms.evidence import LINK_ROWS, EvidenceForm
from commitments.forms.evidence_input import content_of, values_of
from commitments.models import Evidence, Strategy
from commitments.models.evidence import MAX_REFERENCE_CHARACTERS
from commitments.rules import story_consent, workflow
from commitments.rules.evidence_figures import FIGURE_CODES, FIGURES, MAX_WHOLE_NUMBER
from partners.area_kinds import AREA_KINDS
from partners.models import Organisation
from vcsportal.common.api_addresses import portal_url
from vcsportal.common.api_shapes import Answer, Input, Named
from vcsportal.common.languages import LANGUAGE_CHOICES
from vcsportal.common.numbers import LARGEST_INTEGER

MAX_CHOSEN = 100
CHOOSE_THERE = "Send the commitments too: those of another strategy, or an empty list."
PLAIN = (
    "title", "story", "language", *FIGURE_CODES, "publishable", "state_reason", "version",
)  # fmt: skip
EVIDENCE_DAYS = ("happened_from", "happened_to")
DAYS = (*EVIDENCE_DAYS, "logged_at", "submitted_at", "accepted_at")
FIELDS = (*PLAIN, *DAYS, "state")
AnyField = serializers.Field[Any, Any, Any, Any]
FILE_FIELDS = ("kind", "name", "caption", "description", "media_type", "size", "sha256")


def with_figures(fields: dict[str, AnyField], figures: Mapping[str, AnyField]) -> dict[str, AnyField]:
    """Return the fields of an item of evidence with its figures among them, before ``publishable``."""
    after = list(fields)[list(fields).index("publishable") :]
    return (
        {name: fields[name] for name in fields if name not in after}
        | dict(figures)
        | {name: fields[name] for name in after}
    )


def figure_inputs() -> dict[str, AnyField]:
    """Return the fields in which the figures of an item are sent."""
    return {
        figure.code: serializers.IntegerField(
            required=False, allow_null=True, default=None, min_value=0, max_value=MAX_WHOLE_NUMBER,
            help_text=f"{figure.meaning} Leave it out where it is not known: that is not 0.",
        )
        for figure in FIGURES
    }  # fmt: skip


class District(serializers.Serializer[Any]):
    """A district or the like, by its GSS code."""

    gss_code = serializers.CharField()
    name = serializers.CharField()
    kind = serializers.ChoiceField(choices=[(kind.code, kind.label) for kind in AREA_KINDS])


class LinkPart(serializers.Serializer[Any]):
    """A web page that shows what was done."""

    url = serializers.URLField()
    label = serializers.CharField()  # type: ignore[assignment]  # a field called as an attribute of every field
    page = serializers.CharField(help_text="The page of a document that shows it; empty where it is not one.")


class LinkInput(Input):
    """A web page that shows what was done."""

    url = serializers.CharField(max_length=500)
    label = serializers.CharField(  # type: ignore[assignment]  # a field called as an attribute of every field
        max_length=150, required=False, allow_blank=True, default=""
    )
    page = serializers.CharField(
        max_length=40, required=False, allow_blank=True, default="", help_text="The page of a document that shows it."
    )


class FilePart(serializers.Serializer[Any]):
    """A photograph or document."""

    id = serializers.IntegerField()
    url = serializers.URLField(help_text="Where those who may see it fetch it.")
    kind = serializers.ChoiceField(choices=["photograph", "document"])
    name = serializers.CharField()
    caption = serializers.CharField()
    description = serializers.CharField(
        help_text="What a photograph shows, for people who can’t see it. Empty if nobody wrote it."
    )
    media_type = serializers.CharField()
    size = serializers.IntegerField(help_text="Bytes.")
    sha256 = serializers.CharField()


class EvidenceAnswer(Answer):
    """What an organisation did: when, where, for which commitments."""

    url = serializers.URLField()
    page = serializers.URLField(help_text="The address of its page.")
    id = serializers.IntegerField()
    organisation = Named()
    reference = serializers.CharField(
        help_text="Its organisation’s own, for its people and the council; empty for everyone else."
    )
    title = serializers.CharField(
        help_text="Neutral wording if nobody agrees to the story any more; links and files are then left out too."
    )
    story = serializers.CharField(
        help_text="In a limited form of Markdown. Empty if nothing was written, or if it may not be shown on the portal."
    )
    language = serializers.CharField(
        help_text="The language of title and story as a BCP 47 tag, such as pl; empty for the portal’s own, en-GB."
    )
    story_note = serializers.CharField(help_text="Why the story is not shown, as a sentence. Empty if it is shown.")
    happened_from = serializers.DateField()
    happened_to = serializers.DateField(allow_null=True)
    strategy = serializers.CharField(allow_null=True, help_text="The slug; null in a draft for no commitment yet.")
    commitments = serializers.ListField(child=serializers.CharField(), help_text="References in the strategy.")
    commitment_keys = serializers.ListField(child=serializers.CharField(), help_text="Their keys, in the same order.")
    council_chooses = serializers.BooleanField(help_text="Whether the council still has to choose the commitments.")
    districts = District(many=True)
    publishable = serializers.BooleanField()
    links = LinkPart(many=True)
    files = FilePart(many=True)
    state = StateWord()
    state_reason = serializers.CharField(help_text="Why it was returned or withdrawn.")
    logged_at = serializers.DateTimeField()
    submitted_at = serializers.DateTimeField(allow_null=True)
    accepted_at = serializers.DateTimeField(allow_null=True)
    version = serializers.IntegerField()

    def get_fields(self) -> dict[str, AnyField]:
        figures = {
            figure.code: serializers.IntegerField(
                allow_null=True, help_text=f"{figure.meaning} Null where it is not known: that is not 0."
            )
            for figure in FIGURES
        }
        return with_figures(super().get_fields(), figures)

    def represent(self, row: Any) -> dict[str, Any]:
        state = workflow.EVIDENCE_STATE[row["state"]]
        bare = row["story_state"] in story_consent.DETAILS_WITHHELD and not row["insider"]
        return {
            "url": f"{self.context['api_root']}evidence/{row['id']}/",
            "page": portal_url(reverse("commitments:evidence", args=[row["id"]])),
            "id": row["id"],
            "organisation": {"slug": row["organisation__slug"], "name": row["organisation__name"]},
            "reference": row["reference"] if row["insider"] else "",
            **{name: row[name] for name in PLAIN},
            "title": story_consent.NO_TITLE if bare else row["title"],
            "story": "" if row["story_state"] else row["story"],
            "story_note": story_consent.SENTENCES.get(row["story_state"], ""),
            **{name: row[name] and row[name].isoformat() for name in DAYS},
            "strategy": row["commitment_links"][0]["strategy"]
            if row["commitment_links"]
            else row["council_chooses_in__slug"],
            "council_chooses": row["council_chooses_in__slug"] is not None,
            "commitments": [link["reference"] for link in row["commitment_links"]],
            "commitment_keys": [link["key"] for link in row["commitment_links"]],
            "districts": row["places"],
            "links": [] if bare else row["pages"],
            "files": [_file(row["id"], file) for file in row["papers"]],
            "state": {"code": state.code, "label": state.label},
        }


def bytes_url(evidence: int, file: int) -> str:
    """Return the address at which those who may see a file fetch it."""
    return portal_url(reverse("commitments:evidence-file", args=[evidence, file]))


def _file(evidence: int, file: dict[str, Any]) -> dict[str, Any]:
    return {"id": file["id"], "url": bytes_url(evidence, file["id"]), **{name: file[name] for name in FILE_FIELDS}}


class EvidenceInput(Input):
    """A new item of evidence, kept as a draft.

    The fields say what JSON is read; the page's own form then decides what is valid, so that both doors have one rule.
    """

    organisation = serializers.CharField(max_length=80, help_text="The slug of your organisation.")
    reference = serializers.CharField(
        max_length=MAX_REFERENCE_CHARACTERS, required=False, allow_blank=True, default="",
        help_text="What your organisation calls it in a system of its own; once in each. It is not published.",
    )  # fmt: skip
    strategy = serializers.CharField(max_length=80, required=False, help_text="The strategy of the commitments.")
    commitments = serializers.ListField(
        child=serializers.CharField(max_length=60), required=False, default=list, max_length=MAX_CHOSEN,
        help_text="Keys, or references, of commitments in the strategy. A draft may wait for them.",
    )  # fmt: skip
    title = serializers.CharField(max_length=150, help_text="What you did, in one line.")
    story = serializers.CharField(
        required=False, allow_blank=True, default="", help_text="What happened, in a small part of Markdown."
    )
    language = serializers.ChoiceField(
        [tag for tag, _ in LANGUAGE_CHOICES if tag], required=False, allow_blank=True, default="",
        help_text="The language of title and story as a BCP 47 tag, such as pl. Leave it out for the portal’s own.",
    )  # fmt: skip
    happened_from = serializers.DateField(help_text="When it happened, or began.")
    happened_to = serializers.DateField(required=False, allow_null=True, default=None)
    districts = serializers.ListField(
        child=serializers.CharField(max_length=9), required=False, default=list, max_length=MAX_CHOSEN,
        help_text="GSS codes of districts.",
    )  # fmt: skip
    council_chooses = serializers.BooleanField(
        required=False,
        default=False,
        help_text="Let the council choose the commitments of the strategy. Send none then.",
    )
    publishable = serializers.BooleanField(required=False, default=False, help_text="Whether it may be published.")
    links = LinkInput(many=True, required=False, default=list, max_length=LINK_ROWS)  # type: ignore[call-arg]  # it goes to the list around it
    form_token = serializers.UUIDField(
        required=False, allow_null=True, default=None,
        help_text="A UUID that you make up. A second request with the same one returns the item that the first one created.",
    )  # fmt: skip

    def get_fields(self) -> dict[str, AnyField]:
        return with_figures(super().get_fields(), figure_inputs())

    def validate_organisation(self, slug: str) -> Organisation:
        if organisation := Organisation.objects.public().filter(slug=slug).first():
            return organisation
        raise serializers.ValidationError("There is no such organisation.")

    def validate_strategy(self, slug: str) -> Strategy:
        if strategy := Strategy.objects.filter(slug=slug).first():
            return strategy
        raise serializers.ValidationError("There is no such strategy.")

    def content(self) -> EvidenceContent:
        """Return the content for the service. Raise ``ValidationError`` for what the page's form would refuse."""
        values = self.validated_data
        return _content(
            EvidenceForm(_typed(values), organisations=[values["organisation"]], strategy=values.get("strategy"))
        )


def _typed(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return what was sent as the page's form would send it."""
    days = {name: values[name].isoformat() if values[name] else "" for name in EVIDENCE_DAYS if name in values}
    data: dict[str, Any] = {**values, **days}
    for row, link in enumerate(data.pop("links", ()), start=1):
        data[f"link_{row}"], data[f"link_{row}_label"], data[f"link_{row}_page"] = (
            link["url"],
            link["label"],
            link["page"],
        )
    return data


def _content(form: EvidenceForm) -> EvidenceContent:
    if not form.is_valid():
        errors: dict[str, list[str]] = {}
        for name, sentences in form.errors.items():
            errors.setdefault("links" if name.startswith("link_") else name, []).extend(map(str, sentences))
        raise serializers.ValidationError(errors)
    return form.content()


class VersionInput(Input):
    """The version that was read; an act is refused with 409 if the item has changed since."""

    version = serializers.IntegerField(
        min_value=1, max_value=LARGEST_INTEGER,
        help_text="The version you read, so that nobody decides on text that they have not seen.",
        error_messages={"required": "Send the version that you read. It is in the answer to GET."},
    )  # fmt: skip


class EvidenceEditInput(EvidenceInput, VersionInput):
    """What changes of a draft, or of an item that was returned; what is left out stays."""

    organisation = None  # type: ignore[assignment]  # the framework takes a field away so
    reference = None  # type: ignore[assignment]  # the framework takes this one away too
    form_token = None  # type: ignore[assignment]  # the framework takes this one away too

    def get_fields(self) -> dict[str, AnyField]:
        fields = super().get_fields()
        for name, field in fields.items():
            if name != "version":
                field.required, field.default = False, serializers.empty
        return fields

    def content_after(self, piece: Evidence) -> EvidenceContent | None:
        """Return the item's content with what was sent in it; None where nothing changes. Errors as in :meth:`content`."""
        values, stored = dict(self.validated_data), content_of(piece)
        serves = [commitment.strategy for commitment in stored.commitments]
        there = serves[0] if serves else stored.council_chooses_in
        strategy = values.pop("strategy", there)
        if serves and strategy != there and "commitments" not in values:  # its keys may be those of others there
            raise serializers.ValidationError({"commitments": [CHOOSE_THERE]})
        kept = _typed(values_of(piece, stored))
        if "links" in values:
            kept = {name: value for name, value in kept.items() if not name.startswith("link_")}
        content = _content(
            EvidenceForm({**kept, **_typed(values)}, organisations=[], strategy=strategy, piece=piece, stored=stored)
        )
        return None if content == stored else content


class AcceptInput(VersionInput):
    """The version that was read; and commitments, where the organisation has left the choice to the council."""

    commitments = serializers.ListField(
        child=serializers.CharField(max_length=60), required=False, default=list, max_length=MAX_CHOSEN,
        help_text="Keys, or references, of commitments; only where council_chooses is true.",
    )  # fmt: skip


class ReasonInput(VersionInput):
    """Why, and the version that was read."""

    reason = serializers.CharField(required=False, allow_blank=True, default="", help_text="Its organisation reads it.")
