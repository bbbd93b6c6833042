"""The API's serializers for organisations. Field names follow Open Referral UK where it has one."""

from typing import Any

from django.urls import reverse
from rest_framework import serializers

from partners.area_kinds import AREA_KINDS
from partners.kinds import KINDS, SECTORS, sector_of
from partners.standings import ENDED, STANDING
from vcsportal.common.api_addresses import portal_url
from vcsportal.common.api_shapes import Answer, Named, Word

KIND = dict(KINDS)


class AreaPart(serializers.Serializer[Any]):
    """A district or the like, by its GSS code."""

    gss_code = serializers.CharField()
    name = serializers.CharField()
    kind = serializers.ChoiceField(choices=[(kind.code, kind.label) for kind in AREA_KINDS])


class IdentifierPart(serializers.Serializer[Any]):
    """A number in a register of org-id.guide."""

    scheme = serializers.CharField()
    value = serializers.CharField()


class StrandPart(serializers.Serializer[Any]):
    """A strand of equality."""

    code = serializers.CharField()
    words = serializers.CharField()


class OrganisationAnswer(Answer):
    """An organisation of the directory."""

    url = serializers.URLField()
    page = serializers.URLField(help_text="The address of its page.")
    slug = serializers.CharField()
    name = serializers.CharField()
    former_names = serializers.ListField(child=serializers.CharField(), help_text="Names that it had before.")
    kind = Word()
    sector = serializers.ChoiceField(
        choices=[*((sector.code, sector.label) for sector in SECTORS), ("", "None, as for groups")]
    )
    standing = Word(help_text="Whether it takes part, is only listed in the directory, or has ended.")
    ended_on = serializers.DateField(allow_null=True, help_text="Its last day, if it has ended and the day is known.")
    succeeded_by = Named(allow_null=True, help_text="The organisation that replaced it.")
    succeeds = Named(many=True, help_text="The organisations of which it took the place.")
    description = serializers.CharField()
    website = serializers.CharField()
    mailbox = serializers.CharField(
        help_text="An address of the organisation, never one person’s. Empty if there is none."
    )
    telephone = serializers.CharField(
        help_text="A number of the organisation, never one person’s. Empty if there is none."
    )
    districts = AreaPart(many=True)
    identifiers = IdentifierPart(many=True, help_text="Several, or none: a group need not be registered.")
    strands = StrandPart(many=True, help_text="Who it serves in particular, by strands of equality.")
    source = serializers.CharField(help_text="Where these details are from.")  # type: ignore[assignment]  # a field called as an attribute of every field
    checked_on = serializers.DateField(allow_null=True, help_text="The day on which these details were last checked.")

    def represent(self, row: Any) -> dict[str, Any]:
        return {
            "url": f"{self.context['api_root']}organisations/{row['slug']}/",
            "page": portal_url(reverse("partners:organisation", args=[row["slug"]])),
            "slug": row["slug"],
            "name": row["name"],
            "former_names": row["former_names"].split("\n") if row["former_names"] else [],
            "kind": {"code": row["kind"], "label": KIND[row["kind"]]},
            "sector": sector_of(row["kind"], owns_strategies=row["owns_strategies"]),
            "standing": {"code": row["standing"], "label": STANDING[row["standing"]].label},
            "ended_on": row["ended_on"],
            "succeeded_by": row["later"][0] if row["later"] else None,
            "succeeds": row["earlier"],
            "description": row["description"],
            "website": row["website"],
            "mailbox": "" if row["standing"] == ENDED else row["team_mailbox"],
            "telephone": "" if row["standing"] == ENDED else row["telephone"],
            "districts": row["places"],
            "identifiers": row["numbers"],
            "strands": row["served"],
            "source": row["source"],
            "checked_on": row["checked_on"],
        }
