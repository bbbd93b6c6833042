"""The API's serializers for groups: what each is, and its seats as posts. There are no names of people in them."""

from typing import Any

from django.urls import reverse
from rest_framework import serializers

from vcsportal.common.api_addresses import portal_url
from vcsportal.common.api_shapes import Answer, Named


class SeatPart(serializers.Serializer[Any]):
    """A seat as it is held today."""

    number = serializers.IntegerField()
    title = serializers.CharField()
    chair = serializers.BooleanField(help_text="Whether whoever holds it chairs the group.")
    secretary = serializers.BooleanField(help_text="Whether whoever holds it is the group's secretary.")
    vacant = serializers.BooleanField(help_text="Whether nobody is appointed to it today.")
    post = serializers.CharField(help_text="The post in which it is held; never a name. Empty where it is vacant.")
    organisation = Named(allow_null=True)
    since = serializers.DateField(allow_null=True, help_text="The first day on which it has been held.")
    until = serializers.DateField(
        allow_null=True, help_text="The first day on which it will no longer be held, if known."
    )


class GroupAnswer(Answer):
    """A partnership, board, sub-group or steering group."""

    url = serializers.URLField()
    page = serializers.URLField(help_text="The address of its page.")
    slug = serializers.CharField()
    name = serializers.CharField()
    parent = Named(allow_null=True)
    purpose = serializers.CharField()
    aims = serializers.CharField(help_text="One aim a line.")
    meets = serializers.CharField()
    reports_to = serializers.CharField()
    supported_by = Named(allow_null=True)
    supporting_team = serializers.CharField()
    founded = serializers.CharField()
    statutory_basis = serializers.CharField()
    terms_of_reference = serializers.CharField()
    reviewed_on = serializers.DateField(allow_null=True, help_text="The day on which its terms were last reviewed.")
    rests_since = serializers.DateField(allow_null=True, help_text="The day since which it has not met.")
    rests_why = serializers.CharField()
    ended_on = serializers.DateField(allow_null=True, help_text="The first day on which the group no longer existed.")
    source = serializers.CharField(help_text="Where these details are from.")  # type: ignore[assignment]  # a field called as an attribute of every field
    seats = SeatPart(many=True)

    def represent(self, row: Any) -> dict[str, Any]:
        texts = (
            "purpose", "aims", "meets", "reports_to", "supporting_team", "founded", "statutory_basis", "rests_why", "terms_of_reference",
            "source",
        )  # fmt: skip
        days = ("rests_since", "ended_on", "reviewed_on")
        return {
            "url": f"{self.context['api_root']}groups/{row['slug']}/",
            "page": portal_url(reverse("partners:organisation", args=[row["slug"]])),
            "slug": row["slug"],
            "name": row["name"],
            "parent": _named(row["parent_slug"], row["parent_name"]),
            "supported_by": _named(row["supporter_slug"], row["supporter_name"]),
            **{name: row[name] for name in texts},
            **{name: row[name].isoformat() if row[name] else None for name in days},
            "seats": [_seat(seat) for seat in row["all_seats"]],
        }


def _named(slug: str | None, name: str | None) -> dict[str, str] | None:
    return {"slug": slug, "name": name} if slug and name else None


def _seat(seat: dict[str, Any]) -> dict[str, Any]:
    values = {name: seat[name] for name in ("number", "title", "chair", "secretary", "since", "until")}
    organisation = _named(seat["slug"], seat["organisation"])
    return {**values, "vacant": seat["since"] is None, "post": seat["post"] or "", "organisation": organisation}
