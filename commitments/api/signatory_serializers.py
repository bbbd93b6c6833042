"""The shapes of a charter's signatories in the API. Posts, never names of people."""

from typing import Any

from rest_framework import serializers

from commitments.rules.charters import (
    MAX_PLEDGE_CHARACTERS,
    MAX_POST_CHARACTERS,
    MAX_REASON_CHARACTERS,
    MAX_WORDS_CHARACTERS,
    RECORDED_HOW,
    TOLD_HOW,
    standing_of,
)
from partners.models import Organisation
from vcsportal.common.api_addresses import api_url
from vcsportal.common.api_shapes import Answer, Input, Named, Word

HOW_TOLD = "How the organisation told you. Needed unless it is your own."


class StandingWord(Word):
    """The status of a signature, such as reaffirmed. No reply does not count as a "no"."""


class ToldHowWord(Word):
    """How an organisation said it, such as by letter."""


class PledgePart(serializers.Serializer[Any]):
    """What a signatory pledges for a principle, in its own words."""

    commitment = serializers.CharField(help_text="The key of the principle.")
    words = serializers.CharField()


class SignatoryReply(Answer):
    """A signature to a charter: since when, its status, and what the organisation pledges."""

    url = serializers.URLField()
    id = serializers.IntegerField()
    organisation = Named()
    signed_on = serializers.DateField()
    signed_as = serializers.CharField(help_text="The post of whoever signed; empty if not given.")
    told_how = ToldHowWord(allow_null=True)
    standing = StandingWord()
    reaffirmed = serializers.ListField(child=serializers.CharField(), help_text="Slugs of the rounds, oldest first.")
    has_done = serializers.CharField(help_text="What it said in the newest of these rounds that it has done.")
    pledges = PledgePart(many=True)
    ended_on = serializers.DateField(allow_null=True)
    ended_why = serializers.CharField()

    def represent(self, row: Any) -> dict[str, Any]:
        standing = standing_of(
            signed_on=row["signed_on"], ended_on=row["ended_on"], reaffirmed_in=[said["round"] for said in row["said"]],
            rounds=self.context["rounds"], today=self.context["today"],
        )  # fmt: skip
        return {
            "url": api_url(f"strategies/{row['strategy__slug']}/signatories/{row['id']}/"),
            "id": row["id"],
            "organisation": {"slug": row["organisation__slug"], "name": row["organisation__name"]},
            "signed_on": row["signed_on"].isoformat(),
            "signed_as": row["signed_as"],
            "told_how": {"code": row["told_how"], "label": dict(TOLD_HOW)[row["told_how"]]}
            if row["told_how"]
            else None,
            "standing": {"code": standing.code, "label": standing.words},
            "reaffirmed": [said["slug"] for said in row["said"]],
            "has_done": row["said"][-1]["words"] if row["said"] else "",
            "pledges": [] if row["ended_on"] else row["pledged"],
            "ended_on": row["ended_on"].isoformat() if row["ended_on"] else None,
            "ended_why": row["ended_why"],
        }


class SignatoryInput(Input):
    """A signature: today, for your own organisation, or what another one told you."""

    organisation = serializers.CharField(max_length=80, help_text="The slug of the organisation.")
    signed_as = serializers.CharField(
        max_length=MAX_POST_CHARACTERS, required=False, allow_blank=True, default="",
        help_text="The post of whoever signed, never a name.",
    )  # fmt: skip
    told_how = serializers.ChoiceField(choices=RECORDED_HOW, required=False, help_text=HOW_TOLD)
    signed_on = serializers.DateField(required=False, help_text="Needed with told_how; your own signature is of today.")

    def validate_organisation(self, slug: str) -> Organisation:
        if organisation := Organisation.objects.public().filter(slug=slug).first():
            return organisation
        raise serializers.ValidationError("There is no such organisation.")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if ("told_how" in attrs) != ("signed_on" in attrs):
            missing = "signed_on" if "told_how" in attrs else "told_how"
            raise serializers.ValidationError({missing: ["Give told_how and signed_on together, or neither."]})
        return attrs


class ReaffirmInput(Input):
    """That it still stands by it. Without words, those that are there stay."""

    words = serializers.CharField(max_length=MAX_WORDS_CHARACTERS, required=False, allow_blank=True)
    told_how = serializers.ChoiceField(
        choices=RECORDED_HOW, required=False, allow_blank=True, default="", help_text=HOW_TOLD
    )
    round = serializers.SlugField(
        max_length=60,
        required=False,
        default="",
        help_text="The slug of the round; without it, the newest that asks it.",
    )


class EndSignatureInput(Input):
    """That the signature ends: today, or on an earlier day if you record it for the organisation."""

    why = serializers.CharField(
        max_length=MAX_REASON_CHARACTERS, required=False, allow_blank=True, default="",
        help_text="Needed for an earlier day, and unless it is your own organisation’s.",
    )  # fmt: skip
    ended_on = serializers.DateField(
        required=False, help_text="The first day on which it no longer stands; today if left out."
    )


class PledgeInput(Input):
    """What it pledges for a principle that is not closed; empty words end the pledge."""

    commitment = serializers.CharField(max_length=60, help_text="The key of the principle.")
    words = serializers.CharField(max_length=MAX_PLEDGE_CHARACTERS, allow_blank=True)
    was = serializers.CharField(
        max_length=MAX_PLEDGE_CHARACTERS, required=False, allow_blank=True,
        help_text="The words that you read, so that nobody's changes are overwritten.",
    )  # fmt: skip
