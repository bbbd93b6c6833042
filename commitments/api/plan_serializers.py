"""How the API answers on how a commitment is to succeed: its measure, team, dates and ties."""

from typing import Any, Final

from rest_framework import serializers

from commitments.api.commitment_names import HOW_NAMED, MAX_NAME_CHARACTERS, commitments_named
from commitments.models import Commitment
from commitments.rules.plan_limits import MAX_RELATED, MAX_TEAM_CHARACTERS
from vcsportal.common import plurals
from vcsportal.common.api_shapes import Answer, Input

PLAN_FIELDS: Final = (
    "success_measure", "success_measure_agreed_by", "success_measure_agreed_on", "team", "starts_on", "ends_on",
    "follows__strategy__slug", "follows__key", "follows__reference",
)  # fmt: skip


class TiedPart(serializers.Serializer[Any]):
    """A commitment that another one follows or relates to."""

    strategy = serializers.CharField(help_text="The slug of its strategy, which may be an earlier one.")
    key = serializers.CharField()
    reference = serializers.CharField(help_text="What its strategy calls it now.")


class PlanDetailsInput(Input):
    """Plan details of a commitment, or some of them."""

    team = serializers.CharField(
        max_length=MAX_TEAM_CHARACTERS, required=False, allow_blank=True, help_text="The team that does it, in words."
    )
    starts_on = serializers.DateField(required=False, allow_null=True, help_text="The first day of the work.")
    ends_on = serializers.DateField(required=False, allow_null=True, help_text="The last day of the work.")
    follows = serializers.CharField(
        max_length=MAX_NAME_CHARACTERS, required=False, allow_null=True,
        help_text=f"What it replaces, by its name: {HOW_NAMED}. null for nothing.",
    )  # fmt: skip
    related = serializers.ListField(
        child=serializers.CharField(max_length=MAX_NAME_CHARACTERS), max_length=MAX_RELATED, required=False,
        help_text=f"All that are related to it, each by its name: {HOW_NAMED}.",
    )  # fmt: skip

    def validate_follows(self, value: str | None) -> Commitment | None:
        """Return the commitment of this name."""
        return self._found("follows", [value])[0] if value else None

    def validate_related(self, values: list[str]) -> tuple[Commitment, ...]:
        """Return the commitments of these names, each once."""
        return tuple(self._found("related", list(dict.fromkeys(values))))

    def _found(self, field: str, values: list[str]) -> list[Commitment]:
        found = commitments_named(values)
        if missing := [value for value in values if value not in found]:
            raise serializers.ValidationError(
                f"There is no commitment “{missing[0]}”. Write a slug, a colon and a key."
            )
        return [found[value] for value in values]


class PlanInput(PlanDetailsInput):
    """Plan details to write; what is left out stays."""

    was = PlanDetailsInput(
        required=False, default=dict,
        help_text="What you read of each detail that you send, so that nobody's changes are overwritten.",
    )  # fmt: skip

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Check that all that is written was read before."""
        if unread := [name for name in attrs if name != "was" and name not in attrs["was"]]:
            raise serializers.ValidationError({"was": f"Add what you read of {plurals.join_with_and(unread)}."})
        return attrs


class FormerReferencePart(serializers.Serializer[Any]):
    """A reference that the commitment had before the strategy was revised."""

    reference = serializers.CharField()
    held_from = serializers.DateField(allow_null=True, help_text="Null if it had it from the start.")
    held_until = serializers.DateField(help_text="The first day on which it had another.")


class PlanAnswer(Answer):
    """The part of a commitment's answer that says how it is to succeed, and how it came to be what it is."""

    success_measure = serializers.CharField(help_text="How success will be measured. Empty if there is no measure yet.")
    success_measure_agreed_by = serializers.CharField(
        help_text="Who agreed the measure. Empty if it is proposed and not agreed yet."
    )
    success_measure_agreed_on = serializers.DateField(allow_null=True, help_text="The day on which it was agreed.")
    team = serializers.CharField(help_text="The team that does it, in words.")
    starts_on = serializers.DateField(allow_null=True, help_text="The first day of the work.")
    ends_on = serializers.DateField(allow_null=True, help_text="The last day of the work.")
    follows = TiedPart(
        allow_null=True, help_text="The commitment that it replaces, which may be of an earlier strategy."
    )
    related = TiedPart(many=True, help_text="The commitments that are related to it.")
    former_references = FormerReferencePart(
        many=True, help_text="What the strategy called it before it was revised, the earliest first."
    )


def say_plan(row: dict[str, Any]) -> dict[str, Any]:
    """Return these fields of a row with :data:`PLAN_FIELDS`, ``related_rows`` and ``earlier_references`` as the API gives them."""
    days = ("success_measure_agreed_on", "starts_on", "ends_on")
    follows = {name: row[f"follows__{path}"] for name, path in
               (("strategy", "strategy__slug"), ("key", "key"), ("reference", "reference"))}  # fmt: skip
    return {
        **{name: row[name] for name in ("success_measure", "success_measure_agreed_by", "team")},
        **{name: row[name].isoformat() if row[name] else None for name in days},
        "follows": follows if row["follows__key"] else None,
        "related": [{name: each[name] for name in ("strategy", "key", "reference")} for each in row["related_rows"]],
        "former_references": row["earlier_references"],
    }
