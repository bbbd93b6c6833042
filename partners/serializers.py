"""The API's serializers for organisations. Field names follow Open Referral UK where it has one."""

from typing import Any

from django.urls import reverse
from rest_framework import serializers

from partners.area_kinds import AREA_KINDS
from partners.kinds import KINDS
from vcsportal.common.api import portal_url
from vcsportal.common.api_shapes import Answer, Word

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


class OrganisationAnswer(Answer):
    """An organisation that takes part."""

    url = serializers.URLField()
    page = serializers.URLField(help_text="The address of its page.")
    slug = serializers.CharField()
    name = serializers.CharField()
    kind = Word()
    description = serializers.CharField()
    website = serializers.CharField()
    districts = AreaPart(many=True)
    identifiers = IdentifierPart(many=True, help_text="Several, or none: a group need not be registered.")

    def represent(self, row: Any) -> dict[str, Any]:
        return {
            "url": f"{self.context['api_root']}organisations/{row['slug']}/",
            "page": portal_url(reverse("partners:organisation", args=[row["slug"]])),
            "slug": row["slug"],
            "name": row["name"],
            "kind": {"code": row["kind"], "label": KIND[row["kind"]]},
            "description": row["description"],
            "website": row["website"],
            "districts": row["places"],
            "identifiers": row["numbers"],
        }
