"""How the API answers on how a commitment is to succeed: its measure, team, dates and ties."""

from typing import Any, Final

from rest_framework import serializers

from vcsportal.common.api_shapes import Answer

PLAN_FIELDS: Final = (
    "success_measure", "success_measure_agreed_by", "success_measure_agreed_on", "team", "starts_on", "ends_on",
    "follows__strategy__slug", "follows__key", "follows__reference",
)  # fmt: skip


class TiedPart(serializers.Serializer[Any]):
    """A commitment that another one follows or relates to."""

    strategy = serializers.CharField(help_text="The slug of its strategy, which may be an earlier one.")
    key = serializers.CharField()
    reference = serializers.CharField(help_text="What its strategy calls it now.")


class PlanAnswer(Answer):
    """The part of a commitment's answer that says how it is to succeed."""

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
    related = TiedPart(many=True, help_text="The commitments that belong with it.")


def say_plan(row: dict[str, Any]) -> dict[str, Any]:
    """Return these fields of a row with :data:`PLAN_FIELDS` and ``related_rows`` as the API gives them."""
    days = ("success_measure_agreed_on", "starts_on", "ends_on")
    follows = {name: row[f"follows__{path}"] for name, path in
               (("strategy", "strategy__slug"), ("key", "key"), ("reference", "reference"))}  # fmt: skip
    return {
        **{name: row[name] for name in ("success_measure", "success_measure_agreed_by", "team")},
        **{name: row[name].isoformat() if row[name] else None for name in days},
        "follows": follows if row["follows__key"] else None,
        "related": [{name: each[name] for name in ("strategy", "key", "reference")} for each in row["related_rows"]],
    }
